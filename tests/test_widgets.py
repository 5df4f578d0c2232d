"""The widgets without a browser: values set as a browser sets them, pictures read."""

import base64
import io
import re

import numpy as np
import pytest
from course_utils import plotting
from course_utils.data import LABELS
from course_utils.networks import PatchDiscriminator
from course_utils.widgets import (
    class_blend,
    digit_picker,
    patch_lens,
    plan_editor,
    sketch_pad,
    time_machine,
)
from course_utils.widgets.lens import patch_starts
from PIL import Image
from traitlets import TraitError

WHITE = np.full((32, 32, 3), 255, np.uint8)
LINE = WHITE.copy()
LINE[10:14, 4:28] = 0
MOMENTS = {epoch: np.full((2, 8, 8, 3), epoch, np.uint8) for epoch in (1, 10, 100)}
GREY = np.full((2, 64, 64, 3), 128, np.uint8)


def digits(noise, labels, training):
    """Give pictures that hold the labels in ten columns, and noise in 18 others."""
    both = np.concatenate([labels, np.tanh(noise[:, :18])], axis=1)
    return both[:, np.newaxis, :, np.newaxis].repeat(28, axis=1)


def negative(images, training):
    if images.max() < 0:
        raise ValueError("all is <black>")
    return -images


def undecided(inputs, targets, training):
    return np.zeros((len(inputs), 6, 6, 1), np.float32)


