"""The checks of lesson 3's exercises."""

import numpy as np
from course_utils.exercises import Verdict, incomplete, mistaken, on_copies, verdict

STACKS = [
    ([4], [1]),
    ([3], [2]),
    ([4, 4], [1, 1]),
    ([3, 5], [2, 1]),
    ([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]),
    ([1, 1, 1], [1, 1, 1]),
]


def smaller_patches(prediction: dict) -> Verdict:
    """Return the verdict on patch and map of a PatchGAN with two halving blocks."""

    def check():
        expected = {"patch": 34, "map": 62}
        if hint := incomplete(prediction, expected):
            return hint
        answers = {key: float(value) for key, value in prediction.items()}
        if answers["map"] == 64:
            return "map: 64 is right after the halving blocks. Two more layers follow."
        if answers["patch"] in (35, 36):
            return "patch: 70 is not twice the answer: each stride 2 also adds 2."
        return mistaken(answers, expected)

    return verdict(check, right="4, 7, 16, 34 pixels back; 64, 63, 62 cells forward.")


def receptive_field(function) -> Verdict:
    """Return the verdict on a function that computes what one output sees."""

    def check():
        for kernels, strides in STACKS:
            found = function(list(kernels), list(strides))
            if found is None:
                return "Your function returns nothing: is there a return?"
            right, other_way = (
                _seen(order(kernels), order(strides)) for order in (list, reversed)
            )
            if float(found) == other_way != right:
                return (
                    f"For kernels {kernels} and strides {strides} you went from the "
                    "first layer to the last. Begin with the last one."
                )
            if float(found) != right:
                return (
                    f"For kernels {kernels} and strides {strides} you give {found}, "
                    "which is not what the gradient would show."
                )
        return None

    return verdict(check, right="It gives 70 for our discriminator.")


def _seen(kernels, strides) -> int:
    size = 1
    for kernel, stride in reversed(list(zip(kernels, strides, strict=True))):
        size = (size - 1) * stride + kernel
    return size


def to_pixels(function) -> Verdict:
    """Return the verdict on a function from floats to uint8 that does not wrap."""

    def check():
        values = np.array([[-1.0, 0.0, 1.0], [1.2, -1.3, 0.5]], "float32")[..., None]
        found = on_copies(function)(values)
        if found is None:
            return "Your function returns nothing: is there a return?"
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
        rest = found.ravel()[[0, 1, 2, 5]].astype(int)
        if np.abs(rest - [0, 127, 255, 191]).max() > 1:
            return "The values between -1 and 1 are not where they belong any more."
        return None

    return verdict(check, right="Brighter than white is white, and not black.")
