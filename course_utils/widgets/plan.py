"""A plan of a house, painted in rectangles, and beside it the house they make."""

import numbers
import reprlib
from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from course_utils.data import LABELS
from course_utils.plotting import png_of, to_uint8
from course_utils.widgets.beside import side_by_side
from course_utils.widgets.browser import HELPERS, STYLE
from course_utils.widgets.generators import TRANSLATION, check, translate
from course_utils.widgets.panel import Panel
from course_utils.widgets.pictures import url_of
from course_utils.widgets.plan_sheet import LOOKS, SCRIPT

BARE, MOST, FAR = "facade", 1000, 1_000_000
EMPTY = "a bare wall: choose a label, and drag a rectangle onto the plan"
DRAWN = "paint on: the house follows each rectangle"
PART = "[x, y, width, height, label], in pixels"
ARRANGE = side_by_side("your plan", "the house that the generator builds")


class PlanSheet(anywidget.AnyWidget):
    """A sheet to paint rectangles on; Python sees them when a drag has ended.

    `value` is a list of [x, y, width, height, label], painted in this order on a bare
    wall. A label is one of the twelve; "plan 1" is that part of the first plan.
    """

    _esm = HELPERS + SCRIPT
    _css = STYLE + LOOKS
    value = traitlets.Any().tag(sync=True)  # what is wrong in it is said by the panel
    size = traitlets.Int(256).tag(sync=True)
    bare = traitlets.Unicode(BARE).tag(sync=True)
    colours = traitlets.List().tag(sync=True)
    starts = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, size: int, plans: np.ndarray):
        shape = size, size, 3
        self._paints = {
            label: np.broadcast_to(np.uint8(colour), shape)
            for label, colour in LABELS.items()
        }
        names = [f"plan {number}" for number in range(1, len(plans) + 1)]
        self._paints |= zip(names, plans, strict=True)
        super().__init__(
            value=[[0, 0, size, size, name] for name in names[:1]],
            size=size,
            colours=list(LABELS.items()),
            starts=[url_of(png_of(plan)) for plan in plans],
        )

    def picture(self) -> np.ndarray:
        """Return the plan (size, size, 3), uint8, in the exact label colours."""
        plan = self._paints[BARE].copy()
        for part in self._parts():
            x, y, width, height, label = part
            sides = (max(0, round(side)) for side in (x, y, x + width, y + height))
            left, top, right, low = sides
            plan[top:low, left:right] = self._paints[label][top:low, left:right]
        return plan

    def _parts(self) -> list:
        """Return what `value` lists; refuse what can't be painted."""
        if not isinstance(self.value, list | tuple):
            given = type(self.value).__name__
            raise ValueError(f"the plan is a {given}; expected a list of {PART}")
        if len(self.value) > MOST:
            raise ValueError(
                f"the plan has {len(self.value):,} rectangles; expected at most "
                f"{MOST:,}: press undo or clear"
            )
        for number, part in enumerate(self.value, 1):
            _check(part, f"rectangle {number}", self._paints)
        return list(self.value)


def plan_editor(generator: Callable, *, size: int = 256, plans=None) -> Panel:
    """Return a widget: paint a plan in rectangles, and see the house after each.

    `generator(images, training=False)` gets the plan as (1, size, size, 3), float32 in
    [-1, 1], in the exact colours of the twelve labels; it gives pictures
    (1, h, w, 1 or 3), uint8 or in [-1, 1]. `plans` (n, size, size, 3), uint8, are there
    to start from, and the first one is on the sheet.
    """
    check(generator, TRANSLATION, "facades_pix2pix", size=size)
    sheet = PlanSheet(size, _several(plans, size))

    def draw(parts):
        house = png_of(translate(generator, sheet.picture()))
        return house, DRAWN if parts else EMPTY

    return Panel("plan editor", {"plan": sheet}, draw, arrange=ARRANGE)


def _several(plans, size: int) -> np.ndarray:
    """Return plans as an array (n, size, size, 3), uint8; n is 0 without plans."""
    plans = to_uint8(np.empty((0, size, size, 3)) if plans is None else plans)
    if plans.ndim != 4 or plans.shape[1:] != (size, size, 3):
        raise ValueError(
            f"the plans have the shape {plans.shape}; expected (n, {size}, {size}, 3)"
        )
    return plans


def _check(part, name: str, labels: dict) -> None:
    """Refuse what is no rectangle, and labels that are not there."""
    if not isinstance(part, list | tuple) or len(part) != 5 or not _whole(part[:4]):
        raise ValueError(f"{name} is {reprlib.repr(part)}; expected {PART}")
    label = part[4]
    if not isinstance(label, str) or label not in labels:
        known = ", ".join(labels)
        raise ValueError(
            f"{name} has the label {reprlib.repr(label)}; expected one of {known}"
        )


def _whole(box) -> bool:
    """Return whether a box is of four numbers that can be rounded to pixels."""
    return all(isinstance(side, numbers.Real) and abs(side) <= FAR for side in box)
