"""Lesson 4's long training, as its reader lives it: stopped, a new kernel, gone on."""

import nbformat
from course_utils.runtime import ROOT
from nbclient import NotebookClient

LESSON = ROOT / "notebooks" / "04_facades_pix2pix.ipynb"
HALF, ALL = 'train("pix2pix", EPOCHS // 2)', 'train("pix2pix", EPOCHS)'
SEES_JITTER = "print(batches.augment is jittered)"
FACTS = "print(history.epochs, len(history), *history['g_loss'][:3])"


def run(last: str, *extra: str) -> str:
    """Return what the last cells print, of all up to one, and more, in a new kernel."""
    notebook = nbformat.read(LESSON, as_version=4)
    codes = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    (end,) = [number for number, code in enumerate(codes) if last in code]
    codes = [*codes[: end + 1], *extra]
    notebook.cells = [nbformat.v4.new_code_cell(code) for code in codes]
    place = {"metadata": {"path": str(LESSON.parent)}}
    NotebookClient(notebook, timeout=300, resources=place).execute()
    shown = [cell.outputs for cell in notebook.cells[-1 - len(extra) :]]
    return "".join(part.get("text", "") for outputs in shown for part in outputs)


def test_after_a_restart_the_training_goes_on_with_its_history(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "quick")
    monkeypatch.setenv("COURSE_DATA", "miniature")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    first = run(HALF, FACTS.replace("history", "begun"))
    assert "trained for 1 epoch, 24 steps" in first
    second = run(ALL, SEES_JITTER, FACTS)
    assert "\nTrue\n" in second
    assert "going on after epoch 1, step 24" in second
    assert "trained for 2 epochs, 48 steps" in second
    epochs, steps, *losses = second.splitlines()[-1].split()
    assert (epochs, steps) == ("2.0", "48")
    assert losses == first.splitlines()[-1].split()[2:]
