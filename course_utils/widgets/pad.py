"""A sheet to draw on, and beside it what a generator makes of the drawing."""

import io
from collections.abc import Callable

import numpy as np
from course_utils.data import read_image
from course_utils.plotting import png_of
from course_utils.widgets.beside import side_by_side
from course_utils.widgets.canvas import Canvas
from course_utils.widgets.generators import TRANSLATION, check, translate
from course_utils.widgets.panel import Panel

EMPTY = "the sheet is empty: draw on it, or upload a picture"
DRAWN = "draw on: the picture follows each stroke"
ARRANGE = side_by_side("your sketch", "what the generator makes of it")


def sketch_pad(generator: Callable, *, size: int = 256, sketches=None) -> Panel:
    """Return a widget: draw or upload a sketch, and see it coloured after each stroke.

    `generator(images, training=False)` gets the sheet as (1, size, size, 3), float32
    in [-1, 1], white where nothing is drawn; it gives pictures (1, h, w, 1 or 3),
    uint8 or in [-1, 1]. `sketches` (n, size, size, 1 or 3), uint8, are there to start
    from, and the first one is on the sheet.
    """
    check(generator, TRANSLATION, "sketch2pokemon_pix2pix", size=size)
    canvas = Canvas(size=size)
    canvas.starts = [canvas.url(sketch) for sketch in _several(sketches)]
    canvas.value = next(iter(canvas.starts), "")

    def draw(_):
        sketch = canvas.picture()
        picture = png_of(translate(generator, sketch))
        return picture, EMPTY if sketch.min() == 255 else DRAWN

    def receive(_, message, files):
        try:
            sketch = canvas.url(_uploaded(canvas, message, files))
        except Exception as error:
            panel.tell(str(error), error)
        else:
            if sketch == canvas.value:
                panel.redraw()  # no change, but there may be a message to clear
            canvas.value = sketch

    panel = Panel("sketch pad", {"sketch": canvas}, draw, arrange=ARRANGE)
    canvas.on_msg(receive)
    return panel


def _several(sketches) -> np.ndarray | tuple:
    """Return sketches as an array (n, …), or nothing when there are none."""
    if sketches is None:
        return ()
    sketches = np.asarray(sketches)
    if sketches.ndim != 4:
        raise ValueError(
            f"the sketches have the shape {sketches.shape}; "
            "expected (n, size, size, 1 or 3)"
        )
    return sketches


def _uploaded(canvas: Canvas, message: dict, files: list) -> np.ndarray:
    """Return an uploaded file as a picture that fits on the sheet, uint8."""
    name, count = message["name"], message["bytes"]
    if count > canvas.largest:
        raise ValueError(
            f"{name} has {count / 1e6:.1f} MB; expected at most "
            f"{canvas.largest / 1e6:.0f} MB: save it smaller, and upload it again"
        )
    try:
        return read_image(io.BytesIO(b"".join(files)), size=canvas.size)
    except Exception as error:
        problem = f"{name} could not be read: {error}; try another picture"
        raise ValueError(problem) from error
