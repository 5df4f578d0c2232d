"""Builds the notebooks from their sources: `python -m course_utils.build [01 02 …]`.

With `--prose` nothing runs: where only text cells have changed since the last build,
its outputs are kept.
"""

import base64
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import jupytext
import nbformat
from course_utils.build_outputs import clean_outputs, lighten
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(Exception):
    """A notebook could not be built; the message says which, where and why."""


def build_all(
    notebooks: Path = NOTEBOOKS, only: Sequence[str] = (), *, prose: bool = False
) -> list[Path]:
    """Return the built notebooks: all lessons and solutions, or those in `only`."""
    built = []
    for source in find_sources(notebooks, only):
        start = time.monotonic()
        built.append(build(source, prose=prose))
        seconds = time.monotonic() - start
        print(f"{built[-1].relative_to(notebooks)}: {seconds:.0f} s", flush=True)
    return built


def find_sources(notebooks: Path, only: Sequence[str] = ()) -> list[Path]:
    """Return the sources, lessons before solutions; with `only`, those numbers'."""
    folders = (notebooks / "source", notebooks / "solutions" / "source")
    sources = [path for folder in folders for path in sorted(folder.glob("*_*.py"))]
    known = sorted({path.name.split("_")[0] for path in sources})
    wanted = [number.zfill(2) for number in only] or known
    if not sources or not set(wanted) <= set(known):
        raise BuildError(
            f"asked for {', '.join(wanted) or 'all'}; "
            f"in {folders[0]} there are: {', '.join(known) or 'none'}"
        )
    return [path for path in sources if path.name.split("_")[0] in wanted]


def build(source: Path, *, prose: bool = False) -> Path:
    """Return the notebook made from this source, executed and written beside `source/`.

    When anything goes wrong, a notebook from an earlier build stays as it was. With
    `prose`, the outputs are those of that earlier build, which had the same code.
    """
    folder = source.parent.parent
    path = folder / f"{source.stem}.ipynb"
    name = f"{folder.name}/{source.stem}"
    stamp = hashlib.sha256(source.read_bytes()).hexdigest()
    notebook = read_source(source)
    if prose:
        take_outputs(notebook, name, path)
    else:
        with tempfile.TemporaryDirectory(prefix="course-home-") as home:
            execute(notebook, name, folder=folder, home=home)
            for cell in code_cells(notebook):
                cell.outputs = clean_outputs(cell.outputs)
                check_comparable(name, cell, home=home)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.metadata["course"] = {"source_sha256": stamp}
    nbformat.validate(notebook)
    picture = None if prose else cover_picture(notebook, name)
    if picture:
        write(folder / "pictures" / f"{source.stem}.png", picture)
    for cell in code_cells(notebook):
        lighten(cell.outputs)
    return write(path, f"{nbformat.writes(notebook)}\n".encode())


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def take_outputs(notebook: NotebookNode, name: str, built: Path) -> None:
    """Give the code cells the outputs of the last build, which had the same code."""
    if not built.exists():
        raise BuildError(f"{name} was not built yet: build it without --prose first")
    old, cells = code_cells(nbformat.read(built, as_version=4)), code_cells(notebook)
    for number, cell in enumerate(cells):
        same = number < len(old) and old[number].source == cell.source
        if not same or old[number].metadata != cell.metadata:
            raise BuildError(
                f"{place(name, cell)} is not as it was in the last build, so the "
                "notebook must run: build it without --prose"
            )
    if len(old) > len(cells):
        raise BuildError(f"{name} has lost a code cell: build it without --prose")
    for cell, before in zip(cells, old, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count


def read_source(source: Path) -> NotebookNode:
    """Return the source as a notebook with fixed cell ids, not executed yet."""
    notebook = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"c{number:03d}"
        cell.metadata.pop("lines_to_next_cell", None)
    return nbformat.v4.new_notebook(cells=notebook.cells)


def execute(notebook: NotebookNode, name: str, *, folder: Path, home: str) -> None:
    """Run the cells in a fresh kernel in `folder`, which keeps its runs in `home`."""
    # C++ logs on fd 2 stay out of the outputs, as they do under nbval
    quiet = ["--IPKernelApp.capture_fd_output=False", "--IPKernelApp.log_level=40"]
    where = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook,
        timeout=3600,
        record_timing=False,
        resources=where,
        extra_arguments=quiet,
    )
    own = {"COURSE_RUN": "lesson", "COURSE_DATA": "miniature", "COURSE_HOME": home}
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
    inherited.pop("MPLBACKEND", None)
    with client.setup_kernel(env=inherited | own | {"PYTHONHASHSEED": "0"}):
        for number, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, number)
            except (CellControlSignal, DeadKernelError) as error:
                raise BuildError(failure(name, cell, error)) from None


def failure(name: str, cell: NotebookNode, error: Exception) -> str:
    """Return the message for a failing cell: where it is, and the traceback's end."""
    text = f"{type(error).__name__}: {error}"
    for output in cell.outputs:
        if output.output_type == "error":
            text = COLOUR.sub("", "\n".join(output.traceback))
    lines = text.rstrip().splitlines()[-12:]
    return "\n    ".join([f"{place(name, cell)} failed:", *lines])


def place(name: str, cell: NotebookNode) -> str:
    """Return how messages name a cell: its notebook, its id and its first line."""
    return f"{name}, cell {cell.id} ({cell.source.strip().splitlines()[0]})"


def check_comparable(name: str, cell: NotebookNode, *, home: str) -> None:
    """Refuse memory addresses and the temporary folder: no other run shows them."""
    for output in cell.outputs:
        for text in (output.get("text", ""), *output.get("data", {}).values()):
            if ADDRESS.search(str(text)) or home in str(text):
                raise BuildError(
                    f"{place(name, cell)} shows a memory address or the temporary "
                    f"folder {home}, which no other run will show: print less"
                )


def cover_picture(notebook: NotebookNode, name: str) -> bytes | None:
    """Return the first PNG of the cell tagged `cover`, None where no cell is."""
    for cell in notebook.cells:
        if "cover" in cell.metadata.get("tags", []):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return base64.b64decode(output.data["image/png"])
            raise BuildError(f"{place(name, cell)} is tagged cover, but shows no PNG")


def write(path: Path, content: bytes) -> Path:
    """Return the path, written in one go: never half a file under its name."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    return partial.replace(path)


if __name__ == "__main__":
    numbers = [word for word in sys.argv[1:] if word != "--prose"]
    if not all(number.isdecimal() for number in numbers):
        sys.exit(__doc__)
    try:
        build_all(only=numbers, prose="--prose" in sys.argv)
    except BuildError as error:
        sys.exit(f"The build stopped: {error}")
