"""The PatchGAN lens without a browser: maps, geometry, what the learner sees."""

import base64
import io
import warnings

import numpy as np
import pytest
from course_utils.widgets import patch_lens
from course_utils.widgets.verdicts import patch_starts
from negative import decoded, line
from PIL import Image

SIZE = 64
SKETCH = np.full((SIZE, SIZE, 3), 255, np.uint8)
RED = np.arange(SIZE) * 3  # grows downwards
PICTURE = np.uint8(np.stack(np.broadcast_arrays(RED[:, None], RED + 50, 9), axis=-1))
PAIRS = {"real": (SKETCH, PICTURE), "generated": (SKETCH, 255 - PICTURE)}
LOGITS = np.linspace(-3, 3, 2 * 6 * 6).reshape(2, 6, 6, 1)


class Verdicts:
    """Gives logits that are fixed, and keeps what it was called with."""

    def __init__(self, logits=LOGITS):
        self.calls, self.logits = [], logits

    def __call__(self, inputs, targets, training):
        self.calls.append((inputs, targets, training))
        return self.logits


def make(discriminator=None, pairs=None, **options):
    return patch_lens(discriminator or Verdicts(), pairs or PAIRS, **options)


def choose(lens, cell) -> None:
    """Set the cell as a browser does."""
    lens.controls["cell"].set_state({"value": cell})


def read(url: str) -> np.ndarray:
    """Return the picture of a data URL."""
    data = base64.b64decode(url.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)))


def patches(lens) -> list:
    """Return the enlarged patch of each pair, without its edge of one pixel."""
    sheet = decoded(lens)[1:-1]
    return [sheet[:, x + 1 : x + 239] for x in range(0, sheet.shape[1], 260)]


# --- what is shown --------------------------------------------------------------------


def test_the_discriminator_judges_all_pairs_at_once():
    verdicts = Verdicts()
    make(verdicts)
    [(inputs, targets, training)] = verdicts.calls
    assert inputs.shape == targets.shape == (2, SIZE, SIZE, 3) and training is False
    assert inputs.dtype == targets.dtype == np.float32 and (inputs == 1).all()
    np.testing.assert_allclose((targets[0] + 1) * 127.5, PICTURE, atol=1e-4)
    np.testing.assert_allclose(targets[0], -targets[1], atol=1e-6)


def test_pictures_in_uint8_and_in_floats_are_the_same():
    floats = {
        name: [np.float32(picture) / 127.5 - 1 for picture in pair]
        for name, pair in PAIRS.items()
    }
    verdicts = Verdicts()
    lenses = [make(verdicts, pairs) for pairs in (PAIRS, floats)]
    assert decoded(lenses[0]).tolist() == decoded(lenses[1]).tolist()
    np.testing.assert_array_equal(verdicts.calls[0][1], verdicts.calls[1][1])


def test_the_line_says_the_verdicts_on_the_chosen_patch():
    lens = make()
    choose(lens, [1, 4])
    real, fake = 1 / (1 + np.exp(-LOGITS[:, 1, 4, 0]))
    assert line(lens) == (
        f"row 1, column 4: real {real:.2f}, generated {fake:.2f} | the patch: "
        "pixel rows 0 to 54, columns 9 to 63, the rest is hatched"
    )
    assert f"{real:.2f}" != f"{fake:.2f}" and lens.error is None


def test_the_middle_is_chosen_first():
    assert line(make()).startswith("row 3, column 3: ")


def test_the_map_has_the_same_colours_for_all_pairs():
    logits = np.float32([[-1000, 0], [1000, 0]]).reshape(2, 1, 2, 1)
    with warnings.catch_warnings(action="error"):
        lens = make(Verdicts(logits), patch=10, stride=32)
    maps = [read(map) for _, _, map in lens.controls["cell"].shown]
    assert maps[0].tolist() == [[[224, 123, 57], [255, 255, 255]]]
    assert maps[1].tolist() == [[[31, 111, 139], [255, 255, 255]]]


def test_a_pair_is_shown_as_it_is_with_its_name():
    shown = make().controls["cell"].shown
    assert [name for name, *_ in shown] == ["real", "generated"]
    np.testing.assert_array_equal(read(shown[0][1]), PICTURE)
    np.testing.assert_array_equal(read(shown[1][1]), 255 - PICTURE)


def test_the_patch_is_enlarged_and_what_is_beyond_the_picture_is_hatched():
    lens = make(Verdicts(np.zeros((2, 4, 4, 1))), patch=20, stride=16)
    choose(lens, [0, 1])  # from (-2, 14)
    first, second = patches(lens)
    assert first.shape == second.shape == (238, 238, 3)
    assert set(np.unique(first[:23])) == set(np.unique(second[:23])) == {150, 225}
    whole = PICTURE[:18, 14:34].repeat(12, 0).repeat(12, 1)[:-1, 1:-1]
    np.testing.assert_array_equal(first[23:], whole)
    np.testing.assert_array_equal(second[23:], 255 - whole)
    assert "pixel rows 0 to 17, columns 14 to 33, the rest is hatched" in line(lens)
    choose(lens, [2, 2])
    whole = PICTURE[30:50, 30:50].repeat(12, 0).repeat(12, 1)[1:-1, 1:-1]
    np.testing.assert_array_equal(patches(lens)[0], whole)
    assert line(lens).endswith("pixel rows 30 to 49, columns 30 to 49")


