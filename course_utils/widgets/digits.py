"""Playing with a conditional generator of digits: choose one, or blend two."""

from collections.abc import Callable

import ipywidgets
import numpy as np
from course_utils.widgets.controls import Again, Choice, wide
from course_utils.widgets.generators import check, generate
from course_utils.widgets.panel import Panel

CALL = "generator(noise, one_hot_labels, training=False)"
ONE_HOT = np.eye(10, dtype=np.float32)


def digit_picker(
    generator: Callable,
    *,
    count: int = 10,
    columns: int = 5,
    digit: int = 0,
    noise_dim: int = 100,
    seed: int = 0,
) -> Panel:
    """Return a widget: choose a digit, and see `count` samples of it at once.

    `generator(noise, one_hot_labels, training=False)` gives pictures (n, h, w, c),
    uint8 or in [-1, 1]. Another digit keeps the noise, new noise keeps the digit.
    """
    check(
        generator, CALL, "mnist_cgan", count=count, columns=columns, noise_dim=noise_dim
    )

    def draw(digit, number):
        noise = _noise(count, noise_dim, seed=seed, number=number)
        pictures = _samples(generator, noise, ONE_HOT[digit])
        return pictures, f"digit {digit}, noise {number}"

    controls = {"digit": _digits("digit", digit), "noise": _new_noise()}
    return Panel("digit picker", controls, draw, columns=min(columns, count))


def class_blend(
    generator: Callable,
    *,
    start: int = 3,
    end: int = 8,
    count: int = 5,
    noise_dim: int = 100,
    seed: int = 0,
) -> Panel:
    """Return a widget: blend the labels of two digits, with the noise held.

    The generator, called as by `digit_picker`, gets the label vector
    (1 - share) · one_hot(from) + share · one_hot(to), the same for `count` noises.
    """
    check(generator, CALL, "mnist_cgan", count=count, noise_dim=noise_dim)

    def draw(start, end, share, number):
        noise = _noise(count, noise_dim, seed=seed, number=number)
        label = (1 - share) * ONE_HOT[start] + share * ONE_HOT[end]
        text = f"{1 - share:.2f} of {start} and {share:.2f} of {end}, noise {number}"
        return _samples(generator, noise, label), text

    share = ipywidgets.FloatSlider(
        value=0, min=0, max=1, step=0.05, readout_format=".2f", layout=wide()
    )
    controls = {
        "from": _digits("from", start),
        "to": _digits("to", end),
        "share": share,
        "noise": _new_noise(),
    }
    return Panel("class blend", controls, draw, columns=count)


def _digits(name: str, value: int) -> Choice:
    return Choice(range(10), value=value, name=name)


def _new_noise() -> Again:
    return Again("new noise", tooltip="the same labels with other noise")


def _noise(count: int, noise_dim: int, *, seed: int, number: int) -> np.ndarray:
    """Return the noise of this number, (count, noise_dim): the same at every call."""
    generator = np.random.default_rng([seed, number])
    return generator.standard_normal((count, noise_dim), np.float32)


def _samples(generator: Callable, noise: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Return the generator's pictures for these noises, all with this label vector."""
    labels = np.tile(np.float32(label), (len(noise), 1))
    return generate(generator, CALL, noises=noise, labels=labels)
