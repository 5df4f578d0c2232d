"""The training loop: steps, snapshots, checkpoints, and going on where it stopped."""

import contextlib
import math
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from course_utils import runtime
from course_utils.training import calls, checkpoints, guards
from course_utils.training.history import History
from course_utils.training.precision import compute_in
from course_utils.training.progress import Progress
from course_utils.training.quicker import quicker


def fit(
    train_step: Callable,
    batches,
    *,
    epochs: int,
    state: dict,
    folder: str | Path | None = None,
    snapshot: Callable | None = None,
    snapshot_every: int | None = None,
    checkpoint_every: int = 5,
    keep: int = 3,
    on_epoch_end: Callable | None = None,
    fresh: bool = False,
) -> History:
    """Return the history of training for `epochs` epochs, from where it stopped.

    `train_step(batch)` returns a dictionary of numbers. `batches` has a length and
    gives the batches of one epoch by `batches.epoch(number, start=0)`.
    `state` names all that a checkpoint must hold: networks, optimizers, random
    generators. `folder` takes `checkpoints/` (every `checkpoint_every` epochs, at
    most `keep`) and `samples/`; without it nothing is written. `snapshot(path)`
    draws a picture to a path, before the first step, every `snapshot_every` steps and
    after each epoch.
    `on_epoch_end(epoch, history)` is called after each epoch, the first being 1.
    `fresh=True` forgets what the folder holds. The stop button ends the training
    after the running step, with a checkpoint; calling `fit` again goes on.
    """
    if not hasattr(batches, "epoch"):
        raise TypeError(
            f"batches is a {type(batches).__name__}; expected what cu.batches.make "
            "gives, since a training that goes on must know the order of its data"
        )
    per_epoch = len(batches)
    every = snapshot_every or per_epoch
    history = History(per_epoch)
    folder = None if folder is None else runtime.make_folder(folder)
    if fresh and folder is not None:
        for part in ("checkpoints", "samples"):
            if (folder / part).exists():
                shutil.rmtree(folder / part)

    def save(step):
        guards.stop_if_broken(state, step, folder)
        history.seconds = seconds_before + time.monotonic() - started
        if folder is not None:
            checkpoints.save(folder / "checkpoints", step, state, history, keep=keep)

    def take_snapshot(step):
        if folder is not None and snapshot is not None:
            epoch = math.ceil(step / per_epoch)
            drawn = folder / f"epoch-{epoch:03d}-step-{step:06d}.png"
            with _goes_on(), compute_in("float32", state.values()):
                (folder / "samples").mkdir(exist_ok=True)
                snapshot(drawn)
                drawn.replace(folder / "samples" / drawn.name)  # so it is whole there

    with (
        compute_in(runtime.precision(), state.values()),
        quicker(state.values()),
        _stop_button() as stop,
    ):
        run, done = _prepare(train_step, batches, state, folder, history)
        if done:
            print(f"going on after epoch {done / per_epoch:.3g}, step {done:,}")
        progress = Progress(total=epochs * per_epoch, done=done)
        saved, started, seconds_before = done, time.monotonic(), history.seconds
        if not done:
            take_snapshot(0)
        try:
            while done < epochs * per_epoch and not stop.is_set():
                epoch, start = divmod(done, per_epoch)
                iterator = iter(batches.epoch(epoch, start=start))
                while done < (epoch + 1) * per_epoch and not stop.is_set():
                    start = done % per_epoch
                    most = min(per_epoch - start, every - done % every)
                    for values in run(iterator, start, most):
                        guards.stop_if_not_finite(values, done + 1, folder)
                        done += 1
                        history.append(values)
                        progress.step(epoch + 1, values)
                    if done % per_epoch == 0 or done % every == 0:
                        take_snapshot(done)
                if done % per_epoch == 0:
                    try:
                        if on_epoch_end is not None:
                            with _goes_on(), compute_in("float32", state.values()):
                                on_epoch_end(epoch + 1, history)
                    finally:
                        if (epoch + 1) % checkpoint_every == 0:
                            with _goes_on():
                                save(done)
                                saved = done
        finally:
            progress.close()
        if done > saved:
            save(done)
    history.finished = not stop.is_set()
    if stop.is_set():
        how = "run this cell again to go on" if folder else "nothing is kept: no folder"
        if folder and fresh:
            how = f"take fresh=True out, then {how}: with it, all would begin anew"
        print(f"stopped after step {done:,} of {epochs * per_epoch:,}; {how}")
    else:
        noun = "epoch" if history.epochs == 1 else "epochs"
        print(f"trained for {history.epochs:.3g} {noun}, {len(history):,} steps")
    return history


def _prepare(train_step, batches, state, folder, history):
    """Return what runs the step, and the number of steps that were done before."""
    is_new = folder is None or not checkpoints.find_checkpoints(folder / "checkpoints")
    run = calls.prepare(train_step, batches, trace=not is_new)
    run = guards.told_if_useless(run, state)
    if is_new:
        return run, 0
    where = folder / "checkpoints"
    done = checkpoints.load_newest(where, state, history)
    return run, done


@contextlib.contextmanager
def _goes_on():
    """Survive a full disk, or a Drive that is away for a while."""
    import tensorflow as tf

    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        print(f"{error}\nMeanwhile the training goes on.")


@contextlib.contextmanager
def _stop_button():
    """Turn the first interruption into a request that is met after the running step.

    Python would raise KeyboardInterrupt anywhere, also between the two optimizers.
    A second interruption does so.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def on_interrupt(number, frame):
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
