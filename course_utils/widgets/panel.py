"""The frame of all widgets: controls, one picture of fixed size, and a line of text."""

import html
import re
from collections.abc import Callable

import ipywidgets
from course_utils.plotting import png

ESCAPE_CODE = re.compile(r"\x1b\[[0-9;]*m")
LONGEST = 500
SAYS = '<div role="status" style="color: var(--jp-ui-font-color2, #616161)">{}</div>'
FAILS = (
    '<div role="alert" style="color: var(--jp-error-color1, #c62828); '
    'line-height: 1.4; white-space: pre-wrap; overflow-wrap: anywhere">{}</div>'
)


class Panel(ipywidgets.VBox):
    """Controls, each with its name, above one picture and a line of text.

    `draw` gets the controls' values, in order, and gives pictures (n, h, w, 1 or 3),
    or one as the bytes of a PNG, and what the line says. It is called whenever a value
    changes. When it fails then, the line says why, `error` is the exception, and the
    picture stays; the next drawing that works clears both. When the first one fails,
    the error is raised. `arrange` gets the panel and gives the rows that it shows.
    """

    def __init__(
        self,
        name: str,
        controls: dict[str, ipywidgets.Widget],
        draw: Callable[..., tuple],
        *,
        columns: int | None = None,
        arrange: Callable[["Panel"], list] | None = None,
    ):
        self.controls = dict(controls)
        self._name, self._draw_pictures, self._columns = name, draw, columns
        data, text = self._drawn()
        self._size = _size(data)
        width, height = map(str, self._size)
        self.picture = ipywidgets.Image(
            value=data, format="png", width=width, height=height
        )
        self.line = ipywidgets.HTML()
        self.tell(text)
        super().__init__((arrange or _stacked)(self))
        self.add_class(name.replace(" ", "-"))
        for control in self.controls.values():
            control.observe(self.redraw, "value")

    def redraw(self, _=None) -> None:
        """Draw for the values that the controls have now."""
        try:
            data, text = self._drawn()
            if _size(data) != self._size:
                raise ValueError(
                    f"the picture is {_size(data)} pixels now and was {self._size} at "
                    "first; expected pictures of the same shape every time"
                )
        except Exception as error:
            self.tell(_reason(error), error)
        else:
            self.picture.value = data
            self.tell(text)

    def tell(self, text: str, error: Exception | None = None) -> None:
        """Write a text into the line; with an error, in the colour of errors."""
        self.error = error
        self.line.value = (FAILS if error else SAYS).format(html.escape(text))

    def _drawn(self) -> tuple[bytes, str]:
        values = [control.value for control in self.controls.values()]
        pictures, text = self._draw_pictures(*values)
        if isinstance(pictures, bytes):
            return pictures, text
        return png(pictures, columns=self._columns), text

    def __repr__(self) -> str:
        return f"{self._name}: run this cell to use it"


def _stacked(panel: Panel) -> list:
    """Return the controls, one below the other, then the picture and the line."""
    rows = [_row(*item) for item in panel.controls.items()]
    return [*rows, panel.picture, panel.line]


def _row(label: str, control: ipywidgets.Widget) -> ipywidgets.HBox:
    wide = ipywidgets.Layout(min_width="4.5em")
    return ipywidgets.HBox([ipywidgets.Label(label, layout=wide), control])


def _size(data: bytes) -> tuple[int, int]:
    """Return a PNG's width and height, which stand at a fixed place in it."""
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _reason(error: Exception) -> str:
    """Return the error's type, message and notes as plain text, not too long."""
    message = ESCAPE_CODE.sub("", str(error)).strip()
    if len(message) > LONGEST:
        message = f"{message[:LONGEST]} …"
    notes = getattr(error, "__notes__", ())
    return "\n".join([f"{type(error).__name__}: {message}", *notes])
