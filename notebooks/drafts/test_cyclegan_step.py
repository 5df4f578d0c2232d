"""Lesson 5's step, as its source writes it: four textbook losses, four networks."""

import ast

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils.runtime import ROOT

SOURCE = ROOT / "notebooks" / "source" / "05_horse2zebra_cyclegan.py"
GAN_LOSSES = {
    "cross entropy": (cu.losses.discriminator_loss, cu.losses.generator_loss),
    "least squares": (
        cu.losses.least_squares_discriminator_loss,
        cu.losses.least_squares_generator_loss,
    ),
}


def lesson_function(name):
    """Return a function as the lesson's source defines it."""
    tree = ast.parse(SOURCE.read_text("utf-8"))
    (node,) = [
        n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name
    ]
    names = {"cu": cu, "keras": keras, "tf": tf, "np": np}
    exec(compile(ast.Module([node], []), str(SOURCE), "exec"), names)
    return names[name]


def networks():
    keras.utils.set_random_seed(0)
    nets = [cu.networks.ResNetGenerator(16, 4, blocks=1) for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator(4) for _ in range(2)]
    for net in nets:
        net(tf.zeros((1, 32, 32, 3)))
    return nets


def textbook(nets, batch, losses, cycle, identity):
    """Return the four networks' gradients, each of its own loss, term by term."""
    to_zebra, to_horse, is_zebra, is_horse = nets
    horses, zebras = batch
    d_loss, g_loss = losses

    def away(first, second):
        return tf.reduce_mean(tf.abs(first - second))

    def of_to_zebra():
        adversarial = g_loss(is_zebra(to_zebra(horses)))
        forth = away(to_horse(to_zebra(horses)), horses)
        back = away(to_zebra(to_horse(zebras)), zebras)
        return (
            adversarial
            + cycle * (forth + back)
            + identity * away(to_zebra(zebras), zebras)
        )

    def of_to_horse():
        adversarial = g_loss(is_horse(to_horse(zebras)))
        forth = away(to_horse(to_zebra(horses)), horses)
        back = away(to_zebra(to_horse(zebras)), zebras)
        return (
            adversarial
            + cycle * (forth + back)
            + identity * away(to_horse(horses), horses)
        )

    def of_is_zebra():
        return d_loss(is_zebra(zebras), is_zebra(to_zebra(horses))) / 2

    def of_is_horse():
        return d_loss(is_horse(horses), is_horse(to_horse(zebras))) / 2

    gradients = []
    for net, loss in zip(
        nets, (of_to_zebra, of_to_horse, of_is_zebra, of_is_horse), strict=True
    ):
        with tf.GradientTape() as tape:
            value = loss()
        gradients.append(tape.gradient(value, net.trainable_variables))
    return gradients


@pytest.mark.parametrize("kind", GAN_LOSSES)
@pytest.mark.parametrize("identity", [5.0, 0.0])
def test_each_network_gets_the_gradient_of_its_textbook_loss(kind, identity):
    nets, losses = networks(), GAN_LOSSES[kind]
    batch = [keras.random.uniform((1, 32, 32, 3), -1, 1, seed=seed) for seed in (1, 2)]
    expected = textbook(nets, batch, losses, 10.0, identity)
    before = [[np.array(v) for v in net.trainable_variables] for net in nets]
    rate = 1.0  # of plain descent: what a weight moves by is its gradient
    adams = [keras.optimizers.SGD(rate) for _ in nets]
    pools = [cu.gan.ImagePool(0), cu.gan.ImagePool(0)]
    make = lesson_function("make_train_step")
    make(nets, adams, pools, losses, cycle=10.0, identity=identity)(batch)
    for net, old, gradients in zip(nets, before, expected, strict=True):
        for weight, value, gradient in zip(
            net.trainable_variables, old, gradients, strict=True
        ):
            size = np.abs(gradient).max()
            moved = value - np.array(weight)
            np.testing.assert_allclose(
                moved, gradient, rtol=1e-4, atol=1e-4 * size + 1e-7
            )
