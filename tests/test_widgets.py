"""The widgets without a browser: buttons clicked, values set, pictures read back."""

import io
import re
import subprocess
import sys
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from course_utils import plotting, widgets
from course_utils.widgets import class_blend, digit_picker, time_machine
from PIL import Image
from traitlets import TraitError


class Painter:
    """Paints the label into the first ten rows of a picture, noise into the others."""

    def __init__(self):
        self.calls, self.fault = [], None

    def __call__(self, noise, labels, training):
        self.calls.append((noise, labels, training))
        if self.fault:
            raise self.fault
        rows = np.concatenate(
            [labels, np.tanh(np.resize(noise.T, (18, len(noise)))).T], 1
        )
        return rows[:, :, np.newaxis, np.newaxis].repeat(28, axis=2)


def decoded(panel) -> np.ndarray:
    """Return the picture that a widget shows, at the size of its file."""
    picture = np.asarray(Image.open(io.BytesIO(bytes(panel.picture.value))))
    assert (str(picture.shape[1]), str(picture.shape[0])) == size(panel)
    return picture[..., np.newaxis] if picture.ndim == 2 else picture


def size(panel) -> tuple[str, str]:
    return panel.picture.width, panel.picture.height


def read(panel) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels and the noise that the Painter painted."""
    pictures = plotting.untile(decoded(panel)[::3, ::3], height=28, width=28)
    columns = pictures[:, :, 0, 0] / 127.5 - 1
    return columns[:, :10], columns[:, 10:]


def sees_digit(panel, digit: int, count: int = 10) -> None:
    labels, _ = read(panel)
    np.testing.assert_allclose(labels[:count], np.eye(10)[[digit] * count], atol=0.01)


def line(panel) -> str:
    return re.sub("<.*?>", "", panel.line.value)


def every_widget() -> list:
    sheets = {1: np.zeros((4, 28, 28, 1)), 2: np.ones((4, 28, 28, 1))}
    return [digit_picker(Painter()), class_blend(Painter()), time_machine(sheets)]


def inside(widget) -> list:
    """Return a widget and all that it is made of."""
    children = getattr(widget, "children", ())
    return [widget, *(one for child in children for one in inside(child))]


# --- the digit picker -----------------------------------------------------------------


def test_every_button_shows_ten_samples_of_its_digit():
    picker = digit_picker(Painter())
    sees_digit(picker, 0)
    buttons = picker.controls["digit"].buttons
    assert [button.description for button in buttons.values()] == list("0123456789")
    for digit in (7, 3, 0, 9, 1, 2, 4, 5, 6, 8):
        buttons[digit].click()
        sees_digit(picker, digit)
        assert line(picker) == f"digit {digit}, noise 1"


def test_exactly_the_chosen_digit_is_marked():
    choice = digit_picker(Painter(), digit=4).controls["digit"]
    for digit in (4, 7):
        choice.buttons[digit].click()
        marked = [b for b in choice.buttons.values() if b.button_style == "primary"]
        said = [b for b in choice.buttons.values() if "chosen" in b.tooltip]
        assert marked == said == [choice.buttons[digit]] and choice.value == digit


def test_another_digit_keeps_the_noise():
    picker = digit_picker(Painter())
    _, before = read(picker)
    picker.controls["digit"].buttons[7].click()
    np.testing.assert_array_equal(read(picker)[1], before)


def test_new_noise_keeps_the_digit():
    picker = digit_picker(Painter(), digit=7)
    seen = [read(picker)[1]]
    for number in (2, 3):
        picker.controls["noise"].click()
        sees_digit(picker, 7)
        assert line(picker) == f"digit 7, noise {number}"
        seen.append(read(picker)[1])
    assert all(np.abs(a - b).max() > 0.1 for a, b in zip(seen, seen[1:], strict=False))


def test_the_ten_samples_differ():
    _, noise = read(digit_picker(Painter()))
    assert len(np.unique(noise, axis=0)) == 10


def test_one_seed_gives_the_same_pictures_and_another_seed_others():
    def pictures(seed):
        picker = digit_picker(Painter(), seed=seed)
        shown = [bytes(picker.picture.value)]
        for press in (picker.controls["digit"].buttons[5], picker.controls["noise"]):
            press.click()
            shown.append(bytes(picker.picture.value))
        return shown

    assert pictures(3) == pictures(3)
    assert all(a != b for a, b in zip(pictures(3), pictures(4), strict=True))


def test_the_generator_gets_noise_and_labels_and_does_not_train():
    painter = Painter()
    picker = digit_picker(painter, count=6, noise_dim=32, digit=2)
    picker.controls["noise"].click()
    assert len(painter.calls) == 2
    for noise, labels, training in painter.calls:
        assert noise.shape == (6, 32) and noise.dtype == np.float32
        assert labels.shape == (6, 10) and labels.dtype == np.float32
        assert training is False


def test_the_chosen_digit_again_draws_nothing():
    painter = Painter()
    picker = digit_picker(painter, digit=2)
    picker.controls["digit"].buttons[2].click()
    assert len(painter.calls) == 1


@pytest.mark.parametrize(
    ("count", "columns", "expected"),
    [(1, 5, (96, 96)), (3, 5, (276, 96)), (7, 5, (456, 186)), (10, 10, (906, 96))],
)
def test_other_counts_are_shown_in_rows(count, columns, expected):
    picker = digit_picker(Painter(), count=count, columns=columns, digit=1)
    assert size(picker) == tuple(map(str, expected))
    sees_digit(picker, 1, count)


def test_the_picture_never_changes_its_size():
    picker = digit_picker(Painter())
    sizes = set()
    for digit in range(10):
        picker.controls["digit"].value = digit
        picker.controls["noise"].click()
        decoded(picker)
        sizes.add(size(picker))
    assert sizes == {("456", "186")}


def test_the_real_network_draws_other_pictures_for_other_digits_and_noise():
    import keras
    from course_utils import networks

    keras.utils.set_random_seed(0)
    network = networks.called(networks.CganGenerator(), (100,), (10,))
    picker = digit_picker(network)
    shown = {bytes(picker.picture.value)}
    for button in picker.controls["digit"].buttons.values():
        button.click()
        shown.add(bytes(picker.picture.value))
    picker.controls["noise"].click()
    shown.add(bytes(picker.picture.value))
    assert len(shown) == 11 and decoded(picker).shape == (186, 456, 1)
    blend = class_blend(network)
    before = bytes(blend.picture.value)
    blend.controls["share"].value = 0.5
    assert bytes(blend.picture.value) != before and blend.error is None


# --- the class blend ------------------------------------------------------------------


def test_the_labels_are_blended_by_the_share():
    blend = class_blend(Painter(), start=2, end=9)
    assert size(blend) == ("456", "96")
    _, noise = read(blend)
    for share in (0, 0.25, 0.5, 1):
        blend.controls["share"].value = share
        labels, same = read(blend)
        expected = (1 - share) * np.eye(10)[2] + share * np.eye(10)[9]
        np.testing.assert_allclose(labels, np.tile(expected, (5, 1)), atol=0.01)
        np.testing.assert_array_equal(same, noise)
    assert line(blend) == "0.00 of 2 and 1.00 of 9, noise 1"


def test_both_digits_and_the_noise_can_be_changed():
    blend = class_blend(Painter(), count=3)
    blend.controls["share"].value = 0.5
    blend.controls["from"].buttons[0].click()
    blend.controls["to"].buttons[1].click()
    labels, noise = read(blend)
    np.testing.assert_allclose(labels[:, :2], 0.5, atol=0.01)
    blend.controls["noise"].click()
    again, other = read(blend)
    np.testing.assert_array_equal(again, labels)
    assert np.abs(other - noise).max() > 0.1


def test_a_digit_blended_with_itself_is_that_digit():
    blend = class_blend(Painter(), start=6, end=6)
    blend.controls["share"].value = 0.35
    sees_digit(blend, 6, 5)


def test_the_labels_of_a_blend_add_up_to_one_in_float32():
    painter = Painter()
    blend = class_blend(painter)
    for share in np.arange(0, 1.01, 0.05):
        blend.controls["share"].value = share
    for _, labels, training in painter.calls:
        assert labels.dtype == np.float32 and training is False
        np.testing.assert_allclose(labels.sum(1), 1, rtol=1e-6)


# --- the time machine -----------------------------------------------------------------


def colours(count=4, height=256, seed=0):
    values = np.random.default_rng(seed).integers(0, 256, (count, 1, 1, 3), np.uint8)
    return values.repeat(height, 1).repeat(height, 2)


def test_every_moment_shows_its_own_sheet_in_the_same_place():
    sheets = {moment: colours(seed=moment) for moment in (1, 10, 100, 500)}
    machine = time_machine(sheets, columns=2)
    slider = machine.controls["epoch"]
    assert [label for label, _ in slider.options] == ["1", "10", "100", "500"]
    assert slider.value == 1
    for moment in (1, 500, 10, 100):
        slider.value = moment
        expected = plotting.tile(sheets[moment], columns=2)
        np.testing.assert_array_equal(decoded(machine), expected)
        assert size(machine) == ("518", "518") and line(machine) == f"epoch {moment}"


def test_the_moments_keep_the_order_in_which_they_are_given():
    sheets = {name: np.zeros((1, 4, 4, 1)) for name in ("start", "10", "9", "end")}
    slider = time_machine(sheets, unit="moment").controls["moment"]
    assert [value for _, value in slider.options] == ["start", "10", "9", "end"]


def test_floats_and_bytes_of_the_same_pictures_look_the_same():
    pixels = colours(2, height=64)
    machine = time_machine({"bytes": pixels, "floats": pixels / np.float32(127.5) - 1})
    first = bytes(machine.picture.value)
    machine.controls["epoch"].value = "floats"
    assert line(machine) == "epoch floats" and bytes(machine.picture.value) == first


def test_one_moment_and_one_picture_are_enough():
    machine = time_machine({3: np.zeros((1, 28, 28, 1))})
    assert size(machine) == ("96", "96") and line(machine) == "epoch 3"


def test_sheets_can_come_from_a_file(tmp_path):
    np.savez(tmp_path / "sheets.npz", **{"1": colours(2), "2": colours(2, seed=1)})
    with np.load(tmp_path / "sheets.npz", allow_pickle=False) as sheets:
        machine = time_machine(sheets)
    machine.controls["epoch"].value = "2"
    np.testing.assert_array_equal(decoded(machine), plotting.tile(colours(2, seed=1)))


# --- bad input ------------------------------------------------------------------------

ONE = np.zeros((1, 4, 4, 1))


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: digit_picker("mnist_cgan"), TypeError, "str; expected.*generator"),
        (lambda: digit_picker(Painter(), count=0), ValueError, "count is 0; expected"),
        (lambda: digit_picker(Painter(), count=2.5), ValueError, "count is 2.5; exp"),
        (lambda: digit_picker(Painter(), columns=-1), ValueError, "columns is -1; exp"),
        (lambda: digit_picker(Painter(), noise_dim=0), ValueError, "noise_dim is 0"),
        (
            lambda: digit_picker(Painter(), digit=10),
            TraitError,
            "10; expected one of 0",
        ),
        (lambda: class_blend(Painter(), end="8"), TraitError, "to is '8'; expected"),
        (lambda: class_blend(Painter(), count=0), ValueError, "count is 0; expected"),
        (lambda: class_blend(None), TypeError, "NoneType; expected"),
        (lambda: time_machine({}), ValueError, "no moments; expected {moment"),
        (lambda: time_machine([ONE]), TypeError, "list; expected a dictionary"),
        (
            lambda: time_machine({1: ONE, 5: np.zeros((2, 4, 4, 1))}),
            ValueError,
            r"shapes differ: \(1, 4, 4, 1\) at epoch 1, \(2, 4, 4, 1\) at epoch 5; exp",
        ),
        (lambda: time_machine({1: ONE[0]}), ValueError, r"expected pictures \(n, h"),
        (lambda: time_machine({1: ONE[:0]}), ValueError, r"expected pictures \(n, h"),
        (
            lambda: time_machine({1: np.zeros((1, 4, 4, 2))}),
            ValueError,
            "1 or 3 channels, got 2",
        ),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(make, error, says):
    with pytest.raises(error, match=says):
        make()


def test_a_generator_that_takes_no_labels_is_told_how_it_was_called():
    with pytest.raises(TypeError) as caught:
        digit_picker(lambda noise, training: noise)
    assert (
        "generator(noise, one_hot_labels, training=False)" in caught.value.__notes__[0]
    )
    assert "(10, 100)" in caught.value.__notes__[0]


@pytest.mark.parametrize("shape", [(28, 28), (9, 28, 28, 1), (10, 784)])
def test_a_generator_of_other_shapes_is_told_what_was_expected(shape):
    with pytest.raises(ValueError, match=r"for 10 noises; expected pictures \(10, hei"):
        digit_picker(lambda noise, labels, training: np.zeros(shape))


@pytest.mark.parametrize("value", [12, -1, "7", None, 3.5])
def test_a_digit_that_is_none_is_refused_and_nothing_changes(value):
    picker = digit_picker(Painter(), digit=3)
    with pytest.raises(TraitError, match="expected"):
        picker.controls["digit"].value = value
    assert picker.controls["digit"].value == 3
    sees_digit(picker, 3)


# --- errors while playing -------------------------------------------------------------


def test_an_error_is_shown_as_text_and_the_next_good_choice_clears_it():
    painter = Painter()
    picker = digit_picker(painter)
    before = bytes(picker.picture.value)
    painter.fault = ValueError("shapes <b>5</b> & \x1b[1m7\x1b[0m do not match")
    picker.controls["digit"].buttons[8].click()
    assert "ValueError: shapes &lt;b&gt;5&lt;/b&gt; &amp; 7 do not" in picker.line.value
    assert 'role="alert"' in picker.line.value and "called as" in picker.line.value
    assert picker.error is painter.fault and bytes(picker.picture.value) == before

    painter.fault = None
    picker.controls["noise"].click()
    assert line(picker) == "digit 8, noise 2" and picker.error is None
    assert "alert" not in picker.line.value
    sees_digit(picker, 8)


def test_a_long_error_is_cut():
    painter = Painter()
    blend = class_blend(painter)
    painter.fault = RuntimeError("far too long " * 500)
    blend.controls["share"].value = 0.5
    assert 400 < len(line(blend)) < 800 and "…" in line(blend)


def test_pictures_that_change_their_shape_are_an_error_and_not_a_jump():
    picker = digit_picker(
        lambda noise, labels, training: np.zeros(
            (len(noise), 28 if labels[0, 0] else 14, 28, 1)
        )
    )
    before = size(picker)
    picker.controls["digit"].buttons[1].click()
    assert "expected pictures of the same shape" in line(picker)
    assert size(picker) == before
    picker.controls["digit"].buttons[0].click()
    assert line(picker) == "digit 0, noise 1"


# --- what all of them promise ---------------------------------------------------------


def test_an_untrusted_notebook_shows_a_sentence_and_no_bytes():
    names = ("digit picker", "class blend", "time machine")
    for name, widget in zip(names, every_widget(), strict=True):
        assert repr(widget) == f"{name}: run this cell to use it"
        for choice in inside(widget):
            if isinstance(choice, widgets.Choice):
                choice.value = 1
        assert repr(widget) == f"{name}: run this cell to use it"


def test_every_button_says_what_it_does():
    for widget in every_widget():
        for button in inside(widget):
            if isinstance(button, ipywidgets.Button):
                assert button.description and button.tooltip


def test_only_the_parts_that_every_notebook_has_are_used():
    parts = [part for widget in every_widget() for part in inside(widget)]
    modules = {part._view_module for part in parts}
    assert modules <= {"@jupyter-widgets/controls", "@jupyter-widgets/base"}
    assert not any(isinstance(part, ipywidgets.Output) for part in parts)
    assert {p.format for p in parts if isinstance(p, ipywidgets.Image)} == {"png"}


def test_nothing_is_loaded_from_other_hosts():
    for path in Path(widgets.__file__).parent.rglob("*.py"):
        assert "//" not in path.read_text(), path


def test_the_import_leaves_tensorflow_alone():
    code = "import course_utils as cu, sys; cu.widgets; print('keras' in sys.modules)"
    root = Path(widgets.__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True)
    assert found.stdout.split() == [b"False"], found.stderr.decode()


def test_a_widget_of_ones_own_takes_any_control_with_a_value():
    def draw(brightness):
        return np.full((1, 8, 8, 3), brightness, np.uint8), f"{brightness} <of> 255"

    own = widgets.Panel("lamp", {"light": ipywidgets.IntSlider(value=9, max=255)}, draw)
    own.controls["light"].value = 200
    assert decoded(own)[50, 50].tolist() == [200, 200, 200]
    assert "200 &lt;of&gt; 255" in own.line.value and "lamp" in own._dom_classes


# --- the PNG that they show -----------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("height", "zoom", "used"),
    [(28, None, 3), (100, None, 2), (256, None, 1), (5, 4, 4)],
)
def test_small_pictures_are_enlarged_by_repeating_pixels(channels, height, zoom, used):
    shape = (3, height, height, channels)
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    data = plotting.png(images, columns=2, zoom=zoom)
    picture = np.asarray(Image.open(io.BytesIO(data)))
    expected = plotting.tile(images, columns=2).repeat(used, 0).repeat(used, 1)
    np.testing.assert_array_equal(picture.reshape(expected.shape), expected)


def test_a_png_of_something_else_is_refused():
    with pytest.raises(ValueError, match=r"expected pictures \(n, h, w, c\)"):
        plotting.png(np.zeros((28, 28)))
    with pytest.raises(ValueError, match="1 or 3 channels, got 4"):
        plotting.png(np.zeros((2, 28, 28, 4)))
