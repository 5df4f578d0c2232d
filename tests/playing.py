"""Playing with the widgets of an open page as a learner does, with mouse and keys.

Each `play_…` is for a page on which one such widget was made. It fails when a picture
does not answer, answers wrongly, vanishes for a moment, or changes its place or size.
"""

import contextlib
from collections.abc import Callable, Iterator

WATCH = """panel => {
  const seen = panel.watched = {boxes: new Set(), faults: []};
  const look = () => {
    const images = panel.querySelectorAll('img');
    if (images.length !== 1) return seen.faults.push(`${images.length} pictures`);
    const box = images[0].getBoundingClientRect();
    if (!box.width || !box.height) return seen.faults.push('an empty picture');
    const all = panel.getBoundingClientRect();
    const numbers = [box.left - all.left, box.top - all.top, box.width, box.height];
    seen.boxes.add(numbers.map(Math.round).join(' '));
  };
  const frame = () => { if (panel.watched === seen) { look(); seen.next(frame); } };
  seen.next = requestAnimationFrame.bind(window);
  seen.observer = new MutationObserver(look);
  seen.observer.observe(panel, {attributes: true, childList: true, subtree: true});
  frame();
}"""
SEEN = """panel => {
  const {boxes, faults, observer} = panel.watched;
  observer.disconnect();
  panel.watched = null;
  return {boxes: [...boxes], faults};
}"""
PIXELS = """image => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL();
}"""
ANOTHER_IS_THERE = """([image, before]) =>
  image.src !== before && image.complete && image.naturalWidth > 0"""


@contextlib.contextmanager
def still(page, kind: str) -> Iterator:
    """Give the widget of this kind; its picture must be there, in its place, always."""
    panel = page.locator(f".{kind}")
    panel.locator("img").wait_for()
    panel.scroll_into_view_if_needed()
    panel.evaluate(WATCH)
    yield panel
    seen = panel.evaluate(SEEN)
    assert seen["faults"] == [] and len(seen["boxes"]) == 1, seen


def pixels(panel) -> str:
    """Return the picture's pixels as a string that two equal pictures share."""
    return panel.locator("img").evaluate(PIXELS)


def after(page, panel, act: Callable, *arguments) -> str:
    """Return the pixels of the picture that comes when something is done."""
    image = panel.locator("img").element_handle()
    before = image.get_property("src").json_value()
    act(*arguments)
    page.wait_for_function(ANOTHER_IS_THERE, arg=[image, before], timeout=20_000)
    return pixels(panel)


def button(panel, name: str, row: int = 0):
    """Return a button by what is written on it, in the row of that number."""
    return panel.get_by_role("button", name=name, exact=True).nth(row)


def chosen(panel) -> list[str]:
    """Return what is written on the marked buttons."""
    return panel.locator("button.mod-primary").all_inner_texts()


def play_digit_picker(page, *, digits: str = "2345") -> None:
    """Choose digits and new noise, by mouse first, then by Tab, Enter and Space.

    The digits are neighbours, and the first is not the one that is chosen already.
    """
    first, second, third, fourth = digits
    with still(page, "digit-picker") as panel:
        by_mouse = after(page, panel, button(panel, first).click)
        assert chosen(panel) == [first]
        again = button(panel, "new noise")
        other_noise = after(page, panel, again.click)
        assert other_noise != by_mouse and chosen(panel) == [first]

        other_digit = after(page, panel, button(panel, second).click)
        assert chosen(panel) == [second]
        assert after(page, panel, button(panel, first).click) == other_noise

        page.keyboard.press("Tab")
        assert after(page, panel, page.keyboard.press, "Enter") == other_digit
        page.keyboard.press("Tab")
        drawn = {other_noise, other_digit}
        drawn.add(after(page, panel, page.keyboard.press, "Space"))
        assert chosen(panel) == [third]
        page.keyboard.press("Tab")
        drawn.add(after(page, panel, page.keyboard.press, "Enter"))
        assert chosen(panel) == [fourth] and len(drawn) == 4

        while not again.evaluate("button => button === document.activeElement"):
            page.keyboard.press("Tab")
        drawn.add(after(page, panel, page.keyboard.press, "Enter"))
        drawn.add(after(page, panel, page.keyboard.press, "Space"))
        assert chosen(panel) == [fourth] and len(drawn) == 6


def play_class_blend(page, *, start: str = "1", end: str = "6") -> None:
    """Choose two digits and go from one to the other, by keys and by dragging.

    The share is 0 at first, and `start` is not the digit that is chosen already.
    """
    with still(page, "class-blend") as panel:
        pure = after(page, panel, button(panel, start).click)
        button(panel, end, row=1).click()  # at share 0 its picture is the same
        handle = panel.locator(".noUi-handle")
        handle.focus()
        drawn = [pure, after(page, panel, page.keyboard.press, "ArrowRight")]
        drawn.append(after(page, panel, page.keyboard.press, "End"))
        assert chosen(panel) == [start, end]
        drawn.append(after(page, panel, drag, page, handle, -60))
        assert len(set(drawn)) == 4
        assert after(page, panel, page.keyboard.press, "Home") == pure
        assert after(page, panel, button(panel, "new noise").click) not in drawn


def play_time_machine(page) -> None:
    """Go through the moments, three or more, to the end and back to the first."""
    with still(page, "time-machine") as panel:
        first = pixels(panel)
        panel.locator(".noUi-handle").focus()
        second = after(page, panel, page.keyboard.press, "ArrowRight")
        last = after(page, panel, page.keyboard.press, "End")
        assert len({first, second, last}) == 3
        assert after(page, panel, page.keyboard.press, "Home") == first


def drag(page, handle, pixels: int) -> None:
    """Drag a slider's handle so many pixels to the right."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=4)
    page.mouse.up()
