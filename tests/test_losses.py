"""Losses and accuracy against numbers worked by hand, and the networks' counts."""

import math

import numpy as np
import pytest
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
