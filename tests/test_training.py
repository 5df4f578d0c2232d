"""The loop: it resumes bit for bit, stops when asked, and says what went wrong."""

import functools
import os
import signal
import subprocess
import sys
from pathlib import Path

import bench
import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

ADAM = {"learning_rate": 2e-4, "beta_1": 0.5}
EPSILON = {bench.creatures: 1e-3}  # some of their gradients are nearly 0
PICTURES = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)


def make():
    """Return the step and the state of a small GAN: all that there is to be kept."""
    keras.utils.clear_session()  # layer names decide the order of float sums
    keras.utils.set_random_seed(0)
    generator = keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(4, use_bias=False),
            layers.BatchNormalization(),
            layers.Dense(64, activation="tanh"),
            layers.Reshape((8, 8, 1), dtype="float32"),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(1, dtype="float32"),
        ]
    )
    networks, noise = (generator, discriminator), tf.random.Generator.from_seed(0)
    optimizers = [cu.training.Adam(1e-3) for _ in networks]
    average = cu.training.Average(generator, keras.models.clone_model(generator))
    losses = ("discriminator_loss", "generator_loss", "accuracy")
    known = {name: getattr(cu.losses, name) for name in losses}
    (make_step,) = bench.from_lesson("01", "make_train_step", **known)
    train_step = make_step(*networks, *optimizers, noise)

    @tf.function
    def step(real):
        values = train_step(real)
        average.update()
        return values

    state = dict(zip(bench.PART_NAMES, [*networks, *optimizers, noise], strict=True))
    return step, state | {"average": average}


def variables(state) -> list:
    """Return all that a training changes."""
    states = {name: getattr(part, "state", part) for name, part in state.items()}
    lists = [getattr(part, "variables", [part]) for part in states.values()]
    return [variable for variables in lists for variable in variables]


def numbers(state) -> list[np.ndarray]:
    return [np.array(variable) for variable in variables(state)]


def set_all(state, values) -> None:
    for variable, value in zip(variables(state), values, strict=True):
        variable.assign(value)


