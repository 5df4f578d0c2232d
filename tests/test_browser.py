"""The notebooks in a real browser, as a learner opens them."""

import re
import shutil

import pytest
from course_utils.runtime import ROOT
from lab import CHROMIUM, browser_page, jupyterlab, open_notebook

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the notebooks, so that nothing is written to them."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with jupyterlab(folder / "notebooks", folder) as url:
        yield url


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_opens_with_its_pictures_and_talks_to_nobody_else(lab, name):
    with browser_page(lab) as page:
        open_notebook(page, lab, name)
        assert page.locator(".jp-Notebook h1").first.inner_text()
        cover = page.locator(".jp-MarkdownOutput img").first
        page.wait_for_function("image => image.complete", arg=cover.element_handle())
        assert cover.evaluate("image => image.naturalWidth") > 100
        assert page.outside == []
        faults = [error for error in page.errors if not re.search("favicon", error)]
        assert faults == []
