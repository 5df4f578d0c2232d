"""The lessons' cells in any order, and again and again: a learner does as they like."""

import re

import nbformat
import numpy as np
import pytest
from course_utils.runtime import ROOT
from nbclient import NotebookClient
from often import LONG

LESSONS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
pytestmark = pytest.mark.skipif(
    not LONG, reason="every lesson runs three times: part of make soak"
)


def run(codes: list[str], folder, monkeypatch) -> list[list]:
    """Return the outputs of cells that run in this order in a new kernel."""
    for name, value in (("RUN", "quick"), ("DATA", "miniature"), ("HOME", str(folder))):
        monkeypatch.setenv(f"COURSE_{name}", value)
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    notebook = nbformat.v4.new_notebook(cells=cells)
    place = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=300, resources=place, allow_errors=True).execute()
    return [cell.outputs for cell in cells]


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


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem[:2])
def test_any_cell_may_run_again_and_a_second_run_shows_the_same(
    lesson, tmp_path, monkeypatch
):
    notebook = nbformat.read(lesson, as_version=4)
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    order = np.random.default_rng(0).permutation(len(codes))
    odd = [*codes, *(codes[number] for number in order)]
    first = run(odd, tmp_path / "first", monkeypatch)
    errors = [
        f"{code.splitlines()[0]}: {output.ename}: {output.evalue}"
        for code, outputs in zip(odd, first, strict=True)
        for output in outputs
        if output.output_type == "error"
    ]
    assert errors == []
    second = run(codes, tmp_path / "second", monkeypatch)
    for code, one, other in zip(codes, first, second, strict=False):
        assert shown(one) == shown(other), code
