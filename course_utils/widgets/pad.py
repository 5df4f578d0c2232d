"""A sheet to draw on, and beside it what a generator makes of the drawing."""

import base64
import io
from collections.abc import Callable

import ipywidgets
import numpy as np
from course_utils.data import read_image
from course_utils.widgets.canvas import HEAD, Canvas, png_of
from course_utils.widgets.generators import check, generate
from course_utils.widgets.panel import Panel
from course_utils.widgets.sheet import SIDE

CALL = "generator(images, training=False)"
EMPTY = "the sheet is empty: draw on it, or upload a picture"
DRAWN = "draw on: the picture follows each stroke"
SAVE = (
    '<a class="jupyter-button" download="generated.png" href="{},{}" '
    'style="width: auto; margin: 4px 0; text-decoration: none">download</a>'
)


def sketch_pad(generator: Callable, *, size: int = 256, sketches=None) -> Panel:
    """Return a widget: draw or upload a sketch, and see it coloured after each stroke.

    `generator(images, training=False)` gets the sheet as (1, size, size, 3), float32
    in [-1, 1], white where nothing is drawn; it gives pictures (1, h, w, 1 or 3),
    uint8 or in [-1, 1]. `sketches` (n, size, size, 1 or 3), uint8, are there to start
    from, and the first one is on the sheet.
    """
    check(generator, CALL, "sketch2pokemon_pix2pix", size=size)
    canvas = Canvas(size=size)
    canvas.starts = [canvas.url(sketch) for sketch in _several(sketches)]
    canvas.value = next(iter(canvas.starts), "")

    def draw(_):
        sketch = canvas.picture()
        image = np.float32(sketch[np.newaxis]) / 127.5 - 1
        pictures = generate(generator, CALL, image=image)
        return png_of(pictures[0]), EMPTY if sketch.min() == 255 else DRAWN

    def receive(_, message, files):
        try:
            sketch = canvas.url(_uploaded(canvas, message, files))
        except Exception as error:
            panel.tell(str(error), error)
        else:
            if sketch == canvas.value:
                panel.redraw()  # no change, but there may be a message to clear
            canvas.value = sketch

    panel = Panel("sketch pad", {"sketch": canvas}, draw, arrange=_side_by_side)
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


def _side_by_side(panel: Panel) -> list:
    """Return the sheet and, beside it, the picture, its download, and the line."""
    picture, line = panel.picture, panel.line
    picture.width = picture.height = line.layout.width = SIDE
    save = ipywidgets.HTML()
    ipywidgets.dlink((picture, "value"), (save, "value"), _link)
    parts = [
        [ipywidgets.Label("your sketch"), panel.controls["sketch"]],
        [ipywidgets.Label("what the generator makes of it"), picture, save, line],
    ]
    apart = ipywidgets.Layout(flex_flow="row wrap", grid_gap="20px")
    return [ipywidgets.HBox(list(map(ipywidgets.VBox, parts)), layout=apart)]


def _link(data: bytes) -> str:
    return SAVE.format(HEAD, base64.b64encode(data).decode())
