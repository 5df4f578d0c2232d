"""What the notebook builder promises, on notebooks that run in a moment."""

import base64
import hashlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from course_utils import runtime
from course_utils.build import (
    BuildError,
    build,
    build_all,
    cover_picture,
    find_sources,
    read_source,
)
from course_utils.build_outputs import LARGE, clean_outputs, lighten, terminal_text
from PIL import Image

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    "kgAAAABJRU5ErkJggg=="
)
TINY = f"""\
# ---
# jupyter:
#   kernelspec: {{display_name: mine, name: mine}}
# ---

# %% [markdown]
# # A tiny lesson

# %% jupyter={{"source_hidden": true}}
import os
import sys
from pathlib import Path

# %%
home = Path(os.environ["COURSE_HOME"])
print(os.environ["COURSE_RUN"], os.environ["COURSE_DATA"], len(os.listdir(home)))
(home / "checkpoint").touch()
print(Path.cwd().name, {{"a", "b", "c", "d", "e"}}, file=sys.stdout)

# %%
print("a warning", file=sys.stderr)
print("one", end=" ", flush=True)
print("a warning in between", file=sys.stderr, flush=True)
print("line")

# %% tags=["nbval-ignore-output"]
for step in range(5):
    print(f"\\r{{step / 4:4.0%}} |{{'#' * step:4}}| 3.{{step}}it/s", end="", flush=True)
print("\\r" + " " * 40, end="\\r")
print("trained")

# %%
print(f"\\r{{' ' * 40}}\\r", end="")

# %% tags=["cover"]
display({{"image/png": "{PNG}", "text/plain": "a dot"}}, raw=True)
"""
LARGE_COVER = """\
# %% tags=["cover"]
import numpy as np
from IPython.display import display
from PIL import Image

noise = np.random.default_rng(0).normal(127, 3, (300, 300, 3))
display(Image.fromarray(noise.astype("uint8")))
"""
SUM = """\
# %%
total = 1200 + 34
print("the sum is", total)
"""


def write_source(root: Path, name: str, text: str, folder: str = "source") -> Path:
    source = root / folder / f"{name}.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text)
    return source


def make_course(root: Path) -> Path:
    write_source(root, "01_tiny", TINY)
    write_source(root, "01_tiny", SUM, folder="solutions/source")
    write_source(root, "02_never_built", "# %%\n1 / 0\n")
    return root


def texts(path: Path, cell: int) -> list[str]:
    outputs = nbformat.read(path, as_version=4).cells[cell].outputs
    return [output.get("text") for output in outputs]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course folder where lesson 1 was built, in a shell with settings of its own."""
    root = make_course(tmp_path_factory.mktemp("first") / "notebooks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_RUN", "quick")
        patch.setenv("COURSE_DATA", "real")
        patch.setenv("COURSE_HOME", str(root.parent))
        build_all(root, only=["1"])
    return root


@pytest.fixture
def notebook(course):
    return nbformat.read(course / "01_tiny.ipynb", as_version=4)


def test_only_the_wanted_lessons_are_built_with_their_solutions(course):
    built = {str(path.relative_to(course)) for path in course.rglob("*.ipynb")}
    assert built == {"01_tiny.ipynb", "solutions/01_tiny.ipynb"}


def test_without_numbers_all_are_built_lessons_before_solutions(tmp_path):
    root = make_course(tmp_path)
    names = [str(path.relative_to(root)) for path in find_sources(root)]
    assert names == [
        "source/01_tiny.py",
        "source/02_never_built.py",
        "solutions/source/01_tiny.py",
    ]


def test_an_unknown_number_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(BuildError, match="asked for 07; .* 01, 02"):
        build_all(make_course(tmp_path), only=["7"])


def test_the_module_runs_as_a_command():
    command = [sys.executable, "-m", "course_utils.build", "99"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 1
    assert "asked for 99" in done.stderr


def test_cell_ids_are_fixed(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert ids == ["c000", "c001", "c002", "c003", "c004", "c005", "c006"]


def test_the_stamp_is_the_sha256_of_the_source(course, notebook):
    content = (course / "source" / "01_tiny.py").read_bytes()
    expected = hashlib.sha256(content).hexdigest()
    assert notebook.metadata.course.source_sha256 == expected


def test_metadata_is_the_same_whoever_builds(notebook):
    assert set(notebook.metadata) == {"course", "kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}
    assert [cell.metadata for cell in notebook.cells if cell.metadata] == [
        {"jupyter": {"source_hidden": True}},
        {"tags": ["nbval-ignore-output"]},
        {"tags": ["cover"]},
    ]


def test_the_kernel_has_the_builders_settings_and_an_empty_home(course):
    [text] = texts(course / "01_tiny.ipynb", 2)
    assert text.startswith("lesson miniature 0\n")
    assert not (course.parent / "checkpoint").exists()


def test_the_kernel_starts_in_the_notebooks_folder(course):
    [text] = texts(course / "01_tiny.ipynb", 2)
    assert text.splitlines()[1].startswith(course.name)


def test_stderr_is_dropped_and_stdout_joined(course):
    assert texts(course / "01_tiny.ipynb", 3) == ["one line\n"]


def test_a_progress_bar_leaves_only_what_a_terminal_shows_in_the_end(course):
    assert texts(course / "01_tiny.ipynb", 4) == ["trained\n"]
    assert texts(course / "01_tiny.ipynb", 5) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain  \n\n", "plain  \n\n"),
        ("start\n\r 50%\r100%\n", "start\n100%\n"),
        ("abcdef\rxy", "xycdef"),
        ("\r 50%\r    \rdone\n", "done\n"),
        ("start\n\r 50%\r    \r", "start\n"),
        ("\r 50%\r    \r\nend\n", "end\n"),
        ("windows\r\n", "windows\n"),
    ],
)
def test_carriage_returns_overwrite_as_in_a_terminal(written, shown):
    assert terminal_text(written) == shown


def test_random_widget_ids_are_dropped():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "5f3a"}}
    alone = nbformat.v4.new_output("display_data", dict(view))
    described = nbformat.v4.new_output("display_data", view | {"text/plain": "Pad()"})
    kept = clean_outputs([alone, described])
    assert [output.data for output in kept] == [{"text/plain": "Pad()"}]


def test_two_builds_have_the_same_bytes(course, tmp_path):
    root = make_course(tmp_path / "notebooks")
    again = build(root / "source" / "01_tiny.py")
    assert again.read_bytes() == (course / "01_tiny.ipynb").read_bytes()


def copy_of(course: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return source and built notebook of the tiny lesson, in a folder of its own."""
    root = shutil.copytree(course, tmp_path / "notebooks")
    return root / "source" / "01_tiny.py", root / "01_tiny.ipynb"


