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


def seen(name: str, judge) -> tuple:
    """Return what a judge sees in the real test pictures, and what its card says.

    The scale for a Fréchet distance is that of as many real training pictures.
    """
    from course_utils.metrics import asked_share, cloud, frechet_distance

    test = data.load(SETS[name], "test", source="real")
    some = data.load(SETS[name], limit=len(test.images), source="real")
    real = cloud(judge.features(test.images))
    right = asked_share(judge.labels(test.images), test.labels)
    distance = frechet_distance(judge.features(some.images), real)
    return real, {
        "right on the test pictures": round(right, 4),
        "Fréchet distance, real to real": round(distance, 2),
    }


def train(
    name: str,
    *,
    epochs: int = EPOCHS,
    limit: int | None = None,
    source: str = "auto",
):
    """Return a trained judge, the history of its training, and the batches.

    `limit` and `source` are those of `data.load`.
    """
    images, labels = data.load(SETS[name], limit=limit, source=source)
    batches = data.batches(images, labels, batch_size=128)
    judge = networks.judge()
    rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(batches))
    optimizer = keras.optimizers.Adam(rate)
    chance = tf.random.Generator.from_seed(0)
    step = make_train_step(judge, optimizer, chance)
    return judge, training.fit(step, batches, epochs=epochs, state={}), batches


def main(names: list[str]) -> None:
    """Train these judges at full length, and write their weights and cards."""
    from course_utils.metrics import Judge

    unknown = sorted(set(names) - set(SETS))
    if unknown or not names:
        sys.exit(f"{__doc__}\nUnknown: {', '.join(unknown) or 'no name was given'}")
    runtime.setup(seed=0, precision="float32")
    for name in names:
        network, history, batches = train(name, source="real")
        if not history.finished:
            sys.exit(f"{name}_judge: stopped, so nothing is written")
        about = weights.about(history, batches, data=SETS[name], licence=LICENCES[name])
        real, about["scores"] = seen(name, Judge(network))
        weights.save(network, f"{name}_judge", about, cloud=real)
        print(f"{name}_judge: {about['scores']}")


if __name__ == "__main__":
    main(sys.argv[1:])
