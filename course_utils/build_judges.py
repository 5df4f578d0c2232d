"""Trains judges on real pictures: `python -m course_utils.build_judges mnist facades`.

Each learns to read what real pictures show, so that it can read generated ones.
"""

import sys
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from course_utils import data, networks, runtime, training, weights

SIZE, CROP = 128, 112  # of photographs, and of the parts that are learnt from


def _moved(batch, chance):
    """Return a batch with its pictures moved by up to two pixels, round the edge."""
    images, labels = batch
    return tf.roll(images, chance.uniform((2,), -2, 3, tf.int32), (1, 2)), labels


def _part(batch, chance):
    """Return a random part of all pictures and plans of a batch, mirrored or not."""
    y, x = tf.unstack(chance.uniform((2,), 0, SIZE - CROP + 1, tf.int32))
    is_mirrored = chance.uniform(()) < 0.5
    parts = []
    for values in batch:
        if values.shape.rank > 1:
            values = values[:, y : y + CROP, x : x + CROP]
            values = tf.where(is_mirrored, tf.reverse(values, [2]), values)
        parts.append(values)
    return parts


def _recoloured(batch, chance):
    """Return a part as `_part` does, each picture of it in other light and colours."""
    images, labels = _part(batch, chance)
    light = chance.uniform((tf.shape(images)[0], 1, 1, 3), 0.6, 1.3)
    return images * light + chance.uniform(tf.shape(light), -0.3, 0.3), labels


class Subject(NamedTuple):
    """What a judge learns from, and how; the defaults are for photographs."""

    data: str
    licence: str
    epochs: int
    splits: tuple[str, str] = ("fit", "heldout")
    batch_size: int = 16
    rate: float = 1e-3
    change: Callable = _part  # (batch, chance) to the batch that is learnt from


SMALL = {"splits": ("train", "test"), "batch_size": 128, "rate": 2e-3, "change": _moved}
SUBJECTS = {
    "mnist": Subject(
        "mnist", "MIT; trained on MNIST (LeCun, Cortes, Burges)", 15, **SMALL
    ),
    "fashion": Subject(
        "fashion_mnist", "MIT; trained on Fashion-MNIST (Zalando SE, MIT)", 15, **SMALL
    ),
    "facades": Subject(
        "facades", "for learning only: trained on the CMP Facade Database", 40
    ),
    "horse2zebra": Subject(
        "horse2zebra",
        "for learning only: trained on photographs from ImageNet",
        epochs=60,
        batch_size=32,
        rate=2e-3,
        change=_recoloured,
    ),
}


def load(name: str, *, test: bool = False, **options) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures, and what is to be read on them as whole numbers.

    That is a class (n,), 0 for a horse and 1 for a zebra (n,), or each pixel's label
    on a facade (n, SIZE, SIZE). The options are those of `data.load`.
    """
    subject = SUBJECTS[name]
    if subject.change in (_part, _recoloured):
        options["size"] = SIZE
    first, second = data.load(subject.data, subject.splits[test], **options)
    if name == "facades":
        return second, data.labels_of(first)
    if name == "horse2zebra":
        kinds = np.repeat([0, 1], [len(first), len(second)])
        return np.concatenate([first, second]), kinds
    return first, second


def make_train_step(network, optimizer, change):
    """Return the step of a classifier, of pictures or of their pixels.

    `change(batch)` gives the pictures and their classes that it learns from.
    """

    @tf.function
    def train_step(batch):
        images, labels = change(batch)
        with tf.GradientTape() as tape:
            logits = network(images, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(
                labels, logits, from_logits=True
            )
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)
        right = tf.equal(tf.argmax(logits, -1), tf.cast(labels, tf.int64))
        return {"loss": loss, "accuracy": tf.reduce_mean(tf.cast(right, tf.float32))}

    return train_step


def train(name: str, *, epochs: int | None = None, **options):
    """Return a trained judge, the history of its training, and the batches.

    The options are those of `data.load`.
    """
    subject = SUBJECTS[name]
    epochs = epochs or subject.epochs
    batches = data.batches(*load(name, **options), batch_size=subject.batch_size)
    judge = networks.BUILDERS[f"{name}_judge"]()
    decay = keras.optimizers.schedules.CosineDecay(subject.rate, epochs * len(batches))
    optimizer, chance = keras.optimizers.Adam(decay), tf.random.Generator.from_seed(0)
    step = make_train_step(judge, optimizer, lambda some: subject.change(some, chance))
    return judge, training.fit(step, batches, epochs=epochs, state={}), batches


def seen(name: str, network) -> tuple:
    """Return what a judge sees in real pictures that it never saw, and its scores.

    The scale for a Fréchet distance is that of as many real training pictures.
    """
    from course_utils.metrics import Judge, cloud, frechet_distance

    images, labels = load(name, test=True, source="real")
    floats = images / np.float32(127.5) - 1
    found = network.predict(floats, batch_size=16, verbose=0).argmax(-1)
    scores = {"right on the test pictures": round(float((found == labels).mean()), 4)}
    if images.shape[1] == SIZE:  # the cloud is of small pictures
        return None, scores
    judge = Judge(network)
    some, _ = load(name, limit=len(images), source="real")
    real = cloud(judge.features(images))
    distance = frechet_distance(judge.features(some), real)
    return real, scores | {"Fréchet distance, real to real": round(distance, 2)}


def main(names: list[str]) -> None:
    """Train these judges at full length, and write their weights and cards."""
    unknown = sorted(set(names) - set(SUBJECTS))
    if unknown or not names:
        sys.exit(f"{__doc__}\nUnknown: {', '.join(unknown) or 'no name was given'}")
    runtime.setup(seed=0, precision="float32")
    for name in names:
        judge, history, batches = train(name, source="real")
        if not history.finished:
            sys.exit(f"{name}_judge: stopped, so nothing is written")
        subject = SUBJECTS[name]
        known = {"data": subject.data, "licence": subject.licence}
        card = weights.about(history, batches, **known)
        real, card["scores"] = seen(name, judge)
        weights.save(judge, f"{name}_judge", card, cloud=real)
        print(f"{name}_judge: {card['scores']}")


if __name__ == "__main__":
    main(sys.argv[1:])
