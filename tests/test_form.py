"""The notebooks' form: built, executed, of a good length, and in the house style.

The first half holds the real lessons to it, the second half shows that each check finds
what it looks for. The limits stand in `tests/notebooks.py`.
"""

import functools
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import notebooks as form

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "course_utils"
NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"
LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
BUILT = LESSONS + sorted(SOLUTIONS.glob("*.ipynb"))
SOURCES = sorted(NOTEBOOKS.glob("source/*.py"))
ALL_SOURCES = SOURCES + sorted(SOLUTIONS.glob("source/*.py"))


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def source_of(path: Path) -> Path:
    return path.parent / "source" / f"{path.stem}.py"


@functools.cache
def read(path: Path):
    return nbformat.read(path, as_version=4)


def fine(complaints: list[str]) -> None:
    assert not complaints, "\n".join(complaints)


@pytest.fixture(params=LESSONS, ids=short)
def lesson(request) -> Path:
    return request.param


@pytest.fixture(params=BUILT, ids=short)
def built(request) -> Path:
    return request.param


# --- every notebook: built from its source, executed ----------------------------------


def test_there_are_lessons():
    assert SOURCES, "no lesson in notebooks/source: nothing was tested"
    assert LESSONS, "no lesson in notebooks/: run `make notebooks`"


@pytest.mark.parametrize("source", ALL_SOURCES, ids=short)
def test_every_source_has_its_notebook(source):
    target = source.parent.parent / f"{source.stem}.ipynb"
    assert target.is_file(), "run `make notebooks`"


def test_every_notebook_has_its_source(built):
    assert source_of(built).is_file(), "delete the notebook, or write its source"


def test_the_notebook_was_built_from_the_source_as_it_is(built):
    fine(form.stamp(read(built), source_of(built)))


def test_nobody_edited_the_notebook_itself(built):
    fine(form.unlike_source(read(built), source_of(built)))


def test_cell_ids_are_fixed(built):
    fine(form.cell_ids(read(built)))


def test_every_code_cell_was_executed_in_order(built):
    fine(form.execution(read(built)))


def test_no_output_is_an_error_or_stderr(built):
    fine(form.error_outputs(read(built)))


def test_no_output_shows_a_folder_of_the_builders_machine(built):
    fine(form.personal_outputs(read(built)))


def test_a_notebook_is_small_enough_for_git(built):
    size = built.stat().st_size
    assert size <= form.BYTES, f"{size / 1e6:.1f} MB: fewer or smaller pictures"


def test_tags_are_known_and_skip_nothing(built):
    fine(form.unknown_tags(read(built)))


def test_code_is_plain_python(built):
    fine(form.plain_python(read(built)))


def test_no_pip_no_matplotlib_no_clock_no_semicolon(built):
    fine(form.forbidden_code(read(built)))


def test_no_absolute_path(built):
    fine(form.absolute_paths(read(built)))


def test_every_picture_has_alt_text(built):
    fine(form.alt_texts(read(built)))


def test_every_picture_is_a_file_of_the_repository(built):
    fine(form.picture_files(read(built), built.parent))


# --- lessons: length and rhythm -------------------------------------------------------


def test_a_lesson_has_35_to_60_cells(lesson):
    fine(form.cell_count(read(lesson), lesson.stem))


def test_about_half_of_the_cells_are_text(lesson):
    fine(form.markdown_share(read(lesson)))


def test_a_lesson_has_900_to_1800_words(lesson):
    fine(form.word_count(read(lesson)))


def test_code_cells_are_short(lesson):
    fine(form.code_length(read(lesson)))


def test_at_most_two_code_cells_stand_in_a_row(lesson):
    fine(form.code_in_a_row(read(lesson)))


def test_every_lesson_has_the_same_headings(lesson):
    fine(form.section_headings(read(lesson)))


def test_a_lesson_ends_with_three_exercises(lesson):
    fine(form.exercises(read(lesson)))


