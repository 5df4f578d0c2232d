"""The plan editor without a browser: what the browser sends, what the learner sees."""

import base64
import io
import json
import re

import numpy as np
import pytest
from course_utils import data
from course_utils.data import facades
from course_utils.data.labels import LABELS
from course_utils.widgets import plan_editor
from negative import Negative, decoded, line
from PIL import Image

SIZE = 32
WINDOW = [4, 6, 10, 8, "window"]


def make(generator=None, **options):
    return plan_editor(generator or Negative(), size=SIZE, **options)


def send(editor, value) -> None:
    """Set the list of rectangles as a browser does."""
    editor.controls["plan"].set_state(json.loads(json.dumps({"value": value})))


def painted(*boxes, on="facade") -> np.ndarray:
    """Return the plan that is expected: (rows, columns, label), one on the other."""
    plan = np.full((SIZE, SIZE, 3), LABELS[on], np.uint8)
    for rows, columns, label in boxes:
        plan[rows, columns] = LABELS[label]
    return plan


WITH_WINDOW = painted((slice(6, 14), slice(4, 14), "window"))


def plan_of(editor) -> np.ndarray:
    """Return the plan that the picture of the negative was made from."""
    return 255 - decoded(editor)


def refused(editor, value, says: str) -> None:
    """A value is said to be wrong, the picture stays, and the next one clears it."""
    before = bytes(editor.picture.value)
    send(editor, value)
    assert says in line(editor) and 'role="alert"' in editor.line.value
    assert bytes(editor.picture.value) == before
    send(editor, [WINDOW])
    assert editor.error is None and "alert" not in editor.line.value
    np.testing.assert_array_equal(plan_of(editor), WITH_WINDOW)
    send(editor, [])


# --- painting -------------------------------------------------------------------------


def test_the_labels_are_the_twelve_that_the_plans_are_painted_in():
    assert facades.LABELS is LABELS and len(LABELS) == 12
    assert LABELS["background"] == (0, 0, 223) and LABELS["shop"] == (175, 0, 0)
    assert len(set(LABELS.values())) == 12


def test_a_bare_wall_is_built_at_once():
    negative = Negative()
    editor = make(negative)
    [(images, training)] = negative.calls
    assert images.shape == (1, SIZE, SIZE, 3) and images.dtype == np.float32
    assert training is False and "a bare wall" in line(editor)
    np.testing.assert_array_equal(plan_of(editor), painted())


def test_a_rectangle_reaches_the_generator_in_exact_pixels_and_colour():
    negative = Negative()
    editor = make(negative)
    send(editor, [WINDOW])
    image = negative.calls[-1][0][0]
    assert -1 <= image.min() and image.max() <= 1
    expected = np.float32(WITH_WINDOW) / 127.5 - 1
    np.testing.assert_array_equal(image, expected)
    np.testing.assert_array_equal(plan_of(editor), WITH_WINDOW)
    assert len(negative.calls) == 2 and "follows each rectangle" in line(editor)


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_painted_in_its_own_colour(label):
    editor = make()
    send(editor, [[0, 0, SIZE, SIZE, label]])
    np.testing.assert_array_equal(plan_of(editor), painted(on=label))


def test_a_later_rectangle_lies_on_an_earlier_one():
    editor = make()
    send(editor, [[0, 0, 20, 20, "door"], [10, 10, 20, 20, "shop"]])
    both = (slice(20), slice(20), "door"), (slice(10, 30), slice(10, 30), "shop")
    np.testing.assert_array_equal(plan_of(editor), painted(*both))


def test_what_lies_outside_is_cut_off():
    editor = make()
    for box, rows, columns in (
        ([-5, -5, 10, 10], slice(5), slice(5)),
        ([28, 30, 900_000, 900_000], slice(30, 32), slice(28, 32)),
        ([-100, 8, 1000, 1], slice(8, 9), slice(32)),
        ([40, 40, 5, 5], slice(0), slice(0)),
        ([-40, 4, 5, 5], slice(0), slice(0)),
        ([9, 9, 0, 5], slice(0), slice(0)),
        ([9, 9, -4, 5], slice(0), slice(0)),
        ([2.4, 2.6, 3.2, 4], slice(3, 7), slice(2, 6)),
    ):
        send(editor, [[*box, "pillar"]])
        assert editor.error is None
        expected = painted((rows, columns, "pillar"))
        np.testing.assert_array_equal(plan_of(editor), expected, err_msg=str(box))


