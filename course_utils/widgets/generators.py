"""Calling a learner's generator: what it must be, what is said when it fails."""

import numbers
from collections.abc import Callable

import numpy as np

TRANSLATION = "generator(images, training=False)"


def check(generator: Callable, call: str, such_as: str, **counts: int) -> None:
    """Refuse what cannot be called, and counts that are no whole numbers above 0."""
    if not callable(generator):
        raise TypeError(
            f"the generator is a {type(generator).__name__}; expected something to be "
            f"called as {call}, such as cu.weights.load_model({such_as!r})"
        )
    for name, value in counts.items():
        if not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{name} is {value!r}; expected a whole number above 0")


def generate(generator: Callable, call: str, **inputs: np.ndarray) -> np.ndarray:
    """Return the generator's pictures (n, h, w, c) for inputs with n rows each."""
    try:
        pictures = np.asarray(generator(*inputs.values(), training=False))
    except Exception as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in inputs.items())
        error.add_note(f"It was called as {call}, with {shapes}.")
        raise
    name, first = next(iter(inputs.items()))
    shape = pictures.shape
    if len(shape) != 4 or shape[0] != len(first) or shape[3] not in (1, 3):
        raise ValueError(
            f"the generator gave the shape {shape} for {len(first)} {name}; "
            f"expected pictures ({len(first)}, height, width, 1 or 3)"
        )
    return pictures


def translate(generator: Callable, picture: np.ndarray) -> np.ndarray:
    """Return what the generator makes of a picture (h, w, 3), uint8: one picture."""
    image = np.float32(picture[np.newaxis]) / 127.5 - 1
    return generate(generator, TRANSLATION, image=image)[0]
