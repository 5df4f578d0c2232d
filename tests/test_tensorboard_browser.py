"""TensorBoard's panel in JupyterLab: inside the notebook, with the logs."""

from lab import NEEDS_BROWSER, notebook_page

pytestmark = NEEDS_BROWSER
CELL = """
import course_utils as cu
import tensorflow as tf

writer = tf.summary.create_file_writer("logs/fit/20260101-000000")
for step in range(1, 4):
    with writer.as_default(step=step):
        tf.summary.scalar("g_loss", 1 / step)
        tf.summary.image("plan, photo, generated", tf.zeros((1, 8, 24, 3)))
writer.close()
cu.tensorboard.panel("logs")
"""


def test_the_panel_shows_scalars_and_pictures_inside_the_notebook(tmp_path):
    with notebook_page(tmp_path, [CELL]) as page:
        board = page.frame_locator("iframe[title=TensorBoard]")
        board.get_by_text("g_loss").first.wait_for()
        board.get_by_text("plan, photo, generated").first.wait_for()
        board.get_by_text("20260101-000000").first.wait_for()
        inside = page.locator("iframe[title=TensorBoard]").get_attribute("src")
        assert inside.startswith("http://127.0.0.1:")
        assert [fault for fault in page.faults if inside not in fault] == []
