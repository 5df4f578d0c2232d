"""The notebooks' form: built, executed, of a good length, and in the house style.

The checks and their limits stand in `tests/notebooks.py`; at the end of this file each
of them is shown something that it must find. What the repository may hold comes last.
"""

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
PACKAGE = ROOT / "course_utils"
SOURCES = sorted((ROOT / "notebooks/source").glob("*.py"))
ALL_SOURCES = SOURCES + sorted((ROOT / "notebooks/solutions/source").glob("*.py"))
TOP = {"README.md", "LICENSE", "Makefile", "requirements.txt", "pyproject.toml"}
TOP |= {"notebooks", "course_utils", "data", "weights", "tests"}
DATA = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".gz", ".zip", ".tar", ".npz", ".npy"}
DATA_FOLDERS = r"data/miniature/|notebooks/pictures/|weights/\w+(@\d+)?\.\w+\.npz$"
PACKAGE_LINES = 4_000  # to become 2,400
MEGABYTES, NOTEBOOK_MEGABYTES = 30, 1.5


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def read(source: Path):
    return nbformat.read(notebook_of(source), as_version=4)


def notebook_of(source: Path) -> Path:
    return source.parent.parent / f"{source.stem}.ipynb"


def fine(complaints: list[str]) -> None:
    assert not complaints, "\n".join(complaints)


# --- every notebook: built from its source, executed ----------------------------------

FOR_ALL = [
    form.execution,
    form.outputs,
    form.plumbing,
    form.unknown_tags,
    form.plain_python,
    form.forbidden_code,
    form.absolute_paths,
    form.first_cell,
]
FOR_LESSONS = [
    form.markdown_share,
    form.word_count,
    form.code_length,
    form.code_in_a_row,
    form.section_headings,
    form.exercises,
    form.settings,
    form.imports,
    form.docstrings_and_hints,
    form.names,
    form.compared_share,
]


def name(value):
    return value.__name__ if callable(value) else None


def test_there_are_five_lessons_and_nothing_without_a_source():
    assert len(SOURCES) == 5 and len(ALL_SOURCES) == 10
    built = set((ROOT / "notebooks").rglob("*.ipynb"))
    assert {path for path in built if "checkpoint" not in path.name} == {
        notebook_of(source) for source in ALL_SOURCES
    }


@pytest.mark.parametrize("source", ALL_SOURCES, ids=short)
def test_a_notebook_is_what_its_source_says_and_small_enough_for_git(source):
    fine(form.unlike_source(read(source), source))
    assert notebook_of(source).stat().st_size <= NOTEBOOK_MEGABYTES * 1e6


@pytest.mark.parametrize("check", FOR_ALL, ids=name)
@pytest.mark.parametrize("source", ALL_SOURCES, ids=short)
def test_a_notebook_is_in_good_form(source, check):
    fine(check(read(source)))


@pytest.mark.parametrize("source", ALL_SOURCES, ids=short)
def test_every_picture_is_a_file_and_has_an_alt_text(source):
    fine(form.pictures(read(source), notebook_of(source).parent))


@pytest.mark.parametrize("check", FOR_LESSONS, ids=name)
@pytest.mark.parametrize("source", SOURCES, ids=short)
def test_a_lesson_is_in_good_form(source, check):
    fine(check(read(source)))


@pytest.mark.parametrize("source", SOURCES, ids=short)
def test_a_lesson_has_35_to_60_cells(source):
    fine(form.cell_count(read(source), source.stem))


def test_the_first_code_cell_is_the_same_everywhere():
    firsts = {code_cells(read_source(source))[0].source for source in ALL_SOURCES}
    assert len(firsts) == 1, f"{len(firsts)} different ones: copy it from lesson 1"


@pytest.mark.parametrize("source", SOURCES, ids=short)
def test_a_lesson_and_the_package_say_the_same(source):
    fine(form.drift(source, form.mirrored_files(PACKAGE)))


# --- each check, shown something that it must find ------------------------------------

GOOD = """\
# %% jupyter={"source_hidden": true}
import sys

# %% [markdown]
# ## Idea

# %%
import course_utils as cu

# %% [markdown]
# ## Settings

# %%
EPOCHS = cu.pick(quick=1, lesson=3, recipe=50)  # passes over the data
cu.setup(seed=0)

# %% [markdown]
# # Text

# %%
def half(number):
    return number / 2
"""
BAD_CODE = [
    (form.plain_python, "%load_ext tensorboard"),
    (form.forbidden_code, "clear_output(wait=True)"),
    (form.forbidden_code, "cu.plotting.show(images);"),
    (form.absolute_paths, "folder = f'/content/{name}'"),
    (form.docstrings_and_hints, "def up(filters):\n    'Doubles.'\n    return 1"),
    (form.docstrings_and_hints, "def up(filters: int):\n    return 1"),
    (form.names, "for x in range(3):\n    print(x)"),
    (form.imports, "def up():\n    import numpy as np"),
    (form.settings, "cu.setup(seed=1)"),
    (form.code_length, "print(1)\n" * 31),
    (form.plumbing, "if is_recipe:\n    keep(generator)"),
]
GOOD_CODE = [
    (form.forbidden_code, "print('one; two')"),
    (form.absolute_paths, "path = f'{folder}/pictures/{name}'"),
    (form.names, "pairs = [x for x in range(3)]"),
    (form.code_length, "# why\n\nprint(1)\n" * 30),
    (form.plumbing, "cu.training.fit(step, keep=3)"),
]