def test_new_prose_comes_without_running_anything(course, tmp_path):
    source, built = copy_of(course, tmp_path)
    built.write_text(built.read_text().replace('"a dot"', '"the old dot"'))
    source.write_text(TINY.replace("# # A tiny lesson", "# # A small lesson"))
    build(source, prose=True)
    text = built.read_text()
    assert "# A small lesson" in text and "A tiny lesson" not in text
    assert "the old dot" in text
    assert hashlib.sha256(source.read_bytes()).hexdigest() in text


def test_prose_over_the_same_source_changes_no_byte(course, tmp_path):
    source, built = copy_of(course, tmp_path)
    before = built.read_bytes()
    assert build(source, prose=True).read_bytes() == before


@pytest.mark.parametrize(
    "old, new, says",
    [
        ('print("trained")', 'print("ready")', r"c004 \(for step in range\(5\)"),
        ('# %% tags=["nbval-ignore-output"]', "# %%", "c004"),
        ('# %%\nprint(f"\\r', '# %%\n1 + 1\n\n# %%\nprint(f"\\r', r"c005 \(1 \+ 1\)"),
        ('\n# %% tags=["cover"]', "\n# %% [markdown]", "has lost a code cell"),
    ],
    ids=["code", "tags", "more", "fewer"],
)
def test_changed_code_is_no_prose(course, tmp_path, old, new, says):
    source, built = copy_of(course, tmp_path)
    before = built.read_bytes()
    assert TINY.count(old) == 1
    source.write_text(TINY.replace(old, new))
    with pytest.raises(BuildError, match=says):
        build(source, prose=True)
    assert built.read_bytes() == before


def test_prose_needs_an_earlier_build(tmp_path):
    source = write_source(tmp_path, "07_new", "# %%\n1 + 1\n")
    with pytest.raises(BuildError, match="not built yet"):
        build(source, prose=True)


