"""Choosing digits, blending two of them, and going back and forth in a training."""

from collections.abc import Callable, Mapping

import ipywidgets
import numpy as np
import traitlets
from course_utils import plotting
from course_utils.widgets.panel import Panel, generate

ONE_HOT = np.eye(10, dtype=np.float32)
WIDE = {"width": "28em", "max_width": "100%"}


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

    def draw(digit, number):
        noise = _noise(count, noise_dim, seed, number)
        pictures = _samples(generator, noise, ONE_HOT[digit])
        return _png(pictures, min(columns, count)), f"digit {digit}, noise {number}"

    controls = {"digit": _ten_digits(digit), "noise": Again("new noise")}
    return Panel("digit picker", controls, draw)


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

    def draw(start, end, share, number):
        noise = _noise(count, noise_dim, seed, number)
        label = (1 - share) * ONE_HOT[start] + share * ONE_HOT[end]
        text = f"{1 - share:.2f} of {start} and {share:.2f} of {end}, noise {number}"
        return _png(_samples(generator, noise, label), count), text

    controls = {
        "from": _ten_digits(start),
        "to": _ten_digits(end),
        "share": ipywidgets.FloatSlider(max=1, step=0.05, layout=WIDE),
        "noise": Again("new noise"),
    }
    return Panel("class blend", controls, draw)


def time_machine(
    pictures: Mapping, *, columns: int | None = None, unit: str = "epoch"
) -> Panel:
    """Return a widget: a slider over the moments of {moment: pictures}, in order.

    Every moment has pictures of the same shape (n, h, w, 1 or 3), uint8 or in
    [-1, 1]; they are drawn as one, `columns` in a row.
    """
    moments = {moment: np.asarray(images) for moment, images in pictures.items()}
    shapes = {images.shape for images in moments.values()}
    if len(shapes) != 1:
        raise ValueError(
            f"the moments' pictures have the shapes {sorted(shapes)}; expected one "
            "moment or more, each with pictures of the same shape (n, h, w, 1 or 3)"
        )

    def draw(moment):
        return _png(moments[moment], columns), f"{unit} {moment}"

    named = [(str(moment), moment) for moment in moments]
    slider = ipywidgets.SelectionSlider(options=named, layout=WIDE)
    return Panel("time machine", {unit: slider}, draw)


class Again(ipywidgets.Button):
    """A button that counts: `value` is 1 at first, and one more after each click."""

    value = traitlets.Int(1)

    def __init__(self, description: str):
        super().__init__(description=description)
        self.on_click(self._count)

    def _count(self, _) -> None:
        self.value += 1


def _ten_digits(chosen: int) -> ipywidgets.ToggleButtons:
    style = {"button_width": "2.6em"}
    return ipywidgets.ToggleButtons(options=range(10), value=chosen, style=style)


def _png(pictures: np.ndarray, columns: int | None) -> bytes:
    zoom = plotting.zoom_for(pictures)
    return plotting.png(plotting.tile(pictures, columns=columns, zoom=zoom))


def _noise(count: int, noise_dim: int, seed: int, number: int) -> np.ndarray:
    """Return the noise of this number, (count, noise_dim): the same at every call."""
    generator = np.random.default_rng([seed, number])
    return generator.standard_normal((count, noise_dim), np.float32)


def _samples(generator: Callable, noise: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Return the generator's pictures for these noises, all with this label vector."""
    return generate(generator, noise, np.tile(np.float32(label), (len(noise), 1)))
