"""Playing with the widgets of an open page as a learner does, with mouse and keys.

Each `play_…` is for a page on which one such widget was made. It fails when a picture
does not answer, answers wrongly, vanishes for a moment, or changes its place or size.
"""

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from course_utils.data.labels import LABELS

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
SHOWS = f"([image, pixels]) => ({PIXELS})(image) === pixels"
ANOTHER_IS_THERE = """([image, before]) =>
  image.src !== before && image.complete && image.naturalWidth > 0"""

SHEET = "canvas => canvas.toDataURL()"
INK = """canvas => {
  const context = canvas.getContext('2d');
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let place = 0; place < data.length; place += 4) count += data[place] < 128;
  return count;
}"""

AREA = """(canvas, colour) => {
  const [{width, height}, context] = [canvas, canvas.getContext('2d')];
  const {data} = context.getImageData(0, 0, width, height);
  const [xs, ys] = [[], []];
  for (let place = 0; place < width * height; place++) {
    if (colour.some((value, part) => data[4 * place + part] !== value)) continue;
    xs.push(place % width);
    ys.push(Math.floor(place / width));
  }
  const [left, top] = [xs, ys].map(list => list.reduce((a, b) => Math.min(a, b), 999));
  const [right, low] = [xs, ys].map(list => list.reduce((a, b) => Math.max(a, b), -1));
  return xs.length ? [left, top, right - left + 1, low - top + 1, xs.length] : null;
}"""

FRAMES = """panel => [...panel.querySelectorAll('.lens-frame')].map(frame => {
  const [inner, outer] = [frame, frame.parentElement].map(
    one => one.getBoundingClientRect());
  return [
    (inner.left - outer.left) / outer.width, (inner.top - outer.top) / outer.height,
    (inner.right - outer.left) / outer.width, (inner.bottom - outer.top) / outer.height,
  ];
})"""


@contextlib.contextmanager
def still(page, kind: str) -> Iterator:
    """Give the first widget of this kind; its picture must stay, and in its place."""
    panel = page.locator(f".{kind}").first
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
        page.keyboard.press("Home")  # while the last pictures of the drag may come
        image = panel.locator("img").element_handle()
        page.wait_for_function(SHOWS, arg=[image, pure], timeout=20_000)
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


