"""The lessons' cells in any order, and again and again: a learner does as they like."""

import re
from concurrent.futures import ThreadPoolExecutor

import nbformat
import numpy as np
import pytest
from course_utils.runtime import ROOT
from nbclient import NotebookClient
from often import LONG

LESSONS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
pytestmark = pytest.mark.skipif(
    not LONG, reason="every lesson runs five times: part of make soak"
)


@pytest.fixture
def run(monkeypatch):
    """A function that runs cells in a new kernel, with a folder as COURSE_HOME."""

    def run_in(folder, codes):
        monkeypatch.setenv("COURSE_HOME", str(folder))
        return outputs_of(codes)

    monkeypatch.setenv("COURSE_RUN", "quick")
    monkeypatch.setenv("COURSE_DATA", "miniature")
    return run_in


def outputs_of(codes: list[str]) -> list[list]:
    """Return the outputs of cells that run in this order in a new kernel."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    notebook = nbformat.v4.new_notebook(cells=cells)
    place = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=300, resources=place, allow_errors=True).execute()
    return [cell.outputs for cell in cells]


def cells_of(lesson) -> list[str]:
    """Return the code of a notebook, cell by cell."""
    notebook = nbformat.read(lesson, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def shown(outputs: list) -> list[str]:
    """Return what a learner sees, but for progress bars, warnings, names of objects."""
    said, seen = "", []
    for output in outputs:
        data = output.get("data", {})
        if output.get("name") == "stdout":
            said += output["text"]
        elif data:
            text = data.get("image/png") or data.get("text/plain", "")
            seen.append(re.sub(r"0x[0-9a-f]+", "", text))
    said = re.sub(r"\r[^\r\n]*(?=\r)", "", said)  # what a bar wrote over
    return [*said.replace("\r", "").splitlines(), *seen]


def errors(codes: list[str], outputs: list[list]) -> list[str]:
    """Return what failed, each as the first line of its cell, and the error."""
    return [
        f"{code.splitlines()[0]}: {output.ename}: {output.evalue}"
        for code, several in zip(codes, outputs, strict=True)
        for output in several
        if output.output_type == "error"
    ]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem[:2])
def test_any_cell_may_run_again_and_a_second_run_shows_the_same(lesson, tmp_path, run):
    codes = cells_of(lesson)
    order = np.random.default_rng(0).permutation(len(codes))
    odd = [*codes, *(codes[number] for number in order)]
    first = run(tmp_path / "first", odd)
    assert errors(odd, first) == []
    second = run(tmp_path / "second", codes)
    for code, one, other in zip(codes, first, second, strict=False):
        assert shown(one) == shown(other), code


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem[:2])
def test_two_kernels_may_run_a_lesson_at_once(lesson, tmp_path, run):
    codes = cells_of(lesson)
    with ThreadPoolExecutor(2) as both:
        several = [both.submit(run, tmp_path / "home", codes) for _ in range(2)]
    for one in several:
        assert errors(codes, one.result()) == []
