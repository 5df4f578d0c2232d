"""The lessons in JupyterLab, as a learner opens them who has no time to train.

Each `play_…` uses a widget with mouse and keys. Places on a canvas are given for
256 × 256 pixels.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from course_utils.data import LABELS
from lab import NEEDS_BROWSER, run_all
from PIL import Image

pytestmark = NEEDS_BROWSER
LEFT_OUT = {"Training", "What goes wrong", "Exercises"}  # nbval runs them
IS_THERE = "image => image.complete && image.naturalWidth > 100"
ANOTHER_IS_THERE = """([image, before]) =>
  image.src !== before && image.complete && image.naturalWidth > 0"""
PIXELS = """image => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL();
}"""
COUNT = """(canvas, colour) => {
  const context = canvas.getContext('2d');
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4)
    count += colour.every((value, part) => data[at + part] === value);
  return count;
}"""
STANDS = """element => {
  const {left, top, width, height} = element.getBoundingClientRect();
  const around = element.parentElement.getBoundingClientRect();
  return [left - around.left, top - around.top, width, height].map(Math.round);
}"""


def panel_of(page, kind: str):
    """Return the first widget of this kind, when it is there."""
    panel = page.locator(f".{kind}").first
    panel.wait_for()
    panel.scroll_into_view_if_needed()
    return panel


def button(panel, name: str, row: int = 0):
    """Return a button by what is written on it, in the row of that number."""
    return panel.get_by_role("button", name=name, exact=True).nth(row)


def chosen(panel) -> list[str]:
    """Return what is written on the marked buttons."""
    return panel.locator("button:is(.mod-active, .mod-primary)").all_inner_texts()


def after(page, panel, act: Callable, *arguments) -> str:
    """Return the pixels of the picture that comes, in its place, when one acts."""
    image = panel.locator("img").element_handle()
    before, place = image.get_property("src").json_value(), image.evaluate(STANDS)
    act(*arguments)
    page.wait_for_function(ANOTHER_IS_THERE, arg=[image, before])
    assert image.evaluate(STANDS) == place
    return image.evaluate(PIXELS)


def count(canvas, colour: tuple) -> int:
    """Return how many pixels of a canvas have exactly this colour."""
    return canvas.evaluate(COUNT, list(colour))


def pull(page, canvas, start: tuple, end: tuple) -> None:
    """Drag from the middle of one pixel (x, y) to that of another; to itself, click."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    (x, y), (right, low) = (
        (
            box["x"] + (a + 0.5) * box["width"] / 256,
            box["y"] + (b + 0.5) * box["height"] / 256,
        )
        for a, b in (start, end)
    )
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(right, low, steps=6)
    page.mouse.up()


def upload(page, panel, name: str, data: bytes) -> None:
    """Choose a file of this name with the button for it."""
    with page.expect_file_chooser() as chooser:
        button(panel, "upload").click()
    chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": data})


def download(page, panel) -> None:
    """Download the picture, which is a PNG."""
    with page.expect_download() as file:
        panel.get_by_text("download").click()
    assert Path(file.value.path()).read_bytes().startswith(b"\x89PNG")


def play_digit_picker(page) -> None:
    """Choose digits and new noise, by mouse and by keys."""
    panel, press = panel_of(page, "digit-picker"), page.keyboard.press
    two = after(page, panel, button(panel, "2").click)
    assert chosen(panel) == ["2"]
    three = after(page, panel, button(panel, "3").click)
    assert after(page, panel, button(panel, "2").click) == two != three
    press("Tab")
    assert after(page, panel, press, "Enter") == three and chosen(panel) == ["3"]
    button(panel, "new noise").focus()
    other = after(page, panel, press, "Space")
    assert other != three and chosen(panel) == ["3"]


def play_class_blend(page) -> None:
    """Choose two digits and go from one to the other, by mouse and by keys."""
    panel, press = panel_of(page, "class-blend"), page.keyboard.press
    start = after(page, panel, button(panel, "1").click)
    button(panel, "6", row=1).click()
    panel.locator(".noUi-handle").focus()
    drawn = {start, after(page, panel, press, "ArrowRight")}
    drawn.add(after(page, panel, press, "End"))
    assert len(drawn) == 3 and chosen(panel) == ["1", "6"]
    assert after(page, panel, press, "Home") == start
    assert after(page, panel, button(panel, "new noise").click) not in drawn


def play_time_machine(page) -> None:
    """Go through the moments, three or more, to the end and back to the first."""
    panel, press = panel_of(page, "time-machine"), page.keyboard.press
    panel.locator(".noUi-handle").focus()
    second = after(page, panel, press, "ArrowRight")
    last = after(page, panel, press, "End")
    first = after(page, panel, press, "Home")
    assert len({first, second, last}) == 3


def play_sketch_pad(page) -> None:
    """Draw, rub out, take back and clear, by mouse and by keys."""
    panel, black = panel_of(page, "sketch-pad"), (0, 0, 0)
    canvas, press = panel.locator("canvas"), page.keyboard.press
    for start in panel.locator(".cu-start").all()[1:]:
        after(page, panel, start.click)
    empty = after(page, panel, button(panel, "clear").click)
    whole = count(canvas, (255, 255, 255))
    assert whole == canvas.evaluate("canvas => canvas.width * canvas.height")
    line = after(page, panel, pull, page, canvas, (20, 200), (230, 200))
    thin = count(canvas, black)
    assert chosen(panel) == ["pen"] and 0 < thin < 0.02 * whole
    button(panel, "eraser").click()
    after(page, panel, pull, page, canvas, (0, 200), (120, 200))
    assert 0 < count(canvas, black) < thin
    button(panel, "undo").focus()
    assert after(page, panel, press, "Enter") == line
    button(panel, "pen").click()
    panel.get_by_label("width").focus()
    press("End")
    after(page, panel, pull, page, canvas, (20, 100), (230, 100))
    assert count(canvas, black) > 5 * thin
    assert after(page, panel, button(panel, "clear").click) == empty


