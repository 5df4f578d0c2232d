"""The first cell, where the course is not installed: alone, or below the course."""

import os
import shutil
import site
import subprocess
import sys
from pathlib import Path

import pytest
from build import code_cells, read_source

ROOT = Path(__file__).resolve().parent.parent
LESSON = sorted((ROOT / "notebooks" / "source").glob("*.py"))[0]
PIP = (
    "import pathlib, sys; pathlib.Path('asked.txt').write_text(' '.join(sys.argv[1:]))"
)
TRY = """
import course_utils, checks
from checks import lesson2
print(pathlib.Path(course_utils.__file__).parents[1])
print(lesson2.more_labels({}))
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """The course as it is here, in a repository of its own."""
    folder = tmp_path_factory.mktemp("published") / "course"
    for name in ("course_utils", "notebooks/checks"):
        shutil.copytree(ROOT / name, folder / name)
    me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    for words in (["init"], ["add", "."], [*me, "commit", "-m", "the course"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    bare = ["git", "clone", "--bare", str(folder), str(folder.parent / "bare.git")]
    subprocess.run(bare, check=True, capture_output=True)
    return folder


def run(folder: Path, *options, repo="nowhere", path=()) -> list[str]:
    """Return the lines that the first cell and a few more print, in a new process."""
    first = code_cells(read_source(LESSON))[0].source
    done = subprocess.run(
        [sys.executable, *options, "-c", first + TRY],
        cwd=folder,
        capture_output=True,
        text=True,
        env=dict(
            os.environ,
            COURSE_REPO=str(repo),
            PIP_NO_INDEX="1",
            PYTHONPATH=os.pathsep.join(map(str, path)),
        ),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def run_without_the_course(folder: Path, *, path=(), **options) -> list[str]:
    return run(folder, "-S", path=[*path, *site.getsitepackages()], **options)


@pytest.fixture
def stand_in(tmp_path) -> Path:
    """A folder with a pip that only notes what it was asked for."""
    folder = tmp_path / "stand-in" / "pip"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "__main__.py").write_text(PIP)
    return folder.parent


def test_alone_in_an_empty_folder_the_course_is_cloned_once(course, tmp_path, stand_in):
    for repo in (course.parent / "bare.git", "nowhere"):
        where, verdict = run_without_the_course(tmp_path, repo=repo, path=[stand_in])
        assert where == str(tmp_path / "gan-course")
        assert "Expected" in verdict
    asked = (tmp_path / "asked.txt").read_text().split()
    assert "anywidget" in asked and "tensorflow-datasets" in asked
    assert not {"tensorflow", "keras", "numpy"} & set(asked)


def test_below_the_course_nothing_is_cloned(course, stand_in):
    place = course / "notebooks" / "solutions"
    place.mkdir()
    where, _ = run_without_the_course(place, path=[stand_in])
    assert where == str(course)


def test_where_the_course_is_installed_nothing_is_done(tmp_path, stand_in):
    where, _ = run(tmp_path, path=[stand_in])
    assert where == str(ROOT)
    assert [path.name for path in tmp_path.iterdir()] == ["stand-in"]
