"""Builds the notebooks from their sources: `python notebooks/build.py [01 02 …]`.

Each is executed on the drawn data. With `--prose` nothing runs: where only text cells
have changed since the last build, its outputs are kept. Reading and executing is done
by jupytext and nbclient; what is here gives the same file, whoever builds.
"""

import base64
import hashlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode
from PIL import Image

NOTEBOOKS = Path(__file__).resolve().parent
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
# C++ logs on fd 2 stay out of the outputs, as they do under nbval
QUIET = ["--IPKernelApp.capture_fd_output=False", "--IPKernelApp.log_level=40"]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
OVERWRITTEN = re.compile(r".*\r(?=[^\n])")  # what a carriage return writes over
BAR = re.compile(r"[^|]*\d+%\|")  # of tqdm
WIPED = re.compile(r"(?m)^ *\r$\n?")  # what is left of a bar that was wiped away
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
LARGE = 30_000  # bytes of a PNG; what has more shows photographs, or much like them


class BuildError(Exception):
    """A notebook could not be built; the message says which, where and why."""


def find_sources(folder: Path, only: Sequence[str] = ()) -> list[Path]:
    """Return the sources, lessons before solutions; with `only`, those numbers'."""
    wanted = tuple(number.zfill(2) for number in only) or ("",)
    folders = (folder / "source", folder / "solutions" / "source")
    paths = [path for place in folders for path in sorted(place.glob("*_*.py"))]
    found = [path for path in paths if path.name.startswith(wanted)]
    if not found:
        sys.exit(f"There is no {', '.join(wanted)}; there are the lessons 01 to 05.")
    return found


def read_source(source: Path) -> NotebookNode:
    """Return the source as a notebook that has not run, without its recipe cells."""
    cells = jupytext.read(source, fmt="py:percent").cells
    cells = [cell for cell in cells if "recipe" not in cell.metadata.get("tags", [])]
    for number, cell in enumerate(cells):
        cell.id = f"c{number:03d}"
        cell.metadata.pop("lines_to_next_cell", None)
    stamp = {"source_sha256": hashlib.sha256(source.read_bytes()).hexdigest()}
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA | {"course": stamp})


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def place(cell: NotebookNode) -> str:
    """Return how messages name a cell: its id and its first line."""
    return f"cell {cell.id} ({cell.source.strip().splitlines()[0]})"


def build(source: Path) -> Path:
    """Return the notebook made from this source, executed and written beside `source/`.

    When anything goes wrong, a notebook from an earlier build stays as it was.
    """
    folder = source.parent.parent
    notebook = read_source(source)
    with tempfile.TemporaryDirectory(prefix="course-home-") as home:
        execute(notebook, folder=folder, home=home)
        for cell in code_cells(notebook):
            cell.outputs = tidy(cell.outputs)
            refuse_what_changes(cell, home=home)
    picture = cover_picture(notebook)
    for cell in code_cells(notebook):
        cell.outputs = [lighten(output) for output in cell.outputs]
    if picture:
        write(folder / "pictures" / f"{source.stem}.png", picture)
    return write_notebook(folder / f"{source.stem}.ipynb", notebook)


def build_prose(source: Path) -> Path:
    """Return the notebook with new text cells and the outputs of its last build."""
    path = source.parent.parent / f"{source.stem}.ipynb"
    notebook, old = read_source(source), nbformat.read(path, as_version=4)
    kept = [
        [(cell.source, cell.metadata) for cell in code_cells(n)]
        for n in (notebook, old)
    ]
    if kept[0] != kept[1]:
        raise BuildError("code has changed as well: build it without --prose")
    for cell, built in zip(code_cells(notebook), code_cells(old), strict=True):
        cell.outputs, cell.execution_count = built.outputs, built.execution_count
    return write_notebook(path, notebook)


