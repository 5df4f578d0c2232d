"""Training: lesson 1's loop with resume, its history, and what makes it quick."""

import contextlib
import io
import math
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from course_utils import plotting, runtime
from tqdm.auto import tqdm

ADVICE = "Give another folder, or pass fresh=True to start anew."


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
) -> "History":
    """Return the history of training for `epochs` epochs, from where it stopped.

    `train_step(batch)` returns a dictionary of numbers. `batches` is what
    `cu.batches.make` gives. `state` names all that a checkpoint must hold: networks,
    optimizers, random generators, and whatever else has `variables`.
    `folder` takes `checkpoints/` (one every `checkpoint_every` epochs, the newest
    `keep` of them) and `samples/`; without it nothing is written. `snapshot(path)`
    draws a picture to a path, before the first step, every `snapshot_every` steps and
    after each epoch. `on_epoch_end(epoch, history)` is called after each epoch, the
    first being 1. `fresh=True` forgets what the folder holds.
    The stop button ends the training after the running step, with a checkpoint;
    calling `fit` again goes on.
    """
    if not hasattr(batches, "epoch"):
        raise TypeError("expected batches as cu.batches.make gives them")
    if folder:
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for part in ("checkpoints", "samples") if fresh else ():
            shutil.rmtree(folder / part, ignore_errors=True)
    if hasattr(train_step, "get_concrete_function"):  # makes variables, runs nothing
        train_step.get_concrete_function(next(iter(batches.epoch(0))))
    per_epoch, steps = len(batches), epochs * len(batches)
    history = History()
    manager = folder and _checkpoint_manager(folder, state, history, keep)
    done, before = len(history), history.steps_per_epoch
    if done and before != per_epoch:
        raise ValueError(
            f"{folder} is of another training, with {before:,} steps an epoch. {ADVICE}"
        )
    history.steps_per_epoch = per_epoch
    if done:
        print(f"going on after epoch {done / per_epoch:.3g}, step {done:,}")
    else:
        _draw(snapshot, folder, 0, 0)

    started = time.monotonic() - history.seconds
    # A notebook shows the bar; elsewhere None lets tqdm look whether this is a log.
    is_hidden = False if "ipykernel" in sys.modules else None
    bar = tqdm(
        total=steps, initial=done, file=sys.stdout, leave=False, disable=is_hidden
    )
    with _stop_button() as stop, bar:
        for step, batch in _batches_after(done, batches, steps):
            values = {name: float(value) for name, value in train_step(batch).items()}
            _stop_if_not_finite(values, step, manager)
            history.append(values)
            history.seconds = time.monotonic() - started
            epoch = math.ceil(step / per_epoch)
            bar.set_description(f"epoch {epoch}", refresh=False)
            bar.set_postfix(values, refresh=False)
            bar.update()
            is_end = step % per_epoch == 0
            is_last = step == steps or stop.is_set()
            if is_end or snapshot_every and step % snapshot_every == 0:
                _draw(snapshot, folder, epoch, step)
            if is_end and bar.disable:
                shown = [f"{name} {value:.3g}" for name, value in values.items()]
                print(f"epoch {epoch} of {epochs}:", *shown, flush=True)
            if is_end and on_epoch_end:
                on_epoch_end(epoch, history)
            if manager and (is_last or is_end and epoch % checkpoint_every == 0):
                manager.save(step)
            if is_last:
                break

    history.finished = len(history) >= steps
    moment = f"after epoch {history.epochs:.3g}, step {len(history):,}"
    if history.finished:
        print(f"finished {moment}")
    else:
        how = (
            "run this cell again to go on" if folder else "without a folder, it is lost"
        )
        print(f"stopped {moment} of {steps:,}; {how}")
    return history


def _batches_after(done: int, batches, steps: int) -> Iterator[tuple]:
    """Give each batch after those that are done, with the number of its step."""
    while done < steps:
        epoch, start = divmod(done, len(batches))
        for batch in batches.epoch(epoch, start=start):
            done += 1
            yield done, batch


def _draw(snapshot, folder, epoch: int, step: int) -> None:
    if snapshot and folder:
        (folder / "samples").mkdir(exist_ok=True)
        snapshot(folder / "samples" / f"epoch-{epoch:03d}-step-{step:06d}.png")


def _stop_if_not_finite(values: dict[str, float], step: int, manager) -> None:
    """Raise FloatingPointError, with advice, for a loss that is no number."""
    for name, value in values.items():
        if not math.isfinite(value):
            saved = manager and manager.latest_checkpoint or "none"
            raise FloatingPointError(
                f"{name} is {value} at step {step:,}; the last checkpoint: {saved}. "
                "Usual causes: too high a learning rate, a logarithm of 0, a loss "
                "that takes probabilities where it gets logits."
            )


@contextlib.contextmanager
def _stop_button() -> Iterator[threading.Event]:
    """Give an event that the stop button sets; pressed again, it interrupts.

    Python itself would stop anywhere, also between a step and its place in the history.
    """
    stop = threading.Event()

    def on_interrupt(number, frame):
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _checkpoint_manager(folder: Path, state: dict, history: "History", keep: int):
    """Return what writes the checkpoints, after going back to the newest whole one."""
    variables = {name: _variables(name, part) for name, part in state.items()}
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(state=variables, history=history),
        folder / "checkpoints",
        max_to_keep=keep,
        checkpoint_name="step",
    )
    for path in reversed(manager.checkpoints):
        try:
            manager.checkpoint.restore(path).assert_consumed()
            return manager
        except (AssertionError, ValueError) as error:
            why = str(error).splitlines()[0]
            raise ValueError(f"{path} is of another training: {why} {ADVICE}") from None
        except (tf.errors.OpError, IndexError, RuntimeError) as error:  # the file's
            print(f"{path} is damaged, the one before it is tried: {error}")
    if manager.checkpoints:
        raise ValueError(f"no checkpoint in {folder} is whole. {ADVICE}")
    return manager


