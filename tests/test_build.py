"""What the notebook builder promises, on notebooks that run in a moment."""

import base64
import copy
import hashlib
import io
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from build import (
    BuildError,
    build,
    build_prose,
    code_cells,
    find_sources,
    lighten,
    read_source,
    refuse_what_changes,
)
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
LESSON = """\
# %% [markdown]
# # A tiny lesson

# %% jupyter={"source_hidden": true}
import os, sys
from pathlib import Path

# %% tags=["recipe"]
raise SystemExit("a recipe cell ran")

# %%
print(os.environ["COURSE_RUN"], os.environ["COURSE_DATA"], Path("source").is_dir())
print(os.listdir(os.environ["COURSE_HOME"]))

# %% tags=["nbval-ignore-output"]
print("start", file=sys.stderr)
for step in range(5):
    print(f"\\r{step / 4:4.0%} |{'#' * step:4}| 3.{step}it/s", end="", flush=True)
print("\\r" + " " * 40, end="\\r", flush=True)
print("a warning", file=sys.stderr, flush=True)
print("trained")

# %% tags=["cover"]
import numpy as np
from IPython.display import display
from PIL import Image

noise = np.random.default_rng(0).normal(127, 3, (300, 300, 3))
display(Image.fromarray(noise.astype("uint8")))

# %% [markdown] tags=["recipe"]
# Only who makes the weights reads this.

# %%
total = 1200 + 34
print("the sum is", total)
"""


def write_source(root: Path, name: str, text: str) -> Path:
    source = root / "source" / f"{name}.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text)
    return source


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A lesson that was built in a shell with settings of its own."""
    source = write_source(tmp_path_factory.mktemp("course"), "01_tiny", LESSON)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("RUN", "quick"), ("DATA", "real"), ("HOME", "/")):
            patch.setenv(f"COURSE_{name}", value)
        build(source)
    return source


@pytest.fixture(scope="module")
def notebook(source):
    return nbformat.read(source.parent.parent / "01_tiny.ipynb", as_version=4)


@pytest.fixture
def changed(source, tmp_path):
    """Change the built lesson's source, in a copy; returns source and notebook."""

    def change(old, new):
        assert LESSON.count(old) == 1
        built = tmp_path / "01_tiny.ipynb"
        built.write_bytes((source.parent.parent / built.name).read_bytes())
        return write_source(tmp_path, "01_tiny", LESSON.replace(old, new)), built

    return change


def test_recipe_cells_are_left_out_and_ids_count_what_is_left(source, notebook):
    assert not [cell for cell in notebook.cells if "recipe" in str(cell)]
    assert not [cell for cell in notebook.cells if "makes the weights" in cell.source]
    assert [cell.id for cell in notebook.cells] == [f"c00{n}" for n in range(6)]
    stamp = hashlib.sha256(source.read_bytes()).hexdigest()
    assert notebook.metadata.course.source_sha256 == stamp


def test_outputs_and_metadata_are_the_same_whoever_builds(notebook):
    texts = [
        [out.get("text") for out in cell.outputs] for cell in code_cells(notebook)[1:3]
    ]
    assert texts == [["lesson miniature True\n[]\n"], ["trained\n"]]
    assert set(notebook.metadata) == {"course", "kernelspec", "language_info"}
    assert [cell.metadata for cell in notebook.cells if cell.metadata] == [
        {"jupyter": {"source_hidden": True}},
        {"tags": ["nbval-ignore-output"]},
        {"tags": ["cover"]},
    ]


def test_the_cover_is_written_as_it_is_and_shown_as_a_light_picture(source, notebook):
    cover = source.parent.parent / "pictures" / "01_tiny.png"
    with Image.open(cover) as picture:
        assert picture.format == "PNG" and picture.size == (300, 300)
    assert "image/jpeg" in notebook.cells[4].outputs[0].data


