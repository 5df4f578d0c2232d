"""A canvas to draw on, and beside it what a generator makes of the drawing."""

import base64
import io
from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from course_utils import plotting
from course_utils.widgets import panel
from PIL import Image


class Canvas(anywidget.AnyWidget):
    """A canvas with pen and eraser; `value` is the drawing, a PNG as a data URL.

    It changes when a stroke has ended; when nothing is drawn, it is "".
    """

    _esm = panel.script("sketch.js")
    _css = panel.STYLE
    value = traitlets.Unicode().tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    starts = traitlets.List().tag(sync=True)  # what one can start from, as data URLs

    def picture(self) -> np.ndarray:
        """Return the drawing (size, size, 3), uint8, white where nothing is drawn."""
        if not self.value:
            return np.full((self.size, self.size, 3), 255, np.uint8)
        data = base64.b64decode(self.value.partition(",")[2])
        return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def sketch_pad(generator: Callable, *, size: int = 256, sketches=()) -> panel.Panel:
    """Return a widget: draw or upload a sketch, and see it coloured after each stroke.

    `generator(images, training=False)` gets the drawing as (1, size, size, 3), float32
    in [-1, 1], white where nothing is drawn; it gives pictures (1, h, w, 1 or 3),
    uint8 or in [-1, 1]. `sketches` (n, size, size, 1 or 3) are there to start from,
    and the first one is drawn already.
    """
    starts = [panel.url_of(plotting.png(sketch)) for sketch in sketches]
    canvas = Canvas(size=size, starts=starts, value=starts[0] if starts else "")

    def draw(value):
        picture = plotting.png(panel.translate(generator, canvas.picture()))
        return picture, "" if value else "nothing is drawn yet: draw, or upload"

    pad = panel.Panel("sketch pad", {"sketch": canvas}, draw)
    return panel.side_by_side(pad, "your sketch", "what the generator makes of it")
