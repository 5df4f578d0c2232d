"""Lesson 2's own notebook in JupyterLab: opened, run, and its widgets played with."""

import shutil

import pytest
from course_utils.runtime import ROOT
from lab import CHROMIUM, browser_page, complaints, jupyterlab, open_notebook, run_all
from playing import play_class_blend, play_digit_picker, play_time_machine

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
LESSON = "02_mnist_gan_vs_cgan.ipynb"
ENVIRONMENT = {"COURSE_RUN": "quick", "COURSE_DATA": "miniature"}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of the lesson, all of whose cells have run."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "course_utils").symlink_to(ROOT / "course_utils")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (ENVIRONMENT | {"COURSE_HOME": str(folder)}).items():
            patch.setenv(name, value)
        with jupyterlab(folder / "notebooks", folder) as url, browser_page(url) as page:
            open_notebook(page, url, LESSON)
            run_all(page, seconds=300)
            yield page


def test_the_digit_picker_draws_what_is_asked(page):
    play_digit_picker(page)
    assert complaints(page) == []


def test_two_digits_are_blended(page):
    play_class_blend(page)
    assert complaints(page) == []


def test_the_time_machine_goes_through_the_epochs(page):
    play_time_machine(page)
    assert complaints(page) == []
