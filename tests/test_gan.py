"""The pool of older fakes keeps its promise, and the curves are read rightly."""

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import gan, losses
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


def test_a_pool_gives_back_the_fresh_fakes_while_it_fills():
    pool = gan.ImagePool(capacity=3)
    given = [numbers(pool(fakes(number)))[0] for number in (1, 2, 3)]
    assert given == [1, 2, 3] == numbers(pool.kept)
    assert int(pool.count) == 3


@pytest.mark.parametrize("batch", [1, 2, 5])
@pytest.mark.parametrize("wrap", [lambda pool: pool, tf.function])
def test_a_full_pool_exchanges_as_the_paper_says(batch, wrap):
    stream = np.arange(1, 61).reshape(-1, batch)
    pool = gan.ImagePool(capacity=4, seed=3)
    call = wrap(pool)
    given = [number for row in stream for number in numbers(call(fakes(*row)))]
    expected, kept = by_the_paper(range(1, 61), 4, seed=3)
    assert given == expected
    assert numbers(pool.kept) == kept
    older = sum(one != other for one, other in zip(given, range(1, 61), strict=True))
    assert older == 30  # of the 56 that met a full pool


def test_pools_of_other_seeds_choose_otherwise():
    stream = range(1, 41)
    one, other, again = (
        numbers(gan.ImagePool(4, seed)(fakes(*stream))) for seed in (0, 1, 0)
    )
    assert one == again != other


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


