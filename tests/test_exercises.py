"""Each check: no to the untouched stub and a named wrong answer, yes to two others."""

import course_utils as cu
import keras
import numpy as np
import pytest
from course_utils import exercises
from course_utils.exercises import lesson1, lesson2, lesson3, lesson4, lesson5
from course_utils.losses import cross_entropy, discriminator_loss
from course_utils.networks import downsample


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


def left(**changes):
    return {"kept": [120, 140, 150], "after_power_cut": 60, **changes}


def jitter(picture, seed):
    return cu.data.augment.jitter(picture, seed, size=64, larger=72)


def jitter_stacked(plan, photo, seed):
    pair = jitter(np.concatenate([plan, photo], axis=-1), seed)
    return pair[..., :3], pair[..., 3:]


def jitter_apart(plan, photo, seed):
    return jitter(plan, seed), jitter(photo, (seed[0] + 1, seed[1]))


def jitter_smoothly(plan, photo, seed):
    larger = [keras.ops.image.resize(picture, (72, 72)) for picture in (plan, photo)]
    return jitter_stacked(*larger, seed)


def encoder_with(*norms):
    """Return a function that builds an encoder: first, middle, last block's norm."""

    def build(size, width):
        image = keras.Input((size, size, 3))
        filters = cu.networks.encoder_filters(size, width)
        chosen = [norms[0], *(len(filters) - 2) * [norms[1]], norms[2]]
        features = image
        for count, norm in zip(filters, chosen, strict=True):
            features = downsample(count, 4, norm=norm)(features)
        return keras.Model(image, features)

    return build


def encoder_by_blocks(size, width):
    blocks = cu.networks.Encoder(size, width, "instance")
    image = keras.Input((size, size, 3))
    return keras.Model(image, blocks(image)[-1])


def moved(**changes):
    names = "D_Y(G(x))", "D_X(F(y))", "F(G(x)) - x", "G(F(y)) - y", "G(y) - y"
    right = dict.fromkeys(names, True) | {"D_X(F(y))": False, "F(x) - x": False}
    return right | changes


def cycle_by_keras(horses, zebras, to_zebra, to_horse):
    there = cu.losses.l1_loss(horses, to_horse(to_zebra(horses)))
    return there + cu.losses.l1_loss(zebras, to_zebra(to_horse(zebras)))


def cycle_by_hand(horses, zebras, to_zebra, to_horse):
    rounds = [(horses, to_zebra, to_horse), (zebras, to_horse, to_zebra)]
    return sum(
        np.abs(back(there(start)) - start).mean() for start, there, back in rounds
    )


def cycle_of_horses(horses, zebras, to_zebra, to_horse):
    return cu.losses.l1_loss(horses, to_horse(to_zebra(horses)))


def unchanged(horses, zebras, to_zebra, to_horse):
    zebra_loss = cu.losses.l1_loss(zebras, to_zebra(zebras))
    return zebra_loss + cu.losses.l1_loss(horses, to_horse(horses))


def unchanged_by_hand(horses, zebras, to_zebra, to_horse):
    return np.abs(to_zebra(zebras) - zebras).mean() + np.mean(
        abs(to_horse(horses) - horses)
    )


