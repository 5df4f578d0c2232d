"""Trains the judges on real pictures: `python -m course_utils.judges mnist fashion`."""

import sys

import keras
import tensorflow as tf
from course_utils import data, networks, runtime, training, weights

SETS = {"mnist": "mnist", "fashion": "fashion_mnist"}
LICENCES = {
    "mnist": "MIT; trained on MNIST (LeCun, Cortes, Burges)",
    "fashion": "MIT; trained on Fashion-MNIST (Zalando SE, MIT)",
}
EPOCHS = 15


def make_train_step(judge, optimizer, chance):
    """Return the step of a classifier, on pictures and their classes.

    Each batch is moved by up to two pixels, so that the place does not matter.
    """

    @tf.function
    def train_step(batch):
        images, labels = batch
        images = tf.roll(images, chance.uniform((2,), -2, 3, tf.int32), (1, 2))
        with tf.GradientTape() as tape:
            logits = judge(images, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(
                labels, logits, from_logits=True
            )
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, judge.trainable_variables)
        optimizer.apply(gradients, judge.trainable_variables)
        right = tf.equal(tf.argmax(logits, 1), tf.cast(labels, tf.int64))
        return {"loss": loss, "accuracy": tf.reduce_mean(tf.cast(right, tf.float32))}

    return train_step


def train(
    name: str,
    *,
    epochs: int = EPOCHS,
    limit: int | None = None,
    source: str = "auto",
):
    """Return a trained judge, its share of right test pictures, history and batches.

    `limit` and `source` are those of `data.load`.
    """
    from course_utils.metrics import Judge, asked_share

    images, labels = data.load(SETS[name], limit=limit, source=source)
    batches = data.batches(images, labels, batch_size=128)
    judge = networks.judge()
    rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(batches))
    optimizer = keras.optimizers.Adam(rate)
    chance = tf.random.Generator.from_seed(0)
    step = make_train_step(judge, optimizer, chance)
    history = training.fit(step, batches, epochs=epochs, state={})
    test = data.load(SETS[name], "test", limit=limit, source=source)
    score = asked_share(Judge(judge).labels(test.images), test.labels)
    return judge, score, history, batches


def main(names: list[str]) -> None:
    """Train these judges at full length, and write their weights and cards."""
    unknown = sorted(set(names) - set(SETS))
    if unknown or not names:
        sys.exit(f"{__doc__}\nUnknown: {', '.join(unknown) or 'no name was given'}")
    runtime.setup(seed=0, precision="float32")
    for name in names:
        judge, score, history, batches = train(name, source="real")
        if not history.finished:
            sys.exit(f"{name}_judge: stopped, so nothing is written")
        about = weights.about(history, batches, data=SETS[name], licence=LICENCES[name])
        about["scores"] = {"right on the test pictures": round(score, 4)}
        weights.save(judge, f"{name}_judge", about)
        print(f"{name}_judge: {score:.2%} of the test pictures right")


if __name__ == "__main__":
    main(sys.argv[1:])