def _variables(name: str, part) -> list[tf.Variable]:
    """Return the variables of what stands in `state`, as TensorFlow keeps them."""
    if isinstance(part, tf.random.Generator):
        return [part.state]
    found = getattr(part, "variables", [part])
    found = [each.value if isinstance(each, keras.Variable) else each for each in found]
    is_built = getattr(part, "built", True)
    if not is_built or not all(isinstance(each, tf.Variable) for each in found):
        raise ValueError(
            f"state[{name!r}] cannot be saved; expected what has variables already: "
            "a network or an optimizer that the step uses, under @tf.function"
        )
    return found


class History(tf.train.experimental.PythonState):
    """What a training step returned, step after step, under the names it gave."""

    def __init__(self, steps_per_epoch: int = 1):
        self.steps_per_epoch = steps_per_epoch
        self.seconds = 0.0
        self.finished = False
        self._values: dict[str, list[float]] = {}

    def append(self, values: dict[str, float]) -> None:
        """Add one step's values."""
        for name, value in values.items():
            self._values.setdefault(name, []).append(float(value))

    def keys(self) -> list[str]:
        """Return the names of the values."""
        return list(self._values)

    def __getitem__(self, name: str) -> np.ndarray:
        return np.asarray(self._values[name], np.float32)

    def __len__(self) -> int:
        return max(map(len, self._values.values()), default=0)

    @property
    def epochs(self) -> float:
        """The length of the training so far."""
        return len(self) / self.steps_per_epoch

    def plot(
        self, *groups: list[str], levels=(), path: str | Path | None = None
    ) -> None:
        """Draw one panel of curves over steps for each group of names.

        Without a group, everything goes into one panel. `levels` has for each panel
        a dictionary {label: value} of dashed lines, such as {"log 2": np.log(2)}.
        With `path`, the figure is written there and not shown.
        """
        groups = groups or (self.keys(),)
        panels = [{name: self[name] for name in group} for group in groups]
        plotting.curves(panels, levels, path)

    def serialize(self) -> bytes:
        """Return all of it as the bytes of an .npz file: a part of each checkpoint."""
        content, values = io.BytesIO(), {name: self[name] for name in self.keys()}
        known = {"steps_per_epoch": self.steps_per_epoch, "seconds": self.seconds}
        np.savez_compressed(content, **known, **values)
        return content.getvalue()

    def deserialize(self, content: bytes) -> None:
        """Become what these bytes say."""
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            values = dict(file)
        self.steps_per_epoch = int(values.pop("steps_per_epoch"))
        self.seconds = float(values.pop("seconds"))
        self._values = {name: column.tolist() for name, column in values.items()}


class Adam(keras.optimizers.Adam):
    """Keras's Adam; inside a `tf.function` its update is compiled, and quicker."""

    @tf.autograph.experimental.do_not_convert
    def apply(self, grads, trainable_variables=None):
        """Move the variables, as Keras's optimizers do."""
        update = super().apply
        if tf.executing_eagerly():
            return update(grads, trainable_variables)
        with tf.init_scope():  # what is compiled cannot make variables
            self.build(trainable_variables)

        @tf.function(jit_compile=True, autograph=False)
        def compiled(gradients):
            update(gradients, trainable_variables)

        return compiled(list(grads))


class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that is constant up to step `start`, then falls to 0 at `steps`.

    Both count the optimizer's steps from the first one on, also after a resume.
    """

    def __init__(self, rate: float, steps: int, start: int):
        self.rate, self.steps, self.start = rate, steps, start

    def __call__(self, step):
        """Return the rate of this step, a number from `rate` down to 0."""
        remaining = self.steps - keras.ops.cast(step, "float32")
        share = remaining / (self.steps - self.start)
        return self.rate * keras.ops.clip(share, 0.0, 1.0)


class Average:
    """A network whose weights are the running average of another's.

    `network` is the one to draw with: a second one of the same kind, which gets its
    numbers from the one that is trained. Call `update()` at the end of each step, and
    put the average into the `state` of `fit`. BatchNormalization's statistics are
    averaged as well. The average looks back over a tenth of the steps so far, at most
    over a thousand.
    """

    def __init__(self, trained: keras.Model, network: keras.Model):
        if not trained.variables or len(trained.variables) != len(network.variables):
            raise ValueError("two networks of one kind: call both once before")
        self.network, self.steps = network, tf.Variable(0.0)
        both = zip(network.variables, trained.variables, strict=True)
        self.pairs = [(own, new) for own, new in both if "float" in own.dtype]
        for own, new in self.pairs:
            own.assign(new)

    @property
    def variables(self) -> list:
        """All that a checkpoint must hold."""
        return [self.steps, *self.network.variables]

    def update(self) -> None:
        """Move the average towards the trained network's newest weights."""
        decay = tf.minimum(0.999, (1 + self.steps) / (10 + self.steps))
        for own, new in self.pairs:
            own.assign(decay * own + (1 - decay) * new)
        self.steps.assign_add(1)


@contextlib.contextmanager
def precision(policy: str | None = None) -> Iterator[str]:
    """Give the precision in which the networks made inside are going to compute.

    That is mixed_bfloat16 where the processor or the GPU computes with it, else
    float32: weights and the layers with `dtype="float32"` stay exact. Quick runs,
    whose numbers are compared, are always in float32.
    """
    if policy is None:
        is_fast = runtime.run_length() != "quick" and runtime.has_bfloat16()
        policy = "mixed_bfloat16" if is_fast else "float32"
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield policy
    finally:
        keras.config.set_dtype_policy(before)
