"""The commands of the README, with a small shell script that stands for Python."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) exit {unfit} ;;
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  *) echo "$*" >> calls.txt ;;
esac
case "$*" in
  *"pip install"*) exit "${{PIP_EXIT:-0}}" ;;
  *--nbval*) echo "home $COURSE_HOME $COURSE_RUN $COURSE_DATA" >> calls.txt
    ls -d "$COURSE_HOME" && exit "${{NBVAL_EXIT:-0}}" ;;
esac
"""


@pytest.fixture
def clone(tmp_path):
    """A fresh copy of what the commands need, and a Python; the paths have spaces."""
    folder = tmp_path / "a fresh clone"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name, unfit in (("my python", 0), ("old python", 1)):
        (folder / name).write_text(PYTHON.format(unfit=unfit))
        (folder / name).chmod(0o755)
    return folder


def make(folder, *words, python="my python", **environment):
    """Run make as a learner does, without what an outer make hands down."""
    outer = "MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES PYTHON GPU PORT BROWSER ONLY"
    kept = {key: value for key, value in os.environ.items() if key not in outer.split()}
    words = ["make", "UV=", f"PYTHON={folder / python}", *words]
    return subprocess.run(
        words, cwd=folder, env=kept | environment, capture_output=True, text=True
    )


def calls(folder):
    """Return what the stand-in for Python was called with, and forget it."""
    path = folder / "calls.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def test_help_lists_every_command_that_the_readme_names(clone):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^\s*)make ([a-z]+)", text, re.MULTILINE))
    shown = make(clone).stdout
    assert named <= set(re.findall(r"^ +make ([a-z]+)  +\S", shown, re.MULTILINE))


@pytest.mark.parametrize("python", ["old python", "no python"])
def test_a_python_that_does_not_fit_is_refused_in_plain_words(clone, python):
    result = make(clone, "setup", python=python)
    assert result.returncode != 0 and "needs Python 3.11" in result.stderr
    assert not (clone / ".venv").exists()


def test_a_second_setup_does_nothing_and_new_requirements_are_installed(clone):
    assert make(clone, "setup").returncode == 0
    assert any("-r requirements.txt" in call for call in calls(clone))
    make(clone, "setup")
    assert not any("install" in call for call in calls(clone))
    later = (clone / ".venv/.ready").stat().st_mtime + 10
    os.utime(clone / "requirements.txt", (later, later))
    assert "Making .venv" not in make(clone, "setup").stdout
    assert any("-r requirements.txt" in call for call in calls(clone))


def test_a_failed_installation_is_said_and_a_moved_folder_is_set_up_anew(clone):
    result = make(clone, "setup", PIP_EXIT="1")
    assert result.returncode != 0 and "installation failed" in result.stderr
    assert make(clone, "setup").returncode == 0
    moved = clone.rename(clone.parent / "moved, elsewhere")
    assert "Making .venv" in make(moved, "setup").stdout


def test_lab_opens_lesson_1_and_takes_a_port(clone):
    make(clone, "lab")
    (lab,) = [call for call in calls(clone) if "jupyterlab" in call]
    (lesson,) = re.findall(r"default_url=/lab/tree/(\S+)", lab)
    assert (ROOT / "notebooks" / lesson).exists()
    assert "--port" not in lab and "--no-browser" not in lab and "token" not in lab
    assert ("--allow-root" in lab) == (os.getuid() == 0)
    make(clone, "lab", "PORT=8890", "BROWSER=no")
    (lab,) = [call for call in calls(clone) if "jupyterlab" in call]
    assert "--port=8890" in lab and "--no-browser" in lab


def test_lab_with_gpu_installs_cuda_once_at_the_pinned_version(clone):
    make(clone, "lab", "GPU=1")
    wanted = f"tensorflow[and-cuda]=={pins()['tensorflow']}"
    assert any(call.endswith(f"install {wanted}") for call in calls(clone))
    make(clone, "lab", "GPU=1")
    assert not any("install" in call for call in calls(clone))


@pytest.mark.parametrize("nbval_exit", ["0", "1"])
def test_test_runs_three_groups_and_removes_its_folder(clone, nbval_exit):
    result = make(clone, "test", NBVAL_EXIT=nbval_exit)
    assert (result.returncode == 0) == (nbval_exit == "0"), result.stderr
    *ran, last = [call for call in calls(clone) if "pip install" not in call]
    assert [" ".join(call.split()[1:3]) for call in ran] == [
        *("ruff format", "ruff check", "pytest tests", "pytest --nbval")
    ]
    home, settings = re.fullmatch(r"home (\S+) (.+)", last).groups()
    assert settings == "quick miniature" and not Path(home).exists()


def pins() -> dict[str, str]:
    """Return the versions in requirements.txt, whose last line is the course itself."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    lines = [line.split("#")[0].strip() for line in lines]
    *lines, last = [line for line in lines if line]
    assert last == "-e ."
    return {
        canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in lines
    }


def test_every_dependency_is_pinned_inside_its_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = project["dependencies"] + project["optional-dependencies"]["dev"]
    ranges = [Requirement(text) for text in ranges]
    assert {canonicalize_name(wanted.name) for wanted in ranges} == set(pins())
    for wanted in ranges:
        assert pins()[canonicalize_name(wanted.name)] in wanted.specifier, wanted