def shown(picture: np.ndarray) -> nbformat.NotebookNode:
    """Return the output of a cell that shows a picture (h, w, 3 or 4), uint8."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    data = {"image/png": base64.b64encode(file.getvalue()).decode()}
    return nbformat.v4.new_output("display_data", data=data)


def pixels(output: nbformat.NotebookNode) -> np.ndarray:
    [encoded] = output.data.values()
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
        return np.asarray(image.convert("RGB") if image.mode == "P" else image)


def test_a_large_picture_is_kept_as_a_jpeg_that_looks_the_same():
    x, y = np.meshgrid(np.arange(400), np.arange(300))
    picture = np.uint8(127 + 60 * np.stack([np.sin(x / 9), np.cos(y / 7), x * 0], -1))
    noise = np.random.default_rng(0).integers(0, 9, picture.shape, np.uint8)
    output = shown(picture + noise)
    assert len(output.data["image/png"]) > LARGE
    lighten([output])
    assert list(output.data) == ["image/jpeg"]
    again = pixels(output).astype(int)
    assert again.shape == picture.shape
    assert np.abs(again - (picture + noise)).mean() < 4


def test_large_pixel_art_keeps_256_colours_and_its_edges():
    random = np.random.default_rng(0)
    light = random.integers(0, 240, (160, 160, 1)) * np.array([1, 0.5, 0.2])
    picture = np.uint8(light + random.integers(0, 9, light.shape))
    picture = picture.repeat(3, 0).repeat(3, 1)
    output = shown(picture)
    assert len(output.data["image/png"]) > LARGE
    lighten([output])
    assert list(output.data) == ["image/png"]
    assert np.abs(pixels(output).astype(int) - picture).mean() < 4


@pytest.mark.parametrize("alpha", [None, 255, 127])
def test_small_pictures_and_drawings_are_packed_better_and_look_the_same(alpha):
    random = np.random.default_rng(0)
    small = np.tile(random.integers(0, 255, (10, 10, 3), np.uint8), (9, 9, 1))
    dots = np.uint8(255 * random.integers(0, 2, (900, 900, 1)).repeat(3, -1))
    for picture, is_large in ((small, False), (dots, True)):
        if alpha is not None:
            picture = np.dstack([picture, np.full(picture.shape[:2], alpha, np.uint8)])
        output = shown(picture)
        before = len(base64.b64decode(output.data["image/png"]))
        assert (before > LARGE) == is_large
        lighten([output])
        assert list(output.data) == ["image/png"]  # as a JPEG, the dots would be larger
        assert len(base64.b64decode(output.data["image/png"])) < before
        channels = 3 if alpha == 255 else picture.shape[-1]
        np.testing.assert_array_equal(pixels(output), picture[..., :channels])


def test_a_cover_picture_may_be_large(tmp_path):
    source = write_source(tmp_path, "05_large", LARGE_COVER)
    [output] = nbformat.read(build(source), as_version=4).cells[0].outputs
    assert "image/jpeg" in output.data
    cover = tmp_path / "pictures" / "05_large.png"
    before = cover.read_bytes()
    assert before.startswith(b"\x89PNG")
    build(source, prose=True)
    assert cover.read_bytes() == before


def test_the_cover_picture_is_written_beside_the_notebook(course):
    picture = (course / "pictures" / "01_tiny.png").read_bytes()
    assert picture.startswith(b"\x89PNG")


def test_a_cover_cell_without_a_picture_is_refused(tmp_path):
    source = write_source(tmp_path, "03_bare", '# %% tags=["cover"]\n1 + 1\n')
    with pytest.raises(BuildError, match=r"03_bare, cell c000 \(1 \+ 1\).* no PNG"):
        cover_picture(read_source(source), "03_bare")


def test_a_failing_cell_is_named_and_the_old_notebook_stays(tmp_path):
    text = "# %%\nratio = 0\n\n# %%\n# the wrong way round\n1 / ratio\n"
    source = write_source(tmp_path, "04_broken", text)
    old = tmp_path / "04_broken.ipynb"
    old.write_text("an earlier build")
    with pytest.raises(BuildError) as failure:
        build(source)
    message = str(failure.value)
    assert "04_broken, cell c001 (# the wrong way round) failed" in message
    assert "ZeroDivisionError: division by zero" in message
    assert "\x1b" not in message
    assert old.read_text() == "an earlier build"
    assert sorted(path.name for path in tmp_path.iterdir()) == [old.name, "source"]


@pytest.mark.parametrize("code", ["object()", 'print(os.environ["COURSE_HOME"])'])
def test_what_no_other_run_shows_again_is_refused(tmp_path, code):
    source = write_source(tmp_path, "05_address", f"# %%\nimport os\n\n# %%\n{code}\n")
    with pytest.raises(BuildError, match=f"cell c001 {re.escape(f'({code})')}"):
        build(source)
    assert not (tmp_path / "05_address.ipynb").exists()


def run_nbval(*notebooks):
    options = ["--nbval", "-rA", "-p", "no:cacheprovider", "-p", "tests.nbval_stderr"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *notebooks],
        cwd=runtime.ROOT,
        capture_output=True,
        text=True,
    )


def test_one_changed_digit_makes_nbval_fail(course, tmp_path):
    right, wrong = tmp_path / "right.ipynb", tmp_path / "wrong.ipynb"
    shutil.copy(course / "solutions" / "01_tiny.ipynb", right)
    stored = right.read_text()
    assert stored.count("is 1234") == 1
    wrong.write_text(stored.replace("is 1234", "is 1235"))
    done = run_nbval(right, wrong)
    assert re.search(r"PASSED .*right\.ipynb::Cell 0", done.stdout), done.stdout
    assert re.search(r"FAILED .*wrong\.ipynb::Cell 0", done.stdout), done.stdout
    assert "Cell outputs differ" in done.stdout


def test_what_stands_on_stderr_makes_nbval_fail_and_is_shown(tmp_path):
    notebook = nbformat.v4.new_notebook()
    for count, code in enumerate(["import sys", "print('a word', file=sys.stderr)"], 1):
        cell = nbformat.v4.new_code_cell(code, execution_count=count)
        notebook.cells.append(cell)
    nbformat.write(notebook, tmp_path / "warns.ipynb")
    done = run_nbval(tmp_path / "warns.ipynb")
    assert re.search(r"PASSED .*::Cell 0", done.stdout), done.stdout
    assert re.search(r"FAILED .*::Cell 1", done.stdout), done.stdout
    assert "stderr:\na word\n" in done.stdout
