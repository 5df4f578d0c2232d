"""The loop: it resumes bit for bit, stops when asked, and says what went wrong."""

import os
import resource
import signal

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import runtime
from course_utils.losses import discriminator_loss, generator_loss
from course_utils.training import checkpoints
from keras import layers


class Parts:
    """A whole small GAN with batch norm, dropout and noise: all that must be kept."""

    def __init__(self, seed=0, width=4):
        keras.utils.clear_session()  # layer names decide the order of float sums
        keras.utils.set_random_seed(seed)
        generator = keras.Sequential(
            [
                keras.Input((100,)),
                layers.Dense(width, use_bias=False),
                layers.BatchNormalization(),
                layers.Dense(64, activation="tanh"),
                layers.Reshape((8, 8, 1)),
            ]
        )
        discriminator = keras.Sequential(
            [
                keras.Input((8, 8, 1)),
                layers.Flatten(),
                layers.Dense(8, activation="relu"),
                layers.Dropout(0.3),
                layers.Dense(1),
            ]
        )
        g_optimizer, d_optimizer = (keras.optimizers.Adam(1e-3) for _ in range(2))
        noise_source = tf.random.Generator.from_seed(seed)
        self.state = {
            "generator": generator,
            "discriminator": discriminator,
            "g_optimizer": g_optimizer,
            "d_optimizer": d_optimizer,
            "noise": noise_source,
        }

        @tf.function
        def step(real):
            noise = noise_source.normal((tf.shape(real)[0], 100))
            with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
                fake = generator(noise, training=True)
                fake_logits = discriminator(fake, training=True)
                real_logits = discriminator(real, training=True)
                g_loss = generator_loss(fake_logits)
                d_loss = discriminator_loss(real_logits, fake_logits)
            g_weights = generator.trainable_variables
            d_weights = discriminator.trainable_variables
            g_optimizer.apply(g_tape.gradient(g_loss, g_weights), g_weights)
            d_optimizer.apply(d_tape.gradient(d_loss, d_weights), d_weights)
            return {"d_loss": d_loss, "g_loss": g_loss}

        self.step = step

    def numbers(self):
        return [
            np.asarray(variable)
            for name, part in self.state.items()
            for variable in checkpoints.variables_of(name, part)
        ]

    def fit(self, batches, **options):
        return cu.training.fit(self.step, batches, state=self.state, **options)


class StopsItself(cu.batches.Batches):
    """Presses the stop button before it gives out one of its batches."""

    def __init__(self, *arrays, at, batch_size, seed):
        super().__init__(arrays, batch_size, seed, True, None, True)
        self.at = at

    def epoch(self, number, *, start=0):
        for index, batch in enumerate(super().epoch(number, start=start), start):
            if (number, index) == self.at:
                os.kill(os.getpid(), signal.SIGINT)
            yield batch


PICTURES = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)


@pytest.fixture(autouse=True)
def plain_precision(monkeypatch):
    monkeypatch.setitem(runtime._chosen, "precision", "float32")


@pytest.fixture
def batches():
    return cu.batches.make(PICTURES, batch_size=16, seed=0)  # 3 steps an epoch


@pytest.fixture(scope="module")
def straight():
    """Three epochs without an interruption: all numbers, and the history."""
    parts = Parts()
    history = parts.fit(cu.batches.make(PICTURES, batch_size=16, seed=0), epochs=3)
    return parts.numbers(), history