def play_own_picture(page) -> None:
    """Upload a picture, and a file that is none; download, and take back."""
    panel, black = panel_of(page, "sketch-pad"), (0, 0, 0)
    canvas = panel.locator("canvas")
    empty = after(page, panel, button(panel, "clear").click)
    whole = canvas.evaluate("canvas => canvas.width * canvas.height")
    after(page, panel, upload, page, panel, "mine.png", png_of_a_dark_half())
    assert 0.4 * whole < count(canvas, black) <= 0.5 * whole
    upload(page, panel, "text.png", b"no picture")
    panel.get_by_role("alert").filter(has_text="text.png could not be read").wait_for()
    assert count(canvas, black) > 0.4 * whole
    download(page, panel)
    assert after(page, panel, button(panel, "undo").click) == empty
    panel.get_by_role("alert").filter(has_text="text.png").wait_for(state="detached")


def png_of_a_dark_half() -> bytes:
    """Return a large picture file, black below, and above so transparent as can be."""
    picture, file = Image.new("RGBA", (1500, 1000), (0, 0, 0, 0)), io.BytesIO()
    picture.paste("black", (0, 500, 1500, 1000))
    picture.save(file, "png")
    return file.getvalue()


def play_plan_editor(page) -> None:
    """Paint, move, choose, delete, take back and start anew, by mouse and by keys."""
    panel, press = panel_of(page, "plan-editor"), page.keyboard.press
    canvas, window, door = panel.locator("canvas"), LABELS["window"], LABELS["door"]
    for start in panel.locator(".cu-start").all()[1:]:
        after(page, panel, start.click)
    bare = after(page, panel, button(panel, "clear").click)
    assert count(canvas, LABELS["facade"]) == 256 * 256
    button(panel, "window").click()
    after(page, panel, pull, page, canvas, (64, 32), (103, 79))
    assert chosen(panel) == ["window"] and count(canvas, window) == 40 * 48
    button(panel, "door").click()
    both = after(page, panel, pull, page, canvas, (160, 128), (207, 223))
    after(page, panel, pull, page, canvas, (180, 200), (100, 60))  # onto the window
    assert count(canvas, door) == 48 * 96 and count(canvas, window) < 40 * 48
    assert after(page, panel, button(panel, "undo").click) == both

    assert button(panel, "delete").is_disabled()
    pull(page, canvas, (84, 60), (84, 60))
    assert chosen(panel) == ["window"] and count(canvas, window) == 40 * 48
    after(page, panel, press, "ArrowRight")
    after(page, panel, press, "Shift+ArrowDown")
    assert count(canvas, window) == 40 * 49
    alone = after(page, panel, press, "Delete")
    assert count(canvas, window) == 0 and count(canvas, door) == 48 * 96
    after(page, panel, press, "Enter")
    assert count(canvas, window) == 33 * 33
    assert after(page, panel, button(panel, "delete").click) == alone
    download(page, panel)
    assert after(page, panel, button(panel, "clear").click) == bare


def play_patch_lens(page) -> None:
    """Choose a corner of the maps, and go on with the arrow keys, up to the border."""
    panel = panel_of(page, "patch-lens")
    maps, frames = panel.locator(".lens-map"), panel.locator(".lens-map .lens-frame")
    maps.first.click(position={"x": 2, "y": 2})
    panel.get_by_text("Row 0, column 0: ").wait_for()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowUp")
    line = panel.get_by_text("Row 0, column 2: ")
    assert "the rest is hatched" in line.inner_text()
    one, other = (frame.evaluate(STANDS) for frame in frames.all()[:2])
    assert one == other and one[0] > one[1] == 0


PLAYS = {
    "01_fashion_mnist_dcgan": (),
    "02_mnist_gan_vs_cgan": (play_digit_picker, play_class_blend, play_time_machine),
    "03_sketch2pokemon_pix2pix": (play_sketch_pad, play_patch_lens),
    "04_facades_pix2pix": (play_plan_editor,),
    "05_horse2zebra_cyclegan": (play_own_picture,),
}


def leave_out_what_takes_long(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    kept, section = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            section = [section, *re.findall(r"(?m)^## (.+)$", cell.source)][-1]
        if cell.cell_type == "markdown" or section not in LEFT_OUT:
            kept.append(cell)
    notebook.cells = kept
    nbformat.write(notebook, path)


@pytest.mark.parametrize("lesson", PLAYS)
def test_a_lesson_opens_runs_and_its_widgets_answer(lab, lesson):
    if lesson[:2] > "02":  # the first two show what their own training has made
        leave_out_what_takes_long(lab.notebooks / f"{lesson}.ipynb")
    with lab.open(f"{lesson}.ipynb") as page:
        assert page.locator(".jp-Notebook h1").first.inner_text()
        cover = page.locator(".jp-MarkdownOutput img").first
        page.wait_for_function(IS_THERE, arg=cover.element_handle())
        run_all(page)
        for play in PLAYS[lesson]:
            play(page)
        assert page.faults == []
