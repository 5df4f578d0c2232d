"""The notebooks' form, by the checks of `tests/notebooks.py`, and the repository's."""

import functools
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from build import code_cells, read_source
from nbformat.v4 import new_output

import notebooks as form

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "notebooks/source").glob("*.py"))
ALL_SOURCES = SOURCES + sorted((ROOT / "notebooks/solutions/source").glob("*.py"))
TOP = {"README.md", "LICENSE", "Makefile", "requirements.txt", "pyproject.toml"}
TOP |= {"notebooks", "course_utils", "data", "weights", "tests"}
DATA = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".gz", ".zip", ".tar", ".npz", ".npy"}
DATA_FOLDERS = r"data/miniature/|notebooks/pictures/|weights/\w+(@\d+)?\.\w+\.npz$"
UNSAFE = r"\bpickle\b|allow_pickle\s*=\s*True|\beval\(|safe_mode\s*=\s*False|Lambda\("
PACKAGE_LINES, ALL_LINES = 2_400, 10_000
MEGABYTES, NOTEBOOK_MEGABYTES = 30, 1.5
FOR_ALL = [
    *(form.source, form.execution, form.outputs, form.plumbing, form.unknown_tags),
    *(form.forbidden_code, form.first_cell, form.pictures),
]
FOR_LESSONS = [
    *(form.text_length, form.code_length, form.headings, form.settings, form.imports),
    *(form.house_style, form.compared_share, form.drift),
]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def name(value):
    return value.__name__ if callable(value) else None


@functools.cache
def read(source: Path):
    return nbformat.read(notebook_of(source), as_version=4)


def notebook_of(source: Path) -> Path:
    return source.parent.parent / f"{source.stem}.ipynb"


def fine(complaints: list[str]) -> None:
    assert not complaints, "\n".join(complaints)


# --- the notebooks --------------------------------------------------------------------


def test_there_are_five_lessons_and_nothing_without_a_source():
    assert len(SOURCES) == 5 and len(ALL_SOURCES) == 10
    built = set((ROOT / "notebooks").rglob("*.ipynb"))
    assert {path for path in built if "checkpoint" not in path.name} == {
        notebook_of(source) for source in ALL_SOURCES
    }


@pytest.mark.parametrize("check", FOR_ALL, ids=name)
@pytest.mark.parametrize("source", ALL_SOURCES, ids=short)
def test_a_notebook_is_in_good_form(source, check):
    fine(check(read(source), source))


@pytest.mark.parametrize("check", FOR_LESSONS, ids=name)
@pytest.mark.parametrize("source", SOURCES, ids=short)
def test_a_lesson_is_in_good_form(source, check):
    fine(check(read(source), source))


def test_the_first_code_cell_is_the_same_everywhere():
    firsts = {code_cells(read_source(source))[0].source for source in ALL_SOURCES}
    assert len(firsts) == 1, f"{len(firsts)} different ones: copy it from lesson 1"


# --- the checks, each shown something that it must find -------------------------------

GOOD = """\
# %% jupyter={"source_hidden": true}
import sys

# %% [markdown]
# Text

# %%
import course_utils as cu

# %% [markdown]
# Text

# %%
"""
UP = (
    "def up(filters: int, *, norm: str = 'batch') -> list:\n    'Say.'\n    return {}\n"
)
BAD_CODE = [
    (form.forbidden_code, "clear_output(wait=True)"),
    (form.forbidden_code, "folder = f'/content/{name}'"),
    (form.house_style, "def up(filters):\n    'Doubles.'\n    return 1"),
    (form.house_style, "def up(filters: int):\n    return 1"),
    (form.house_style, "for x in range(3):\n    print(x)"),
    (form.imports, "def up():\n    import numpy as np"),
    (form.settings, "cu.setup(seed=1)"),
    (form.code_length, "print(1)\n" * 31),
    (form.plumbing, "if is_recipe:\n    keep(generator)"),
]
BAD_TEXT = ["![](source/01_lesson.py)", "![a shirt](gone.png)", '<img src="a.png">']
BAD_OUTPUTS = [
    new_output("stream", name="stderr", text="a warning"),
    new_output("error", ename="ValueError", evalue="no"),
    new_output("stream", text="kept in /home/me/runs"),
]


@pytest.fixture
def lesson(tmp_path):
    """Make a small lesson with this last cell; returns its notebook and its source."""

    def make(code="# why\n\nprint('one')"):
        source = tmp_path / "source" / "01_lesson.py"
        source.parent.mkdir(exist_ok=True)
        source.write_text(f"{GOOD}{code}\n")
        notebook = read_source(source)
        for cell in code_cells(notebook):
            cell.outputs = [new_output("stream", text="(4, 28, 28, 1)\n")]
        return notebook, source

    return make


