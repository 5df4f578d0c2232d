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
    if len(history) < FEWEST_STEPS:
        return f"Only {len(history)} steps: too few to judge; train for {FEWEST_STEPS}."
    ends = {
        name: history[name][-len(history) // 10 :].mean() for name in history.keys()
    }
    for name, end in sorted(ends.items(), reverse=True):  # g_loss is before d_loss
        values, ends_at = history[name], f"{name} ends at {end:.2g}."
        best = max(part.mean() for part in np.array_split(values, 10))
        if name.endswith("spread") and end < best / 2:
            return f"The generator has collapsed: {ends_at} {AGAIN}"
        if name.endswith("g_loss") and values.max() <= 0 and end > -0.05:
            return f"{name}, log(1 - D), is saturated: take -log D instead."
        if name.endswith("g_loss") and end > max(1, 5 * np.median(values)):
            return f"The generator's loss explodes: {ends_at} {AGAIN}"
        if name.endswith("d_loss") and end < 0.05:
            return f"The discriminator wins: {ends_at} {ADVICE}"
    accuracies = [end for name, end in ends.items() if "accuracy" in name]
    if accuracies and min(accuracies) > 0.98:
        return f"The discriminator wins: it is right in {min(accuracies):.0%}. {ADVICE}"
    return (
        "Nothing stands out: neither player has won. Now look at the pictures: these "
        "losses do not say how good they are."
    )