def horses_stay(horses, zebras, to_zebra, to_horse):
    return unchanged(zebras, horses, to_zebra, to_horse)


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
    "what is left": (
        lesson4.what_is_left,
        {"kept": None, "after_power_cut": None},
        (left(kept=[100, 120, 140]), "from the end"),
        left(),
        left(kept=(150.0, 140, np.int64(120)), after_power_cut=60.0),
    ),
    "both alike": (
        lesson4.both_alike,
        lambda plan, photo, seed: (jitter(plan, seed), photo),
        (jitter_apart, "do not agree"),
        jitter_stacked,
        lambda plan, photo, seed: [jitter(plan, seed), jitter(photo, seed)],
    ),
    "encoder": (
        lesson4.encoder,
        encoder_with(False, True, True),
        (encoder_with(False, False, False), "no block is normalized"),
        encoder_with(False, True, False),
        encoder_by_blocks,
    ),
    "who is moved": (
        lesson5.who_is_moved,
        dict.fromkeys(moved()),
        (moved(**{"G(F(y)) - y": False}), "both cycles"),
        moved(),
        {term: np.int64(answer) for term, answer in moved().items()},
    ),
    "cycle both": (
        lesson5.cycle_both,
        cycle_of_horses,
        (lambda *a: cycle_by_hand(*a) / 2, "their sum"),
        cycle_by_keras,
        cycle_by_hand,
    ),
    "identity": (
        lesson5.identity,
        horses_stay,
        (lambda h, z, g, f: np.abs(g(z) - z).mean(), "the other one"),
        unchanged,
        unchanged_by_hand,
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


def test_an_answer_that_changes_what_it_got_is_judged_all_the_same():
    def sorts_in_place(candidates, units, pieces):
        candidates.sort(axis=1)
        return candidates[:, -units:]

    def right_in_place(candidates, units, pieces):
        candidates += 1
        split = candidates.reshape(-1, pieces, units).max(1)
        candidates[...] = 0
        return split - 1

    assert not lesson2.maxout(sorts_in_place).passed
    assert lesson2.maxout(right_in_place).passed


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


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (left(kept=[20, 40, 60, 80, 100, 120, 140, 150]), "Which ones go"),
        (left(kept=[130, 140, 150]), "look again at kept"),
        (left(kept=150), "expected a list"),
        (left(after_power_cut=75), "does not wait"),
        (left(after_power_cut=80), "look again at after_power_cut"),
        (left(kept=None), "Not answered yet: kept"),
        ({"kept": []}, "dictionary with kept, after_power_cut"),
    ],
)
def test_a_wrong_guess_of_what_is_left_is_named(answer, hint):
    verdict = lesson4.what_is_left(answer)
    assert not verdict.passed and hint in verdict.message
    assert "120, 140, 150" not in verdict.message and "60" not in verdict.message


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda plan, photo, seed: (plan, photo), "jittered at all"),
        (lambda plan, photo, seed: (plan, photo[:32]), "(32, 64, 3)"),
        (lambda plan, photo, seed: plan, "Expected a plan and a photo"),
        (jitter_smoothly, "new colours"),
        (lambda *pair_and_seed: jitter_stacked(*pair_and_seed)[::-1], "is the photo"),
    ],
)
def test_a_wrong_jitter_is_named(function, hint):
    verdict = lesson4.both_alike(function)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("build", "hint"),
    [
        (encoder_with(False, True, True), "the same code"),
        (encoder_with(True, True, False), "other blocks have changed"),
        (
            lambda size, width: encoder_with(False, True, False)(size, 2 * width),
            "codes",
        ),
        (lambda size, width: size, "got a int"),
    ],
)
def test_a_wrong_encoder_is_named(build, hint):
    verdict = lesson4.encoder(build)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (moved(**{"D_X(F(y))": True, "F(x) - x": True}), "2 of the six"),
        (moved(**{"G(y) - y": "yes"}), "True or False"),
        (moved(**{"G(y) - y": None}), "Not answered yet: G(y) - y"),
        ({"G(y) - y": True}, "dictionary with D_Y(G(x))"),
        (moved(**{"F(G(x)) - x": False, "G(F(y)) - y": False}), "drew otherwise"),
    ],
)
def test_a_wrong_guess_of_who_is_moved_is_counted(answer, hint):
    verdict = lesson5.who_is_moved(answer)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("loss", "hint"),
    [
        (cycle_of_horses, "And zebras?"),
        (lambda h, z, g, f: cycle_of_horses(z, h, f, g), "And horses?"),
        (
            lambda h, z, g, f: np.abs(f(z) - h).mean() + np.abs(g(h) - z).mean(),
            "no pairs",
        ),
        (lambda h, z, g, f: cycle_by_hand(z, h, g, f), "not the sum"),
        (lambda h, z, g, f: np.abs(h - f(z)).mean(), "not the sum"),
        (lambda h, z, g, f: f(g(h)) - h, "one number"),
    ],
)
def test_a_wrong_cycle_is_named(loss, hint):
    verdict = lesson5.cycle_both(loss)
    assert not verdict.passed and hint in verdict.message


@pytest.mark.parametrize(
    ("loss", "hint"),
    [
        (horses_stay, "making a horse a zebra costs"),
        (lambda h, z, g, f: np.abs(f(h) - h).mean(), "the other one"),
        (cycle_by_hand, "not how much"),
        (
            lambda h, z, g, f: np.abs(g(z) - z).mean() + np.abs(f(z) - z).mean(),
            "not how much",
        ),
        (lambda h, z, g, f: g(z) - z, "one number"),
    ],
)
def test_a_wrong_identity_is_named(loss, hint):
    verdict = lesson5.identity(loss)
    assert not verdict.passed and hint in verdict.message
