"""How the loop calls a step; between short steps, Python takes too much time."""

import time

import numpy as np
import tensorflow as tf
from course_utils.training import devices

SECONDS = 0.1  # that a call of several steps takes, about


def prepare(train_step, batches, *, trace: bool):
    """Return `run(iterator, start, most)`: up to `most` steps, and the values of each.

    The iterator has given out `start` batches of its epoch. The step is traced anew,
    in the precision of the moment; if `trace`, then at once, which also makes the
    optimizers' variables.
    """
    is_function = hasattr(train_step, "python_function")
    if is_function:
        train_step = train_step._clone(None)  # its options, without its old traces
    first = batches.epoch(0)
    is_ours = isinstance(first, tf.data.Dataset) and hasattr(batches, "examples")
    if is_function and is_ours and not tf.distribute.has_strategy():
        whole = batches.examples // batches.batch_size
        if whole:
            return _at_once(train_step, first.element_spec, batches.batch_size, whole)
    train_step = devices.on_all(train_step)
    if trace:
        if not hasattr(train_step, "get_concrete_function"):
            train_step = tf.function(train_step)
        train_step.get_concrete_function(next(iter(first)))
    return _one_by_one(train_step)


def _one_by_one(train_step):
    def run(iterator, start, most):
        values = train_step(next(iterator))
        return [{name: float(np.reshape(value, ())) for name, value in values.items()}]

    return run


def _at_once(train_step, spec, size: int, whole: int):
    """Return `run`: the steps of a call are one graph, but for an epoch's odd rest.

    There are as many as take a tenth of a second, so that the learner sees the numbers
    move, and the stop button is met.
    """

    def sized(part):
        return tf.TensorSpec((size, *part.shape[1:]), part.dtype)

    batch = tf.nest.map_structure(sized, spec)
    if devices.has_gpu():
        train_step = devices.compiled(train_step, batch)
    names = list(train_step.get_concrete_function(batch).structured_outputs)
    odd_one = _one_by_one(train_step)
    at_most, has_traced = 1, False

    @tf.function
    def steps(iterator, count):
        rows = tf.TensorArray(tf.float32, count)
        for number in tf.range(count):
            parts = tf.nest.map_structure(
                lambda part, like: tf.ensure_shape(part, like.shape),
                next(iterator),
                batch,
            )
            values = train_step(parts)
            row = [tf.cast(tf.reshape(values[name], []), tf.float32) for name in names]
            rows = rows.write(number, tf.stack(row))
        return rows.stack()

    def run(iterator, start, most):
        nonlocal at_most, has_traced
        if start >= whole:
            return odd_one(iterator, start, most)
        count = min(at_most, most, whole - start)
        begun = time.monotonic()
        rows = steps(iterator, tf.constant(count)).numpy().tolist()
        if has_traced:
            each = max(time.monotonic() - begun, 1e-6) / count
            at_most = max(1, int(SECONDS / each))
        has_traced = True
        return [dict(zip(names, row, strict=True)) for row in rows]

    return run
