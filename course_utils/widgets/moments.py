"""Going back and forth in a training: the same samples at many moments."""

from collections.abc import Mapping

import ipywidgets
import numpy as np
from course_utils.widgets.controls import wide
from course_utils.widgets.panel import Panel


def time_machine(
    pictures: Mapping, *, columns: int | None = None, unit: str = "epoch"
) -> Panel:
    """Return a widget: a slider over the moments of {moment: pictures}, in order.

    Every moment has pictures of the same shape (n, h, w, 1 or 3), uint8 or in
    [-1, 1]; they are drawn as one sheet, `columns` in a row.
    """
    if not isinstance(pictures, Mapping):
        raise TypeError(
            f"the pictures are a {type(pictures).__name__}; expected a dictionary "
            "{moment: pictures}, such as {1: pictures, 10: pictures}"
        )
    if not len(pictures):
        raise ValueError("there are no moments; expected {moment: pictures} with some")
    moments = {moment: np.asarray(sheet) for moment, sheet in pictures.items()}
    first, *others = moments
    for moment in others:
        if moments[moment].shape != moments[first].shape:
            raise ValueError(
                f"the pictures' shapes differ: {moments[first].shape} at {unit} "
                f"{first}, {moments[moment].shape} at {unit} {moment}; expected the "
                "same samples at every moment"
            )

    def draw(moment):
        return moments[moment], f"{unit} {moment}"

    slider = ipywidgets.SelectionSlider(
        options=[(str(moment), moment) for moment in moments],
        value=first,
        layout=wide(),
    )
    return Panel("time machine", {unit: slider}, draw, columns=columns)