# --- lessons: code --------------------------------------------------------------------


def test_one_settings_cell_explains_its_constants(lesson):
    fine(form.settings(read(lesson)))


def test_imports_stand_in_one_cell(lesson):
    fine(form.imports(read(lesson)))


def test_no_docstrings_and_no_type_hints(lesson):
    fine(form.docstrings_and_hints(read(lesson)))


def test_names_are_spelled_out(lesson):
    fine(form.names(read(lesson)))


def test_the_first_code_cell_is_short_and_folded_away(lesson):
    fine(form.first_code_cell(read(lesson)))


def test_the_first_code_cell_is_the_same_in_every_lesson():
    firsts = {form.code_cells(read(lesson))[0].source for lesson in LESSONS}
    assert len(firsts) <= 1, f"{len(firsts)} different ones: copy it from lesson 1"


def test_nbval_compares_most_code_cells(lesson):
    fine(form.compared_share(read(lesson)))


def test_a_third_of_the_code_cells_print_something_to_compare(lesson):
    fine(form.text_share(read(lesson)))


# --- lessons and package --------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES, ids=short)
def test_a_lesson_and_the_package_say_the_same(source):
    fine(form.drift(source, form.mirrored_files(PACKAGE)))


@pytest.mark.parametrize(
    "path", [*sorted(PACKAGE.rglob("*.py")), *ALL_SOURCES], ids=short
)
def test_nothing_unsafe_and_no_folder_of_one_machine(path):
    fine(form.forbidden_in_package(path))


def test_no_file_of_the_package_is_long():
    fine(form.file_lengths(PACKAGE))


def test_the_package_is_thin():
    fine(form.package_length(PACKAGE))


# --- the checks themselves, on lessons made up here -----------------------------------

SENTENCE = "You read twelve plain words here that say what comes next below. "
FIRST = "import sys\n\nsys.path.insert(0, '..')"
IMPORTS = "import course_utils as cu\nimport keras"
SETTINGS = """\
EPOCHS = cu.pick(quick=1, lesson=3, recipe=50)  # passes over the data
BATCH_SIZE = 256  # images in a step
NOISE_DIM = 100  # numbers that the generator starts from
RATE = 1e-4  # of both optimizers
cu.setup(seed=0)"""
FACT = "shape = (4, 28, 28, 1)\nprint(shape)  # (batch, 28, 28, 1)"
CHECKS = [
    form.cell_ids,
    form.execution,
    form.error_outputs,
    form.personal_outputs,
    form.markdown_share,
    form.word_count,
    form.code_length,
    form.code_in_a_row,
    form.section_headings,
    form.exercises,
    form.plain_python,
    form.settings,
    form.imports,
    form.forbidden_code,
    form.absolute_paths,
    form.docstrings_and_hints,
    form.names,
    form.first_code_cell,
    form.alt_texts,
    form.compared_share,
    form.text_share,
    form.unknown_tags,
]


