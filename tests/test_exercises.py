"""Each check: no to the untouched stub and a named wrong answer, yes to two others."""

import course_utils as cu
import keras
import numpy as np
import pytest
from course_utils import exercises
from course_utils.exercises import lesson1, lesson2, lesson3
from course_utils.losses import cross_entropy, discriminator_loss


def predicted(**changes):
    right = {"height": 28, "width": 28, "channels": 32, "weights": 51_200}
    return {**right, **changes}


def smooth_by_keras(real_logits, fake_logits):
    real = cross_entropy(0.9 * keras.ops.ones_like(real_logits), real_logits)
    return real + cross_entropy(keras.ops.zeros_like(fake_logits), fake_logits)


def smooth_by_hand(real_logits, fake_logits):
    missed = np.mean(np.log1p(np.exp(-real_logits)))
    return 0.9 * missed + np.mean(
        0.1 * np.log1p(np.exp(real_logits)) + np.log1p(np.exp(fake_logits))
    )


def smooth_both(real_logits, fake_logits):
    real = cross_entropy(0.9 * keras.ops.ones_like(real_logits), real_logits)
    return real + cross_entropy(0.1 * keras.ops.ones_like(fake_logits), fake_logits)


def restore_afterwards(model, noise):
    before = [np.array(weight) for weight in model.weights]
    pictures = model(noise, training=True)
    for weight, value in zip(model.weights, before, strict=True):
        weight.assign(value)
    return pictures


def counted(**changes):
    return {"dense_y": 6_912, "generator": 697_616, **changes}


def write_at_once(generator, text, noise):
    labels = np.eye(10)[[int(digit) for digit in text]]
    return generator(np.repeat(noise, len(text), axis=0), labels)


def write_one_by_one(generator, text, noise):
    digits = [np.eye(10)[[int(digit)]] for digit in text]
    return np.concatenate([generator(noise, label) for label in digits])


def write_with_many_hands(generator, text, noise):
    noises = np.random.default_rng(1).normal(size=(len(text), 100))
    return generator(noises, np.eye(10)[[int(digit) for digit in text]])


def maxout_of(candidates, units, pieces):
    split = keras.ops.reshape(candidates, (-1, pieces, units))
    return keras.ops.max(split, axis=1)


def maxout_circulating(candidates, units, pieces):
    split = keras.ops.reshape(candidates, (-1, 1, pieces, units))
    return keras.ops.max(split, axis=1)


def maxout_by_slices(candidates, units, pieces):
    parts = [candidates[:, i * units : (i + 1) * units] for i in range(pieces)]
    return np.maximum.reduce([np.asarray(part) for part in parts])


def seen(kernels, strides):
    size = 1
    for kernel, stride in zip(kernels[::-1], strides[::-1], strict=True):
        size = (size - 1) * stride + kernel
    return size


def seen_by_jumps(kernels, strides):
    jumps = np.cumprod([1, *strides[:-1]])
    return 1 + int(np.dot(np.subtract(kernels, 1), jumps))


def pixels(pictures):
    return np.uint8(np.clip((pictures + 1) * 127.5, 0, 255))


def wrapping(pictures):
    return ((pictures + 1) * 127.5).astype("int32").astype("uint8")


