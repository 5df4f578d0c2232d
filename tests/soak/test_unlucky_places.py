"""Full disks, read-only folders, drives that go, clocks that jump: nothing is lost."""

import contextlib
import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import runtime
from course_utils.training import checkpoints
from course_utils.weights import saving
from often import often

PICTURES = np.random.default_rng(0).integers(0, 256, (6, 4, 4, 1), np.uint8)
EPOCHS, PER_EPOCH = 4, 3


class Counter:
    """A training without networks: its one number says how many steps were done."""

    def __init__(self):
        self.steps = tf.Variable(0.0)

    def step(self, batch):
        return {"loss": self.steps.assign_add(1.0)}

    def fit(self, folder, **options):
        return cu.training.fit(
            self.step,
            cu.data.batches(PICTURES, batch_size=2),
            epochs=options.pop("epochs", EPOCHS),
            state={"steps": self.steps},
            folder=folder,
            checkpoint_every=1,
            snapshot=lambda path: cu.plotting.save_picture(PICTURES[0], path),
            **options,
        )


@contextlib.contextmanager
def disk_of(size):
    """Let no file grow beyond this size, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own with room for some hundred kilobytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "small", folder]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@contextlib.contextmanager
def nobody():
    """Be a user who owns nothing; the superuser may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only():
    """A folder that can be read by everybody, and written by nobody."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        yield Path(folder)
        os.chmod(folder, 0o755)


def finished(folder):
    """Return whether the training in the folder went through, its history whole."""
    again = Counter()
    history = again.fit(folder)
    steps = list(range(1, EPOCHS * PER_EPOCH + 1))
    return history["loss"].tolist() == steps and float(again.steps) == steps[-1]


def test_a_disk_that_is_full_for_a_while_does_not_end_a_training(tmp_path, capsys):
    disks = contextlib.ExitStack()

    def fill(epoch, history):
        disks.enter_context(disk_of(100)) if epoch == 1 else disks.close()

    with disks:
        Counter().fit(tmp_path, on_epoch_end=fill)
    out = capsys.readouterr().out
    assert "step-00000003.npz could not be written" in out
    assert "Meanwhile the training goes on." in out and "Make room" in out
    assert finished(tmp_path)


def test_a_disk_that_stays_full_is_said_at_the_end(tmp_path, capsys):
    with contextlib.ExitStack() as disks:

        def fill(epoch, history):
            if epoch == 2:
                disks.enter_context(disk_of(100))

        with pytest.raises(
            OSError, match="still there. Make room .* copy .* elsewhere first"
        ):
            Counter().fit(tmp_path, on_epoch_end=fill)
    names = [path.name for path in (tmp_path / "checkpoints").iterdir()]
    assert names == ["step-00000003.npz"]
    assert finished(tmp_path)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount command")
@pytest.mark.parametrize("is_freed", [True, False])
def test_a_real_disk_that_is_full_costs_nothing_that_was_written(
    small_disk, capsys, is_freed
):
    filler = small_disk / "films"

    def fill(epoch, history):
        if epoch == 1:
            with open(filler, "wb", buffering=0) as file:
                with contextlib.suppress(OSError):
                    while file.write(bytes(4096)):
                        pass
        elif epoch == 3 and is_freed:
            filler.unlink()

    training = Counter()
    expected = contextlib.nullcontext() if is_freed else pytest.raises(OSError)
    with expected:
        training.fit(small_disk, on_epoch_end=fill, snapshot_every=1)
    assert "could not be written (No space left on device)" in capsys.readouterr().out
    assert float(training.steps) == EPOCHS * PER_EPOCH
    filler.unlink(missing_ok=True)
    assert finished(small_disk)


LATE = [errno.ETIMEDOUT, errno.EIO, errno.ENOTCONN, errno.ESTALE]


@pytest.mark.parametrize("fault", often(short=LATE[:1], long=LATE))
@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize("number", [1, EPOCHS])
def test_a_drive_that_is_too_slow_to_answer_is_tried_again(
    tmp_path, monkeypatch, capsys, fault, name, number
):
    act, calls = getattr(os, name), 0

    def too_slow(*arguments):
        nonlocal calls
        if str(arguments[-1]).endswith(".png"):  # a snapshot
            return act(*arguments)
        calls += 1
        if calls == number:
            raise OSError(fault, os.strerror(fault))
        return act(*arguments)

    with monkeypatch.context() as drive:
        drive.setattr(checkpoints.os, name, too_slow)
        Counter().fit(tmp_path)
    assert f"could not be written ({os.strerror(fault)})" in capsys.readouterr().out
    names = {path.suffix for path in (tmp_path / "checkpoints").iterdir()}
    assert names == {".npz"}
    assert finished(tmp_path)


@pytest.mark.parametrize("back", [True, False])
def test_a_drive_that_vanishes_is_survived(tmp_path, capsys, back):
    drive, away = tmp_path / "drive", tmp_path / "away"
    drive.mkdir()

    def vanish(epoch, history):
        if epoch == 1:
            drive.rename(away)
        elif epoch == 3 and back:
            away.rename(drive)

    training = Counter()
    expected = contextlib.nullcontext() if back else pytest.raises(OSError)
    with expected:
        training.fit(drive, on_epoch_end=vanish, snapshot_every=1)
    out = capsys.readouterr().out
    assert float(training.steps) == EPOCHS * PER_EPOCH
    assert "could not be written (No such file" in out and "samples" in out
    if not back:
        assert not drive.exists()  # what is written there would be lost
        away.rename(drive)
    assert finished(drive)


def test_a_new_machine_goes_on_from_the_drive_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "drive"))
    monkeypatch.setattr(runtime, "ROOT", tmp_path / "first machine")
    Counter().fit(cu.run_folder("lesson"), epochs=2)
    assert not runtime.ROOT.exists()
    monkeypatch.setattr(runtime, "ROOT", tmp_path / "second machine")
    history = Counter().fit(cu.run_folder("lesson"))
    assert "going on after epoch 2, step 6" in capsys.readouterr().out
    assert len(history) == EPOCHS * PER_EPOCH
    samples = cu.run_folder("lesson") / "samples"
    assert len(list(samples.iterdir())) == EPOCHS + 1
    assert not runtime.ROOT.exists()


def test_a_drive_that_cannot_be_listed_is_not_an_empty_one(tmp_path, monkeypatch):
    Counter().fit(tmp_path, epochs=2)

    def fails(folder):
        raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN), str(folder))

    with monkeypatch.context() as drive:
        drive.setattr(checkpoints.os, "listdir", fails)
        with pytest.raises(OSError, match="not connected"):
            Counter().fit(tmp_path)
    assert finished(tmp_path)


@pytest.mark.parametrize("name", ["My Drive", "Shareddrives"])
def test_other_parts_of_drive_must_be_mounted_as_well(tmp_path, name):
    with pytest.raises(OSError, match="is in Drive: mount that first"):
        runtime.make_folder(tmp_path / "drive" / name / "team" / "runs")
    assert list(tmp_path.iterdir()) == []


def test_a_drive_that_is_not_mounted_is_said(tmp_path, monkeypatch):
    drive = tmp_path / "drive"
    monkeypatch.setenv("COURSE_HOME", str(drive / "MyDrive" / "runs"))
    with pytest.raises(OSError, match="MyDrive.* is in Drive: mount that first"):
        cu.run_folder("lesson")
    (drive / "MyDrive").mkdir(parents=True)
    Counter().fit(cu.run_folder("lesson") / "gan", epochs=2)
    drive.rename(tmp_path / "away")  # and the training's cell is run again
    with pytest.raises(OSError, match="mount"):
        Counter().fit(drive / "MyDrive" / "runs" / "lesson" / "lesson" / "gan")
    assert not drive.exists()
    (tmp_path / "away").rename(drive)
    assert finished(cu.run_folder("lesson") / "gan")


def test_a_logger_that_fails_does_not_end_a_training(tmp_path, capsys):
    def log(epoch, history):
        raise tf.errors.FailedPreconditionError(None, None, "tfevents: not connected")

    Counter().fit(tmp_path, on_epoch_end=log)
    out = capsys.readouterr().out
    assert out.count("tfevents: not connected\nMeanwhile the training goes on") == 4
    assert finished(tmp_path)


def test_a_mistake_in_a_learners_function_costs_no_epoch(tmp_path):
    def mistaken(epoch, history):
        if epoch == 2:
            raise KeyError("g_loss")

    with pytest.raises(KeyError):
        Counter().fit(tmp_path, on_epoch_end=mistaken)
    assert len(checkpoints.find_checkpoints(tmp_path / "checkpoints")) == 2
    assert finished(tmp_path)


def test_a_snapshot_is_whole_or_absent(tmp_path):
    def snapshot(path):
        path.write_bytes(b"half")
        if not path.stem.endswith("step-000003"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    training = Counter()
    batches = cu.data.batches(PICTURES, batch_size=2)
    state = {"steps": training.steps}
    where = {"folder": tmp_path, "snapshot": snapshot}
    cu.training.fit(training.step, batches, epochs=2, state=state, **where)
    names = [path.name for path in (tmp_path / "samples").iterdir()]
    assert names == ["epoch-001-step-000003.png"]


def test_who_begins_anew_is_told_how_to_go_on(tmp_path, capsys):
    training = Counter()
    step = training.step

    def pressed(batch):
        if float(training.steps) == 4:
            os.kill(os.getpid(), signal.SIGINT)
        return step(batch)

    training.step = pressed
    training.fit(tmp_path, fresh=True)
    assert "take fresh=True out, then run this cell again" in capsys.readouterr().out


def test_of_two_trainings_in_a_folder_the_slower_keeps_its_checkpoint(tmp_path):
    Counter().fit(tmp_path)
    steps = tf.Variable(0.0)
    history = cu.training.History()
    folder = tmp_path / "checkpoints"
    saved = checkpoints.save(folder, 1, {"steps": steps}, history, keep=1)
    assert saved.exists() and len(checkpoints.find_checkpoints(folder)) > 1


def test_what_another_training_is_writing_is_left_alone(tmp_path):
    Counter().fit(tmp_path, epochs=1)
    part = tmp_path / "checkpoints" / "step-00000001.123.part"
    part.write_bytes(bytes(9))
    Counter().fit(tmp_path, keep=1)
    assert part.exists()


def test_a_read_error_of_the_drive_condemns_no_checkpoint(tmp_path, monkeypatch):
    Counter().fit(tmp_path, epochs=1)

    def fails(path, *_, **__):
        raise OSError(5, "Input/output error", str(path))

    with monkeypatch.context() as drive:
        drive.setattr(checkpoints.zipfile, "ZipFile", fails)
        with pytest.raises(OSError, match="Input/output error.*step-00000003.npz"):
            Counter().fit(tmp_path)
    assert finished(tmp_path)


def test_a_folder_that_is_read_only_is_named(read_only):
    with nobody(), pytest.raises(OSError, match="could not be written .Permission"):
        Counter().fit(read_only, epochs=1)
    with nobody(), pytest.raises(OSError, match="cannot be made .Permission.*COURSE_H"):
        runtime.make_folder(read_only / "runs")
    assert list(read_only.iterdir()) == []


def test_a_read_only_repository_names_the_way_out(read_only, monkeypatch, capsys):
    monkeypatch.delenv("COURSE_HOME", raising=False)
    monkeypatch.setattr(runtime, "ROOT", read_only)
    with nobody():
        with pytest.raises(OSError, match="Permission denied.*Set COURSE_HOME"):
            cu.run_folder("lesson")
        drawn = cu.data.load("mnist", "test", source="miniature")
        assert len(drawn.images) == 10_000
        assert "not cached" in capsys.readouterr().out
        with pytest.raises(OSError, match="cannot be written .Permission"):
            with saving.together(read_only) as replace:
                replace("card.json").write_text("{}")


@pytest.mark.parametrize("jump", [-1e9, 1e9])
def test_a_clock_that_jumps_changes_nothing(tmp_path, monkeypatch, jump):
    Counter().fit(tmp_path, epochs=1)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + jump)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)  # with the progress bar
    history = Counter().fit(tmp_path, epochs=2)
    assert 0 <= history.seconds < 1e6 and len(history) == 2 * PER_EPOCH
    names = [path.name for path in checkpoints.find_checkpoints(tmp_path)]
    assert names == sorted(names)
    monkeypatch.undo()
    assert finished(tmp_path)


def stop_buttons():
    """Return at which call, in a step or in the writing of a checkpoint, to press."""
    calls = [("step", n) for n in range(1, 13)]
    calls += [(name, n) for name in ("fsync", "replace") for n in range(1, 5)]
    order = np.random.default_rng(0).permutation(len(calls))
    first = [("step", 2), ("fsync", 1), ("replace", 1)]
    return often(short=first, long=[calls[n] for n in order])


@pytest.mark.parametrize(("name", "number"), stop_buttons())
@pytest.mark.parametrize("presses", [1, 2])
def test_the_stop_button_loses_nothing(tmp_path, monkeypatch, name, number, presses):
    training, calls = Counter(), 0

    def pressed(act):
        def acts(*values):
            nonlocal calls
            calls += 1
            result = act(*values)
            for _ in range(presses * (calls == number)):
                os.kill(os.getpid(), signal.SIGINT)
            return result

        return acts

    with monkeypatch.context() as button:
        if name == "step":
            training.step = pressed(training.step)
        else:
            button.setattr(checkpoints.os, name, pressed(getattr(os, name)))
        with contextlib.suppress(KeyboardInterrupt):
            training.fit(tmp_path)
    left = [path.suffix for path in (tmp_path / "checkpoints").glob("*")]
    assert set(left) <= {".npz"}
    assert finished(tmp_path)


def test_what_killed_runs_have_left_goes_with_the_old_checkpoints(tmp_path):
    Counter().fit(tmp_path, epochs=1)
    folder = tmp_path / "checkpoints"
    for name in ("step-00000001.123.part", "step-00000002.damaged"):
        (folder / name).write_bytes(bytes(9))
        os.utime(folder / name, (1e9, 1e9))
    Counter().fit(tmp_path, keep=2)
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["step-00000009.npz", "step-00000012.npz"]


@pytest.mark.parametrize("header", [{}, {"format": 2}, {"format": "new"}])
def test_a_checkpoint_of_another_version_is_refused(tmp_path, header):
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    arrays = {"steps/0000": np.float32(7)}
    content = json.dumps(header | {"shapes": {"steps": [[]]}, "step": 3})
    arrays["header"] = np.frombuffer(content.encode(), np.uint8)
    np.savez(folder / "step-00000003.npz", **arrays)
    training = Counter()
    with pytest.raises(ValueError, match="another version.*expected 1.*fresh=True"):
        training.fit(tmp_path)
    assert float(training.steps) == 0 and len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("renamed", range(3))
def test_weights_cut_off_between_two_renames_are_whole_or_named(
    tmp_path, monkeypatch, renamed
):
    keras.utils.set_random_seed(0)
    name, judges = "mnist_gan", [cu.networks.BUILDERS["mnist_gan"]() for _ in "ab"]
    history = cu.training.History()
    history.append({"loss": 1.0})
    cu.weights.save(judges[0], name, {}, history=history, folder=tmp_path)
    done, replace = [], os.replace

    def dies(source, target):
        if len(done) == renamed:
            raise KeyboardInterrupt
        done.append(replace(source, target))

    with monkeypatch.context() as power, contextlib.suppress(KeyboardInterrupt):
        power.setattr(saving.os, "replace", dies)
        cu.weights.save(judges[1], name, {}, history=history, folder=tmp_path)
    model = cu.networks.BUILDERS[name]()
    before = model.get_weights()
    if renamed:
        with pytest.raises(ValueError, match="cut or altered.*make it anew by"):
            cu.weights.load(model, name, folder=tmp_path)
        assert all(map(np.array_equal, before, model.get_weights()))
        cu.weights.save(judges[1], name, {}, history=history, folder=tmp_path)
    cu.weights.load(model, name, folder=tmp_path)
    saved = judges[bool(renamed)].get_weights()[0]
    np.testing.assert_allclose(model.get_weights()[0], saved, atol=1e-3)
    assert not list(tmp_path.glob("part-*"))


def test_a_step_that_does_not_train_the_new_networks_is_said(tmp_path, capsys):
    networks = [keras.Sequential([keras.Input((16,)), keras.layers.Dense(1)])]

    def make_step(network):
        def step(batch):
            weights = network.trainable_variables
            with tf.GradientTape() as tape:
                flat = tf.reshape(batch, (-1, 16))
                loss = tf.reduce_mean(network(flat, training=True))
            for weight, slope in zip(
                weights, tape.gradient(loss, weights), strict=True
            ):
                weight.assign_sub(slope)
            return {"loss": loss}

        return step

    step = make_step(networks[0])
    batches = cu.data.batches(PICTURES, batch_size=2)
    fit = cu.training.fit
    fit(step, batches, epochs=1, state={"network": networks[0]})
    assert "does not train" not in capsys.readouterr().out
    networks.append(keras.models.clone_model(networks[0]))  # the model cell, again
    fit(step, batches, epochs=1, state={"network": networks[1]})
    out = capsys.readouterr().out
    assert out.count("the step does not train state['network']") == 1


def test_a_training_cell_that_runs_twice_repeats_nothing(tmp_path):
    training = Counter()
    first = training.fit(tmp_path)
    again = training.fit(tmp_path)
    assert first["loss"].tolist() == again["loss"].tolist()
    assert float(training.steps) == EPOCHS * PER_EPOCH
    shutil.rmtree(tmp_path / "checkpoints")  # by hand: it starts anew, and says so
    assert len(training.fit(tmp_path, epochs=1)) == PER_EPOCH
