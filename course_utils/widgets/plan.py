"""A plan of a house, painted in rectangles, and beside it the house they make."""

from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from course_utils import plotting
from course_utils.data import LABELS
from course_utils.widgets import panel


class Plan(anywidget.AnyWidget):
    """A plan to paint rectangles on; `value` changes when a drag has ended.

    It is a list of [x, y, width, height, label], painted in this order on a bare wall.
    A label is one of the twelve, or "plan 1": that part of the first plan.
    """

    _esm = panel.script("plan.js")
    _css = panel.STYLE
    value = traitlets.List().tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    colours = traitlets.List(list(LABELS.items())).tag(sync=True)
    starts = traitlets.List().tag(sync=True)  # what one can start from, as data URLs


def plan_editor(generator: Callable, *, size: int = 256, plans=()) -> panel.Panel:
    """Return a widget: paint a plan in rectangles, and see the house after each.

    `generator(images, training=False)` gets the plan as (1, size, size, 3), float32 in
    [-1, 1], in the exact colours of the twelve labels; it gives pictures
    (1, h, w, 1 or 3), uint8 or in [-1, 1]. `plans` (n, size, size, 3), uint8, are there
    to start from, and the first one is painted already.
    """
    named = {f"plan {number}": plan for number, plan in enumerate(plans, 1)}
    first = [[0, 0, size, size, name] for name in list(named)[:1]]
    starts = [panel.url_of(plotting.png(plan)) for plan in plans]

    def draw(parts):
        plan = np.full((size, size, 3), LABELS["facade"], np.uint8)
        for x, y, width, height, label in parts:
            box = slice(y, y + height), slice(x, x + width)
            plan[box] = named[label][box] if label in named else LABELS[label]
        house = plotting.png(panel.translate(generator, plan))
        return house, "" if parts else "a bare wall: choose a label, drag a rectangle"

    canvas = Plan(value=first, size=size, starts=starts)
    editor = panel.Panel("plan editor", {"plan": canvas}, draw)
    return panel.side_by_side(editor, "your plan", "the house that it makes")
