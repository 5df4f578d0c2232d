"""The commands of the README: what they do, and what they say when they cannot.

Where a Python is called, a small shell script stands for it and notes each call.
"""

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
FILES = ("Makefile", "requirements.txt", "pyproject.toml")

PYTHON = """#!/bin/sh
case "$*" in
  *version_info*) echo "{version}" ;;
  *"import venv"*) exit {venv} ;;
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  *) echo "$*" >> calls.txt ;;
esac
case "$*" in
  *"-m pip install"*) exit "${{PIP_EXIT:-0}}" ;;
  *--nbval*) echo "home $COURSE_HOME $COURSE_RUN $COURSE_DATA" >> calls.txt
    ls -d "$COURSE_HOME" >/dev/null && exit "${{NBVAL_EXIT:-0}}" ;;
esac
"""


@pytest.fixture
def clone(tmp_path):
    """Return a fresh copy of what the commands need; its path has spaces."""
    folder = tmp_path / "a fresh clone"
    folder.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def python(folder, *, version="3.12", has_venv=True):
    """Write a script that stands for Python; its path has a space as well."""
    path = folder / f"my python{version}"
    path.write_text(PYTHON.format(version=version, venv=0 if has_venv else 1))
    path.chmod(0o755)
    return path


def make(folder, *words, **env):
    """Run make as a learner does, without what an outer make hands down."""
    outer = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}
    outer |= {"PYTHON", "GPU", "PORT", "BROWSER", "ONLY"}
    kept = {key: value for key, value in os.environ.items() if key not in outer}
    return subprocess.run(
        ["make", "UV=", *words],
        cwd=folder,
        env=kept | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def write_notebooks(folder):
    """Write two empty files where the notebooks are looked for."""
    for place in ("notebooks", "notebooks/solutions"):
        (folder / place).mkdir()
        (folder / place / "01_name.ipynb").touch()


def calls(folder):
    """Return what the stand-in for Python was called with, and forget it."""
    path = folder / "calls.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def requirements():
    """Return the lines of requirements.txt without comments."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    lines = [line.split("#")[0].strip() for line in lines]
    return [line for line in lines if line]


def test_help_lists_every_command_that_the_readme_names(clone):
    named = {"setup", "lab", "test", "soak", "notebooks", "clean"}
    if (ROOT / "README.md").exists():
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        named |= set(re.findall(r"(?:`|^\s*)make ([a-z]+)", text, re.MULTILINE))
    shown = make(clone).stdout
    assert named <= set(re.findall(r"^ +make ([a-z]+)  +\S", shown, re.MULTILINE))


def test_an_old_python_is_refused_in_plain_words(clone):
    old = python(clone, version="3.9")
    result = make(clone, "setup", f"PYTHON={old}")
    assert result.returncode != 0
    assert "needs Python 3.11" in result.stderr
    assert "my python3.9 (3.9)" in result.stderr
    assert not (clone / ".venv").exists()


def test_no_python_at_all_is_said(clone):
    result = make(clone, "setup", "PYTHON=/nowhere/python3")
    assert result.returncode != 0
    assert "found: none" in result.stderr and "apt install" in result.stderr


def test_a_python_that_exists_but_fails_is_skipped(clone):
    broken, good = clone / "python3.13", python(clone)
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    (clone / "python3.12").symlink_to(good)
    result = make(clone, "setup", PATH=f"{clone}:{os.environ['PATH']}")
    assert "Making .venv with python3.12 (3.12)" in result.stdout, result.stderr


def test_a_missing_venv_module_is_named(clone):
    bare = python(clone, has_venv=False)
    result = make(clone, "setup", f"PYTHON={bare}")
    assert result.returncode != 0
    assert "apt install python3-venv" in result.stderr


def test_a_second_setup_does_nothing_and_new_requirements_are_installed(clone):
    name = f"PYTHON={python(clone)}"
    first = make(clone, "setup", name)
    assert first.returncode == 0, first.stderr
    assert any("-r requirements.txt" in call for call in calls(clone))
    make(clone, "setup", name)
    assert not any("install" in call for call in calls(clone))
    later = (clone / ".venv/.ready").stat().st_mtime + 10
    os.utime(clone / "requirements.txt", (later, later))
    again = make(clone, "setup", name)
    assert any("-r requirements.txt" in call for call in calls(clone))
    assert "Making .venv" not in again.stdout


def test_a_failed_installation_says_what_to_try_and_is_not_ready(clone):
    name = f"PYTHON={python(clone)}"
    result = make(clone, "setup", name, PIP_EXIT="1")
    assert result.returncode != 0
    assert "installation failed" in result.stderr
    assert not (clone / ".venv/.ready").exists()
    assert make(clone, "setup", name).returncode == 0
    assert (clone / ".venv/.ready").exists()


def test_a_moved_folder_is_set_up_anew(clone):
    make(clone, "setup", f"PYTHON={python(clone)}")
    moved = clone.rename(clone.parent / "moved, elsewhere")
    result = make(moved, "setup", f"PYTHON={moved / 'my python3.12'}")
    assert "Making .venv" in result.stdout, result.stderr


def test_lab_takes_a_port_and_leaves_the_browser_shut(clone):
    name = f"PYTHON={python(clone)}"
    make(clone, "lab", name, "PORT=8890", "BROWSER=no")
    (lab,) = [call for call in calls(clone) if "jupyterlab" in call]
    assert "--port=8890" in lab and "--no-browser" in lab
    assert ("--allow-root" in lab) == (os.getuid() == 0)
    assert "token" not in lab and "--ip" not in lab
    make(clone, "lab", name)
    (lab,) = [call for call in calls(clone) if "jupyterlab" in call]
    assert "--port" not in lab and "--no-browser" not in lab


def test_lab_with_gpu_installs_cuda_once_at_the_pinned_version(clone):
    name = f"PYTHON={python(clone)}"
    make(clone, "lab", name, "GPU=1")
    pin = next(line for line in requirements() if line.startswith("tensorflow=="))
    wanted = pin.replace("tensorflow", "tensorflow[and-cuda]")
    assert f"-m pip install --disable-pip-version-check {wanted}" in calls(clone)
    make(clone, "lab", name, "GPU=1")
    assert not any("install" in call for call in calls(clone))


def test_a_dry_run_works_in_a_fresh_clone(clone):
    result = make(clone, "-n", "lab")
    assert result.returncode == 0, result.stderr
    assert "-m jupyterlab" in result.stdout
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("nbval_exit", ["0", "1"])
def test_test_runs_three_groups_and_removes_its_folder(clone, nbval_exit):
    write_notebooks(clone)
    name = f"PYTHON={python(clone)}"
    result = make(clone, "test", name, NBVAL_EXIT=nbval_exit)
    assert (result.returncode == 0) == (nbval_exit == "0"), result.stderr
    ran = [call for call in calls(clone) if not call.startswith("-m pip")]
    first_words = [" ".join(call.split()[:3]) for call in ran]
    assert first_words[:4] == [
        "-m ruff format",
        "-m ruff check",
        "-m pytest tests",
        "-m pytest --nbval",
    ]
    home, settings = re.fullmatch(r"home (\S+) (.+)", ran[4]).groups()
    assert settings == "quick miniature"
    assert not Path(home).exists()
    for number in "123":
        assert f"Tests {number}/3" in result.stdout


def test_soak_runs_its_own_tests_and_sets_their_length(clone):
    make(clone, "setup", f"PYTHON={python(clone)}")
    calls(clone)
    assert "COURSE_SOAK=1" in make(clone, "-n", "soak").stdout
    make(clone, "soak")
    assert calls(clone) == ["-m pytest tests/soak"]


@pytest.mark.parametrize("pattern", ["notebooks", "notebooks/solutions"])
def test_test_fails_where_there_is_no_notebook(clone, pattern):
    write_notebooks(clone)
    (clone / pattern / "01_name.ipynb").unlink()
    result = make(clone, "test", f"PYTHON={python(clone)}")
    assert result.returncode != 0
    assert f"{pattern}/*.ipynb" in result.stderr


def test_requirements_are_exact_and_end_in_the_package():
    *pins, last = requirements()
    assert last == "-e ."
    for pin in pins:
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", pin), pin
    text = (ROOT / "requirements.txt").read_text()
    assert "http" not in text and "index-url" not in text


def test_every_dependency_is_pinned_inside_its_range():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ranges = project["dependencies"] + project["optional-dependencies"]["dev"]
    ranges = [Requirement(text) for text in ranges]
    pins = {
        canonicalize_name(name): version
        for name, version in (pin.split("==") for pin in requirements()[:-1])
    }
    assert {canonicalize_name(wanted.name) for wanted in ranges} == set(pins)
    for wanted in ranges:
        assert pins[canonicalize_name(wanted.name)] in wanted.specifier, wanted
