"""The checks of lesson 4's exercises."""

from itertools import pairwise

import keras
import numpy as np
from checks import NOTHING, incomplete, mistaken, verdict


@verdict(right="What came after epoch 60 is lost to the power cut, no more.")
def what_is_left(prediction):
    """Return the verdict on which checkpoints a long training leaves behind."""
    expected = {"kept": [120, 140, 150], "after_power_cut": 60}
    if hint := incomplete(prediction, expected):
        return hint
    if not isinstance(prediction["kept"], list | tuple | set):
        return "kept: expected a list of epochs, such as [1, 2, 3]."
    answers = prediction | {"kept": sorted(prediction["kept"])}
    if len(answers["kept"]) > 3:
        return "kept: those are more than keep=3. Which ones go?"
    if answers["kept"] == [100, 120, 140]:
        return "kept: and is there nothing from the end of the training?"
    if answers["after_power_cut"] in (75, 76):
        return (
            "after_power_cut: that would be so after the stop button, which waits "
            "for a checkpoint. A power cut does not wait."
        )
    return mistaken(answers, expected)


@verdict(right="Same crop, same mirror, whatever the seed.")
def both_alike(jitter_both):
    """Return the verdict on a function that jitters a plan and its photo alike."""
    rng = np.random.default_rng(0)
    plan = rng.integers(0, 9, (64, 64, 3)).astype("float32") / 8
    pairs = [jitter_both(plan, -1 - plan, (5, number)) for number in range(8)]
    for pair in pairs:
        if hint := _unlike(pair, plan):
            return hint
    if len({np.asarray(jittered).tobytes() for jittered, _ in pairs}) < 4:
        return "Eight seeds hardly give different pairs: is it jittered at all?"
    return None


def _unlike(pair, plan):
    """Return a hint unless this is a plan and its photo, which is -1 - plan."""
    if pair is None:
        return NOTHING
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return f"Expected a plan and a photo, got a {type(pair).__name__}."
    jittered, photo = map(np.asarray, pair)
    if jittered.shape != photo.shape or jittered.shape[2:] != (3,):
        return (
            "Expected two pictures of three channels and one size, got "
            f"{jittered.shape} and {photo.shape}."
        )
    if jittered.max() < 0:
        return "The first picture is the photo. Expected the plan, then it."
    if not np.isin(jittered, plan).all():
        return "The plan has got new colours: is something between two labels?"
    if not np.allclose(jittered, -1 - photo):
        return (
            "Plan and photo do not agree any more: what was at one place in "
            "both is at two places now."
        )
    return None


@verdict(right="The code tells plans apart again.")
def encoder(build):
    """Return the verdict on an encoder whose code should tell plans apart."""
    model = build(64, 4)
    if not isinstance(model, keras.Model):
        return f"Expected a keras.Model, got a {type(model).__name__}."
    rng = np.random.default_rng(0)
    codes = np.asarray(model(rng.uniform(-1, 1, (2, 64, 64, 3)).astype("float32")))
    if codes.shape != (2, 1, 1, 32):
        return f"Expected codes (2, 1, 1, 32) of two plans, got {codes.shape}."
    if np.allclose(codes[0], codes[1], atol=1e-6):
        return (
            "Two plans have the same code. What is the mean of a single pixel, "
            "and what is left of the pixel without it?"
        )
    sizes = [3, 4, 8, 16, 32, 32, 32]
    kernels = sum(16 * before * after for before, after in pairwise(sizes))
    norms = model.count_params() - kernels
    if norms == 0:
        return "The code is alive, but now no block is normalized at all."
    if norms != 2 * (8 + 16 + 32 + 32):
        return (
            "The code is alive, but other blocks have changed as well. All but "
            "the first and the last one are normalized."
        )
    return None
