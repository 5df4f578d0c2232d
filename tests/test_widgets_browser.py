"""The widgets in JupyterLab, with generators that need no weights."""

import pytest
from lab import NEEDS_BROWSER, notebook_page
from playing import (
    button,
    panel_of,
    play_class_blend,
    play_digit_picker,
    play_patch_lens,
    play_plan_editor,
    play_sketch_pad,
    play_time_machine,
    pull,
)

pytestmark = NEEDS_BROWSER
CELLS = [
    """
import course_utils as cu
import numpy as np

def digits(noise, labels, training):
    both = np.concatenate([labels, np.tanh(noise[:, :4])], axis=1)
    return both.repeat(2, axis=1).reshape(-1, 1, 28, 1).repeat(28, axis=1)

cu.widgets.digit_picker(digits)
""",
    "cu.widgets.class_blend(digits)",
    """
colours = np.random.default_rng(0).integers(0, 256, (4, 2, 8, 8, 3), np.uint8)
moments = dict(zip([1, 10, 100, 500], colours.repeat(8, axis=2).repeat(8, axis=3)))
cu.widgets.time_machine(moments)
""",
    """
def negative(images, training):
    if (images[0, :8, :8] < 0).all():
        raise ValueError("the corner is black")
    return -images

lines = np.full((2, 256, 256, 1), 255, np.uint8)
lines[0, 60:200:4, 60:80] = lines[1, 60:200:8, 60:160] = 0
cu.widgets.sketch_pad(negative, sketches=lines)
""",
    """
pairs = cu.data.load("facades", "val", source="miniature", limit=3)
cu.widgets.plan_editor(negative, plans=pairs.inputs)
""",
    """
def discriminator(inputs, targets, training):
    return 4 * targets[:, 4:244:8, 4:244:8].mean(-1, keepdims=True)

plan, house = pairs.inputs[0], pairs.targets[0]
named = {"real": (plan, house), "<b>generated</b>": (plan, 255 - house)}
cu.widgets.patch_lens(discriminator, named)
""",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with one widget of each kind, all of whose cells have run."""
    with notebook_page(tmp_path_factory.mktemp("lab"), CELLS) as page:
        yield page


@pytest.mark.parametrize(
    "play",
    [
        play_digit_picker,
        play_class_blend,
        play_time_machine,
        play_sketch_pad,
        play_plan_editor,
        play_patch_lens,
    ],
)
def test_a_widget_answers_to_mouse_and_keys(page, play):
    play(page)
    assert page.faults == []


def test_a_generator_that_fails_is_said_and_undo_goes_on(page):
    panel = panel_of(page, "sketch-pad")
    canvas = panel.locator("canvas")
    button(panel, "clear").click()
    panel.get_by_label("width").fill("40")
    pull(page, canvas, (0, 5), (20, 5))
    panel.get_by_role("alert").filter(has_text="the corner is black").wait_for()
    button(panel, "undo").click()
    panel.get_by_role("alert").filter(has_text="black").wait_for(state="detached")
    assert page.faults == []
