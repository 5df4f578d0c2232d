"""What is about GANs in a training: a pool of older fakes, and reading the curves."""

import numpy as np
import tensorflow as tf
from course_utils.training.devices import own

FEWEST_STEPS = 50


class ImagePool:
    """Up to `capacity` older fakes, which the discriminator is shown again.

    While the pool fills, every fresh fake is kept and given back. Then each one has
    an even chance to be given back, or to take the place of an older one that is
    given back instead. `capacity=0` gives back every fresh fake.
    The pool may be called in a `tf.function`, and stands in the `state` of `fit`.
    """

    def __init__(self, capacity: int = 50, seed: int = 0):
        if capacity < 0:
            raise ValueError(
                f"the pool's capacity is {capacity}; expected the number of pictures "
                "to keep: 50 as in the paper, or 0 for no pool"
            )
        self.capacity = capacity
        self.random = tf.random.Generator.from_seed(seed)
        self.count = own(tf.constant(0, tf.int64))  # pictures kept so far
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
        shape = (self.capacity, *fakes.shape[1:])
        if self.kept is None:
            with tf.init_scope():  # outside of the tf.function that is being traced
                self.kept = own(tf.zeros(shape))
        if self.kept.shape != shape:
            raise ValueError(
                f"the pool keeps pictures of shape {self.kept.shape[1:]}, these have "
                f"{fakes.shape[1:]}. Make a new ImagePool for another size"
            )
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

    It looks at names with the words "d" and "loss" (`d_loss`, `zebra_d_loss`), "g"
    and "loss", "accuracy", and "spread", how much the generated pictures differ,
    that every step reported. The first of these that holds is said:

    - not finite: any value is infinite or no number;
    - too short: fewer than 50 steps;
    - collapsed: in the last tenth of the steps a spread's mean is below half of its
      best tenth's;
    - saturated: a generator's loss that is never above 0, log(1 - D), has a mean
      above -0.05 in the last tenth;
    - the discriminator wins: in the last tenth of the steps a discriminator's mean
      loss, never below 0, is below 0.05, or the mean of every accuracy is above 0.98;
    - exploding: in the last tenth a generator's mean loss is above 1 and more than 5
      times its median in the first half;
    - swinging: of the last half's ten parts, a loss has at least two whose mean is
      more than twice that of the part before, and two with less than half of it.

    Otherwise nothing stands out.
    """
    d_losses, g_losses, accuracies, spreads = _curves(history)
    curves = d_losses | g_losses | accuracies | spreads
    for name, values in curves.items():
        if not np.isfinite(values).all():
            step = int(np.argmin(np.isfinite(values))) + 1
            return (
                f"{name} is not finite from step {step:,} on: nothing after it counts. "
                "Look for a learning rate that is too high, or a logarithm of 0."
            )
    if len(history) < FEWEST_STEPS:
        return (
            f"Only {len(history)} steps: too few to judge. "
            f"Train for {FEWEST_STEPS} or more."
        )
    return (
        _collapsed(spreads)
        or _saturated(g_losses)
        or _discriminator_wins(d_losses, accuracies)
        or _explodes(g_losses)
        or _swings(d_losses | g_losses)
        or "Nothing stands out: neither player has won. Now look at the pictures: "
        "these losses do not say how good they are."
    )


def _curves(history) -> list[dict]:
    """Return the discriminators' and generators' losses, accuracies, spreads."""
    whole = [name for name in history.keys() if len(history[name]) == len(history)]
    words = {name: set(name.split("_")) for name in whole}
    kinds = ({"d", "loss"}, {"g", "loss"}, {"accuracy"}, {"spread"})
    found = [
        {name: history[name] for name in words if kind <= words[name]} for kind in kinds
    ]
    if not any(found):
        raise ValueError(
            f"this history has only {', '.join(words) or 'no values'}; expected a "
            "GAN's, with d_loss, g_loss or accuracies. Return them from the train step "
            "under such names"
        )
    return found


def _last_tenth(values: np.ndarray) -> float:
    return float(values[-(len(values) // 10) :].mean())


def _collapsed(spreads: dict) -> str | None:
    for name, values in spreads.items():
        best = max(part.mean() for part in np.array_split(values, 10))
        if (mean := _last_tenth(values)) < best / 2:
            return (
                f"The generator has collapsed: {name} was {best:.2g} and ends at "
                f"{mean:.2g}: its pictures are nearly the same. Go back to an earlier "
                "checkpoint, with a lower rate for the generator."
            )
    return None


def _saturated(g_losses: dict) -> str | None:
    for name, values in g_losses.items():
        if values.max() <= 0 and (mean := _last_tenth(values)) > -0.05:
            return (
                f"The generator's loss is saturated: {name}, log(1 - D), ends at "
                f"{mean:.2g}, where its slope is nearly 0. Take -log D instead: "
                "cu.losses.generator_loss."
            )
    return None


def _discriminator_wins(d_losses: dict, accuracies: dict) -> str | None:
    advice = (
        "The generator hardly learns from it. Give the discriminator a lower rate, "
        "dropout or less width."
    )
    for name, values in d_losses.items():
        if values.min() >= 0 and (mean := _last_tenth(values)) < 0.05:
            return f"The discriminator wins: {name} ends at {mean:.2g}. {advice}"
    means = [_last_tenth(values) for values in accuracies.values()]
    if means and min(means) > 0.98:
        return f"The discriminator wins: it is right in {min(means):.0%}. {advice}"
    return None


def _explodes(g_losses: dict) -> str | None:
    for name, values in g_losses.items():
        before = float(np.median(values[: len(values) // 2]))
        if (mean := _last_tenth(values)) > max(1, 5 * before):
            return (
                f"The generator's loss explodes: {name} was {before:.2g} in the first "
                f"half and ends at {mean:.2g}. Try a lower learning rate, or go back "
                "to an earlier checkpoint."
            )
    return None


def _swings(losses: dict) -> str | None:
    for name, values in losses.items():
        parts = np.array_split(values[len(values) // 2 :], 10)
        means = np.abs([part.mean() for part in parts])
        rises = int((means[1:] > 2 * means[:-1]).sum())
        falls = int((means[1:] < means[:-1] / 2).sum())
        if min(rises, falls) >= 2:
            return (
                f"{name} swings: in the last half it more than doubled {rises} times "
                f"and fell by more than half {falls} times. The players chase each "
                "other; a lower learning rate calms both."
            )
    return None
