"""The sketch pad in JupyterLab, drawn on with mouse, keyboard and finger."""

import io

import numpy as np
import pytest
from lab import CHROMIUM, complaints, notebook_page
from PIL import Image
from playing import after, button, ink, pixels, play_sketch_pad, still, stroke, upload

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
CELL = """
import course_utils as cu
import numpy as np

def generator(images, training):
    if images[0, :8, :8].max() < 0:
        raise ValueError("the corner is black")
    colours = np.linspace(-1, 1, images.shape[2])[:, None] * [1, -1, 0.5]
    return np.where(images < 0, -1, 0.6 * images + 0.4 * colours)

sketches = np.full((5, 256, 256, 1), 255, np.uint8)
for number, sketch in enumerate(sketches):
    sketch[60 : 200, 60 : 80 + 20 * number : 4] = 0
cu.widgets.sketch_pad(generator, sketches=sketches)
"""
ALL_LINES_ARE_BLACK = """([image, sheet]) => {
  const count = (picture, darkest) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 256;
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const {data} = context.getImageData(0, 0, 256, 256);
    return data.filter((value, place) => place % 4 === 0 && value < darkest).length;
  };
  return image.complete && count(image, 1) === count(sheet, 128);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with a sketch pad, whose cell has run."""
    with notebook_page(tmp_path_factory.mktemp("lab"), [CELL]) as page:
        yield page


def test_a_learner_draws_and_sees_it_coloured(page):
    play_sketch_pad(page)
    assert complaints(page) == []


def test_a_finger_draws_as_well(page):
    with still(page, "sketch-pad") as panel:
        sheet = panel.locator("canvas")
        after(page, panel, button(panel, "clear").click)
        after(page, panel, swipe, page, sheet)
        assert ink(sheet) > 300
        scrolled = page.evaluate("document.scrollingElement.scrollTop")
        assert scrolled == 0 and complaints(page) == []


def swipe(page, sheet) -> None:
    """Draw a line with a finger from left to right."""
    box = sheet.bounding_box()
    session = page.context.new_cdp_session(page)
    for step in range(10):
        kind = "touchMove" if step else "touchStart"
        place = {"x": box["x"] + 30 + 30 * step, "y": box["y"] + 90}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_many_quick_strokes_end_in_the_picture_of_all_of_them(page):
    with still(page, "sketch-pad") as panel:
        sheet, image = panel.locator("canvas"), panel.locator("img")
        after(page, panel, button(panel, "clear").click)
        for number in range(8):
            stroke(page, sheet, (0.1 * number, 0.3), (0.1 * number + 0.1, 0.7))
        both = [image.element_handle(), sheet.element_handle()]
        page.wait_for_function(ALL_LINES_ARE_BLACK, arg=both)
        assert ink(sheet) > 8 * 100 and complaints(page) == []


def test_a_photo_of_some_megabytes_arrives_and_a_larger_one_is_refused(page):
    noise = np.random.default_rng(0).integers(0, 256, (1500, 1700, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "png", compress_level=0)
    photo = file.getvalue()
    assert 7.5e6 < len(photo) < 8e6
    with still(page, "sketch-pad") as panel:
        after(page, panel, upload, page, panel, "photo.png", photo)
        upload(page, panel, "large.png", photo + bytes(1_000_000))
        panel.get_by_role("alert").filter(has_text="large.png has 8.7 MB").wait_for()
        assert complaints(page) == []


def test_a_generator_that_fails_is_said_and_undo_goes_on(page):
    with still(page, "sketch-pad") as panel:
        sheet, before = panel.locator("canvas"), pixels(panel)
        for row in range(8):
            stroke(page, sheet, (0.0, row / 200), (0.1, row / 200))
        panel.get_by_role("alert").filter(has_text="the corner is black").wait_for()
        button(panel, "clear").click()
        panel.get_by_role("alert").wait_for(state="detached")
        assert pixels(panel) != before and complaints(page) == []
