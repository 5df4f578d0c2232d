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

    def moved(batch):  # by up to two pixels, so that the place does not matter
        images, labels = batch
        shift = chance.uniform((2,), -2, 3, tf.int32)
        return tf.roll(images, shift, (1, 2)), labels

    step = make_train_step(judge, optimizer, moved)
    return judge, training.fit(step, batches, epochs=epochs, state={}), batches


def each(names: list[str], known, about: str):
    """Give the names one by one, for a training of each, after a look at them all."""
    unknown = sorted(set(names) - set(known))
    if unknown or not names:
        sys.exit(f"{about}\nUnknown: {', '.join(unknown) or 'no name was given'}")
    runtime.setup(seed=0, precision="float32")
    yield from names


def card_of(name: str, history, batches, *, data: str, licence: str) -> dict:
    """Return the card of a training; one that was stopped ends the program."""
    if not history.finished:
        sys.exit(f"{name}: stopped, so nothing is written")
    return weights.about(history, batches, data=data, licence=licence)


def main(names: list[str]) -> None:
    """Train these judges at full length, and write their weights and cards."""
    from course_utils.metrics import Judge

    for name in each(names, SETS, __doc__):
        network, *trained = train(name, source="real")
        judge = f"{name}_judge"
        card = card_of(judge, *trained, data=SETS[name], licence=LICENCES[name])
        real, card["scores"] = seen(name, Judge(network))
        weights.save(network, judge, card, cloud=real)
        print(f"{judge}: {card['scores']}")


if __name__ == "__main__":
    main(sys.argv[1:])
