"""Choosing digits, blending two of them, and going back and forth in a training."""

from collections.abc import Callable, Mapping

import ipywidgets
import numpy as np
import traitlets
from course_utils import plotting
from course_utils.widgets.panel import Panel

ONE_HOT = np.eye(10, dtype=np.float32)
WIDE = {"width": "28em", "max_width": "100%"}


def digit_picker(generator: Callable, *, digit: int = 0) -> Panel:
    """Return a widget: choose a digit, and see ten samples of it at once.

    `generator(noise, one_hot_labels, training=False)` gives pictures (n, h, w, c),
    uint8 or in [-1, 1]. Another digit keeps the noise, new noise keeps the digit.
    """

    def draw(digit, number):
        pictures = _samples(generator, ONE_HOT[digit], number)
        return _png(pictures, 5), f"digit {digit}, noise {number}"

    controls = {"digit": _ten_digits(digit), "noise": Again("new noise")}
    return Panel("digit picker", controls, draw)


def class_blend(generator: Callable, *, start: int = 3, end: int = 8) -> Panel:
    """Return a widget: blend the labels of two digits, with the noise held.

    The generator, called as by `digit_picker`, gets the label vector
    (1 - share) · one_hot(from) + share · one_hot(to), the same for five noises.
    """

    def draw(start, end, share, number):
        label = (1 - share) * ONE_HOT[start] + share * ONE_HOT[end]
        text = f"{1 - share:.2f} of {start} and {share:.2f} of {end}, noise {number}"
        return _png(_samples(generator, label, number)[:5], 5), text

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


def _samples(generator: Callable, label: np.ndarray, number: int) -> np.ndarray:
    """Return ten pictures with this label vector, from the noise of this number."""
    rng = np.random.default_rng([0, number])
    noise = rng.standard_normal((10, 100), np.float32)
    labels = np.tile(np.float32(label), (10, 1))
    return np.asarray(generator(noise, labels, training=False))