def test_two_builds_have_the_same_bytes(changed):
    again, built = changed("# # A tiny lesson", "# # A tiny lesson")
    before = built.read_bytes()
    assert build(again).read_bytes() == before


def test_new_prose_comes_without_running_anything(changed):
    edited, built = changed("# # A tiny lesson", "# # A small lesson")
    built.write_text(built.read_text().replace("sum is 1234", "sum was 1234"))
    text = build_prose(edited).read_text()
    assert "A small lesson" in text and "sum was 1234" in text
    assert hashlib.sha256(edited.read_bytes()).hexdigest() in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"trained"', '"ready"'),
        ('# %% tags=["nbval-ignore-output"]', "# %%"),
        ("# %%\ntotal", "# total"),
    ],
    ids=["code", "tags", "fewer"],
)
def test_changed_code_is_no_prose(changed, old, new):
    edited, built = changed(old, new)
    before = built.read_bytes()
    with pytest.raises(BuildError, match="without --prose"):
        build_prose(edited)
    assert built.read_bytes() == before


def test_a_failing_cell_is_named_and_the_old_notebook_stays(changed):
    edited, built = changed("total = 1200 + 34", "total = 1 / 0")
    before = built.read_bytes()
    with pytest.raises(BuildError, match=r"(?s)c005 \(total = .*ZeroDivisionError"):
        build(edited)
    assert built.read_bytes() == before
    assert {path.name for path in built.parent.iterdir()} == {built.name, "source"}


@pytest.mark.parametrize("text", ["<object at 0x7f3a91>", "kept in /home/ada/runs"])
def test_what_no_other_run_shows_again_is_refused(notebook, text):
    cell = copy.deepcopy(notebook.cells[2])
    refuse_what_changes(cell, home="/home/ada")
    cell.outputs[0].text = text
    with pytest.raises(BuildError, match="cell c002"):
        refuse_what_changes(cell, home="/home/ada")


def test_lessons_are_found_before_solutions_and_an_unknown_number_is_named(tmp_path):
    for folder in (tmp_path, tmp_path / "solutions"):
        write_source(folder, "01_first", LESSON)
        write_source(folder, "02_second", LESSON)
    found = [str(path.relative_to(tmp_path)) for path in find_sources(tmp_path, ["1"])]
    assert found == ["source/01_first.py", "solutions/source/01_first.py"]
    with pytest.raises(SystemExit, match="no 07"):
        find_sources(tmp_path, ["7"])


@pytest.mark.parametrize(("size", "error"), [(10, 0), (160, 4)])
def test_pixel_art_keeps_its_edges_and_a_small_picture_every_pixel(size, error):
    random = np.random.default_rng(0)
    picture = np.uint8(random.integers(0, 240, (size, size, 1)) * [1, 0.5, 0.2])
    picture = picture.repeat(3, 0).repeat(3, 1)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    data = {"image/png": base64.b64encode(file.getvalue()).decode()}
    data = lighten(nbformat.v4.new_output("display_data", data)).data
    packed = base64.b64decode(data["image/png"])
    shown = np.asarray(Image.open(io.BytesIO(packed)).convert("RGB"), int)
    assert len(packed) < len(file.getvalue())
    assert np.abs(shown - picture).mean() <= error


def test_nbval_finds_a_changed_digit_and_shows_what_stands_on_stderr(tmp_path):
    text = "# %%\nprint('it is', 1234)\n\n# %%\nimport sys\nprint('x', file=sys.stderr)"
    notebook = read_source(write_source(tmp_path, "01_sum", text))
    for cell in notebook.cells:
        cell.execution_count = 1
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="it is 1235\n")]
    nbformat.write(notebook, tmp_path / "01_sum.ipynb")
    options = ["--nbval", "-p", "no:cacheprovider", "-p", "tests.nbval_stderr"]
    command = [sys.executable, "-m", "pytest", *options, tmp_path / "01_sum.ipynb"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "2 failed" in done.stdout and "it is 1234" in done.stdout
    assert "stderr:\nx\n" in done.stdout
