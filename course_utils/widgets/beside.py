"""A sheet on the left and, on the right, what a generator makes of it."""

from collections.abc import Callable

import ipywidgets
from course_utils.widgets.browser import SIDE
from course_utils.widgets.panel import Panel
from course_utils.widgets.pictures import url_of

SAVE = (
    '<a class="jupyter-button" download="generated.png" href="{}" '
    'style="width: auto; margin: 4px 0; text-decoration: none">download</a>'
)


def side_by_side(left: str, right: str) -> Callable[[Panel], list]:
    """Return what arranges a panel: a sheet and its picture, each under its title."""

    def arrange(panel: Panel) -> list:
        picture, line = panel.picture, panel.line
        picture.width = picture.height = line.layout.width = SIDE
        save = ipywidgets.HTML()
        ipywidgets.dlink((picture, "value"), (save, "value"), _link)
        parts = [
            [ipywidgets.Label(left), *panel.controls.values()],
            [ipywidgets.Label(right), picture, save, line],
        ]
        apart = ipywidgets.Layout(flex_flow="row wrap", grid_gap="20px")
        return [ipywidgets.HBox(list(map(ipywidgets.VBox, parts)), layout=apart)]

    return arrange


def _link(data: bytes) -> str:
    return SAVE.format(url_of(data))