CASES = {
    "bigger picture": (
        lesson1.bigger_picture,
        dict.fromkeys(predicted()),
        (predicted(weights=51_232), "bias"),
        predicted(),
        predicted(height=np.int64(28), weights=5 * 5 * 32 * 64.0),
    ),
    "smooth loss": (
        lesson1.smooth_loss,
        discriminator_loss,
        (smooth_both, "both sides"),
        smooth_by_keras,
        smooth_by_hand,
    ),
    "more labels": (
        lesson2.more_labels,
        dict.fromkeys(counted()),
        (counted(dense_y=26 * 256), "nothing else"),
        counted(),
        counted(dense_y=6_912.0, generator=np.int64(697_616)),
    ),
    "one hand": (
        lesson2.one_hand,
        lambda generator, text, noise: generator(noise, np.eye(10)[:1]),
        (write_with_many_hands, "hand changes"),
        write_at_once,
        write_one_by_one,
    ),
    "maxout": (
        lesson2.maxout,
        maxout_circulating,
        (lambda *a: keras.ops.relu(maxout_of(*a)), "below 0"),
        maxout_of,
        maxout_by_slices,
    ),
    "smaller patches": (
        lesson3.smaller_patches,
        {"patch": None, "map": None},
        ({"patch": 35, "map": 62}, "also adds 2"),
        {"patch": 34, "map": 62},
        {"map": 62.0, "patch": np.int64(34)},
    ),
    "receptive field": (
        lesson3.receptive_field,
        lambda kernels, strides: 1,
        (lambda k, s: seen(k[::-1], s[::-1]), "Begin with the last"),
        seen,
        seen_by_jumps,
    ),
    "to pixels": (
        lesson3.to_pixels,
        wrapping,
        (lambda p: np.uint8(np.clip(p, 0, 1) * 255), "not where they belong"),
        pixels,
        cu.plotting.to_uint8,
    ),
    "looking": (
        lesson1.looking,
        lambda model, noise: model(noise, training=True),
        (restore_afterwards, "in company"),
        lambda model, noise: model(noise, training=False),
        lambda model, noise: model.predict(noise, verbose=0),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_untouched_stub_does_not_pass(name):
    check, stub, *_ = CASES[name]
    assert not check(stub).passed


@pytest.mark.parametrize("name", CASES)
def test_a_named_wrong_answer_gets_its_hint(name):
    check, _, (wrong, hint), *_ = CASES[name]
    found = check(wrong)
    assert not found.passed and hint in found.message


@pytest.mark.parametrize("name", CASES)
def test_the_solution_and_another_right_answer_pass(name):
    check, _, _, solution, other = CASES[name]
    assert check(solution).passed and check(other).passed


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("answer", [None, 7, "text", lambda *a: None, lambda: 1 / 0])
def test_an_odd_answer_gets_a_hint_and_no_traceback(name, answer):
    found = CASES[name][0](answer)
    assert not found.passed and len(found.message) > 20


def test_an_endless_answer_is_ended(monkeypatch):
    monkeypatch.setattr(exercises, "SECONDS", 0.2)

    def endless(*_):
        while True:
            pass

    found = lesson1.smooth_loss(endless)
    assert not found.passed and "did not end" in found.message


def test_a_verdict_reads_as_one_line():
    assert repr(lesson1.bigger_picture(predicted())).startswith("✓ Right.")
    assert repr(lesson1.bigger_picture(predicted(height=31))).startswith("✗ ")


def test_an_unknown_lesson_is_named():
    with pytest.raises(AttributeError, match="lesson99"):
        _ = cu.exercises.lesson99


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (counted(generator=None), "Not answered yet: generator"),
        (counted(generator=693_520 + 6_912), "old dense_y"),
        (counted(generator=693_520 + 16), "new"),
        (counted(generator=1), "look again at generator"),
        ({"dense_y": 6_912}, "dictionary with dense_y, generator"),
    ],
)
def test_a_wrong_count_of_more_labels_is_named(answer, hint):
    verdict = lesson2.more_labels(answer)
    assert not verdict.passed and hint in verdict.message
    assert "697" not in verdict.message


@pytest.mark.parametrize(
    ("write", "hint"),
    [
        (lambda g, text, noise: np.zeros((4, 28, 28, 1)), "did not call"),
        (lambda g, text, noise: write_at_once(g, text[::-1], noise), "labels"),
        (lambda g, text, noise: write_at_once(g, text, noise)[::-1], "this order"),
        (lambda g, text, noise: write_at_once(g, text[:4], noise), "longer number"),
        (lambda g, text, noise: write_at_once(g, text[:3], noise), "four pictures"),
    ],
)
def test_a_wrong_hand_is_named(write, hint):
    verdict = lesson2.one_hand(write)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (maxout_circulating, "still there"),
        (lambda c, units, pieces: c[:, :units], "largest of all"),
        (lambda c, units, pieces: np.reshape(c, (-1, units, pieces)).max(2), "first"),
        (lambda c, units, pieces: c, "Expected"),
    ],
)
def test_a_wrong_maxout_is_named(function, hint):
    verdict = lesson2.maxout(function)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ({"patch": 34, "map": 64}, "Two more layers"),
        ({"patch": 16, "map": 62}, "look again at patch"),
        ({"patch": 34}, "dictionary with patch, map"),
        ({"patch": 34, "map": None}, "Not answered yet: map"),
    ],
)
def test_a_wrong_patch_is_named(answer, hint):
    verdict = lesson3.smaller_patches(answer)
    assert not verdict.passed and hint in verdict.message
    assert "34" not in verdict.message and "62" not in verdict.message


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (sum, "raised TypeError"),
        (lambda kernels, strides: sum(kernels), "you give 8"),
        (lambda kernels, strides: kernels.clear() or 1, "you give 1"),
    ],
)
def test_a_wrong_receptive_field_is_named(function, hint):
    verdict = lesson3.receptive_field(function)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (wrapping, "begins again at 0"),
        (lambda pictures: pictures, "Expected uint8"),
        (lambda pictures: pixels(pictures)[0], "of shape (3, 1)"),
    ],
)
def test_wrong_pixels_are_named(function, hint):
    verdict = lesson3.to_pixels(function)
    assert not verdict.passed and hint in verdict.message
