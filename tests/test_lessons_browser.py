"""The lessons in JupyterLab, as a learner opens them who has no time to train."""

import re
import shutil

import nbformat
import pytest
from course_utils.runtime import ROOT
from lab import NEEDS_BROWSER, browser_page, jupyterlab, open_notebook, run_all
from playing import (
    play_class_blend,
    play_digit_picker,
    play_patch_lens,
    play_plan_editor,
    play_sketch_pad,
    play_time_machine,
)

pytestmark = NEEDS_BROWSER
PLAYS = {
    "01_fashion_mnist_dcgan": (),
    "02_mnist_gan_vs_cgan": (play_digit_picker, play_class_blend, play_time_machine),
    "03_sketch2pokemon_pix2pix": (play_sketch_pad, play_time_machine, play_patch_lens),
    "04_facades_pix2pix": (play_plan_editor, play_time_machine, play_patch_lens),
    "05_horse2zebra_cyclegan": (play_time_machine, play_sketch_pad),
}
IS_THERE = "image => image.complete && image.naturalWidth > 100"


def leave_out_training(path) -> None:
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
def test_a_lesson_opens_runs_and_its_widgets_answer(lesson, tmp_path, monkeypatch):
    folder = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    leave_out_training(folder / f"{lesson}.ipynb")
    monkeypatch.setenv("COURSE_RUN", "quick")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    with jupyterlab(folder, tmp_path) as url, browser_page(url) as page:
        open_notebook(page, url, f"{lesson}.ipynb")
        assert page.locator(".jp-Notebook h1").first.inner_text()
        cover = page.locator(".jp-MarkdownOutput img").first
        page.wait_for_function(IS_THERE, arg=cover.element_handle())
        run_all(page)
        for play in PLAYS[lesson]:
            play(page)
        assert page.faults == []
