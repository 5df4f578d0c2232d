"""The pool of older fakes keeps its promise, and the curves are read rightly."""

import course_utils as cu
import numpy as np
import pytest
import tensorflow as tf
from course_utils import gan
from course_utils.training import History

# --- the pool -------------------------------------------------------------------------


def fakes(*numbers):
    """Return small pictures which are all one number, (n, 2, 2, 1)."""
    return tf.constant(
        np.reshape(numbers, (-1, 1, 1, 1)) * np.ones((2, 2, 1)), "float32"
    )


def numbers(pictures):
    return np.asarray(pictures)[:, 0, 0, 0].astype(int).tolist()


def by_the_paper(stream, capacity, seed):
    """Return what the paper's pool gives back and keeps, written with a list."""
    random = tf.random.Generator.from_seed(seed)
    kept, given = [], []
    for number in stream:
        is_older = float(random.uniform(())) < 0.5
        place = int(random.uniform((), maxval=capacity, dtype=tf.int64))
        if len(kept) < capacity:
            kept.append(number)
            given.append(number)
        elif is_older:
            given.append(kept[place])
            kept[place] = number
        else:
            given.append(number)
    return given, kept


@pytest.mark.parametrize("batch", [1, 2, 5])
@pytest.mark.parametrize("wrap", [lambda pool: pool, tf.function])
def test_a_full_pool_exchanges_as_the_paper_says(batch, wrap):
    stream = np.arange(1, 61).reshape(-1, batch)
    pool = gan.ImagePool(capacity=4, seed=3)
    call = wrap(pool)
    given = [number for row in stream for number in numbers(call(fakes(*row)))]
    expected, kept = by_the_paper(range(1, 61), 4, seed=3)
    assert given == expected and given[:4] == [1, 2, 3, 4]
    assert numbers(pool.kept) == kept
    older = sum(one != other for one, other in zip(given, range(1, 61), strict=True))
    assert older == 30  # of the 56 that met a full pool


def test_no_capacity_gives_back_every_fresh_fake():
    pool = gan.ImagePool(capacity=0)
    for start in range(5):
        assert numbers(pool(fakes(start, start + 1))) == [start, start + 1]


@pytest.mark.parametrize("capacity", [0, 2])
def test_no_gradient_goes_through_the_pool(capacity):
    pool, fresh = gan.ImagePool(capacity), fakes(1, 2, 3)
    with tf.GradientTape() as tape:
        tape.watch(fresh)
        shown = pool(fresh)
    assert tape.gradient(shown, fresh) is None


def test_a_restored_pool_goes_on_as_if_nothing_had_happened():
    pool, other = gan.ImagePool(4, seed=3), gan.ImagePool(4, seed=8)
    pool(fakes(*range(1, 11)))
    other(fakes(0))
    for new, old in zip(other.variables, pool.variables, strict=True):
        new.assign(old)
    expected = numbers(pool(fakes(*range(11, 31))))
    assert numbers(other(fakes(*range(11, 31)))) == expected
    assert numbers(other.kept) == numbers(pool.kept)


# --- the diagnosis --------------------------------------------------------------------

FINE = {"d_loss": 1.3, "g_loss": 0.8, "real_accuracy": 0.7, "fake_accuracy": 0.6}
NOTHING = "Nothing stands out"


def told(steps=200, **curves):
    """Return the diagnosis of a history; curves are numbers, or a value each step."""
    history = History()
    for row in zip(*(np.broadcast_to(v, steps) for v in curves.values()), strict=True):
        history.append(dict(zip(curves, row, strict=True)))
    return gan.diagnose(history)


def ends_at(value, before):
    """Return a curve of 200 steps: one value up to its last tenth, then another."""
    return [before] * 180 + [value] * 20


def test_nothing_stands_out_in_a_balanced_training_nor_in_lesson_1():
    noise = np.random.default_rng(0).uniform(0.5, 1.5, 200)
    assert NOTHING in told(**FINE)
    assert NOTHING in told(d_loss=1.3 * noise, g_loss=0.8 * noise)
    assert NOTHING in gan.diagnose(cu.weights.history("fashion_dcgan"))


def test_a_verdict_takes_fifty_steps():
    assert "49 steps: too few" in told(49, **FINE)
    assert NOTHING in told(50, **FINE)


@pytest.mark.parametrize(
    ("word", "curves", "near"),
    [  # the curves of the verdict, and some that just miss it
        ("collapsed: g_spread", {"g_spread": ends_at(0.24, 0.5)}, ends_at(0.26, 0.5)),
        (
            "wins: zebra_d_loss",
            {"zebra_d_loss": ends_at(0.04, 1.3)},
            ends_at(0.06, 1.3),
        ),
        (
            "g_loss, log(1 - D), is saturated",
            {"g_loss": ends_at(-0.04, -0.7)},
            ends_at(-0.06, -0.7),
        ),
        ("explodes: g_loss", {"g_loss": ends_at(5.1, 1)}, ends_at(4.9, 1)),
        ("explodes: g_loss", {"g_loss": ends_at(1.01, 0.1)}, ends_at(0.99, 0.1)),
    ],
)
def test_what_stands_out_is_named_and_what_just_misses_it_is_not(word, curves, near):
    assert word in told(**FINE | curves)
    assert NOTHING in told(**FINE | dict.fromkeys(curves, near))


@pytest.mark.parametrize(("last", "wins"), [(0.99, True), (0.97, False)])
def test_the_discriminator_wins_when_it_is_always_right(last, wins):
    always = {"real_accuracy": 1.0, "fake_accuracy": ends_at(last, before=0.6)}
    assert ("wins: it is right in 99%" in told(**FINE | always)) is wins