def execute(notebook: NotebookNode, *, folder: Path, home: str) -> None:
    """Run the cells in a fresh kernel in `folder`, which keeps its runs in `home`."""
    client = NotebookClient(
        notebook,
        timeout=3600,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=QUIET,
    )
    own = {"COURSE_RUN": "lesson", "COURSE_DATA": "miniature", "COURSE_HOME": home}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
    inherited.pop("MPLBACKEND", None)
    with client.setup_kernel(env=inherited | own | {"PYTHONHASHSEED": "0"}):
        for number, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, number)
            except (CellControlSignal, DeadKernelError) as error:
                text = COLOUR.sub("", str(error)).rstrip().splitlines()[-12:]
                lines = [f"{place(cell)} failed:", *text]
                raise BuildError("\n    ".join(lines)) from None


def tidy(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs without stderr, widgets' random ids and progress bars."""
    kept: list[NotebookNode] = []
    for output in outputs:
        is_widget = output.get("data", {}).pop(WIDGET_VIEW, None)
        is_bar = is_widget and BAR.match(output.data.get("text/plain", ""))
        if is_bar or output.get("name") == "stderr" or output.get("data") == {}:
            continue
        if "text" in output and kept and "text" in kept[-1]:
            kept[-1].text += output.text
        else:
            kept.append(output)
    for output in kept:
        if "text" in output:
            output.text = WIPED.sub("", OVERWRITTEN.sub("", output.text))
    return [output for output in kept if output.get("text") != ""]


def refuse_what_changes(cell: NotebookNode, *, home: str) -> None:
    """Raise an error where a cell shows a memory address or the temporary folder."""
    for output in cell.outputs:
        for text in (output.get("text", ""), *output.get("data", {}).values()):
            if ADDRESS.search(str(text)) or home in str(text):
                raise BuildError(
                    f"{place(cell)} shows a memory address or the temporary folder "
                    f"{home}, which no other run will show: print less"
                )


def cover_picture(notebook: NotebookNode) -> bytes | None:
    """Return the PNG of the cell tagged `cover`, None where no cell is."""
    for cell in code_cells(notebook):
        if "cover" in cell.metadata.get("tags", []):
            pictures = [
                output.get("data", {}).get("image/png") for output in cell.outputs
            ]
            return base64.b64decode(next(filter(None, pictures)))
    return None


def lighten(output: NotebookNode) -> NotebookNode:
    """Return the output, a PNG packed well; a large one with 256 colours or as JPEG."""
    picture = base64.b64decode(output.get("data", {}).pop("image/png", ""))
    if not picture:
        return output
    image = Image.open(io.BytesIO(picture))
    if image.mode == "RGBA" and image.getextrema()[-1] == (255, 255):
        image = image.convert("RGB")  # nothing shines through
    kind, packed = "image/png", min(picture, encode(image, "PNG"), key=len)
    if len(picture) > LARGE and image.mode == "RGB":
        few = image.quantize(256, kmeans=2, dither=Image.Dither.NONE)
        few = encode(few, "PNG")
        light = encode(image, "JPEG", quality=85, subsampling=0)
        if min(len(few), len(light)) < 0.7 * len(picture):
            kind = "image/jpeg" if len(light) < len(few) else "image/png"
            packed = min(few, light, key=len)
    output.data[kind] = base64.b64encode(packed).decode()
    return output


def encode(image: Image.Image, kind: str, **options) -> bytes:
    """Return the picture as a PNG or JPEG file."""
    file = io.BytesIO()
    image.save(file, kind, optimize=True, **options)
    return file.getvalue()


def write_notebook(path: Path, notebook: NotebookNode) -> Path:
    """Return the path of the notebook, checked and written."""
    nbformat.validate(notebook)
    return write(path, f"{nbformat.writes(notebook)}\n".encode())


def write(path: Path, content: bytes) -> Path:
    """Return the path, written in one go: never half a file under its name."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    return partial.replace(path)


def main(*words: str) -> None:
    """Build what the command line asks for, and say what was built."""
    make = build_prose if "--prose" in words else build
    only = [word for word in words if word != "--prose"]
    for source in find_sources(NOTEBOOKS, only):
        try:
            print(f"built {make(source).relative_to(NOTEBOOKS)}", flush=True)
        except BuildError as error:
            sys.exit(f"{source.relative_to(NOTEBOOKS)} was not built: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
