"""Trains judges on real pictures: `python weights/train_judges.py mnist facades`.

Each learns to read what real pictures show, so that it can read generated ones.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import course_utils as cu
import keras
import numpy as np
import pack
import tensorflow as tf

SIZE, CROP = 128, 112  # of photographs, and of the parts that are learnt from


def moved(images, labels, chance):
    """Return a batch with its pictures moved by up to two pixels, round the edge."""
    return tf.roll(images, chance.uniform((2,), -2, 3, tf.int32), (1, 2)), labels


def part(images, labels, chance):
    """Return a random part of all pictures, and plans, of a batch, mirrored or not."""
    y, x = tf.unstack(chance.uniform((2,), 0, SIZE - CROP + 1, tf.int32))
    is_mirrored = chance.uniform(()) < 0.5

    def cut(values):
        values = values[:, y : y + CROP, x : x + CROP]
        return tf.where(is_mirrored, tf.reverse(values, [2]), values)

    return cut(images), cut(labels) if labels.shape.rank > 1 else labels


def recoloured(images, labels, chance):
    """Return a part as `part` does, each picture of it in other light and colours."""
    images, labels = part(images, labels, chance)
    light = chance.uniform((tf.shape(images)[0], 1, 1, 3), 0.6, 1.3)
    return images * light + chance.uniform(tf.shape(light), -0.3, 0.3), labels


class Subject(NamedTuple):
    """What a judge learns from, and how; the defaults are for photographs."""

    data: str
    licence: str
    epochs: int
    splits: tuple[str, str] = ("fit", "heldout")
    size: int | None = SIZE
    batch_size: int = 16
    rate: float = 1e-3
    change: Callable = part


SMALL = {"epochs": 15, "splits": ("train", "test"), "size": None, "batch_size": 128}
SMALL |= {"rate": 2e-3, "change": moved}
SUBJECTS = {
    "mnist": Subject("mnist", "MIT; trained on MNIST (LeCun, Cortes, Burges)", **SMALL),
    "fashion": Subject(
        "fashion_mnist", "MIT; trained on Fashion-MNIST (Zalando SE, MIT)", **SMALL
    ),
    "facades": Subject(
        "facades", "for learning only: trained on the CMP Facade Database", epochs=40
    ),
    "horse2zebra": Subject(
        "horse2zebra",
        "for learning only: trained on photographs from ImageNet",
        epochs=60,
        batch_size=32,
        rate=2e-3,
        change=recoloured,
    ),
}


def load(name: str, *, test: bool = False, **options) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures, and what is to be read on them as whole numbers.

    That is a class (n,), 0 for a horse and 1 for a zebra (n,), or each pixel's label
    on a facade (n, SIZE, SIZE). The options are those of `cu.data.load`.
    """
    subject = SUBJECTS[name]
    options = {"source": "real", "size": subject.size} | options
    first, second = cu.data.load(subject.data, subject.splits[test], **options)
    if name == "facades":
        return second, labels_of(first)
    if name == "horse2zebra":
        kinds = np.repeat([0, 1], [len(first), len(second)])
        return np.concatenate([first, second]), kinds
    return first, second


def labels_of(plans: np.ndarray) -> np.ndarray:
    """Return the number of each pixel's label, (n, h, w), in plans (n, h, w, 3), uint8.

    It is the one with the nearest colour, since the published plans are JPEGs.
    """
    colours = cu.data.LABELS.values()
    gaps = [np.abs(plans - np.int16(colour)).sum(-1) for colour in colours]
    return np.argmin(gaps, axis=0).astype(np.int32)


def train(name: str, *, epochs: int, **options):
    """Return a trained judge, the history of its training, and the batches."""
    subject = SUBJECTS[name]
    batches = cu.batches.make(*load(name, **options), batch_size=subject.batch_size)
    judge = cu.networks.BUILDERS[f"{name}_judge"]()
    decay = keras.optimizers.schedules.CosineDecay(subject.rate, epochs * len(batches))
    optimizer, chance = keras.optimizers.Adam(decay), tf.random.Generator.from_seed(0)

    @tf.function
    def train_step(batch):
        images, labels = subject.change(*batch, chance)
        with tf.GradientTape() as tape:
            logits = judge(images, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(
                labels, logits, from_logits=True
            )
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, judge.trainable_variables)
        optimizer.apply(gradients, judge.trainable_variables)
        right = tf.equal(tf.argmax(logits, -1), tf.cast(labels, tf.int64))
        return {"loss": loss, "accuracy": tf.reduce_mean(tf.cast(right, tf.float32))}

    history = cu.training.fit(train_step, batches, epochs=epochs, state={})
    return judge, history, batches


def seen(name: str, network, **options) -> tuple:
    """Return what a judge sees in real pictures that it never saw, and its scores.

    The scale for a Fréchet distance is that of as many real training pictures.
    """
    images, labels = load(name, test=True, **options)
    floats = images / np.float32(127.5) - 1
    found = network.predict(floats, batch_size=16, verbose=0).argmax(-1)
    scores = {"right on the test pictures": round(float((found == labels).mean()), 4)}
    if SUBJECTS[name].size:  # the cloud is of small pictures
        return None, scores
    judge = cu.metrics.Judge(network)
    some, _ = load(name, **options | {"limit": len(images)})
    real = cu.metrics.cloud(judge.features(images))
    other = cu.metrics.cloud(judge.features(some))
    distance = cu.metrics.frechet_distance(other, real)
    return real, scores | {"Fréchet distance, real to real": round(distance, 2)}


def make(name: str, into: Path, *, epochs: int | None = None, **options) -> None:
    """Train a judge, and write its weights and its card into a folder."""
    subject = SUBJECTS[name]
    judge, *run = train(name, epochs=epochs or subject.epochs, **options)
    known = pack.about(*run, data=subject.data, licence=subject.licence)
    real, known["scores"] = seen(name, judge, **options)
    with tempfile.TemporaryDirectory() as folder:
        pack.leave(f"{name}_judge", judge, folder, known, cloud=real)
        pack.pack(f"{name}_judge", folder, into)
    print(f"{name}_judge: {known['scores']}")


if __name__ == "__main__":
    if not sys.argv[1:] or set(sys.argv[1:]) - set(SUBJECTS):
        sys.exit(f"{__doc__}\nThe judges are {', '.join(SUBJECTS)}.")
    cu.setup(seed=0)
    for name in sys.argv[1:]:
        make(name, cu.weights.FOLDER)