def assert_same(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


class StopsItself(cu.batches.Batches):
    """Sends a signal before it gives out one of its batches."""

    def __init__(self, epoch, index, signal_number=signal.SIGINT):
        super().__init__((PICTURES,), 16, 0, True, None, True)
        self.at, self.signal = (epoch, index), signal_number

    def epoch(self, number, *, start=0):
        for index, batch in enumerate(super().epoch(number, start=start), start):
            if (number, index) == self.at:
                os.kill(os.getpid(), self.signal)
            yield batch


def batches():
    return cu.batches.make(PICTURES, batch_size=16, seed=0)  # 3 steps an epoch


@functools.cache  # what a step needs is compiled once for all tests
def straight(policy="float32"):
    """Return a step, its state and what that held, before and after three epochs."""
    with cu.training.precision(policy):
        step, state = make()
    cu.training.fit(step, batches(), epochs=1, state=state)  # makes Adam's variables
    before = numbers(state)
    history = cu.training.fit(step, batches(), epochs=3, state=state)
    return step, state, before, numbers(state), history


def goes_on_as_if_nothing_had_been(folder, policy="float32"):
    step, state, before, after, whole = straight(policy)
    set_all(state, [0 * value for value in before])  # all is in the checkpoint
    history = cu.training.fit(step, batches(), epochs=3, state=state, folder=folder)
    assert_same(numbers(state), after)
    assert_same([history[k] for k in history.keys()], [whole[k] for k in whole.keys()])
    return history


def plain_step(*values):
    """Return a step that gives out prepared losses, one after the other."""
    remaining = iter(values)
    return lambda batch: {"loss": next(remaining)}


# --- killed, stopped, resumed ---------------------------------------------------------


@pytest.mark.parametrize("case", bench.CASES)
def test_a_lesson_of_6_and_6_steps_equals_one_of_12_and_a_plain_loop(case, tmp_path):
    def make(adam):
        keras.utils.clear_session()
        keras.utils.set_random_seed(0)
        epsilon = EPSILON.get(case, 1e-7)
        return case(lambda: adam(**ADAM, epsilon=epsilon), small=True)

    step, batches, state = make(cu.training.Adam)
    options = {"state": state, "folder": tmp_path, "checkpoint_every": 1}
    whole = cu.training.fit(step, batches, epochs=2, **options)
    after = numbers(state)
    (newest,) = (tmp_path / "checkpoints").glob("step-12.data*")
    newest.write_bytes(newest.read_bytes()[:100])  # so the one of step 6 is taken
    parts = cu.training.fit(step, batches, epochs=2, **options)
    assert len(batches) == 6 and len(parts) == 12
    assert_same(numbers(state), after)
    assert_same([parts[k] for k in parts.keys()], [whole[k] for k in whole.keys()])

    if case is not bench.cyclegan:  # which takes a minute to trace
        step, batches, state = make(keras.optimizers.Adam)
        for number in range(2):
            for batch in batches.epoch(number):
                step(batch)
        for one, other in zip(numbers(state), after, strict=True):
            assert np.linalg.norm(one - other) <= 1e-5 * np.linalg.norm(one)


@pytest.mark.parametrize(
    ("at", "policy"),
    [((0, 1), "float32"), ((1, 2), "float32"), ((0, 1), "mixed_bfloat16")],
)
def test_stopped_anywhere_it_goes_on(tmp_path, capsys, at, policy):
    step, state, before, *_ = straight(policy)
    set_all(state, before)
    options, button = (
        {"state": state, "folder": tmp_path},
        signal.getsignal(signal.SIGINT),
    )
    stopped = cu.training.fit(step, StopsItself(*at), epochs=3, **options)
    assert signal.getsignal(signal.SIGINT) is button
    assert len(stopped) == 3 * at[0] + at[1] + 1 and not stopped.finished
    assert "run this cell again to go on" in capsys.readouterr().out
    history = goes_on_as_if_nothing_had_been(tmp_path, policy)
    assert history.finished and history.seconds > stopped.seconds


def test_killed_it_goes_on_from_the_last_checkpoint(tmp_path):
    program = (
        "import signal, sys, test_training as t\n"
        "step, state, before, *_ = t.straight()\n"
        "t.set_all(state, before)\n"
        "batches = t.StopsItself(1, 2, signal.SIGKILL)\n"
        "options = {'folder': sys.argv[1], 'checkpoint_every': 1}\n"
        "t.cu.training.fit(step, batches, epochs=3, state=state, **options)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parent, check=False)
    assert done.returncode == -signal.SIGKILL
    goes_on_as_if_nothing_had_been(tmp_path)


def test_more_epochs_go_on_and_a_finished_training_is_found(tmp_path):
    step, state, before, *_ = straight()
    set_all(state, before)
    cu.training.fit(step, batches(), epochs=1, state=state, folder=tmp_path)
    goes_on_as_if_nothing_had_been(tmp_path)
    goes_on_as_if_nothing_had_been(tmp_path)


def test_fresh_forgets_what_was_there(tmp_path):
    number = tf.Variable(0.0)

    def step(batch):
        return {"number": number.assign_add(1.0)}

    for _ in range(2):
        options = {"state": {"number": number}, "folder": tmp_path, "fresh": True}
        history = cu.training.fit(step, batches(), epochs=1, **options)
    assert history["number"].tolist() == [4, 5, 6]


# --- what is said of what goes wrong --------------------------------------------------


@pytest.mark.parametrize("other", [{"units": 3}, {"name": "other"}, {"more": 1}])
def test_a_checkpoint_of_another_training_is_refused(tmp_path, other):
    def train(units=2, name="network", more=0):
        dense = [layers.Dense(units) for _ in range(1 + more)]
        state = {name: keras.Sequential([keras.Input((4,)), *dense])}
        options = {"epochs": 1, "state": state, "folder": tmp_path}
        cu.training.fit(plain_step(1.0, 1.0, 1.0), batches(), **options)

    train()
    with pytest.raises(ValueError, match="another training.*fresh=True"):
        train(**other)


def test_the_newest_are_kept_and_nothing_whole_is_no_reason_to_begin_anew(tmp_path):
    options = {"state": {"number": tf.Variable(1.0)}, "folder": tmp_path, "epochs": 3}
    step = plain_step(*[1.0] * 9)
    cu.training.fit(step, batches(), checkpoint_every=1, keep=2, **options)
    paths = (tmp_path / "checkpoints").glob("*.index")
    assert {path.stem for path in paths} == {"step-6", "step-9"}
    for path in (tmp_path / "checkpoints").glob("step-*"):
        path.write_bytes(path.read_bytes()[:10])
    with pytest.raises(ValueError, match="fresh=True"):
        cu.training.fit(plain_step(), batches(), **options)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_stops_with_step_and_checkpoint(tmp_path, bad):
    step, state = plain_step(1.0, 1.0, 1.0, 1.0, bad), {"number": tf.Variable(1.0)}
    options = {"epochs": 2, "folder": tmp_path, "checkpoint_every": 1}
    with pytest.raises(FloatingPointError) as error:
        cu.training.fit(step, batches(), state=state, **options)
    message = str(error.value)
    assert f"loss is {bad} at step 5" in message and "Usual causes" in message
    assert str(tmp_path / "checkpoints" / "step-3") in message


@pytest.mark.parametrize("part", ["a word", keras.layers.Dense(1), cu.training.Adam()])
def test_what_cannot_be_saved_is_named(tmp_path, part):
    step, options = plain_step(1.0), {"state": {"name": part}, "folder": tmp_path}
    with pytest.raises((TypeError, ValueError), match=r"state\['name'\]"):
        cu.training.fit(step, batches(), epochs=1, **options)


def test_batches_of_unknown_order_are_refused():
    with pytest.raises(TypeError, match="cu.batches.make"):
        cu.training.fit(plain_step(1.0), [PICTURES], epochs=1, state={})


# --- what is shown and written --------------------------------------------------------


def test_snapshots_bear_epoch_and_step_and_epochs_end(tmp_path):
    told = []
    cu.training.fit(
        plain_step(*[1.0] * 6),
        batches(),
        epochs=2,
        state={},
        folder=tmp_path,
        snapshot=lambda path: path.write_text("picture"),
        snapshot_every=2,
        on_epoch_end=lambda epoch, history: told.append((epoch, len(history))),
    )
    assert sorted(path.name for path in (tmp_path / "samples").iterdir()) == [
        f"epoch-{epoch:03d}-step-{step:06d}.png"
        for epoch, step in [(0, 0), (1, 2), (1, 3), (2, 4), (2, 6)]
    ]
    assert told == [(1, 3), (2, 6)]


def test_a_terminal_gets_a_bar_that_leaves_nothing_behind(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    batches = cu.batches.make(PICTURES, batch_size=8)
    cu.training.fit(plain_step(*[0.5] * 5), batches, epochs=1, state={})
    out, error = capsys.readouterr()
    assert "0/5" in out and not error
    assert out.rsplit("\r", 1)[1] == "finished after epoch 1, step 5\n"


def test_a_history_says_what_it_has_and_is_read_as_it_was_written(tmp_path):
    history = cu.training.History(steps_per_epoch=2)
    assert len(history) == 0
    for step in range(60):
        history.append({"loss": step, "other": 1 / 3})
    history.seconds = 7.0
    history.save(tmp_path / "history.npz")
    found = cu.training.History.load(tmp_path / "history.npz")
    assert found["loss"].tolist() == list(range(60)) and found.epochs == 30
    assert found.seconds == 7 and found["other"] == pytest.approx(1 / 3, abs=1e-3)
    with pytest.raises(KeyError, match="no 'acc' in this history; it has loss"):
        _ = history["acc"]
    history.plot(["loss"], ["other"], path=tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 5_000


# --- Adam, the falling rate, the average, the precision, several devices --------------


def test_the_update_is_compiled_in_a_step_and_there_only():
    optimizer, weight = cu.training.Adam(0.1), keras.Variable(1.0)

    @tf.function
    def step(gradient):
        optimizer.apply([gradient], [weight])

    graph = step.get_concrete_function(tf.constant(1.0)).graph
    assert "_XlaMustCompile" in str(graph.as_graph_def())
    optimizer.apply([tf.constant(1.0)], [weight])
    assert float(weight) == pytest.approx(0.9, rel=1e-5)


@pytest.mark.parametrize(
    ("step", "rate"), [(0, 0.8), (40, 0.8), (50, 0.6), (60, 0.4), (80, 0), (99, 0)]
)
def test_the_rate_is_constant_then_falls_to_zero(step, rate):
    schedule = cu.training.LinearDecay(0.8, steps=80, start=40)
    assert float(schedule(step)) == pytest.approx(rate)
    with pytest.raises(ValueError, match="from step 80 to step 80; expected"):
        cu.training.LinearDecay(0.8, steps=80, start=80)


def test_the_average_follows_all_but_the_seeds():
    def network():
        parts = [layers.Dense(2), layers.BatchNormalization(), layers.Dropout(0.5)]
        return keras.Sequential([keras.Input((3,)), *parts])

    trained = network()
    average = cu.training.Average(trained, network())
    expected = trained.get_weights()
    for step in range(20):
        for variable in trained.weights:
            variable.assign(tf.random.stateless_normal(variable.shape, (step, 0)))
        average.update()
        decay = min(0.999, (1 + step) / (10 + step))
        both = zip(expected, trained.get_weights(), strict=True)
        expected = [decay * mean + (1 - decay) * new for mean, new in both]
    for one, other in zip(average.network.get_weights(), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4)
    with pytest.raises(ValueError, match="call both"):
        cu.training.Average(trained, keras.Sequential([layers.Dense(2)]))


def test_precision_is_for_networks_made_inside_and_spares_exact_layers(monkeypatch):
    with cu.training.precision("mixed_bfloat16"):
        inner, exact = layers.Dense(2), layers.Dense(2, dtype="float32")
    features = inner(tf.zeros((1, 2)))
    assert features.dtype == "bfloat16" and inner.kernel.dtype == "float32"
    assert exact(features).dtype == layers.Dense(2)(features).dtype == "float32"
    monkeypatch.setenv("COURSE_RUN", "quick")
    with cu.training.precision() as policy:
        assert policy == layers.Dense(1).dtype_policy.name == "float32"


def test_two_devices_train_as_one_does():
    program = Path(__file__).with_name("two_devices.py")
    command = [sys.executable, program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
