"""The checks of lesson 2's exercises."""

import numpy as np
from checks import NOTHING, incomplete, mistaken, verdict


@verdict(right="Sixteen more inputs, each with a weight to 256 units: 4,096 more.")
def more_labels(prediction):
    """Return the verdict on the predicted numbers of parameters for 26 letters."""
    expected = {"dense_y": 27 * 256, "generator": 693_520 + 16 * 256}
    if hint := incomplete(prediction, expected):
        return hint
    if prediction["dense_y"] == 26 * 256:
        return "dense_y: those are the weights. Is there nothing else in a layer?"
    if prediction["generator"] == 693_520 + expected["dense_y"]:
        return "generator: 693,520 has the old dense_y in it, which goes."
    if prediction["generator"] in (693_520 + 26 * 256, 693_520 + 16):
        return "generator: how many *new* inputs are there, and what has each?"
    return mistaken(prediction, expected)


@verdict(right="One noise, one hand; the labels say the rest.")
def one_hand(write):
    """Return the verdict on a function that writes digits with one noise."""
    seen = []

    def generator(noise, labels, training=False):
        noise, labels = np.asarray(noise, "float32"), np.asarray(labels, "float32")
        seen.append((noise, labels))
        shade = labels.argmax(-1) / 10 + noise[:, 0] / 100
        return np.tile(shade[:, None, None, None], (1, 28, 28, 1)).astype("float32")

    noise = np.random.default_rng(0).normal(size=(1, 100)).astype("float32")
    pictures = write(generator, "4077", noise)
    if pictures is None:
        return NOTHING
    if not seen:
        return "Your function did not call the generator that it was given."
    noises, labels = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    if np.shape(pictures) != (4, 28, 28, 1) or len(noises) != 4:
        return (
            'Expected four pictures, (4, 28, 28, 1), for "4077", got '
            f"{np.shape(pictures)}: one noise and one label for each digit."
        )
    if not np.allclose(noises, noise):
        return "The hand changes: every digit needs the very noise that was given."
    if labels.shape != (4, 10) or not np.allclose(labels, np.eye(10)[[4, 0, 7, 7]]):
        return (
            "The labels are not those of 4, 0, 7, 7: expected (4, 10), each row "
            "one-hot."
        )
    if not np.allclose(pictures, generator(noises, labels)):
        return "These are not the generator's pictures, or not in this order."
    if len(write(generator, "0123456789012", noise)) != 13:
        return '"4077" is right, but a longer number is not.'
    return None


@verdict(right="One number for each unit, and one logit at the end.")
def maxout(answers):
    """Return the verdict on a Maxout function, and on the reason why no error came."""
    expected = {"maxout_of", "in the mean"}
    if not isinstance(answers, dict) or set(answers) != expected:
        return "Expected a dictionary with maxout_of, in the mean."
    if hint := wrong_maxout(answers["maxout_of"]):
        return hint
    averaged = answers["in the mean"]
    if averaged is None:
        return "The function is right. Not answered yet: in the mean."
    if averaged == 128:
        return (
            "The function is right. In the mean: 128 is what it should be. How many "
            "logits did the faulty one give for each picture?"
        )
    if averaged != 4 * 128:
        return "The function is right. In the mean: look again at its output's shape."
    return None


def wrong_maxout(function):
    """Return a hint unless a function takes the largest of the pieces."""
    candidates = np.random.default_rng(0).normal(size=(5, 12)).astype("float32")
    found = function(candidates, 3, 4)
    if found is None:
        return NOTHING
    if np.shape(found) == (5, 4, 3):
        return (
            "Shape (5, 4, 3) for 5 pictures, 3 units, 4 pieces: the 4 are still "
            "there. Over which axis was the maximum taken, and how long is it?"
        )
    if np.shape(found) != (5, 3):
        return f"Expected (5, 3) for 5 pictures, 3 units, got {np.shape(found)}."
    alone = function(candidates, 12, 1)
    if np.shape(alone) != (5, 12) or not np.allclose(alone, candidates):
        return (
            "With one piece the maximum is that piece, also below 0; yours changes it."
        )
    if not np.allclose(function(candidates, 1, 12), candidates.max(1, keepdims=True)):
        return "With one unit, the largest of all 12 candidates was expected."
    if not np.allclose(found, candidates.reshape(5, 4, 3).max(1)):
        return (
            "The shape is right, but not the numbers. A row of candidates holds "
            "the first piece of all units, then the second: (pieces, units)."
        )
    return None


@verdict(right="One thing changed, two marks read: that is an experiment.")
def another_setting(answers):
    """Return the verdict on a training with another setting of Adam."""
    if not isinstance(answers, dict) or set(answers) != {"rate", "beta_1", "history"}:
        return "Expected a dictionary with rate, beta_1, history."
    rate, beta_1, history = answers["rate"], answers["beta_1"], answers["history"]
    if (rate, beta_1) == (2e-4, 0.5):
        return "Rate and beta_1 are still ours: change one of them."
    if not 0 < rate < 1 or not 0 <= beta_1 < 1:
        return "A rate is above 0 and far below 1, and beta_1 lies from 0 to below 1."
    if not history:
        return "Nothing was trained: mine should be what trial(…) returns."
    if not {"asked", "distance"} <= set(history.keys()):
        return "This history has no marks: expected what trial(…) returns."
    print(
        f"rate {rate:g}, beta_1 {beta_1:g}, after {len(history['asked'])} epochs: "
        f"as asked {history['asked'][-1]:.0%}, distance {history['distance'][-1]:.0f}"
    )
    return None
