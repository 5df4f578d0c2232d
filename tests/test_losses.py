"""Losses and accuracy against numbers worked by hand."""

import math

import numpy as np
import pytest
import tensorflow as tf
from course_utils import losses

LOGITS = np.array([[2.0], [-1.0], [0.5]], "float32")


def softplus(values):
    return np.log1p(np.exp(values))


def slope(loss, values):
    """Return the gradient of a loss by its one argument, at these values."""
    values = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(values)
        cost = loss(values)
    return np.asarray(tape.gradient(cost, values))


def test_cross_entropy_is_the_formula_on_logits_and_finite_on_sure_ones():
    target = np.full((3, 1), 0.3, "float32")
    expected = (0.3 * softplus(-LOGITS) + 0.7 * softplus(LOGITS)).mean()
    assert float(losses.cross_entropy(target, LOGITS)) == pytest.approx(expected)
    assert float(losses.generator_loss(np.float32([[-100], [100]]))) == 50


def test_fakes_should_be_called_real_by_one_player_and_by_the_other_not():
    expected = softplus(-LOGITS).mean()
    assert float(losses.generator_loss(LOGITS)) == pytest.approx(expected)
    expected += softplus(LOGITS + 1).mean()
    found = float(losses.discriminator_loss(LOGITS, LOGITS + 1))
    assert found == pytest.approx(expected)


def test_an_undecided_discriminator_costs_log_two_and_twice_that():
    undecided = np.zeros((5, 1), "float32")
    assert float(losses.generator_loss(undecided)) == pytest.approx(math.log(2))
    found = float(losses.discriminator_loss(undecided, undecided))
    assert found == pytest.approx(2 * math.log(2))


def test_accuracy_counts_from_logit_zero():
    assert float(losses.accuracy(LOGITS, real=True)) == pytest.approx(2 / 3)
    assert float(losses.accuracy(LOGITS, real=False)) == pytest.approx(1 / 3)
    assert float(losses.accuracy(np.array([0.3], "float32"), real=True)) == 1


def test_l1_is_the_mean_absolute_difference():
    targets = np.array([[1.0, -1.0], [0.5, 0.0]], "float32")
    fake = np.array([[0.0, -1.0], [1.0, -0.5]], "float32")
    assert float(losses.l1_loss(targets, fake)) == (1 + 0 + 0.5 + 0.5) / 4
    assert float(losses.l1_loss(targets, targets)) == 0
    found = slope(lambda values: losses.l1_loss(targets, values), fake)
    np.testing.assert_array_equal(found, [[-0.25, 0], [0.25, -0.25]])