def make_lesson(texts: dict | None = None, codes: dict | None = None):
    """A lesson of 40 cells in good form; `texts` and `codes` replace some of them."""
    exercises = [f"### Exercise {number}" for number in (1, 2, 3)]
    sections = [f"## {title}" for title in form.HEADINGS]
    titles = ["# A lesson", *sections[:-1], *exercises, sections[-1], *[""] * 5]
    written = dict(enumerate(f"{title}\n\n{SENTENCE * 5}" for title in titles))
    sources = {0: FIRST, 1: IMPORTS, 2: SETTINGS}
    sources = {number: FACT for number in range(20)} | sources | (codes or {})
    cells = []
    for number, text in (written | (texts or {})).items():
        output = new_output("stream", name="stdout", text="(4, 28, 28, 1)\n")
        code = new_code_cell(sources[number], execution_count=number + 1)
        code.outputs = [output]
        cells += [new_markdown_cell(text), code]
    cells[1].metadata["jupyter"] = {"source_hidden": True}
    for number, cell in enumerate(cells):
        cell.id = f"c{number:03d}"
    return new_notebook(cells=cells)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_well_made_lesson_passes(check):
    fine(check(make_lesson()))


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (form.plain_python, "%load_ext tensorboard"),
        (form.forbidden_code, "!pip install keras"),
        (form.forbidden_code, "%pip install keras"),
        (form.forbidden_code, "clear_output(wait=True)"),
        (form.forbidden_code, "cu.plotting.show(images);"),
        (form.forbidden_code, "plt.show()"),
        (form.forbidden_code, "import matplotlib.pyplot"),
        (form.forbidden_code, "start = time.perf_counter()"),
        (form.forbidden_code, "# NBVAL_IGNORE_OUTPUT\nprint(1)"),
        (form.absolute_paths, "folder = '/home/me/data'"),
        (form.absolute_paths, "folder = f'/content/{name}'"),
        (form.absolute_paths, "folder = '~/data'"),
        (form.docstrings_and_hints, "def up(filters):\n    'Doubles.'\n    return 1"),
        (form.docstrings_and_hints, "def up(filters: int):\n    return 1"),
        (form.docstrings_and_hints, "def up(filters) -> int:\n    return 1"),
        (form.docstrings_and_hints, "filters: int = 3"),
        (form.names, "x = 1"),
        (form.names, "for x in range(3):\n    print(x)"),
        (form.names, "G, discriminator = make()"),
        (form.imports, "import numpy as np"),
        (form.imports, "def up():\n    import numpy as np"),
        (form.settings, "cu.setup(seed=1)"),
        (form.code_length, "print(1)\n" * 31),
    ],
)
def test_code_that_no_lesson_has_is_found(check, code):
    assert check(make_lesson(codes={7: code}))


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (form.forbidden_code, "print('one; two')  # a clock; no"),
        (form.absolute_paths, "path = f'{folder}/pictures/{name}'"),
        (form.names, "def half(x):\n    G = x / 2\n    return G"),
        (form.names, "pairs = [x for x in range(3)]"),
        (form.code_length, "# why\n\nprint(1)\n" * 30),
    ],
)
def test_code_that_only_looks_alike_is_left_alone(check, code):
    fine(check(make_lesson(codes={7: code})))


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS.replace("  # images in a step", ""),
        SETTINGS.replace("RATE", "rate"),
        SETTINGS.replace("cu.setup(seed=0)", ""),
        SETTINGS + "".join(f"\nMORE_{letter} = 1  # more" for letter in "ABCDE"),
    ],
)
def test_settings_without_comments_or_of_the_wrong_number_are_found(settings):
    assert form.settings(make_lesson(codes={2: settings}))


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (form.alt_texts, "![](pictures/01.png)"),
        (form.alt_texts, '<img src="pictures/01.png">'),
        (form.section_headings, "## Another section"),
        (form.exercises, "### Exercise 0"),
        (form.word_count, "word " * 1300),
    ],
)
def test_text_that_no_lesson_has_is_found(check, text):
    assert check(make_lesson(texts={4: text}))


def test_too_few_words_are_found():
    assert form.word_count(
        make_lesson(texts={number: "Short." for number in range(20)})
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two words", 2),
        ("## A heading\n\n- one *bold* word, `code`", 6),
        ("before\n```python\nnot = counted\n```\nafter", 2),
        ("the loss $\\log D(x)$ and $$\nE = mc^2\n$$ fall", 4),
        ("![not the alt text](pictures/01.png) but this", 2),
        ("see [the paper](https://arxiv.org/abs/1406.2661), https://arxiv.org", 3),
        ("| name | 12 |\n|---|---|\n| real | 0.5 |", 2),
        ("the counterfeiter's two-player game <br> ends", 5),
    ],
)
def test_words_are_those_that_one_reads(text, count):
    assert form.words(new_notebook(cells=[new_markdown_cell(text)])) == count


