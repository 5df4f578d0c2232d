"""The PatchGAN lens in JupyterLab, looked through with mouse and keyboard."""

import pytest
from lab import CHROMIUM, complaints, notebook_page
from playing import after, looks_at, play_patch_lens, press_cell, still

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
CELLS = [
    """
import course_utils as cu
import numpy as np

pairs = cu.data.load("facades", "val", source="miniature", limit=1)
plan, house = pairs.inputs[0], pairs.targets[0]

def discriminator(inputs, targets, training):
    cells = targets[:, 4:244:8, 4:244:8].mean(-1, keepdims=True)
    return 4 * cells

named = {"real": (plan, house), "<b>generated</b>": (plan, 255 - house)}
lens = cu.widgets.patch_lens(discriminator, named)
lens
""",
    "lens.controls['cell'].value = (4, 25)",
]
ACTIVE = ".jp-Cell.jp-mod-active .jp-InputArea-editor"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with a lens, whose cells have run."""
    with notebook_page(tmp_path_factory.mktemp("lab"), CELLS) as page:
        yield page


def test_it_shows_the_cell_that_python_chose(page):
    with still(page, "patch-lens") as panel:
        looks_at(panel, (4, 25), size=256, cells=30)
        assert panel.locator(".lens-name").all_inner_texts() == [
            "real",
            "<b>generated</b>",
        ]
        assert complaints(page) == []


def test_a_learner_looks_at_patches_by_mouse_and_by_keys(page):
    play_patch_lens(page)
    assert complaints(page) == []


def test_the_columns_stand_above_each_other(page):
    with still(page, "patch-lens") as panel:
        image = panel.locator("img").bounding_box()
        for number in range(2):
            above = [
                panel.locator(kind).nth(number).bounding_box()
                for kind in (".lens-name", ".lens-picture", ".lens-map")
            ]
            assert {box["x"] for box in above} == {image["x"] + 260 * number}
        assert image["width"] == 500 and image["height"] == 240


def test_the_arrow_keys_stay_in_the_map(page):
    with still(page, "patch-lens") as panel:
        first = page.locator(ACTIVE).inner_text()
        after(page, panel, press_cell, panel.locator(".lens-map").first, (2, 2), 30)
        for _ in range(6):
            page.keyboard.press("ArrowUp")
        looks_at(panel, (0, 2), size=256, cells=30)
        assert page.locator(ACTIVE).inner_text() == first
        assert page.evaluate("document.scrollingElement.scrollTop") == 0
        assert complaints(page) == []
