"""The first cell, in a notebook that stands alone in an empty folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from course_utils import install
from course_utils.runtime import ROOT
from nbclient import NotebookClient


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A bare clone of this repository, as a server would have it."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so there is nothing to clone")
    target = tmp_path_factory.mktemp("published") / "gan-course.git"
    subprocess.run(
        ["git", "clone", "--quiet", "--bare", str(ROOT), str(target)], check=True
    )
    return target


def run_cells(folder: Path, *codes: str, **environment) -> list[str]:
    """Return what each cell printed, in a new kernel that stands in `folder`."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    notebook = nbformat.v4.new_notebook(cells=cells)
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env={**clean, **environment})
    return [
        "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
        for cell in notebook.cells
    ]


def lesson_cells() -> list[str]:
    path = sorted((ROOT / "notebooks").glob("*.ipynb"))[0]
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


WHERE = (
    "import course_utils, pathlib; print(pathlib.Path(course_utils.__file__).parent)"
)


def test_alone_in_an_empty_folder_it_fetches_the_course_and_the_lesson_runs(
    published, tmp_path
):
    first, imports, settings, *_ = lesson_cells()
    draw = (
        "generator = cu.weights.load_model('fashion_dcgan')\n"
        "print(generator(keras.random.normal((2, 100)), training=False).shape)"
    )
    found = run_cells(
        tmp_path,
        *(first, imports, settings, WHERE, draw),
        COURSE_REPO=str(published),
        COURSE_RUN="quick",
        COURSE_HOME=str(tmp_path / "drive"),
    )
    assert "training in" in found[2]
    assert found[3].strip() == str(tmp_path / "gan-course" / "course_utils")
    assert found[4].strip() == "(2, 28, 28, 1)"


def test_a_second_run_uses_the_clone_that_is_there(published, tmp_path):
    first = lesson_cells()[0]
    run_cells(tmp_path, first, COURSE_REPO=str(published))
    found = run_cells(tmp_path, first, WHERE, COURSE_REPO="nowhere")
    assert found[1].strip() == str(tmp_path / "gan-course" / "course_utils")


def test_inside_the_repository_nothing_is_fetched(tmp_path):
    found = run_cells(
        ROOT / "notebooks" / "solutions",
        lesson_cells()[0],
        WHERE,
        COURSE_REPO="nowhere",
    )
    assert found[1].strip() == str(ROOT / "course_utils")


def test_nothing_is_installed_where_all_is_there():
    script = ROOT / "course_utils" / "install.py"
    found = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_only_what_is_missing_is_asked_for(tmp_path):
    pyproject = tmp_path / "pyproject.toml"
    wanted = ["tensorflow>=99", "importlib_resources", "no-such-thing>=2,<3"]
    pyproject.write_text(f"[project]\ndependencies = {wanted}\n")
    assert install.missing_requirements(pyproject) == ["no-such-thing>=2,<3"]
