"""The checks of lesson 3's exercises."""

import numpy as np
from checks import NOTHING, incomplete, mistaken, verdict

STACKS = [([4], [1]), ([3], [2]), ([4, 4], [1, 1]), ([3, 5], [2, 1])]
STACKS += [([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]), ([1, 1, 1], [1, 1, 1])]


@verdict(right="4, 7, 16, 34, 70 pixels, and one more doubling; 16, 15, 14 cells.")
def larger_patches(prediction):
    """Return the verdict on patch and map of a PatchGAN with four halving blocks."""
    expected = {"patch": 142, "map": 14}
    if hint := incomplete(prediction, expected):
        return hint
    if prediction["map"] == 16:
        return "map: 16 is right after the halving blocks. Two more layers follow."
    if prediction["map"] == 15:
        return "map: how many layers with stride 1 follow the halving blocks?"
    if prediction["patch"] in (140, 144):
        return "patch: a fourth halving of 70 pixels does not just double them."
    return mistaken(prediction, expected)


def _seen(kernels, strides):
    """Return how many pixels one output sees through layers, the last layer first."""
    size = 1
    for kernel, stride in zip(kernels, strides, strict=True):
        size = (size - 1) * stride + kernel
    return size


@verdict(right="It gives 70 for our discriminator.")
def receptive_field(function):
    """Return the verdict on a function that computes what one output sees."""
    for kernels, strides in STACKS:
        found = function(list(kernels), list(strides))
        if found is None:
            return NOTHING
        right = _seen(kernels[::-1], strides[::-1])
        case = f"For kernels {kernels} and strides {strides} you"
        if found == _seen(kernels, strides) != right:
            return f"{case} went from the first layer on: begin with the last one."
        if found != right:
            return f"{case} give {found}, which is not what the gradient would show."
    return None


@verdict(right="The two sides stay two sides, and move alike.")
def moved_alike(answers):
    """Return the verdict on a function that moves a pair, and on a share of steps."""
    if not isinstance(answers, dict) or set(answers) != {"move_pair", "share"}:
        return "Expected a dictionary with move_pair, share."
    if hint := wrong_pair(answers["move_pair"]):
        return hint
    share = answers["share"]
    if share is None:
        return "The function is right. Not answered yet: share."
    if share in (50, "50 %", "1/2", "½"):
        return "The function is right. As the share, give a number from 0 to 1."
    if share != 0.5:
        return "The function is right. Share: which of the random changes swaps sides?"
    return None


def wrong_pair(function):
    """Return a hint unless a function moves both sides of a pair alike, by chance."""
    chance = np.random.default_rng(0)
    sketch = np.tile(chance.uniform(0.1, 0.8, (32, 32, 1)), 3).astype("float32")
    colouring = -sketch  # known again wherever it goes
    places = set()
    for number in range(16):
        found = function(sketch, colouring, (0, number))
        if found is None:
            return NOTHING
        if len(found) != 2 or any(np.shape(side) != (32, 32, 3) for side in found):
            shapes = [np.shape(side) for side in found]
            return f"Expected two sides of (32, 32, 3), got {shapes}."
        given, wanted = (np.asarray(side) for side in found)
        if (given < 0).any():
            return (
                "There are parts of the colouring in what is given as the input. "
                "Along which axis do the two sides lie next to each other?"
            )
        white = (given == 1) & (wanted == 1)
        if not np.allclose(np.where(white, 0, given + wanted), 0, atol=1e-6):
            return "The two sides do not fit together any more."
        places.add(given.tobytes())
    if sketch.tobytes() in places and len(places) == 1:
        return "Nothing moves: the pair should still be shifted and mirrored."
    if len(places) < 8:
        return "Sixteen seeds should give more than a few different pairs."
    return None


@verdict(right="One thing changed, two marks read: that is an experiment.")
def another_weight(answers):
    """Return the verdict on a training with another weight of L1."""
    if not isinstance(answers, dict) or set(answers) != {"l1_weight", "trained"}:
        return "Expected a dictionary with l1_weight, trained."
    weight, trained = answers["l1_weight"], answers["trained"]
    if weight in (10, 100):
        return f"λ = {weight:g} is in the table: choose another one."
    if not weight >= 0:
        return "A weight is 0 or more: below 0, a large difference would be rewarded."
    if trained is None:
        return "Nothing was trained: trained should be what train_variant(…) returns."
    history = trained[-1] if isinstance(trained, tuple) else trained
    if not {"L1", "colourfulness"} <= set(history.keys()):
        return "This history has no marks: expected what train_variant(…) returns."
    last = [f"{mark} {history[mark][-1]:.2f}" for mark in ("L1", "colourfulness")]
    print(f"λ = {weight:g}, after {len(history['L1'])} epochs:", ", ".join(last))
    return None
