"""Trains the readers of lessons 4 and 5: `python -m course_utils.readers facades`.

They read real photographs, so that they can say what is seen on generated ones.
"""

import sys

import keras
import numpy as np
import tensorflow as tf
from course_utils import data, networks, runtime, training, weights

SIZE, CROP = 128, 112
EPOCHS = {"facades": 40, "horse2zebra": 20}
LICENCES = {
    "facades": "for learning only: trained on the CMP Facade Database",
    "horse2zebra": "for learning only: trained on photographs from ImageNet",
}


def load(name: str, split: str, **options) -> tuple[np.ndarray, np.ndarray]:
    """Return photographs, and what is to be read on them, as whole numbers.

    On facades each pixel's label (n, SIZE, SIZE), from the plan; else 0 for a horse
    and 1 for a zebra (n,). The options are those of `data.load`.
    """
    first, second = data.load(name, split, size=SIZE, **options)
    if name == "facades":
        return second, data.labels_of(first)
    return np.concatenate([first, second]), np.repeat([0, 1], [len(first), len(second)])


def make_train_step(reader, optimizer, chance):
    """Return the step of a reader, on parts of pictures, half of them mirrored."""

    @tf.function
    def train_step(batch):
        images, labels = _part(batch, chance)
        with tf.GradientTape() as tape:
            logits = reader(images, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(
                labels, logits, from_logits=True
            )
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, reader.trainable_variables)
        optimizer.apply(gradients, reader.trainable_variables)
        right = tf.equal(tf.argmax(logits, -1), tf.cast(labels, tf.int64))
        return {"loss": loss, "accuracy": tf.reduce_mean(tf.cast(right, tf.float32))}

    return train_step


def _part(batch, chance):
    """Return one random part of all pictures in a batch, and its labels, mirrored."""
    y, x = tf.unstack(chance.uniform((2,), 0, SIZE - CROP + 1, tf.int32))
    is_mirrored = chance.uniform(()) < 0.5
    parts = []
    for values in batch:
        if values.shape.rank > 1:
            values = values[:, y : y + CROP, x : x + CROP]
            values = tf.where(is_mirrored, tf.reverse(values, [2]), values)
        parts.append(values)
    return parts


def train(name: str, *, epochs: int | None = None, **options):
    """Return a trained reader, the history of its training, and the batches."""
    epochs = epochs or EPOCHS[name]
    batches = data.batches(*load(name, "fit", **options), batch_size=16)
    reader = networks.BUILDERS[f"{name}_reader"]()
    rate = keras.optimizers.schedules.CosineDecay(1e-3, epochs * len(batches))
    chance = tf.random.Generator.from_seed(0)
    step = make_train_step(reader, keras.optimizers.Adam(rate), chance)
    return reader, training.fit(step, batches, epochs=epochs, state={}), batches


def read(reader, images) -> np.ndarray:
    """Return the likeliest labels of pictures of SIZE pixels, uint8 or in [-1, 1]."""
    floats = images / np.float32(127.5) - 1 if images.dtype == np.uint8 else images
    return reader.predict(floats, batch_size=16, verbose=0).argmax(-1)


def main(names: list[str]) -> None:
    """Train these readers at full length, and write their weights and cards."""
    unknown = sorted(set(names) - set(EPOCHS))
    if unknown or not names:
        sys.exit(f"{__doc__}\nUnknown: {', '.join(unknown) or 'no name was given'}")
    runtime.setup(seed=0, precision="float32")
    for name in names:
        reader, history, batches = train(name, source="real")
        if not history.finished:
            sys.exit(f"{name}_reader: stopped, so nothing is written")
        about = weights.about(history, batches, data=name, licence=LICENCES[name])
        images, labels = load(name, "heldout", source="real")
        right = float((read(reader, images) == labels).mean())
        about["scores"] = {"right on held-out photographs": round(right, 4)}
        weights.save(reader, f"{name}_reader", about)
        print(f"{name}_reader: {about['scores']}")


if __name__ == "__main__":
    main(sys.argv[1:])
