"""The learning rate that is constant, then falls to zero."""

import keras
import pytest
from course_utils.training import LinearDecay


@pytest.mark.parametrize(
    ("step", "rate"), [(0, 0.8), (40, 0.8), (50, 0.6), (60, 0.4), (80, 0), (99, 0)]
)
def test_the_rate_is_constant_then_falls_to_zero(step, rate):
    schedule = LinearDecay(0.8, steps=80, start=40)
    assert float(schedule(step)) == pytest.approx(rate)


def test_an_optimizer_follows_it():
    weight = keras.Variable(0.0)
    optimizer = keras.optimizers.SGD(LinearDecay(1.0, steps=4, start=2))
    places = []
    for _ in range(5):
        optimizer.apply([keras.ops.ones(())], [weight])
        places.append(float(weight))
    assert places == [-1, -2, -3, -3.5, -3.5]


def test_the_same_schedule_can_be_made_again():
    schedule = LinearDecay(0.8, steps=80, start=40)
    again = LinearDecay.from_config(schedule.get_config())
    assert float(again(50)) == float(schedule(50))


@pytest.mark.parametrize("start", [-1, 80, 99])
def test_a_start_outside_of_the_training_is_refused(start):
    with pytest.raises(ValueError, match=f"from step {start} to step 80; expected"):
        LinearDecay(0.8, steps=80, start=start)