def test_an_empty_list_clears_the_plan():
    editor = make()
    for value in ([WINDOW], []):
        send(editor, value)
    np.testing.assert_array_equal(plan_of(editor), painted())
    assert "a bare wall" in line(editor)


def test_python_can_paint_as_well():
    editor = make()
    x, y, width, height = np.array(WINDOW[:4])
    sheet = editor.controls["plan"]
    sheet.value = ((x, y, width, height, "window"),)
    np.testing.assert_array_equal(sheet.picture(), WITH_WINDOW)
    np.testing.assert_array_equal(plan_of(editor), WITH_WINDOW)


def test_an_editor_starts_from_the_first_plan_and_offers_all():
    plans = data.load("facades", "val", source="miniature", size=SIZE, limit=3).inputs
    editor = make(plans=plans)
    np.testing.assert_array_equal(plan_of(editor), plans[0])
    sheet = editor.controls["plan"]
    assert sheet.value == [[0, 0, SIZE, SIZE, "plan 1"]]
    for start, plan in zip(sheet.starts, plans, strict=True):
        head, code = start.split(",")
        assert head == "data:image/png;base64"
        seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(code))))
        np.testing.assert_array_equal(seen, plan)
    send(editor, [[0, 0, SIZE, SIZE, "plan 3"], WINDOW])
    expected = plans[2].copy()
    expected[6:14, 4:14] = LABELS["window"]
    np.testing.assert_array_equal(plan_of(editor), expected)
    send(editor, [[3, 4, 5, 6, "plan 2"]])
    expected = painted()
    expected[4:10, 3:8] = plans[1, 4:10, 3:8]
    np.testing.assert_array_equal(plan_of(editor), expected)


def test_no_plans_are_no_mistake():
    for nothing in (None, np.empty((0, SIZE, SIZE, 3), np.uint8)):
        editor = make(plans=nothing)
        assert editor.controls["plan"].starts == []
        np.testing.assert_array_equal(plan_of(editor), painted())


def test_two_editors_do_not_share_their_state():
    first, second = make(plans=painted()[np.newaxis]), make()
    send(first, [WINDOW])
    send(second, "nothing")
    assert first.error is None and second.error is not None
    np.testing.assert_array_equal(plan_of(first), WITH_WINDOW)
    np.testing.assert_array_equal(plan_of(second), painted())
    sheet = make().controls["plan"]
    assert sheet.value == [] and sheet.value is not second.controls["plan"].value
    assert second.controls["plan"].starts == []


def test_the_plans_that_were_given_are_not_painted_on():
    plans = painted()[np.newaxis]
    editor = make(plans=plans)
    send(editor, [[0, 0, SIZE, SIZE, "plan 1"], WINDOW])
    np.testing.assert_array_equal(plan_of(editor), WITH_WINDOW)
    np.testing.assert_array_equal(plans[0], painted())


def test_the_download_is_the_picture_that_is_shown():
    editor = make()
    for value in ([], [WINDOW]):
        send(editor, value)
        _, _, save, _ = editor.children[0].children[1].children
        code = re.search(
            'download="generated.png" href="data:image/png;base64,(.*?)"', save.value
        )
        assert base64.b64decode(code[1]) == bytes(editor.picture.value)


def test_an_untrusted_notebook_shows_a_sentence():
    editor = make()
    send(editor, [WINDOW])
    assert repr(editor) == "plan editor: run this cell to use it"


def test_the_real_network_builds_a_house():
    import keras

    inputs = keras.Input((SIZE, SIZE, 3))
    outputs = keras.layers.Conv2D(3, 3, padding="same", activation="tanh")(inputs)
    editor = make(keras.Model(inputs, outputs))
    before = bytes(editor.picture.value)
    send(editor, [WINDOW])
    assert bytes(editor.picture.value) != before and editor.error is None