def assert_same(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def plain_step(values):
    """A step that gives out prepared losses, one after the other."""
    remaining = iter(values)
    return lambda batch: {"loss": next(remaining)}


def test_two_runs_with_one_seed_are_equal(straight, batches):
    parts = Parts()
    history = parts.fit(batches, epochs=3)
    assert_same(parts.numbers(), straight[0])
    np.testing.assert_array_equal(history["d_loss"], straight[1]["d_loss"])


@pytest.mark.parametrize("at", [(0, 0), (0, 2), (1, 1)])
def test_stopped_and_resumed_equals_uninterrupted(straight, batches, tmp_path, at):
    first = Parts()
    interrupted = first.fit(
        StopsItself(PICTURES, at=at, batch_size=16, seed=0), epochs=3, folder=tmp_path
    )
    assert len(interrupted) == 3 * at[0] + at[1] + 1
    second = Parts(seed=99)  # everything must come from the checkpoint
    history = second.fit(batches, epochs=3, folder=tmp_path)
    assert_same(second.numbers(), straight[0])
    for key in ("d_loss", "g_loss"):
        np.testing.assert_array_equal(history[key], straight[1][key])


def test_more_epochs_go_on_where_the_first_ones_ended(straight, batches, tmp_path):
    Parts().fit(batches, epochs=1, folder=tmp_path)
    second = Parts(seed=99)
    second.fit(batches, epochs=3, folder=tmp_path)
    assert_same(second.numbers(), straight[0])


def test_the_stop_button_returns_the_history_and_says_how_to_go_on(tmp_path, capsys):
    batches = StopsItself(PICTURES, at=(1, 0), batch_size=16, seed=0)
    history = Parts().fit(batches, epochs=3, folder=tmp_path)
    assert len(history) == 4 and np.isfinite(history["d_loss"]).all()
    out = capsys.readouterr().out
    assert "stopped after step 4 of 9; run this cell again to go on" in out
    (path,) = cu.training.find_checkpoints(tmp_path / "checkpoints")
    assert path.name == "step-00000004.npz"


def test_the_stop_button_is_given_back():
    before = signal.getsignal(signal.SIGINT)
    Parts().fit(StopsItself(PICTURES, at=(0, 1), batch_size=16, seed=0), epochs=1)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_finished_training_is_found_and_not_repeated(straight, batches, tmp_path):
    Parts().fit(batches, epochs=3, folder=tmp_path)
    second = Parts(seed=99)
    history = second.fit(batches, epochs=3, folder=tmp_path)
    assert len(history) == 9
    assert_same(second.numbers(), straight[0])


def test_fresh_forgets_what_was_there(straight, batches, tmp_path):
    Parts(seed=5).fit(batches, epochs=1, folder=tmp_path)
    parts = Parts()
    parts.fit(batches, epochs=3, folder=tmp_path, fresh=True)
    assert_same(parts.numbers(), straight[0])


def test_a_damaged_checkpoint_is_passed_over(straight, batches, tmp_path, capsys):
    Parts().fit(batches, epochs=2, folder=tmp_path, checkpoint_every=1)
    older, newest = cu.training.find_checkpoints(tmp_path / "checkpoints")
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    second = Parts(seed=99)
    second.fit(batches, epochs=3, folder=tmp_path)
    out = capsys.readouterr().out
    assert f"{newest.name} is damaged" in out and "after epoch 1, step 3" in out
    assert_same(second.numbers(), straight[0])


def test_damaged_checkpoints_do_not_displace_whole_ones(batches, tmp_path):
    Parts().fit(batches, epochs=3, folder=tmp_path, checkpoint_every=1)
    for path in cu.training.find_checkpoints(tmp_path / "checkpoints"):
        path.write_bytes(path.read_bytes()[:300])
    Parts().fit(batches, epochs=1, folder=tmp_path, keep=1)
    names = [p.name for p in cu.training.find_checkpoints(tmp_path / "checkpoints")]
    assert names == ["step-00000003.npz"]


@pytest.mark.parametrize("flipped", range(0, 4000, 97))
def test_no_flipped_bit_ends_in_another_error(tmp_path, flipped):
    history = cu.training.History(2)
    history.append({"loss": 1.0})
    state = {"numbers": tf.Variable(np.arange(50.0))}
    good = checkpoints.save(tmp_path, 1, state, history, keep=3)
    path = checkpoints.save(tmp_path, 2, state, history, keep=3)
    content = bytearray(path.read_bytes())
    content[flipped % len(content)] ^= 1 << flipped % 8
    path.write_bytes(content)
    assert checkpoints.load_newest(tmp_path, state, history) in (1, 2)
    assert good.exists()


def test_a_checkpoint_of_other_networks_is_refused(batches, tmp_path):
    Parts().fit(batches, epochs=1, folder=tmp_path)
    with pytest.raises(ValueError, match="'generator' has shape.*fresh=True"):
        Parts(width=3).fit(batches, epochs=1, folder=tmp_path)


def test_batches_of_unknown_order_are_refused():
    with pytest.raises(TypeError, match="batches is a list"):
        cu.training.fit(plain_step([1.0]), [PICTURES], epochs=1, state={})


def test_only_the_newest_checkpoints_are_kept(batches, tmp_path):
    Parts().fit(batches, epochs=5, folder=tmp_path, checkpoint_every=1, keep=2)
    names = [p.name for p in cu.training.find_checkpoints(tmp_path / "checkpoints")]
    assert names == ["step-00000012.npz", "step-00000015.npz"]


def test_a_full_disk_is_named_and_the_older_checkpoint_stays(batches, tmp_path):
    parts = Parts()
    parts.fit(batches, epochs=1, folder=tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with pytest.raises(OSError, match="could not be written.*still there"):
            parts.fit(batches, epochs=2, folder=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    names = [path.name for path in (tmp_path / "checkpoints").iterdir()]
    assert names == ["step-00000003.npz"]


def test_snapshots_bear_epoch_and_step(batches, tmp_path):
    Parts().fit(
        batches,
        epochs=2,
        folder=tmp_path,
        snapshot=lambda path: path.write_text("picture"),
        snapshot_every=2,
    )
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == [
        f"epoch-{epoch:03d}-step-{step:06d}.png"
        for epoch, step in [(0, 0), (1, 2), (1, 3), (2, 4), (2, 6)]
    ]


def test_the_end_of_each_epoch_is_told_with_the_history(batches):
    told = []
    Parts().fit(
        batches,
        epochs=2,
        on_epoch_end=lambda epoch, history: told.append((epoch, len(history))),
    )
    assert told == [(1, 3), (2, 6)]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_stops_with_step_and_checkpoint(
    batches, tmp_path, bad
):
    step = plain_step([1.0, 1.0, 1.0, 1.0, bad])
    variable = tf.Variable(1.0)
    options = {"epochs": 2, "folder": tmp_path, "checkpoint_every": 1}
    with pytest.raises(FloatingPointError) as error:
        cu.training.fit(step, batches, state={"variable": variable}, **options)
    message = str(error.value)
    assert f"loss is {bad} at step 5" in message and "Usual causes" in message
    assert str(tmp_path / "checkpoints" / "step-00000003.npz") in message


def test_broken_weights_never_become_a_checkpoint(batches, tmp_path):
    """The loss looks well in the step that breaks them: it came before the update."""
    parts = Parts()
    step, count = parts.step, 0

    def breaking(batch):
        nonlocal count
        values = step(batch)
        if (count := count + 1) == 6:
            weight = parts.state["generator"].trainable_variables[0]
            weight.assign(weight * np.nan)
        return values

    options = {"epochs": 2, "folder": tmp_path, "checkpoint_every": 1}
    with pytest.raises(FloatingPointError) as error:
        cu.training.fit(breaking, batches, state=parts.state, **options)
    message = str(error.value)
    assert "a weight of state['generator'] is not finite at step 6" in message
    assert message.count("step-00000003.npz") == 1
    names = [
        path.name for path in checkpoints.find_checkpoints(tmp_path / "checkpoints")
    ]
    assert names == ["step-00000003.npz"]


def test_something_that_cannot_be_saved_is_named(batches, tmp_path):
    with pytest.raises(TypeError, match=r"state\['name'\] is a str.*Expected"):
        cu.training.fit(
            plain_step([1.0] * 3),
            batches,
            epochs=1,
            state={"name": "x"},
            folder=tmp_path,
        )


def test_a_log_gets_a_few_plain_lines(capsys):
    batches = cu.batches.make(np.zeros((200, 4, 4, 1), np.uint8), batch_size=1)
    cu.training.fit(plain_step([0.5] * 400), batches, epochs=2, state={})
    lines = capsys.readouterr().out.splitlines()
    assert 8 <= len(lines) <= 13 and not any("\r" in line for line in lines)
    assert lines[0] == "epoch 1, step 40 of 400: loss 0.50"
    assert lines[-1] == "trained for 2 epochs, 400 steps"


def test_a_terminal_gets_a_bar_that_leaves_no_times_behind(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    batches = cu.batches.make(np.zeros((5, 4, 4, 1), np.uint8), batch_size=1)
    cu.training.fit(plain_step([0.5] * 5), batches, epochs=1, state={})
    out = capsys.readouterr().out
    assert "\r" in out and "0/5" in out
    assert out.rsplit("\r", 1)[1] == "trained for 1 epoch, 5 steps\n"


def test_bfloat16_is_for_training_only_and_spares_the_last_layer(monkeypatch, batches):
    monkeypatch.setitem(runtime._chosen, "precision", "mixed_bfloat16")
    network = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten()])
    network.add(layers.Dense(8))
    network.add(layers.Dense(1))
    seen = []

    def step(batch):
        first, last = network.layers[1:]
        features = first(tf.reshape(batch, (-1, 64)))
        seen.append((features.dtype.name, last(features).dtype.name))
        return {"loss": tf.reduce_mean(network(batch))}

    cu.training.fit(step, batches, epochs=1, state={"network": network})
    assert set(seen) == {("bfloat16", "float32")}
    assert network(tf.zeros((1, 8, 8, 1))).dtype == "float32"
    assert network.layers[1](tf.zeros((1, 64))).dtype == "float32"
    assert all(weight.dtype == "float32" for weight in network.weights)


def test_snapshots_and_epoch_ends_are_drawn_in_float32(monkeypatch, batches, tmp_path):
    monkeypatch.setitem(runtime._chosen, "precision", "mixed_bfloat16")
    parts, seen = Parts(), []
    layer = parts.state["generator"].layers[0]

    def look(*_):
        seen.append(layer(tf.zeros((1, 100))).dtype.name)

    options = {"snapshot": look, "snapshot_every": 1, "on_epoch_end": look}
    parts.fit(batches, epochs=1, folder=tmp_path, **options)
    assert seen == ["float32"] * 5


def test_the_last_layer_is_found_inside_a_block(monkeypatch, batches):
    monkeypatch.setitem(runtime._chosen, "precision", "mixed_bfloat16")
    ending = keras.Sequential([layers.Dense(4), layers.Dense(1)])
    network = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), ending])
    seen = []

    def step(batch):
        seen.append([part.compute_dtype for part in ending.layers])
        return {"loss": tf.reduce_mean(network(batch))}

    cu.training.fit(step, batches, epochs=1, state={"network": network})
    assert seen[0] == ["bfloat16", "float32"]
    assert [part.compute_dtype for part in ending.layers] == ["float32", "float32"]


def test_bfloat16_resumes_bit_for_bit_as_well(monkeypatch, batches, tmp_path):
    monkeypatch.setitem(runtime._chosen, "precision", "mixed_bfloat16")
    whole = Parts()
    whole.fit(batches, epochs=2)
    Parts().fit(
        StopsItself(PICTURES, at=(0, 1), batch_size=16, seed=0),
        epochs=2,
        folder=tmp_path,
    )
    second = Parts(seed=99)
    second.fit(batches, epochs=2, folder=tmp_path)
    assert_same(second.numbers(), whole.numbers())


def test_a_history_says_what_it_has():
    history = cu.training.History(steps_per_epoch=2)
    assert len(history) == 0 and repr(history).endswith("nothing yet")
    for step in range(3):
        history.append({"loss": step})
    assert history["loss"].tolist() == [0, 1, 2] and history.epochs == 1.5
    with pytest.raises(KeyError, match="no 'acc' in this history; it has loss"):
        _ = history["acc"]


def test_a_history_plots_itself_to_a_file(tmp_path):
    history = cu.training.History()
    for step in range(60):
        history.append({"d_loss": 1 / (step + 1), "g_loss": step})
    history.plot(["d_loss"], ["g_loss"], path=tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 5_000