def decoded(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def shown(panel) -> np.ndarray:
    """Return the picture that a panel shows, (h, w) or (h, w, 3)."""
    return decoded(bytes(panel.picture.value))


def read(panel) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels and the noise in the first picture that `digits` gave."""
    columns = shown(panel)[64, 8:120:4] / 127.5 - 1
    return np.round(columns[:10], 1), columns[10:]


def url(picture: np.ndarray) -> str:
    code = base64.b64encode(plotting.png(picture)).decode()
    return f"data:image/png;base64,{code}"


def line(panel) -> str:
    return re.sub("<.*?>", "", panel.line.value)


def test_another_digit_keeps_the_noise_and_new_noise_keeps_the_digit():
    picker = digit_picker(digits, digit=7)
    labels, noise = read(picker)
    assert labels[7] == 1 and labels.sum() == 1 and line(picker) == "digit 7, noise 1"
    picker.controls["digit"].value = 2
    labels, same = read(picker)
    assert labels[2] == 1 and np.array_equal(noise, same)
    picker.controls["noise"].click()
    labels, other = read(picker)
    assert labels[2] == 1 and not np.array_equal(noise, other)
    assert np.array_equal(read(digit_picker(digits))[1], noise)  # by the seed


def test_the_labels_are_blended_by_the_share():
    blend = class_blend(digits, start=2, end=9)
    blend.controls["share"].value = 0.3
    labels, _ = read(blend)
    assert labels[2] == 0.7 and labels[9] == 0.3
    blend.controls["to"].value = 2
    assert read(blend)[0][2] == 1


def test_the_time_machine_shows_every_moment_in_its_place():
    machine = time_machine(MOMENTS, columns=2)
    places = set()
    for epoch in (1, 100, 10):
        machine.controls["epoch"].value = epoch
        assert (shown(machine) == epoch).any() and line(machine) == f"epoch {epoch}"
        places.add((*shown(machine).shape, machine.picture.width))
    assert len(places) == 1


def test_a_stroke_reaches_the_generator_and_its_picture_is_shown():
    pad = sketch_pad(negative, size=32)
    assert not shown(pad).any() and "nothing is drawn" in line(pad)
    pad.controls["sketch"].set_state({"value": url(LINE)})
    assert np.array_equal(shown(pad), 255 - LINE) and pad.error is None
    pad.controls["sketch"].set_state({"value": ""})
    assert not shown(pad).any()
    for sketches in (LINE[None], LINE[None, ..., :1]):  # to start from
        pad = sketch_pad(negative, size=32, sketches=sketches)
        assert np.array_equal(shown(pad), 255 - LINE)


def test_rectangles_are_painted_in_exact_pixels_and_colours():
    editor = plan_editor(negative, size=32)
    expected = np.full((32, 32, 3), LABELS["facade"], np.uint8)
    assert np.array_equal(shown(editor), 255 - expected) and "bare" in line(editor)
    parts = [[4, 6, 10, 8, "window"], [10, 10, 22, 22, "shop"]]
    editor.controls["plan"].set_state({"value": parts})
    expected[6:14, 4:14] = LABELS["window"]
    expected[10:, 10:] = LABELS["shop"]
    assert np.array_equal(shown(editor), 255 - expected)


def test_a_plan_to_start_from_is_painted_first_and_not_painted_on():
    plans = np.stack([LINE, WHITE])
    editor = plan_editor(negative, size=32, plans=plans)
    assert np.array_equal(shown(editor), 255 - LINE)
    parts = [[0, 0, 32, 32, "plan 2"], [0, 0, 8, 8, "door"]]
    editor.controls["plan"].set_state({"value": parts})
    assert (shown(editor)[8:] == 0).all() and (plans[1] == 255).all()


def test_the_lens_gets_pictures_maps_and_chances():
    def discriminator(inputs, targets, training):
        return np.stack([np.full((6, 6, 1), value) for value in (-50.0, 0.0)])

    floats = np.zeros((64, 64, 3), np.float32)  # the same grey
    lens = patch_lens(discriminator, {"a": GREY, "b": (floats, floats)})
    (name, picture, verdicts, chances), (_, same, white, half) = lens.shown
    assert name == "a" and chances == [[0.0] * 6] * 6 and half == [[0.5] * 6] * 6
    assert picture == same and lens.value == [3, 3]
    orange, undecided = (
        decoded(base64.b64decode(data.partition(",")[2])) for data in (verdicts, white)
    )
    assert orange.shape == (6, 6, 3) and np.abs(undecided - 255.0).max() <= 1
    assert np.abs(orange[0, 0] - np.array([224, 123, 57])).max() <= 1


@pytest.mark.parametrize(("halvings", "patch", "stride"), [(3, 70, 8), (1, 16, 2)])
def test_a_patch_is_what_a_verdict_depends_on(halvings, patch, stride):
    size = 16 * stride
    discriminator = PatchDiscriminator(width=2, norm=None, halvings=halvings)
    pictures = np.zeros((size + 1, size, size, 3), np.float32)
    pictures[np.arange(size), np.arange(size)] = 1000  # one row's pixel in each picture
    verdicts = np.asarray(discriminator(pictures, pictures))[..., 0]
    cells = verdicts.shape[1]
    starts = patch_starts(size, cells, patch=patch, stride=stride)
    for cell in (0, cells // 2, cells - 1):
        changes = verdicts[:-1, cell, cell] != verdicts[-1, cell, cell]
        seen = np.flatnonzero(changes)
        assert seen[0] == max(0, starts[cell])
        assert seen[-1] == min(size, starts[cell] + patch) - 1


def test_an_error_is_shown_as_text_and_the_next_good_value_clears_it():
    pad = sketch_pad(negative, size=32)
    before = bytes(pad.picture.value)
    pad.controls["sketch"].value = url(0 * WHITE)
    assert "all is &lt;black&gt;" in pad.line.value and "alert" in pad.line.value
    assert isinstance(pad.error, ValueError) and bytes(pad.picture.value) == before
    pad.controls["sketch"].value = url(LINE)
    assert pad.error is None and "alert" not in pad.line.value


def test_an_untrusted_notebook_shows_a_sentence_and_no_address():
    for widget, name in [
        (digit_picker(digits), "digit picker"),
        (class_blend(digits), "class blend"),
        (time_machine(MOMENTS), "time machine"),
        (sketch_pad(negative), "sketch pad"),
        (plan_editor(negative), "plan editor"),
        (patch_lens(undecided, {"grey": GREY}), "patch lens"),
    ]:
        assert repr(widget) == f"{name}: run this cell to use it"


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: digit_picker("mnist_cgan"), TypeError, "load_model"),
        (lambda: digit_picker(lambda a, b, training: a), ValueError, r"\(10, height"),
        (lambda: digit_picker(digits, digit=10), TraitError, "selection"),
        (lambda: time_machine({}), ValueError, "one moment or more"),
        (lambda: time_machine({1: GREY, 2: GREY[:1]}), ValueError, "same shape"),
        (lambda: sketch_pad(negative, sketches=[LINE]), ValueError, r"\(n, 256"),
        (lambda: sketch_pad(negative, size=32, sketches=LINE), ValueError, "shape"),
        (lambda: plan_editor(negative, plans=[LINE]), ValueError, r"\(n, 256"),
        (lambda: patch_lens(undecided, {"a": (GREY, GREY)}), ValueError, "batch"),
        (lambda: patch_lens(lambda a, b, training: a, {"a": GREY}), ValueError, "map"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(make, error, says):
    with pytest.raises(error, match=says):
        make()
