"""The plan editor in JupyterLab, painted on with mouse, keyboard and finger."""

import pytest
from course_utils.data.labels import LABELS
from lab import CHROMIUM, complaints, notebook_page
from playing import (
    after,
    area,
    button,
    chosen,
    pixels,
    play_plan_editor,
    pull,
    spread,
    still,
)

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
CELL = """
import course_utils as cu
import numpy as np

def generator(images, training):
    shop = (images == np.float32([175, 0, 0]) / 127.5 - 1).all(-1)
    if shop.mean() > 0.5:
        raise ValueError("the shop is too large")
    return images

plans = cu.data.load("facades", "val", source="miniature", limit=3).inputs
editor = cu.widgets.plan_editor(generator, plans=plans)
editor
"""
NEXT = """
plan = editor.controls["plan"]
plan.value = [*plan.value, [-9.6, 200, 40, 99.2, "shop"]]
"""
SHOWS_THE_SHEET = """([image, sheet]) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [sheet.width, sheet.height];
  canvas.getContext('2d').drawImage(image, 0, 0);
  return image.complete && canvas.toDataURL() === sheet.toDataURL();
}"""
ACTIVE = ".jp-Cell.jp-mod-active .jp-InputArea-editor"
BACKGROUND = "element => getComputedStyle(element).backgroundColor"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with a plan editor, whose cell has run; it notes what goes to Python."""

    def watch(page):
        page.updates = []
        page.on("websocket", lambda socket: socket.on("framesent", note(page)))

    folder = tmp_path_factory.mktemp("lab")
    with notebook_page(folder, [CELL, NEXT], watch=watch) as page:
        yield page


def note(page):
    """Return what keeps the states of widgets that are sent to Python."""

    def keep(frame) -> None:
        frame = frame.encode() if isinstance(frame, str) else frame
        if b"comm_msg" in frame and b'"update"' in frame:
            page.updates.append(frame)

    return keep


def shows_the_sheet(page, panel) -> None:
    """The picture, the plan as Python paints it, becomes that of the browser."""
    both = [panel.locator(tag).element_handle() for tag in ("img", "canvas")]
    page.wait_for_function(SHOWS_THE_SHEET, arg=both, timeout=20_000)


def test_the_first_plan_is_there_and_what_python_put_on_it(page):
    with still(page, "plan-editor") as panel:
        sheet = panel.locator("canvas")
        shows_the_sheet(page, panel)
        assert area(sheet, "shop") == [0, 200, 30, 56, 30 * 56]
        assert area(sheet, "window") and complaints(page) == []
        button(panel, "shop").click()
        after(page, panel, pull, page, sheet, (10, 210), (20, 110))
        assert area(sheet, "shop") == [10, 100, 30, 56, 30 * 56]


def test_a_learner_paints_and_sees_the_house(page):
    play_plan_editor(page)
    assert complaints(page) == []


def test_what_python_paints_is_what_the_browser_paints(page):
    with still(page, "plan-editor") as panel:
        sheet = panel.locator("canvas")
        for number, label in enumerate(("pillar", "door", "blind", "deco")):
            button(panel, label).click()
            spread(page, sheet, (40 * number, 20 * number, 60, 31))
        shows_the_sheet(page, panel)
        assert area(sheet, "deco") == [120, 60, 60, 31, 60 * 31]
        assert complaints(page) == []


def test_nothing_goes_to_python_during_a_drag_and_one_state_after_it(page):
    with still(page, "plan-editor") as panel:
        sheet = panel.locator("canvas")
        after(page, panel, button(panel, "clear").click)
        page.mouse.up()
        box, before = sheet.bounding_box(), len(page.updates)
        page.mouse.move(box["x"] + 50, box["y"] + 50)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 200, steps=40)
        assert panel.locator(".plan-frame").is_visible()
        assert len(page.updates) == before
        after(page, panel, page.mouse.up)
        assert len(page.updates) == before + 1 and complaints(page) == []


def test_a_click_picks_a_label_up_and_paints_nothing(page):
    with still(page, "plan-editor") as panel:
        sheet = panel.locator("canvas")
        after(page, panel, button(panel, "clear").click)
        button(panel, "door").click()
        after(page, panel, spread, page, sheet, (40, 40, 100, 100))
        button(panel, "window").click()
        inner = after(page, panel, spread, page, sheet, (60, 60, 40, 40))
        pull(page, sheet, (120, 120), (120, 120))
        assert chosen(panel) == ["door"] and pixels(panel) == inner
        after(page, panel, pull, page, sheet, (120, 120), (130, 110))
        assert area(sheet, "door")[:4] == [50, 30, 100, 100]
        assert area(sheet, "window")[:4] == [60, 60, 40, 40]
        pull(page, sheet, (4, 4), (4, 4))
        assert chosen(panel) == ["door"] and button(panel, "delete").is_disabled()
        shows_the_sheet(page, panel)
        assert complaints(page) == []


def test_a_rectangle_stays_on_the_sheet(page):
    with still(page, "plan-editor") as panel:
        sheet = panel.locator("canvas")
        after(page, panel, button(panel, "clear").click)
        button(panel, "sill").click()
        after(page, panel, pull, page, sheet, (200, 200), (400, 400))
        assert area(sheet, "sill") == [200, 200, 56, 56, 56 * 56]
        after(page, panel, pull, page, sheet, (220, 220), (-60, 60))
        assert area(sheet, "sill")[:4] == [0, 40, 56, 56]
        page.keyboard.press("ArrowLeft")
        assert area(sheet, "sill")[:4] == [0, 40, 56, 56]
        shows_the_sheet(page, panel)
        assert complaints(page) == []


def test_keys_stay_in_the_editor_and_a_held_one_is_one_change(page):
    with still(page, "plan-editor") as panel:
        sheet, active = panel.locator("canvas"), page.locator(ACTIVE)
        after(page, panel, button(panel, "clear").click)
        first = active.inner_text()
        one = after(page, panel, spread, page, sheet, (80, 80, 40, 40))
        before = len(page.updates)
        for _ in range(30):
            page.keyboard.down("ArrowDown")
        assert len(page.updates) == before
        after(page, panel, page.keyboard.up, "ArrowDown")
        assert area(sheet, "sill")[:4] == [80, 110, 40, 40]
        assert active.inner_text() == first and page.locator(".jp-Cell").count() == 2
        assert after(page, panel, button(panel, "undo").click) == one
        assert complaints(page) == []


def test_a_finger_paints_as_well(page):
    with still(page, "plan-editor") as panel:
        sheet = panel.locator("canvas")
        after(page, panel, button(panel, "clear").click)
        after(page, panel, swipe, page, sheet)
        left, top, width, height, count = area(sheet, "sill")
        assert width > 150 and height > 50 and count == width * height
        assert page.evaluate("document.scrollingElement.scrollTop") == 0
        assert complaints(page) == []


def swipe(page, sheet) -> None:
    """Drag a finger from the upper left to the lower right."""
    box = sheet.bounding_box()
    session = page.context.new_cdp_session(page)
    for step in range(10):
        kind = "touchMove" if step else "touchStart"
        place = {"x": box["x"] + 30 + 25 * step, "y": box["y"] + 90 + 10 * step}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_a_generator_that_fails_is_said_and_undo_goes_on(page):
    with still(page, "plan-editor") as panel:
        sheet, before = panel.locator("canvas"), pixels(panel)
        button(panel, "shop").click()
        spread(page, sheet, (0, 0, 256, 256))
        panel.get_by_role("alert").filter(has_text="the shop is too large").wait_for()
        assert pixels(panel) == before
        button(panel, "undo").click()
        panel.get_by_role("alert").wait_for(state="detached")
        shows_the_sheet(page, panel)
        assert complaints(page) == []


def test_the_palette_names_twelve_labels_in_their_colours(page):
    with still(page, "plan-editor") as panel:
        sheet, palette = panel.locator("canvas"), panel.locator(".plan-palette button")
        after(page, panel, button(panel, "clear").click)
        assert palette.all_inner_texts() == list(LABELS)
        for name, colour in LABELS.items():
            button(panel, name).click()
            assert chosen(panel) == [name]
            swatch = button(panel, name).locator(".plan-swatch")
            assert swatch.evaluate(BACKGROUND) == f"rgb{colour}"
            after(page, panel, spread, page, sheet, (20, 20, 30, 30))
            if name != "facade":
                assert area(sheet, name) == [20, 20, 30, 30, 900]
        assert complaints(page) == []