def test_pictures_must_be_files_of_the_repository(tmp_path):
    (tmp_path / "here.png").touch()
    texts = {4: "![a shirt](here.png)", 5: "![a shirt](https://site.org/a.png)"}
    texts[6] = "![a shirt](gone.png)"
    first, second = form.picture_files(make_lesson(texts=texts), tmp_path)
    assert "https://site.org/a.png" in first
    assert "gone.png" in second


def test_three_code_cells_in_a_row_are_found():
    lesson = make_lesson()
    del lesson.cells[10]
    assert not form.code_in_a_row(lesson)
    del lesson.cells[11]
    assert form.code_in_a_row(lesson)


def test_too_few_or_too_many_cells_are_found():
    lesson = make_lesson()
    assert not form.cell_count(lesson, "01_lesson")
    lesson.cells += lesson.cells[:30]
    assert form.cell_count(lesson, "01_lesson")
    assert not form.cell_count(lesson, "03_lesson")
    lesson.cells = lesson.cells[:34]
    assert form.cell_count(lesson, "01_lesson")


def test_too_little_and_too_much_markdown_are_found():
    lesson = make_lesson()
    text, code = lesson.cells[:2]
    for share, good in [(0.4, False), (0.5, True), (0.7, False)]:
        texts = round(40 * share)
        lesson.cells = [text] * texts + [code] * (40 - texts)
        assert (form.markdown_share(lesson) == []) is good


def test_long_cells_are_found_by_their_median():
    assert form.code_length(make_lesson(codes=dict.fromkeys(range(11), "a = 1\n" * 9)))


def test_a_first_cell_that_is_long_or_not_folded_is_found():
    assert form.first_code_cell(make_lesson(codes={0: "a = 1\n" * 11}))
    lesson = make_lesson()
    del lesson.cells[1].metadata["jupyter"]
    assert form.first_code_cell(lesson)


def test_ignoring_more_than_two_fifths_is_found():
    lesson = make_lesson()
    for cell in form.code_cells(lesson)[:8]:
        cell.metadata["tags"] = ["nbval-ignore-output"]
    assert not form.compared_share(lesson)
    form.code_cells(lesson)[8].metadata["tags"] = ["nbval-ignore-output"]
    assert form.compared_share(lesson)


@pytest.mark.parametrize("text", ["<Figure size 640x480 with 1 Axes>", " "])
def test_a_lesson_of_pictures_only_is_found(text):
    lesson = make_lesson()
    for cell in form.code_cells(lesson)[:14]:
        cell.outputs = [new_output("display_data", {"text/plain": text})]
    assert form.text_share(lesson)


def test_skipping_and_unknown_tags_are_found():
    for tag in ("nbval-skip", "raises-exception"):
        lesson = make_lesson()
        lesson.cells[7].metadata["tags"] = [tag]
        assert form.unknown_tags(lesson)


def test_cells_not_executed_or_executed_out_of_order_are_found():
    lesson = make_lesson()
    lesson.cells[7].execution_count = None
    assert form.execution(lesson)
    lesson.cells[7].execution_count = 9
    assert form.execution(lesson)


@pytest.mark.parametrize(
    ("check", "output"),
    [
        (form.error_outputs, new_output("stream", name="stderr", text="a warning")),
        (form.error_outputs, new_output("error", ename="ValueError", evalue="no")),
        (form.personal_outputs, new_output("stream", text="kept in /home/me/runs")),
    ],
)
def test_outputs_that_no_lesson_shows_are_found(check, output):
    lesson = make_lesson()
    lesson.cells[7].outputs.append(output)
    assert check(lesson)


def test_random_cell_ids_are_found():
    lesson = make_lesson()
    lesson.cells[7].id = "5f3a9c01"
    assert form.cell_ids(lesson)


