"""The lessons' own notebooks in JupyterLab: opened, run, and their widgets played with.

One test for each lesson, since to run its cells takes longer than to play.
"""

import shutil

import pytest
from course_utils.runtime import ROOT
from lab import CHROMIUM, browser_page, complaints, jupyterlab, open_notebook, run_all
from playing import (
    play_class_blend,
    play_digit_picker,
    play_patch_lens,
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
}


@pytest.mark.parametrize("lesson", PLAYS)
def test_a_learner_runs_a_lesson_and_plays(lesson, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "course_utils").symlink_to(ROOT / "course_utils")
    for name, value in (ENVIRONMENT | {"COURSE_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "notebooks"
    with jupyterlab(folder, tmp_path) as url, browser_page(url) as page:
        open_notebook(page, url, f"{lesson}.ipynb")
        run_all(page, seconds=300)
        for play in PLAYS[lesson]:
            play(page)
            assert complaints(page) == []
