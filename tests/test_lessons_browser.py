"""The lessons' own notebooks in JupyterLab: opened, run, and their widgets played with.

One test for each lesson, since to run its cells takes longer than to play. They are run
as a learner runs them who has five minutes: all but *Training*.
"""

import re
import shutil

import nbformat
import pytest
from course_utils.runtime import ROOT
from lab import CHROMIUM, browser_page, complaints, jupyterlab, open_notebook, run_all
from playing import (
    play_class_blend,
    play_digit_picker,
    play_patch_lens,
    play_plan_editor,
    play_sketch_pad,
    play_time_machine,
)

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
ENVIRONMENT = {"COURSE_RUN": "quick", "COURSE_DATA": "miniature"}
PLAYS = {
    "02_mnist_gan_vs_cgan": (play_digit_picker, play_class_blend, play_time_machine),
    "03_sketch2pokemon_pix2pix": (play_sketch_pad, play_time_machine, play_patch_lens),
    "04_facades_pix2pix": (play_plan_editor, play_time_machine, play_patch_lens),
    "05_horse2zebra_cyclegan": (play_sketch_pad, play_time_machine),
}


def leave_out_training(path):
    notebook = nbformat.read(path, as_version=4)
    kept, section = [], ""
    for cell in notebook.cells:
        headings = re.findall(r"^## (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and headings:
            section = headings[-1]
        if section != "Training" or cell.cell_type == "markdown":
            kept.append(cell)
    assert len(kept) < len(notebook.cells)
    notebook.cells = kept
    nbformat.write(notebook, path)


@pytest.mark.parametrize("lesson", PLAYS)
def test_a_learner_without_time_to_train_runs_a_lesson_and_plays(
    lesson, tmp_path, monkeypatch
):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "course_utils").symlink_to(ROOT / "course_utils")
    for name, value in (ENVIRONMENT | {"COURSE_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "notebooks"
    leave_out_training(folder / f"{lesson}.ipynb")
    with jupyterlab(folder, tmp_path) as url, browser_page(url) as page:
        open_notebook(page, url, f"{lesson}.ipynb")
        run_all(page, seconds=300)
        for play in PLAYS[lesson]:
            play(page)
            assert complaints(page) == []