@pytest.mark.parametrize(("check", "code"), BAD_CODE, ids=name)
def test_code_that_no_lesson_has_is_found(lesson, check, code):
    assert check(*lesson(code))
    if check is not form.settings:
        fine(check(*lesson()))


def test_outputs_pictures_and_edits_that_no_lesson_has_are_found(lesson):
    notebook, source = lesson()
    for check in (form.source, form.outputs, form.pictures, form.first_cell):
        fine(check(notebook, source))
    for output in BAD_OUTPUTS:
        notebook.cells[0].outputs = [output]
        assert form.outputs(notebook, source)
    for notebook.cells[1].source in BAD_TEXT:
        assert form.pictures(notebook, source)
    assert form.source(notebook, source)
    notebook, source = lesson()
    source.write_text(f"{source.read_text()}# a comment\n")
    assert form.source(notebook, source)
    del notebook.cells[0].metadata["jupyter"]
    assert form.first_cell(notebook, source)


def test_what_nbval_does_not_compare_is_counted(lesson):
    notebook, source = lesson()
    fine(form.compared_share(notebook, source) + form.unknown_tags(notebook, source))
    for cell in code_cells(notebook):
        cell.outputs = [new_output("display_data", {"text/plain": "<Figure size 1>"})]
    assert form.compared_share(notebook, source)
    notebook, source = lesson()
    for cell in code_cells(notebook)[:2]:
        cell.metadata["tags"] = ["nbval-skip"]
    assert form.compared_share(notebook, source) and form.unknown_tags(notebook, source)


def test_words_are_those_that_one_reads(lesson):
    notebook, _ = lesson()
    before = form.words(notebook)
    notebook.cells[1].source += "\n\nTwo *words* $\\log D(x)$ ![not this](a.png)\n"
    notebook.cells[1].source += "```\nnot = this\n```\nand [two](https://arxiv.org)"
    assert form.words(notebook) == before + 4


@pytest.mark.parametrize("path", ["blocks.py", "networks.py"])
def test_drift_is_a_difference_in_what_runs(lesson, tmp_path, path):
    taught = lesson("def up(filters, *, norm='batch'):\n    return filters  # both")
    module = tmp_path / "package" / path
    module.parent.mkdir(parents=True)
    for result, differs in (("filters", False), ("norm", True)):
        module.write_text(UP.format(result))
        assert bool(form.drift(*taught, package=tmp_path / "package")) == differs


# --- what the repository may hold -----------------------------------------------------


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """The files that git keeps, or would keep."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("this is no git checkout")
    return [path for line in done.stdout.split("\n") if (path := ROOT / line).is_file()]


def test_there_is_nothing_at_the_top_that_the_design_does_not_name(files):
    top = {path.relative_to(ROOT).parts[0] for path in files}
    assert {name for name in top if not name.startswith(".")} <= TOP


def test_no_file_is_too_large_for_git(files):
    limits = {path: NOTEBOOK_MEGABYTES for path in map(notebook_of, ALL_SOURCES)}
    sizes = {path: path.stat().st_size / 1e6 for path in files}
    fine([short(p) for p in files if sizes[p] > limits.get(p, MEGABYTES)])


def test_pictures_and_arrays_lie_only_where_drawn_or_generated_ones_do(files):
    data = [short(path) for path in files if path.suffix.lower() in DATA]
    fine([path for path in data if not re.match(DATA_FOLDERS, path)])


def test_nothing_names_a_folder_of_one_machine_or_runs_what_it_reads(files):
    for path in files:
        if path.suffix == ".py" and not short(path).startswith("tests"):
            text = path.read_text("utf-8")
            assert not re.search(form.PERSONAL_PATH, text), short(path)
            assert not re.search(UNSAFE, text), short(path)


def test_the_package_is_thin_and_so_is_all_that_is_no_lesson():
    folders = ("course_utils", "data", "notebooks", "tests", "weights")
    paths = {path for folder in folders for path in (ROOT / folder).rglob("*.py")}
    counts = {p: len(p.read_text("utf-8").splitlines()) for p in paths - {*ALL_SOURCES}}
    package = sum(counts[path] for path in paths if form.PACKAGE in path.parents)
    everything = sum(counts.values())
    print(f"Python: {package:,} lines in course_utils, {everything:,} in all")
    assert package <= PACKAGE_LINES
    assert everything <= ALL_LINES
