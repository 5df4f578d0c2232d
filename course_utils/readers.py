"""Trains the readers of lessons 4 and 5: `python -m course_utils.readers facades`.

They read real photographs, so that they can say what is seen on generated ones.
"""

import sys

import keras
import numpy as np
import tensorflow as tf
from course_utils import data, judges, networks, training, weights

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


def _part(batch, chance):
    """Return a random part of all pictures and labels of a batch, mirrored or not."""
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
    optimizer = keras.optimizers.Adam(rate)
    step = judges.make_train_step(reader, optimizer, lambda some: _part(some, chance))
    return reader, training.fit(step, batches, epochs=epochs, state={}), batches


def read(reader, images) -> np.ndarray:
    """Return the likeliest labels of pictures of SIZE pixels, uint8 or in [-1, 1]."""
    floats = images / np.float32(127.5) - 1 if images.dtype == np.uint8 else images
    return reader.predict(floats, batch_size=16, verbose=0).argmax(-1)


def main(names: list[str]) -> None:
    """Train these readers at full length, and write their weights and cards."""
    for name in judges.each(names, EPOCHS, __doc__):
        network, *trained = train(name, source="real")
        reader = f"{name}_reader"
        card = judges.card_of(reader, *trained, data=name, licence=LICENCES[name])
        images, labels = load(name, "heldout", source="real")
        right = float((read(network, images) == labels).mean())
        card["scores"] = {"right on held-out photographs": round(right, 4)}
        weights.save(network, reader, card)
        print(f"{reader}: {card['scores']}")


if __name__ == "__main__":
    main(sys.argv[1:])