# --- faults ---------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "window", 3, True, {"0": WINDOW}, 1e99])
def test_what_is_no_list_is_said(value):
    refused(make(), value, "; expected a list of [x, y, width, height, label]")


@pytest.mark.parametrize(
    "part",
    [
        None,
        7,
        "window",
        [],
        {"x": 3},
        WINDOW[:4],
        [*WINDOW, 1],
        ["4", 6, 10, 8, "window"],
        [None, 6, 10, 8, "window"],
        [4, 6, [10], 8, "window"],
        [4, 6, 10, float("inf"), "window"],
        [float("nan"), 6, 10, 8, "window"],
        [4, 6, 10**400, 8, "window"],
        [[[[[[[[[]]]]]]]]],
        ["long" * 10_000] * 5,
    ],
    ids=lambda part: str(part)[:30],
)
def test_what_is_no_rectangle_is_said_with_its_number(part):
    says = "expected [x, y, width, height, label], in pixels"
    refused(make(), [WINDOW, part], says)
    editor = make()
    send(editor, [WINDOW, part])
    assert line(editor).startswith("ValueError: rectangle 2 is ")
    assert len(line(editor)) < 400


@pytest.mark.parametrize(
    "label", [None, 3, ["window"], "roof", "Window", "plan 2", "<b>bold</b>"]
)
def test_an_unknown_label_is_said_with_all_that_are_there(label):
    editor = make(plans=painted()[np.newaxis])
    send(editor, [[4, 6, 10, 8, label]])
    assert "<b>" not in editor.line.value
    says = "expected one of background, facade, window, door, cornice, sill, balcony"
    refused(editor, [WINDOW, [4, 6, 10, 8, label]], says)


def test_a_thousand_rectangles_are_painted_and_more_are_refused():
    editor = make()
    send(editor, [WINDOW] * 1000)
    np.testing.assert_array_equal(plan_of(editor), WITH_WINDOW)
    refused(editor, [WINDOW] * 50_000, "the plan has 50,000 rectangles; expected at")


def test_other_state_of_another_form_does_no_harm():
    editor = make()
    editor.controls["plan"].set_state({"size": 9, "bare": "roof", "colours": []})
    send(editor, [WINDOW])
    np.testing.assert_array_equal(plan_of(editor), WITH_WINDOW)


def test_a_generator_that_fails_is_shown_and_the_next_rectangle_clears_it():
    negative = Negative()
    editor = make(negative)
    before = bytes(editor.picture.value)
    negative.fault = RuntimeError("no <memory> left")
    send(editor, [WINDOW])
    assert "RuntimeError: no &lt;memory&gt; left" in editor.line.value
    assert "generator(images, training=False), with image (1, 32, 32, 3)" in line(
        editor
    )
    assert editor.error is negative.fault and bytes(editor.picture.value) == before
    negative.fault = None
    send(editor, [WINDOW, WINDOW])
    assert editor.error is None and bytes(editor.picture.value) != before


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"generator": "pix2pix"}, TypeError, "str; expected something to be called"),
        ({"size": 0}, ValueError, "size is 0; expected a whole number above 0"),
        ({"plans": painted()}, ValueError, r"\(32, 32, 3\); expected \(n, 32, 32, 3"),
        ({"plans": np.zeros((1, 8, 8, 3))}, ValueError, r"\(1, 8, 8, 3\); expected"),
        ({"plans": np.zeros((1, 32, 32, 1))}, ValueError, r"\(1, 32, 32, 1\); expe"),
        (
            {"generator": lambda images, training: images[0]},
            ValueError,
            r"shape \(32, 32, 3\) for 1 image; expected pictures \(1, height",
        ),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(options, error, says):
    with pytest.raises(error, match=says):
        plan_editor(**{"generator": Negative(), "size": SIZE, **options})


def test_pictures_that_change_their_size_are_an_error_and_not_a_jump():
    wall = painted()
    same = np.float32(wall) / 127.5 - 1
    editor = make(
        lambda images, training: images[:, : 32 if (images == same).all() else 16]
    )
    send(editor, [WINDOW])
    assert "expected pictures of the same shape" in line(editor)
    assert (editor.picture.width, editor.picture.height) == ("320px", "320px")
