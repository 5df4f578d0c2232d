"""What is about GANs in a training: a pool of older fakes, and reading the curves."""

import numpy as np
import tensorflow as tf

FEWEST_STEPS = 50
ADVICE = "Give the discriminator a lower rate, dropout or less width."
AGAIN = "Go back to an earlier checkpoint, with a lower rate."


class ImagePool:
    """Up to `capacity` older fakes, which the discriminator is shown again.

    While the pool fills, every fresh fake is kept and given back. Then each one has
    an even chance to be given back, or to take the place of an older one that is
    given back instead. `capacity=0` gives back every fresh fake.
    The pool may be called in a `tf.function`, and stands in the `state` of `fit`.
    """

    def __init__(self, capacity: int = 50, seed: int = 0):
        self.capacity = capacity
        self.random = tf.random.Generator.from_seed(seed)
        self.count = tf.Variable(0, dtype=tf.int64)  # kept so far
        self.kept = None  # (capacity, h, w, c), made when the first pictures come

    @property
    def variables(self) -> list:
        """All that a checkpoint must hold; complete after the first call."""
        pictures = [] if self.kept is None else [self.kept]
        return [self.random.state, self.count, *pictures]

    def __call__(self, fakes):
        """Return as many pictures as came in, (n, h, w, c), fresh and older ones."""
        if self.capacity == 0:
            return tf.stop_gradient(fakes)
        if self.kept is None:
            with tf.init_scope():  # outside of the tf.function that is being traced
                self.kept = tf.Variable(tf.zeros((self.capacity, *fakes.shape[1:])))
        return tf.stop_gradient(tf.map_fn(self.exchange, fakes))

    def exchange(self, fake):
        """Return one picture (h, w, c): this one, or the one whose place it takes."""
        is_full = self.count == self.capacity
        is_older = is_full & (self.random.uniform(()) < 0.5)
        drawn = self.random.uniform((), maxval=self.capacity, dtype=tf.int64)
        place = tf.where(is_full, drawn, self.count)
        older = tf.gather(self.kept, place)
        stays = is_full & ~is_older
        now = tf.where(stays, older, fake)
        self.kept.assign(tf.tensor_scatter_nd_update(self.kept, [[place]], [now]))
        self.count.assign(tf.minimum(self.count + 1, self.capacity))
        return tf.where(is_older, older, fake)


def diagnose(history) -> str:
    """Return what the curves of a GAN's training show, in a sentence or two.

    It looks at losses (`d_loss`, `zebra_d_loss`, `g_loss` and so on), accuracies, and
    "spread", how much the generated pictures differ, in the last tenth of the steps.
    """
    found = {name: np.asarray(history[name]) for name in history.keys()}
    if len(history) < FEWEST_STEPS:
        return f"Only {len(history)} steps: too few to judge; train for {FEWEST_STEPS}."
    tenth = len(history) // 10
    ends = {name: values[-tenth:].mean() for name, values in found.items()}
    for name, values in found.items():  # before its consequence, that the other wins
        if name.endswith("g_loss") and values.max() <= 0 and ends[name] > -0.05:
            return f"{name}, log(1 - D), is saturated: take -log D instead."
    accuracies = [ends[name] for name in ends if "accuracy" in name]
    if accuracies and min(accuracies) > 0.98:
        return f"The discriminator wins: it is right in {min(accuracies):.0%}. {ADVICE}"
    for name, values in found.items():
        words = set(name.split("_"))
        if verdict := _verdict(words, values, ends[name]):
            return verdict.format(name=name, end=ends[name])
    return (
        "Nothing stands out: neither player has won. Now look at the pictures: these "
        "losses do not say how good they are."
    )


def _verdict(words: set, values: np.ndarray, end: float) -> str | None:
    """Return what one curve says, if it says anything; {name} and {end} are open."""
    early = np.median(values[: len(values) // 2])
    if "spread" in words:
        best = max(part.mean() for part in np.array_split(values, 10))
        if end < best / 2:
            return "The generator has collapsed: {name} ends at {end:.2g}. " + AGAIN
    if {"d", "loss"} <= words and end < 0.05:
        return "The discriminator wins: {name} ends at {end:.2g}. " + ADVICE
    if {"g", "loss"} <= words and end > max(1, 5 * early):
        return "The generator's loss explodes: {name} ends at {end:.2g}. " + AGAIN
    parts = np.array_split(values[len(values) // 2 :], 10)
    steps = np.abs([part.mean() for part in parts])
    rises, falls = steps[1:] > 2 * steps[:-1], steps[1:] < steps[:-1] / 2
    if "loss" in words and min(rises.sum(), falls.sum()) >= 2:
        return "{name} swings: the players chase each other. Lower both rates."
    return None