class Parts:
    """A small GAN that translates pictures, with a pool: all that must be kept."""

    def __init__(self):
        keras.utils.clear_session()
        keras.utils.set_random_seed(0)
        generator = keras.Sequential(
            [keras.Input((8, 8, 1)), keras.layers.Conv2D(1, 3, padding="same")]
        )
        discriminator = keras.Sequential(
            [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        rate = cu.training.LinearDecay(1e-2, steps=20, start=5)
        g_optimizer, d_optimizer = (keras.optimizers.SGD(rate) for _ in range(2))
        pool = gan.ImagePool(capacity=4)
        self.state = {
            "generator": generator,
            "discriminator": discriminator,
            "g_optimizer": g_optimizer,
            "d_optimizer": d_optimizer,
            "pool": pool,
        }

        @tf.function
        def step(real):
            with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
                fake = generator(real, training=True)
                fake_logits = discriminator(fake, training=True)
                g_loss = losses.least_squares_generator_loss(fake_logits)
                d_loss = losses.least_squares_discriminator_loss(
                    discriminator(real, training=True),
                    discriminator(pool(fake), training=True),
                )
            g_weights = generator.trainable_variables
            d_weights = discriminator.trainable_variables
            g_optimizer.apply(g_tape.gradient(g_loss, g_weights), g_weights)
            d_optimizer.apply(d_tape.gradient(d_loss, d_weights), d_weights)
            return {"d_loss": d_loss, "g_loss": g_loss}

        self.step = step

    def fit(self, folder, epochs):
        drawn = np.random.default_rng(0).integers(0, 256, (8, 8, 8, 1), np.uint8)
        batches = cu.batches.make(drawn, batch_size=3)  # 3, 3 and 2 pictures
        return cu.training.fit(
            self.step, batches, epochs=epochs, state=self.state, folder=folder
        )

    def numbers(self):
        return [
            np.asarray(variable).tobytes()
            for part in self.state.values()
            for variable in part.variables
        ]


def test_a_training_with_a_pool_resumes_bit_for_bit(tmp_path):
    straight = Parts()
    whole = straight.fit(tmp_path / "straight", epochs=4)
    Parts().fit(tmp_path / "resumed", epochs=2)
    resumed = Parts()
    history = resumed.fit(tmp_path / "resumed", epochs=4)
    assert resumed.numbers() == straight.numbers()
    np.testing.assert_array_equal(history["d_loss"], whole["d_loss"])
    assert len(history) == 12 and int(resumed.state["pool"].count) == 4


def test_a_pool_refuses_what_it_cannot_keep():
    with pytest.raises(ValueError, match="capacity is -1; expected .* 0 for no pool"):
        gan.ImagePool(capacity=-1)
    pool = gan.ImagePool()
    pool(fakes(1))
    with pytest.raises(ValueError, match=r"\(2, 2, 1\), these have \(4, 4, 3\)"):
        pool(tf.zeros((1, 4, 4, 3)))


# --- the diagnosis --------------------------------------------------------------------


def told(steps=200, **curves):
    """Return the diagnosis of a history; curves are numbers, or a value each step."""
    history = History()
    for row in zip(*(np.broadcast_to(v, steps) for v in curves.values()), strict=True):
        history.append(dict(zip(curves, row, strict=True)))
    return gan.diagnose(history)


def ends_at(value, before, steps=200):
    """Return a curve of one value up to its last tenth."""
    return [before] * (steps - steps // 10) + [value] * (steps // 10)


FINE = {"d_loss": 1.3, "g_loss": 0.8, "real_accuracy": 0.7, "fake_accuracy": 0.6}


def test_nothing_stands_out_in_a_balanced_training():
    noise = np.random.default_rng(0).uniform(0.5, 1.5, 200)
    assert "Nothing stands out" in told(**FINE)
    assert "Nothing stands out" in told(d_loss=1.3 * noise, g_loss=0.8 * noise)


def test_nothing_stands_out_in_lesson_1():
    assert "Nothing stands out" in gan.diagnose(cu.weights.history("fashion_dcgan"))


@pytest.mark.parametrize("name", ["d_loss", "g_loss", "real_accuracy"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_named_with_its_step(name, bad):
    broken = FINE | {name: [1.0] * 150 + [bad] * 50}
    assert f"{name} is not finite from step 151 on" in told(**broken)


def test_what_was_reported_late_does_not_count():
    history = History()
    for name, value in FINE.items():
        for _ in range(200):
            history.append({name: value})
    for _ in range(9):
        history.append({"late_accuracy": 1.0})
    for _ in range(60):
        history.append({"late_d_loss": 0.01})
    assert "Nothing stands out" in gan.diagnose(history)


@pytest.mark.parametrize(("steps", "short"), [(1, True), (49, True), (50, False)])
def test_fifty_steps_are_the_fewest(steps, short):
    text = told(steps, **FINE)
    assert (f"Only {steps} steps: too few to judge" in text) is short


@pytest.mark.parametrize(("last", "collapsed"), [(0.24, True), (0.26, False)])
def test_a_generator_has_collapsed_when_its_spread_halves(last, collapsed):
    text = told(**FINE, g_spread=[0.3] * 20 + ends_at(last, before=0.5)[20:])
    assert ("collapsed: g_spread was 0.5 and ends at 0.24" in text) is collapsed


@pytest.mark.parametrize(
    ("last", "before", "saturated"),
    [(-0.04, -0.7, True), (-0.06, -0.7, False), (-0.04, 0.01, False)],
)
def test_a_loss_below_0_is_saturated_when_it_ends_near_0(last, before, saturated):
    text = told(d_loss=0.01, g_loss=ends_at(last, before))
    assert ("saturated: g_loss, log(1 - D), ends at -0.04" in text) is saturated


@pytest.mark.parametrize(("last", "wins"), [(0.049, True), (0.051, False)])
@pytest.mark.parametrize("name", ["d_loss", "zebra_d_loss", "d_loss_of_horses"])
def test_the_discriminator_wins_when_its_loss_ends_near_zero(name, last, wins):
    text = told(**{name: ends_at(last, before=1.3)}, g_loss=ends_at(40, before=1))
    assert (f"The discriminator wins: {name} ends at 0.049" in text) is wins


@pytest.mark.parametrize(("last", "wins"), [(0.99, True), (0.97, False)])
def test_the_discriminator_wins_when_it_is_always_right(last, wins):
    always = {"real_accuracy": 1.0, "fake_accuracy": ends_at(last, before=0.6)}
    text = told(**FINE | always)
    assert ("The discriminator wins: it is right in 99%" in text) is wins


@pytest.mark.parametrize(
    ("last", "before", "explodes"),
    [(5.1, 1, True), (4.9, 1, False), (0.99, 0.1, False), (1.01, 0.1, True)],
)
def test_the_generators_loss_explodes_above_five_times_its_first_half(
    last, before, explodes
):
    text = told(d_loss=1.3, horse_g_loss=ends_at(last, before))
    assert ("loss explodes: horse_g_loss was " in text) is explodes


@pytest.mark.parametrize(
    ("parts", "swings"),
    [
        ([1, 2.1, 1, 2.1, 1, 1, 1, 1, 1, 1], True),
        ([1, 1.9, 1, 1.9, 1, 1.9, 1, 1.9, 1, 1.9], False),  # never more than double
        ([1, 2.1, 1, 1, 1, 1, 1, 1, 1, 1], False),  # once up, once down
        ([9, 4, 1.9, 0.9, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4], False),  # it only falls
    ],
)
@pytest.mark.parametrize("name", ["d_loss", "g_loss"])
def test_a_loss_swings_when_it_doubles_and_halves_twice(name, parts, swings):
    text = told(**FINE | {name: [1.0] * 100 + np.repeat(parts, 10).tolist()})
    assert (f"{name} swings: in the last half it more than doubled" in text) is swings


def test_a_loss_below_0_swings_only_when_it_does():
    assert "Nothing stands out" in told(d_loss=1.3, g_loss=-0.69)
    assert "Nothing stands out" in told(d_loss=-2.0, g_loss=-0.5)  # of a critic
    parts = [-1, -2.1, -1, -2.1, *[-1] * 6]
    wild = [-1.0] * 100 + np.repeat(parts, 10).tolist()
    assert "g_loss swings" in told(d_loss=1.3, g_loss=wild)


def test_swings_of_the_first_half_are_forgiven():
    wild = [1.0, 9.0] * 50 + [1.0] * 100
    assert "Nothing stands out" in told(d_loss=wild, g_loss=wild)


def test_a_history_of_no_gan_is_answered_with_what_was_expected():
    with pytest.raises(ValueError, match="has only loss; expected .*d_loss, g_loss"):
        told(loss=1.0)
    with pytest.raises(ValueError, match="has only no values"):
        gan.diagnose(History())


# --- the diagnosis of real trainings, of two small networks in the plane --------------


def trained(g_rate=1e-3, d_rate=1e-3, saturating=False, steps=400):
    """Return the history of a GAN that learns eight points on a circle."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential(
        [keras.Input((2,)), *hidden(), keras.layers.Dense(2, "tanh")]
    )
    judge = keras.Sequential([keras.Input((2,)), *hidden(), keras.layers.Dense(1)])
    g_optimizer = keras.optimizers.Adam(g_rate, beta_1=0.5)
    d_optimizer = keras.optimizers.Adam(d_rate, beta_1=0.5)
    angles = np.random.default_rng(0).integers(0, 8, 64 * steps) * np.pi / 4
    points = np.float32(0.8) * np.stack(
        [np.cos(angles), np.sin(angles)], -1, dtype="float32"
    )

    @tf.function
    def train_step(real, noise):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise)
            real_logits, fake_logits = judge(real), judge(fake)
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)
            g_loss = cu.losses.generator_loss(fake_logits)
            if saturating:
                g_loss = -cu.losses.cross_entropy(
                    tf.zeros_like(fake_logits), fake_logits
                )
        for tape, loss, network, optimizer in (
            (g_tape, g_loss, generator, g_optimizer),
            (d_tape, d_loss, judge, d_optimizer),
        ):
            gradients = tape.gradient(loss, network.trainable_variables)
            optimizer.apply(gradients, network.trainable_variables)
        spread = tf.reduce_mean(tf.math.reduce_std(fake, axis=0))
        return {"d_loss": d_loss, "g_loss": g_loss, "g_spread": spread}

    history = History()
    noise = np.random.default_rng(1).normal(size=points.shape).astype("float32")
    for start in range(0, len(points), 64):
        values = train_step(points[start : start + 64], noise[start : start + 64])
        history.append({key: float(value) for key, value in values.items()})
    return history


def hidden():
    return [keras.layers.Dense(32, "relu"), keras.layers.Dense(32, "relu")]


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({}, "Nothing stands out"),
        ({"d_rate": 0.0, "g_rate": 1e-2}, "collapsed: g_spread"),
        ({"g_rate": 0.0, "d_rate": 1e-2}, "The discriminator wins: d_loss"),
        ({"g_rate": 1e-6, "d_rate": 1e-2, "saturating": True}, "saturated: g_loss"),
    ],
)
def test_a_real_training_gets_its_verdict(settings, verdict):
    assert verdict in gan.diagnose(trained(**settings))