def play_sketch_pad(page) -> None:
    """Draw, rub out, take back, clear, upload and download, by mouse and by keys."""
    with still(page, "sketch-pad") as panel:
        sheet = panel.locator("canvas")
        if ink(sheet):
            after(page, panel, button(panel, "clear").click)
        first = after(page, panel, stroke, page, sheet, (0.1, 0.8), (0.9, 0.9))
        assert ink(sheet) and chosen(panel) == ["pen"]
        lines, one_line = sheet.evaluate(SHEET), ink(sheet)
        second = after(page, panel, stroke, page, sheet, (0.5, 0.1), (0.2, 0.6))
        assert ink(sheet) > one_line and second != first
        assert after(page, panel, button(panel, "undo").click) == first
        assert sheet.evaluate(SHEET) == lines

        button(panel, "eraser").click()
        assert chosen(panel) == ["eraser"]
        after(page, panel, stroke, page, sheet, (0.0, 0.79), (0.5, 0.85))
        assert 0 < ink(sheet) < one_line
        button(panel, "undo").focus()
        assert after(page, panel, page.keyboard.press, "Enter") == first
        page.keyboard.press("Tab")
        empty = after(page, panel, page.keyboard.press, "Space")
        assert ink(sheet) == 0 and empty != first
        button(panel, "pen").click()
        width = panel.get_by_label("width")
        width.focus()
        page.keyboard.press("End")
        after(page, panel, stroke, page, sheet, (0.1, 0.8), (0.9, 0.9))
        assert ink(sheet) > 3 * one_line and width.input_value() == "40"
        width.focus()
        for key in ("Home", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        assert width.input_value() == "3"
        assert after(page, panel, button(panel, "clear").click) == empty

        after(page, panel, upload, page, panel, "mine.png", png_of_stripes())
        assert ink(sheet) and panel.get_by_role("alert").count() == 0
        striped, shown = sheet.evaluate(SHEET), pixels(panel)
        upload(page, panel, "mine.png", b"<svg>no picture</svg>")
        panel.get_by_role("alert").filter(has_text="mine.png could not be").wait_for()
        assert (sheet.evaluate(SHEET), pixels(panel)) == (striped, shown)
        with page.expect_download() as download:
            panel.get_by_text("download").click()
        assert download.value.suggested_filename == "generated.png"
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
        assert after(page, panel, button(panel, "undo").click) == empty
        panel.get_by_role("alert").wait_for(state="detached")
        for start in panel.locator(".sheet-start").all():
            after(page, panel, start.click)
            assert ink(sheet)


def play_plan_editor(page) -> None:
    """Paint, move, choose, delete, take back and start anew, by mouse and by keys.

    The sheet has 256 × 256 pixels.
    """
    with still(page, "plan-editor") as panel:
        sheet, press = panel.locator("canvas"), page.keyboard.press
        button(panel, "shop").click()
        after(page, panel, spread, page, sheet, (16, 16, 64, 64))
        bare = after(page, panel, button(panel, "clear").click)
        assert area(sheet, "facade") == [0, 0, 256, 256, 256 * 256]

        button(panel, "window").click()
        assert chosen(panel) == ["window"]
        window = after(page, panel, spread, page, sheet, (64, 32, 40, 48))
        assert area(sheet, "window") == [64, 32, 40, 48, 40 * 48]
        button(panel, "door").click()
        both = after(page, panel, spread, page, sheet, (160, 128, 48, 96))
        assert area(sheet, "door") == [160, 128, 48, 96, 48 * 96]
        assert len({bare, window, both}) == 3
        after(page, panel, pull, page, sheet, (180, 200), (100, 160))
        assert area(sheet, "door") == [80, 88, 48, 96, 48 * 96]
        assert after(page, panel, button(panel, "undo").click) == both
        assert area(sheet, "door") == [160, 128, 48, 96, 48 * 96]

        assert button(panel, "delete").is_disabled()
        pull(page, sheet, (84, 60), (84, 60))
        assert chosen(panel) == ["window"] and button(panel, "delete").is_enabled()
        after(page, panel, press, "ArrowRight")
        after(page, panel, press, "ArrowUp")
        after(page, panel, press, "Shift+ArrowDown")
        assert area(sheet, "window") == [65, 31, 40, 49, 40 * 49]
        alone = after(page, panel, press, "Delete")
        assert area(sheet, "window") is None and alone not in (bare, window, both)
        after(page, panel, press, "Enter")
        assert area(sheet, "window") == [112, 112, 33, 33, 33 * 33]
        assert after(page, panel, button(panel, "delete").click) == alone
        button(panel, "undo").focus()
        after(page, panel, press, "Enter")
        assert area(sheet, "window") == [112, 112, 33, 33, 33 * 33]

        with page.expect_download() as download:
            panel.get_by_text("download").click()
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
        assert after(page, panel, button(panel, "clear").click) == bare
        for start in panel.locator(".sheet-start").all():
            plan = after(page, panel, start.click)
            assert area(sheet, "facade") != [0, 0, 256, 256, 256 * 256]
            button(panel, "balcony").click()
            after(page, panel, spread, page, sheet, (8, 8, 24, 16))
            assert area(sheet, "balcony")[:2] == [8, 8]
            assert after(page, panel, button(panel, "undo").click) == plan


def play_patch_lens(page, *, size: int = 256, cells: int = 30) -> None:
    """Go into two corners of the maps and a step back, by mouse and by keys.

    The pictures have `size` pixels a side and the maps `cells`, four or more; patches
    reach beyond the border by more than the distance of two cells.
    """
    with still(page, "patch-lens") as panel:
        maps, last = panel.locator(".lens-map"), cells - 1
        corner = after(page, panel, press_cell, maps.first, (0, 0), cells)
        looks_at(panel, (0, 0), size=size, cells=cells)
        right = after(page, panel, page.keyboard.press, "ArrowRight")
        looks_at(panel, (0, 1), size=size, cells=cells)
        below = after(page, panel, page.keyboard.press, "ArrowDown")
        looks_at(panel, (1, 1), size=size, cells=cells)
        assert len({corner, right, below}) == 3
        assert after(page, panel, page.keyboard.press, "ArrowUp") == right
        for key in ("ArrowUp", "ArrowUp"):  # it is at the border already
            page.keyboard.press(key)
        assert after(page, panel, page.keyboard.press, "ArrowLeft") == corner

        other = after(page, panel, press_cell, maps.last, (last, last), cells)
        looks_at(panel, (last, last), size=size, cells=cells)
        page.keyboard.press("ArrowDown")
        assert after(page, panel, page.keyboard.press, "ArrowLeft") != other
        looks_at(panel, (last, last - 1), size=size, cells=cells)
        maps.first.focus()
        assert after(page, panel, page.keyboard.press, "ArrowRight") == other


def press_cell(map, cell: tuple, cells: int) -> None:
    """Click in the middle of a cell (row, column) of a map."""
    map.scroll_into_view_if_needed()
    box = map.bounding_box()
    row, column = ((at + 0.5) / cells for at in cell)
    map.click(position={"x": column * box["width"], "y": row * box["height"]})


def looks_at(panel, cell: tuple, *, size: int, cells: int) -> None:
    """Assert that the line names this cell, and that all frames are where it says."""
    row, column = cell
    line = panel.get_by_role("status").filter(has_text=f"row {row}, column {column}: ")
    line.wait_for()
    pixels = re.search(
        r"rows (\d+) to (\d+), columns (\d+) to (\d+)", line.inner_text()
    )
    top, low, left, right = map(int, pixels.groups())
    picture = [side / size for side in (left, top, right + 1, low + 1)]
    map_cell = [side / cells for side in (column, row, column + 1, row + 1)]
    frames = panel.evaluate(FRAMES)
    half = len(frames) // 2
    for frame, box in zip(frames, [picture] * half + [map_cell] * half, strict=True):
        assert max(abs(a - b) for a, b in zip(frame, box, strict=True)) < 0.01, frames


def area(sheet, label: str) -> list[int] | None:
    """Return where a label is on a plan: left, top, width, height, and its pixels."""
    return sheet.evaluate(AREA, LABELS[label])


def spread(page, sheet, box: tuple) -> None:
    """Drag over a box of pixels (left, top, width, height) on a sheet of 256 × 256."""
    left, top, width, height = box
    pull(page, sheet, (left, top), (left + width - 1, top + height - 1))


def pull(page, sheet, start: tuple, end: tuple) -> None:
    """Drag from the middle of one pixel to that of another; from one to itself, click.

    The sheet has 256 × 256 pixels.
    """
    places = [tuple((side + 0.5) / 256 for side in place) for place in (start, end)]
    stroke(page, sheet, *places)


def stroke(page, sheet, start: tuple, end: tuple) -> None:
    """Draw a line on a sheet; the places are shares of its width and height."""
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    places = [
        (box["x"] + x * box["width"], box["y"] + y * box["height"])
        for x, y in (start, end)
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=12)
    page.mouse.up()


def ink(sheet) -> int:
    """Return how many pixels of a sheet are dark."""
    return sheet.evaluate(INK)


def upload(page, panel, name: str, data: bytes) -> None:
    """Choose a file of this name with the button for it."""
    with page.expect_file_chooser() as chooser:
        button(panel, "upload").click()
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def png_of_stripes() -> bytes:
    """Return a picture file that is no square, is grey, and has sharp edges."""
    from PIL import Image

    picture = Image.new("L", (90, 60), 255)
    for x in range(20, 70, 10):
        picture.paste(0, (x, 15, x + 3, 45))
    file = io.BytesIO()
    picture.save(file, "png")
    return file.getvalue()


def drag(page, handle, pixels: int) -> None:
    """Drag a slider's handle so many pixels to the right."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=4)
    page.mouse.up()