def test_the_browser_gets_where_each_row_and_column_looks():
    sheet = make().controls["cell"]
    both = [[0, 47], [0, 55], [0, 63], [1, 64], [9, 64], [17, 64]]
    assert sheet.spans == [both, both] and sheet.size == SIZE


def test_python_can_choose_as_well():
    lens = make()
    lens.controls["cell"].value = np.unravel_index(LOGITS[0].argmin(), (6, 6))
    assert line(lens).startswith("row 0, column 0: real 0.05")


def test_two_lenses_do_not_share_their_state():
    first, second = make(), make()
    choose(first, [0, 0])
    assert line(first).startswith("row 0,") and line(second).startswith("row 3,")
    assert second.controls["cell"].value == (3, 3)


def test_an_untrusted_notebook_shows_a_sentence():
    assert repr(make()) == "patch lens: run this cell to use it"


# --- geometry -------------------------------------------------------------------------


def seen_by(discriminator, size: int, cell: tuple) -> tuple:
    """Return the pixels (top, left, low, right) on which a logit's gradient depends."""
    import tensorflow as tf

    random = np.random.default_rng(0)
    pictures = tf.constant(random.uniform(-1, 1, (1, size, size, 3)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        logit = discriminator(pictures, pictures, training=False)[0, *cell, 0]
    slopes = np.abs(tape.gradient(logit, pictures)[0]).sum(-1)
    rows, columns = (np.flatnonzero(slopes.sum(axis)) for axis in (1, 0))
    return rows[0], columns[0], rows[-1], columns[-1]


@pytest.mark.parametrize(
    ("halvings", "patch", "size"),
    [(3, 70, 128), (3, 70, 100), (1, 16, 32), (1, 16, 31), (5, 286, 512)],
)
def test_the_patch_is_what_the_gradient_of_a_logit_depends_on(halvings, patch, size):
    import keras
    from course_utils.networks import PatchDiscriminator

    keras.utils.set_random_seed(0)
    discriminator = PatchDiscriminator(width=2, norm=None, halvings=halvings)
    pair = np.zeros((1, size, size, 3), np.float32)
    count = discriminator(pair, pair).shape[1]
    for kernels in discriminator.weights:
        kernels.assign(keras.random.uniform(kernels.shape, 0.5, 1.0))
    starts = patch_starts(size, count, patch=patch)
    last, middle = count - 1, count // 2
    for cell in [(0, 0), (0, middle), (middle, middle), (last, 0), (last, last)]:
        first = [max(0, starts[at]) for at in cell]
        end = [min(size, starts[at] + patch) - 1 for at in cell]
        assert seen_by(discriminator, size, cell) == (*first, *end), cell


@pytest.mark.parametrize(
    ("size", "cells", "patch", "starts"),
    [
        (256, 30, 70, range(-23, 216, 8)),
        (256, 6, 286, range(-95, 97, 32)),
        (256, 126, 16, range(-5, 246, 2)),
        (64, 6, 70, range(-23, 24, 8)),
        (32, 2, 70, [-23, -15]),
        (64, 64, 1, range(64)),
        (64, 1, 64, [0]),
    ],
)
def test_the_lessons_networks_need_no_stride(size, cells, patch, starts):
    assert patch_starts(size, cells, patch=patch).tolist() == list(starts)


def test_other_networks_say_their_stride():
    assert patch_starts(28, 13, patch=4, stride=2).tolist() == list(range(0, 26, 2))
    assert patch_starts(28, 7, patch=10, stride=4).tolist() == list(range(-3, 22, 4))


@pytest.mark.parametrize(
    ("cells", "patch"), [(256, 70), (126, 70), (30, 16), (29, 70), (30, 64), (1, 70)]
)
def test_a_patch_that_does_not_go_with_the_map_is_refused(cells, patch):
    with pytest.raises(ValueError, match=f"{cells} cells for 256 .*{patch} .*stride="):
        patch_starts(256, cells, patch=patch)


def test_a_cell_for_each_pixel_and_one_for_the_whole_work():
    from course_utils.networks import PixelDiscriminator

    lens = make(PixelDiscriminator(width=2), patch=1)
    choose(lens, [63, 5])
    assert (patches(lens)[0] == PICTURE[63, 5]).all()
    assert "row 63, column 5: real 0." in line(lens)
    assert line(lens).endswith("pixel rows 63 to 63, columns 5 to 5")
    whole = make(Verdicts(np.zeros((2, 1, 1, 1))), patch=64)
    assert line(whole).startswith("row 0, column 0: real 0.50, generated 0.50")
    assert line(whole).endswith("pixel rows 0 to 63, columns 0 to 63")


def test_a_real_network_makes_a_map_of_30_by_30():
    from course_utils.networks import PatchDiscriminator

    pair = np.full((2, 256, 256, 3), 255, np.uint8)
    lens = make(PatchDiscriminator(width=1, norm=None), {"white": pair})
    assert read(lens.controls["cell"].shown[0][2]).shape == (30, 30, 3)
    choose(lens, [12, 7])
    assert line(lens).startswith("row 12, column 7: white 0.")
    assert line(lens).endswith("pixel rows 73 to 142, columns 33 to 102")


# --- faults ---------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [[6, 0], [0, -1], [99, 99]])
def test_a_cell_that_is_not_there_is_said_and_the_next_one_works(cell):
    lens = make()
    before = bytes(lens.picture.value)
    choose(lens, cell)
    assert 'role="alert"' in lens.line.value and bytes(lens.picture.value) == before
    assert "no cell (" in line(lens) and "rows 0 to 5, columns 0 to 5" in line(lens)
    choose(lens, [0, 0])
    assert lens.error is None and line(lens).startswith("row 0, column 0: ")


SMALL = SKETCH[:32, :32]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"pairs": {}}, ValueError, r"the pairs are {}; expected a dictionary {name:"),
        ({"pairs": [PICTURE]}, ValueError, "expected a dictionary {name: "),
        ({"pairs": {"a": (SKETCH,)}}, ValueError, "'a' has 1 parts; expected two"),
        (
            {"pairs": {"a": (SKETCH, SMALL)}},
            ValueError,
            r"colouring of 'a' has the shape \(32, 32, 3\); expected \(64, 64, 3\)",
        ),
        (
            {"pairs": {**PAIRS, "b": (SMALL, SMALL)}},
            ValueError,
            r"sketch of 'b' has the shape \(32, 32, 3\); expected \(64, 64, 3\)",
        ),
        (
            {"pairs": {"a": (SKETCH[..., :1], PICTURE)}},
            ValueError,
            r"sketch of 'a' .*\(64, 64, 1\); .*np.repeat",
        ),
        (
            {"pairs": {"a": (SKETCH[None], PICTURE[None])}},
            ValueError,
            r"\(1, 64, 64, 3\); expected \(64, 64, 3\).* one picture of a batch",
        ),
        ({"pairs": {"a": (SKETCH[:0], PICTURE)}}, ValueError, r"shape \(0, 64, 3\)"),
        ({"pairs": {"a": (SKETCH[:32], PICTURE)}}, ValueError, r"shape \(32, 64, 3\)"),
        ({"pairs": {"a": (1, 2)}}, ValueError, r"sketch of 'a' has the shape \(\)"),
        ({"discriminator": "gan"}, TypeError, "is a str; expected to call it as"),
        (
            {"discriminator": Verdicts(LOGITS[..., 0])},
            ValueError,
            r"gave the shape \(2, 6, 6\) for 2 pairs; .*\(2, height, width, 1\)",
        ),
        (
            {"discriminator": Verdicts(LOGITS[:1])},
            ValueError,
            r"gave the shape \(1, 6, 6, 1\) for 2 pairs",
        ),
        (
            {"discriminator": Verdicts(LOGITS.repeat(2, -1))},
            ValueError,
            r"gave the shape \(2, 6, 6, 2\) for 2 pairs",
        ),
        ({"discriminator": Verdicts(LOGITS[:, :0])}, ValueError, r"\(2, 0, 6, 1\)"),
        ({"discriminator": Verdicts(LOGITS * np.nan)}, ValueError, "has its training"),
        ({"patch": 0}, ValueError, "patch is 0; expected a whole number above 0"),
        ({"patch": 2.5}, ValueError, "patch is 2.5; expected"),
        ({"stride": -8}, ValueError, "stride is -8; expected"),
        ({"stride": 0}, ValueError, "stride is 0; expected"),
        ({"stride": 64}, ValueError, "6 cells, 64 pixels apart, .* a smaller stride"),
        ({"patch": 16}, ValueError, "6 cells for 64 pixels .* patches of 16 pixels"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(options, error, says):
    with pytest.raises(error, match=says):
        patch_lens(**{"discriminator": Verdicts(), "pairs": PAIRS, **options})


def test_a_discriminator_that_fails_tells_how_it_was_called():
    def broken(inputs, targets, training):
        raise RuntimeError("no memory left")

    with pytest.raises(RuntimeError, match="no memory left") as caught:
        make(broken)
    [note] = caught.value.__notes__
    assert "discriminator(inputs, targets, training=False), with two" in note
    assert "(2, 64, 64, 3)" in note
