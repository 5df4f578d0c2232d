"""What the builder keeps of a cell's outputs: the same, whoever builds."""

import base64
import io

from nbformat import NotebookNode
from PIL import Image

LARGE = 30_000  # bytes of a PNG; what has more shows photographs, or much like them
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def clean_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs without stderr and widget ids, streams joined and tidied."""
    kept: list[NotebookNode] = []
    for output in outputs:
        output.get("data", {}).pop(WIDGET_VIEW, None)
        if output.get("name") == "stderr" or output.get("data") == {}:
            continue
        if "text" in output and kept and "text" in kept[-1]:
            kept[-1].text += output.text
        else:
            kept.append(output)
    for output in kept:
        if "text" in output:
            output.text = terminal_text(output.text)
    return [output for output in kept if output.get("text") != ""]


def lighten(outputs: list[NotebookNode]) -> None:
    """Pack PNGs better; large ones in 256 colours or as JPEG, if clearly smaller."""
    for output in outputs:
        picture = base64.b64decode(output.get("data", {}).get("image/png", ""))
        if not picture:
            continue
        with Image.open(io.BytesIO(picture)) as image:
            image.load()
        if image.mode == "RGBA" and image.getextrema()[-1] == (255, 255):
            image = image.convert("RGB")  # nothing shines through
        packed = min(picture, _encoded(image, "PNG", optimize=True), key=len)
        output.data["image/png"] = base64.b64encode(packed).decode()
        if len(picture) > LARGE and image.mode == "RGB":
            few = image.quantize(256, kmeans=2, dither=Image.Dither.NONE)
            few = _encoded(few, "PNG", optimize=True)
            light = _encoded(image, "JPEG", quality=85, subsampling=0)
            smaller = min(few, light, key=len)
            if len(smaller) < 0.7 * len(picture):
                del output.data["image/png"]
                kind = "image/png" if smaller is few else "image/jpeg"
                output.data[kind] = base64.b64encode(smaller).decode()


def _encoded(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def terminal_text(text: str) -> str:
    """Return the text as a terminal shows it in the end, without the bars' blanks."""
    *lines, last = [(overwritten(line), "\r" in line) for line in text.split("\n")]
    return "".join(f"{shown}\n" for shown, bar in lines if shown or not bar) + last[0]


def overwritten(line: str) -> str:
    """Return what is left of a line when each carriage return starts it anew."""
    first, *later = line.split("\r")
    for part in later:
        first = part + first[len(part) :]
    return first.rstrip() if later else first
