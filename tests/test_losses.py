"""Losses and accuracy against numbers worked by hand, and the networks' counts."""

import math

import numpy as np
import pytest
import tensorflow as tf
from course_utils import losses, networks

LOGITS = np.array([[2.0], [-1.0], [0.5]], "float32")


def softplus(values):
    return np.log1p(np.exp(values))


def test_cross_entropy_is_the_formula_on_logits():
    expected = (0.3 * softplus(-LOGITS) + 0.7 * softplus(LOGITS)).mean()
    assert float(
        losses.cross_entropy(np.full((3, 1), 0.3, "float32"), LOGITS)
    ) == pytest.approx(expected, rel=1e-6)


def test_generator_loss_wants_fakes_to_be_called_real():
    expected = softplus(-LOGITS).mean()
    assert float(losses.generator_loss(LOGITS)) == pytest.approx(expected, rel=1e-6)


def test_discriminator_loss_has_a_term_for_each_half():
    expected = softplus(-LOGITS).mean() + softplus(LOGITS + 1).mean()
    found = float(losses.discriminator_loss(LOGITS, LOGITS + 1))
    assert found == pytest.approx(expected, rel=1e-6)


def test_an_undecided_discriminator_costs_log_two_and_twice_that():
    undecided = np.zeros((5, 1), "float32")
    assert float(losses.generator_loss(undecided)) == pytest.approx(math.log(2))
    found = float(losses.discriminator_loss(undecided, undecided))
    assert found == pytest.approx(2 * math.log(2))


def test_losses_stay_finite_on_sure_logits():
    sure = np.array([[-100.0], [100.0]], "float32")
    assert float(losses.generator_loss(sure)) == pytest.approx(50)


def test_accuracy_counts_from_logit_zero():
    assert float(losses.accuracy(LOGITS, real=True)) == pytest.approx(2 / 3)
    assert float(losses.accuracy(LOGITS, real=False)) == pytest.approx(1 / 3)
    assert float(losses.accuracy(np.array([0.3], "float32"), real=True)) == 1


def slope(loss, values):
    """Return the gradient of a loss by its one argument, at these values."""
    values = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(values)
        cost = loss(values)
    return np.asarray(tape.gradient(cost, values))


def test_l1_is_the_mean_absolute_difference():
    targets = np.array([[1.0, -1.0], [0.5, 0.0]], "float32")
    fake = np.array([[0.0, -1.0], [1.0, -0.5]], "float32")
    assert float(losses.l1_loss(targets, fake)) == (1 + 0 + 0.5 + 0.5) / 4
    assert float(losses.l1_loss(targets, targets)) == 0
    found = slope(lambda values: losses.l1_loss(targets, values), fake)
    np.testing.assert_array_equal(found, [[-0.25, 0], [0.25, -0.25]])


def test_least_squares_pull_fakes_to_one_and_in_the_discriminator_to_zero():
    loss, found = losses.least_squares_generator_loss, LOGITS  # 2, -1 and 0.5
    assert float(loss(found)) == pytest.approx((1 + 4 + 0.25) / 3)
    np.testing.assert_array_equal(np.sign(slope(loss, found)), [[1], [-1], [-1]])
    loss = losses.least_squares_discriminator_loss
    assert float(loss(LOGITS, LOGITS)) == pytest.approx((5.25 + 4 + 1 + 0.25) / 3)
    real = slope(lambda values: loss(values, LOGITS), LOGITS)
    np.testing.assert_array_equal(np.sign(real), [[1], [-1], [-1]])
    fake = slope(lambda values: loss(LOGITS, values), LOGITS)
    np.testing.assert_array_equal(np.sign(fake), [[1], [-1], [1]])


def test_least_squares_are_zero_at_the_targets_and_a_half_when_undecided():
    one, zero, half = (
        np.full((2, 3, 3, 1), number, "float32") for number in (1, 0, 0.5)
    )
    assert float(losses.least_squares_generator_loss(one)) == 0
    assert float(losses.least_squares_discriminator_loss(one, zero)) == 0
    assert float(losses.least_squares_discriminator_loss(half, half)) == 0.5


def test_dcgan_has_the_counts_and_shapes_of_the_text():
    generator, discriminator = (
        networks.dcgan_generator(),
        networks.dcgan_discriminator(),
    )
    assert generator.count_params() == 2_330_944
    assert discriminator.count_params() == 212_865
    pictures = generator(np.zeros((3, 100), "float32"))
    assert pictures.shape == (3, 28, 28, 1)
    assert discriminator(pictures).shape == (3, 1)
    maps = [tuple(layer.output.shape[1:]) for layer in generator.layers]
    for shape in [(7, 7, 256), (7, 7, 128), (14, 14, 64), (28, 28, 1)]:
        assert shape in maps


def test_the_generator_has_no_bias_anywhere():
    for layer in networks.dcgan_generator(4).layers:
        assert getattr(layer, "use_bias", False) is False
