"""The frame of the widgets: controls, one picture of fixed size, and a line of text."""

import base64
import html
import io
import re
from collections.abc import Callable
from pathlib import Path

import ipywidgets
import numpy as np
from PIL import Image

HERE = Path(__file__).parent
STYLE = HERE / "style.css"
SIDE = "320px"  # of a canvas and of the picture beside it, in style.css as well
BOLD = re.compile(r"\x1b\[[0-9;]*m")  # Keras sets some of its errors in bold
SAYS = '<div role="status" style="color: var(--jp-ui-font-color2, #616161)">{}</div>'
FAILS = (
    '<div role="alert" style="color: var(--jp-error-color1, #c62828); '
    'line-height: 1.4; overflow-wrap: anywhere">{}</div>'
)
SAVE = (
    '<a class="jupyter-button" download="generated.png" href="{}" '
    'style="width: auto; margin: 4px 0; text-decoration: none">download</a>'
)


class Panel(ipywidgets.VBox):
    """Controls, each with its name, above one picture and a line of text.

    `draw` gets the controls' values, in order, and gives the bytes of a PNG and what
    the line says. It is called at once and whenever a value changes. When it fails
    after that, the line says why and the picture stays; `error` is the exception.
    """

    def __init__(self, name: str, controls: dict, draw: Callable[..., tuple]):
        self.name, self.controls, self.error = name, controls, None
        self._draw = draw
        data, text = self._drawn()
        width, height = map(str, Image.open(io.BytesIO(data)).size)
        self.picture = ipywidgets.Image(value=data, width=width, height=height)
        self.line = ipywidgets.HTML(SAYS.format(html.escape(text)))
        wide = {"width": f"{0.55 * max(8, *map(len, controls))}em"}
        named = [(ipywidgets.Label(n, layout=wide), c) for n, c in controls.items()]
        rows = [ipywidgets.HBox(both) for both in named]
        super().__init__([*rows, self.picture, self.line])
        self.add_class(name.replace(" ", "-"))
        for control in controls.values():
            control.observe(self.redraw, "value")

    def redraw(self, _=None) -> None:
        """Draw for the values that the controls have now."""
        try:
            self.picture.value, text = self._drawn()
            self.error, frame = None, SAYS
        except Exception as error:
            text = f"{type(error).__name__}: {BOLD.sub('', str(error))[:500]}"
            self.error, frame = error, FAILS
        self.line.value = frame.format(html.escape(text))

    def _drawn(self) -> tuple[bytes, str]:
        return self._draw(*[control.value for control in self.controls.values()])

    def __repr__(self) -> str:
        return f"{self.name}: run this cell to use it"


def side_by_side(panel: Panel, left: str, right: str) -> Panel:
    """Return the panel with its control on the left and its picture on the right."""
    panel.picture.width = panel.picture.height = panel.line.layout.width = SIDE
    save = ipywidgets.HTML()
    ipywidgets.dlink(
        (panel.picture, "value"),
        (save, "value"),
        lambda data: SAVE.format(url_of(data)),
    )
    made = [ipywidgets.Label(right), panel.picture, save, panel.line]
    parts = [ipywidgets.Label(left), *panel.controls.values()], made
    apart = ipywidgets.Layout(flex_flow="row wrap", grid_gap="20px")
    panel.children = [ipywidgets.HBox(list(map(ipywidgets.VBox, parts)), layout=apart)]
    return panel


def translate(generator: Callable, picture: np.ndarray) -> np.ndarray:
    """Return what the generator makes of one picture (h, w, 3), uint8."""
    image = np.float32(picture[np.newaxis]) / 127.5 - 1
    return np.asarray(generator(image, training=False))[0]


def url_of(data: bytes) -> str:
    """Return the bytes of a PNG as a data URL, which a browser shows as a picture."""
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def script(name: str) -> str:
    """Return a file of JavaScript, after the one that all share, as one module."""
    return "\n".join((HERE / file).read_text("utf-8") for file in ("shared.js", name))
