"""A sheet to draw on with mouse, pen or finger; Python sees whole strokes only."""

import base64
import io

import anywidget
import numpy as np
import traitlets
from course_utils.plotting import png_of
from course_utils.widgets.browser import HELPERS, STYLE
from course_utils.widgets.pictures import HEAD, url_of
from course_utils.widgets.sheet import SCRIPT


class Canvas(anywidget.AnyWidget):
    """A sheet to draw on, with pens, undo, clear, upload, and sketches to start from.

    `value` is the drawing as a PNG's data URL, "" when the sheet is empty; it changes
    when a stroke has ended. An upload is a message {"name": …, "bytes": …} that brings
    the file, or nothing when it has more than `largest` bytes or can't be read.
    """

    _esm = HELPERS + SCRIPT
    _css = STYLE
    value = traitlets.Unicode("").tag(sync=True)
    size = traitlets.Int(256).tag(sync=True)
    largest = traitlets.Int(8_000_000).tag(sync=True)  # Jupyter takes 10 MB at once
    starts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    tools = traitlets.List(traitlets.Dict()).tag(sync=True)

    @traitlets.default("tools")
    def _pen_and_eraser(self) -> list[dict]:
        return [
            {"name": "pen", "title": "draw", "colour": "#000000", "width": 3},
            {"name": "eraser", "title": "rub out", "colour": "#ffffff", "width": 20},
        ]

    def show(self, picture) -> None:
        """Put a picture (size, size, 1 or 3), uint8 or in [-1, 1], on the sheet."""
        self.value = self.url(picture)

    def url(self, picture) -> str:
        """Return a picture that fits on the sheet as a data URL."""
        shape = np.shape(picture)
        if shape not in ((self.size, self.size, 1), (self.size, self.size, 3)):
            raise ValueError(
                f"the sketch has the shape {shape}; "
                f"expected ({self.size}, {self.size}, 1 or 3)"
            )
        return url_of(png_of(picture))

    def picture(self) -> np.ndarray:
        """Return what is on the sheet, (size, size, 3), uint8; empty, it is white."""
        from PIL import Image

        if not self.value:
            return np.full((self.size, self.size, 3), 255, np.uint8)
        head, _, code = self.value.partition(",")
        try:
            data = io.BytesIO(base64.b64decode(code, validate=True))
            with Image.open(data, formats=["PNG"]) as image:
                if head == HEAD and image.size == (self.size, self.size):
                    return np.asarray(image.convert("RGB"))
        except (ValueError, OSError, SyntaxError, Image.DecompressionBombError):
            pass  # what was expected is said below
        raise ValueError(
            f"the sheet does not hold a PNG of {self.size} × {self.size} pixels; "
            "press clear, and draw anew"
        )
