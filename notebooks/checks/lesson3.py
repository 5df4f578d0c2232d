"""The checks of lesson 3's exercises."""

import numpy as np
from checks import NOTHING, incomplete, mistaken, verdict

STACKS = [
    ([4], [1]),
    ([3], [2]),
    ([4, 4], [1, 1]),
    ([3, 5], [2, 1]),
    ([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]),
    ([1, 1, 1], [1, 1, 1]),
]


@verdict(right="4, 7, 16, 34 pixels back; 64, 63, 62 cells forward.")
def smaller_patches(prediction):
    """Return the verdict on patch and map of a PatchGAN with two halving blocks."""
    expected = {"patch": 34, "map": 62}
    if hint := incomplete(prediction, expected):
        return hint
    if prediction["map"] == 64:
        return "map: 64 is right after the halving blocks. Two more layers follow."
    if prediction["patch"] in (35, 36):
        return "patch: 70 is not twice the answer: each stride 2 also adds 2."
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
        if found == _seen(kernels, strides) != right:
            return (
                f"For kernels {kernels} and strides {strides} you went from the "
                "first layer to the last. Begin with the last one."
            )
        if found != right:
            return (
                f"For kernels {kernels} and strides {strides} you give {found}, "
                "which is not what the gradient would show."
            )
    return None


@verdict(right="Brighter than white is white, and not black.")
def to_pixels(function):
    """Return the verdict on a function from floats to uint8 that does not wrap."""
    values = np.array([[-1.0, 0.0, 1.0], [1.2, -1.3, 0.5]], "float32")[..., None]
    found = function(values)
    if found is None:
        return NOTHING
    found = np.asarray(found)
    if found.dtype != np.uint8 or found.shape != values.shape:
        return (
            f"Expected uint8 of shape {values.shape}, got {found.dtype} of shape "
            f"{found.shape}."
        )
    bright, dark = found[1, :2, 0]
    if bright != 255 or dark != 0:
        return (
            f"1.2 became {bright} and -1.3 became {dark}: a byte that is too "
            "large begins again at 0. What should they be?"
        )
    if not np.allclose(found.ravel()[[0, 1, 2, 5]], [0, 127, 255, 191], atol=1):
        return "The values between -1 and 1 are not where they belong any more."
    return None
