"""Several steps in one call are the same steps."""

import course_utils as cu
import numpy as np
import pytest
import tensorflow as tf
from course_utils.training import calls
from test_training import PICTURES, Parts, assert_same


@pytest.fixture(params=[0, 1e9])
def seconds(request, monkeypatch):
    """The time that a call may take: for one step, or for all that there are."""
    monkeypatch.setattr(calls, "SECONDS", request.param)
    return request.param


def counting(until=None):
    """Return a step that counts, with no number for a loss from `until` on."""
    count = tf.Variable(0.0)

    @tf.function
    def step(real):
        count.assign_add(1.0)
        size = tf.zeros((real.shape[0], 1))  # a learner's step may want a plain number
        loss = count if until is None or count < until else tf.constant(np.nan)
        return {"loss": loss, "size": tf.reduce_sum(size + 1), "one": tf.ones((1, 1))}

    return step, {"count": count}


def of(count, size=4):
    return cu.batches.make(np.zeros((count, 8, 8, 1), np.uint8), batch_size=size)


def test_the_first_call_is_one_step_and_the_odd_rest_has_its_own(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 1e9)
    step, _ = counting()
    batches = of(42)
    run = calls.prepare(step, batches, trace=False)
    iterator, start, found = iter(batches.epoch(0)), 0, []
    while start < len(batches):
        values = run(iterator, start, 7)
        found.append([value["size"] for value in values])
        start += len(values)
    assert [len(each) for each in found] == [1, 1, 7, 1, 1]
    assert sum(found, []) == [4] * 10 + [2]


def test_a_call_takes_no_more_steps_than_its_time_allows(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 0)
    step, _ = counting()
    batches = of(40)
    run = calls.prepare(step, batches, trace=False)
    iterator = iter(batches.epoch(0))
    assert [len(run(iterator, start, 9)) for start in range(10)] == [1] * 10


def test_however_many_at_once_the_training_is_the_same(seconds):
    parts, others = Parts(), Parts()
    history = parts.fit(cu.batches.make(PICTURES, batch_size=7, seed=0), epochs=3)
    function = others.step
    others.step = lambda batch: function(batch)  # no tf.function: one by one
    singly = others.fit(cu.batches.make(PICTURES, batch_size=7, seed=0), epochs=3)
    assert len(history) == 18
    np.testing.assert_array_equal(history["d_loss"], singly["d_loss"])
    assert_same(parts.numbers(), others.numbers())


def test_every_step_is_told_in_its_order(seconds):
    step, state = counting()
    history = cu.training.fit(step, of(42), epochs=2, state=state)
    np.testing.assert_array_equal(history["loss"], np.arange(1, 23))
    assert history.keys() == ["loss", "size", "one"]


def test_a_loss_that_is_no_number_is_told_with_its_own_step(seconds):
    step, state = counting(until=17)
    with pytest.raises(FloatingPointError, match="loss is nan at step 17;"):
        cu.training.fit(step, of(40), epochs=3, state=state)


def test_snapshots_come_when_they_are_due(seconds, tmp_path):
    step, state = counting()
    drawn = []

    def draw(path):
        drawn.append(float(state["count"]))
        path.touch()

    cu.training.fit(
        step,
        of(40),
        epochs=2,
        state=state,
        folder=tmp_path,
        snapshot=draw,
        snapshot_every=4,
    )
    assert drawn == [0, 4, 8, 10, 12, 16, 20]


def test_fewer_examples_than_a_batch_has(seconds):
    step, state = counting()
    history = cu.training.fit(step, of(3), epochs=2, state=state)
    np.testing.assert_array_equal(history["size"], [3, 3])