def test_a_wrong_stamp_and_an_edited_notebook_are_found(tmp_path):
    source = tmp_path / "01_lesson.py"
    source.write_text("# %%\nprint(1)\n")
    notebook = form.read_source(source)
    assert form.stamp(notebook, source)
    digest = "cd0ae75ca3bb0a5c9be2a1ca0a05b3b9d34d9ba4a1d5b5a0e4d9e1f1a5e6a7b8"
    notebook.metadata["course"] = {"source_sha256": digest}
    assert form.stamp(notebook, source)
    assert not form.unlike_source(notebook, source)
    notebook.cells[0].source = "print(2)"
    assert form.unlike_source(notebook, source)
    assert form.unlike_source(new_notebook(), source)


MODULE = '''\
def up(filters: int, *, norm: str = "batch") -> list:
    """Give back a block that doubles the size."""
    kinds: list = [filters, norm]
    return kinds


class Maxout(Layer):
    """The maximum over pieces."""

    def call(self, inputs: Tensor) -> Tensor:
        """Give back the maximum."""
        return ops.max(inputs, axis=1)
'''
TAUGHT = """\
# %%
def up(filters, *, norm="batch"):
    kinds = [filters, norm]  # both
    return kinds


class Maxout(Layer):
    def call(self, inputs):
        return ops.max(inputs, axis=1)


def only_here():
    return 1
"""


def drift_between(folder: Path, lesson: str, module: str) -> list[str]:
    (folder / "lesson.py").write_text(lesson)
    (folder / "blocks.py").write_text(module)
    return form.drift(folder / "lesson.py", form.mirrored_files(folder))


def test_annotations_docstrings_and_comments_are_no_drift(tmp_path):
    assert drift_between(tmp_path, TAUGHT, MODULE) == []


def test_a_changed_default_is_drift_and_shown_as_a_diff(tmp_path):
    [diff] = drift_between(tmp_path, TAUGHT, MODULE.replace('"batch"', '"none"'))
    assert "-def up(filters, *, norm='batch'):" in diff
    assert "+def up(filters, *, norm='none'):" in diff


def test_a_changed_method_is_drift(tmp_path):
    assert drift_between(tmp_path, TAUGHT.replace("axis=1", "axis=2"), MODULE)


def test_only_what_lessons_teach_is_mirrored(tmp_path):
    for name in ("blocks.py", "weights.py", "data/augment.py", "training/gan.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [str(p.relative_to(tmp_path)) for p in form.mirrored_files(tmp_path)]
    assert found == ["blocks.py", "data/augment.py", "training/gan.py"]


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "np.load(path, allow_pickle=True)",
        "eval(text)",
        "load_model(path, safe_mode=False)",
        "layers.Lambda(double)",
        'folder = "/home/me/course"',
        'folder = "/tmp/course"',
    ],
)
def test_unsafe_lines_are_found(tmp_path, line):
    (tmp_path / "module.py").write_text(line)
    assert form.forbidden_in_package(tmp_path / "module.py")


def test_safe_lines_are_left_alone(tmp_path):
    lines = ["np.load(path, allow_pickle=False)", "literal_eval(text)", "# unpickled"]
    lines += ['print("total:\\n")', "# https://site.org/home/page"]
    (tmp_path / "module.py").write_text("\n".join(lines))
    fine(form.forbidden_in_package(tmp_path / "module.py"))


def test_long_files_and_a_thick_package_are_found(tmp_path):
    for number in range(form.PACKAGE_LINES // 200 + 1):
        (tmp_path / f"module_{number}.py").write_text("pass\n" * 200)
    assert not form.file_lengths(tmp_path)
    assert form.package_length(tmp_path)
    (tmp_path / "module_0.py").write_text("pass\n" * 201)
    assert form.file_lengths(tmp_path)


def test_data_widgets_and_networks_count_apart(tmp_path):
    for name in ("data/door.py", "widgets.py", "widgets/pad.py", "networks/gan.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("pass\n" * 2000)
    assert not form.package_length(tmp_path)
