"""The widgets in JupyterLab, played with by mouse and keyboard."""

import pytest
from lab import CHROMIUM, complaints, notebook_page
from playing import play_class_blend, play_digit_picker, play_time_machine

pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
CELLS = [
    """
import course_utils as cu
import numpy as np

def generator(noise, labels, training):
    both = np.concatenate([labels, np.tanh(noise[:, :4])], axis=1)
    return both.repeat(2, axis=1).reshape(-1, 1, 28, 1).repeat(28, axis=1)

cu.widgets.digit_picker(generator)
""",
    "cu.widgets.class_blend(generator)",
    """
colours = np.random.default_rng(0).integers(0, 256, (4, 2, 8, 8, 3), np.uint8)
sheets = dict(zip([1, 10, 100, 500], colours.repeat(8, axis=2).repeat(8, axis=3)))
cu.widgets.time_machine(sheets)
""",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with one widget of each kind, all of whose cells have run."""
    with notebook_page(tmp_path_factory.mktemp("lab"), CELLS) as page:
        yield page


def test_a_digit_is_picked_by_mouse_and_by_keyboard(page):
    play_digit_picker(page)
    assert complaints(page) == []


def test_two_digits_are_blended_and_taken_apart_again(page):
    play_class_blend(page)
    assert complaints(page) == []


def test_the_time_machine_goes_forth_and_back(page):
    play_time_machine(page)
    assert complaints(page) == []
