"""Lesson 4's TensorBoard in JupyterLab: inside the notebook, with the logs."""

import nbformat
from build import code_cells, read_source
from lab import NEEDS_BROWSER, ROOT, run_all

pytestmark = NEEDS_BROWSER
LOG = """
import course_utils
import pathlib
import tensorflow as tf
from tensorboard import notebook, program

run_folder = pathlib.Path("a run")
writer = tf.summary.create_file_writer("a run/pix2pix/logs/fit/20260101-000000")
for step in range(1, 4):
    with writer.as_default(step=step):
        tf.summary.scalar("g_loss", 1 / step)
        tf.summary.image("plan, photo, generated", tf.zeros((1, 8, 24, 3)))
writer.close()
"""


def test_the_lesson_shows_scalars_and_pictures_inside_the_notebook(lab):
    lesson = read_source(ROOT / "notebooks/source/04_facades_pix2pix.py")
    (cell,) = (c for c in code_cells(lesson) if "TensorBoard()" in c.source)
    lesson.cells = [nbformat.v4.new_code_cell(LOG), cell]
    nbformat.write(lesson, lab.notebooks / "board.ipynb")
    with lab.open("board.ipynb") as page:
        run_all(page)
        board = page.frame_locator("iframe[id^=tensorboard-frame]")
        for text in ("g_loss", "plan, photo, generated", "20260101-000000"):
            board.get_by_text(text).first.wait_for()
        inside = page.locator("iframe[id^=tensorboard-frame]").get_attribute("src")
        assert [fault for fault in page.faults if inside not in fault] == []