def lesson(folder: Path, code: str = ""):
    """Return a small lesson as a notebook, and its source; `code` is its last cell."""
    source = folder / "01_lesson.py"
    source.write_text(f"{GOOD}\n# %%\n{code or '1 + 1'}\n")
    notebook = read_source(source)
    for count, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
        cell.outputs = [new_output("stream", text="(4, 28, 28, 1)\n")]
    return notebook, source


@pytest.mark.parametrize(("check", "code"), BAD_CODE, ids=name)
def test_code_that_no_lesson_has_is_found(tmp_path, check, code):
    assert check(lesson(tmp_path, code)[0])


@pytest.mark.parametrize(("check", "code"), GOOD_CODE, ids=name)
def test_code_that_only_looks_alike_is_left_alone(tmp_path, check, code):
    fine(check(lesson(tmp_path, code)[0]))


def test_an_edit_after_the_build_is_found_in_source_and_notebook(tmp_path):
    notebook, source = lesson(tmp_path)
    fine(form.unlike_source(notebook, source))
    source.write_text(f"{source.read_text()}# a comment\n")
    assert form.unlike_source(notebook, source)
    notebook, source = lesson(tmp_path)
    notebook.cells[1].source = "## Ideas"
    assert form.unlike_source(notebook, source)


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stderr", text="a warning"),
        new_output("error", ename="ValueError", evalue="no"),
        new_output("stream", text="kept in /home/me/runs"),
    ],
)
def test_outputs_that_no_lesson_shows_are_found(tmp_path, output):
    notebook, _ = lesson(tmp_path)
    fine(form.outputs(notebook))
    notebook.cells[2].outputs.append(output)
    assert form.outputs(notebook)


def test_what_nbval_does_not_compare_is_counted(tmp_path):
    notebook, _ = lesson(tmp_path)
    fine(form.compared_share(notebook) + form.unknown_tags(notebook))
    for cell in code_cells(notebook)[:3]:
        cell.metadata["tags"] = ["nbval-skip"]
    assert form.compared_share(notebook) and form.unknown_tags(notebook)
    notebook, _ = lesson(tmp_path)
    for cell in code_cells(notebook):
        cell.outputs = [new_output("display_data", {"text/plain": "<Figure size 1>"})]
    assert form.compared_share(notebook)


def test_pictures_without_alt_text_or_file_and_unfolded_first_cells_are_found(tmp_path):
    notebook, source = lesson(tmp_path)
    fine(form.first_cell(notebook) + form.pictures(notebook, tmp_path))
    for text in ("![](01_lesson.py)", "![a shirt](gone.png)", '<img src="a.png">'):
        notebook.cells[1].source = text
        assert form.pictures(notebook, tmp_path)
    del notebook.cells[0].metadata["jupyter"]
    assert form.first_cell(notebook)


def test_words_are_those_that_one_reads(tmp_path):
    notebook, _ = lesson(tmp_path)
    before = form.words(notebook)
    notebook.cells[1].source += "\n\nTwo *words* $\\log D(x)$ ![not this](a.png)\n"
    notebook.cells[1].source += "```\nnot = this\n```\nand [two](https://arxiv.org)"
    assert form.words(notebook) == before + 4


TAUGHT = "def up(filters, *, norm='batch'):\n    return [filters, norm]  # both\n"
MODULE = """\
def up(filters: int, *, norm: str = "batch") -> list:
    "Give back a block that doubles the size."
    return [filters, norm]
"""


@pytest.mark.parametrize("path", ["blocks.py", "networks.py", "augment.py"])
def test_drift_is_a_difference_in_what_runs(tmp_path, path):
    (tmp_path / "lesson.py").write_text(TAUGHT)
    module = tmp_path / "package" / path
    module.parent.mkdir(parents=True)
    for text, count in ((MODULE, 0), (MODULE.replace("batch", "none"), 1)):
        module.write_text(text)
        files = form.mirrored_files(tmp_path / "package")
        assert len(form.drift(tmp_path / "lesson.py", files)) == count


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
    fine([short(path) for path in files if path.stat().st_size > MEGABYTES * 1e6])


def test_pictures_and_arrays_lie_only_where_drawn_or_generated_ones_do(files):
    data = [short(path) for path in files if path.suffix.lower() in DATA]
    fine([path for path in data if not re.match(DATA_FOLDERS, path)])


def test_nothing_names_a_folder_of_one_machine_or_runs_what_it_reads(files):
    for path in files:
        if path.suffix == ".py" and not short(path).startswith("tests"):
            text = path.read_text("utf-8")
            assert not re.search(form.PERSONAL_PATH, text), short(path)
            assert not re.search(form.UNSAFE, text), short(path)


def test_the_package_is_thin():
    lines = sum(len(p.read_text().splitlines()) for p in PACKAGE.rglob("*.py"))
    print(f"course_utils: {lines:,} lines of Python")
    assert lines <= PACKAGE_LINES
