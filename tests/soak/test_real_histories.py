"""What `diagnose` says of real trainings: one for each of its verdicts."""

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import losses

STEPS = 300


def trained(steps=STEPS, *, d_rate=1e-2, g_rate=1e-2, apart=2.0, loss_scale=None):
    """Return the history of a GAN that learns to draw points on a line."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    layers = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)]
    discriminator = keras.Sequential([keras.Input((1,)), *layers])
    g_optimizer, d_optimizer = (
        keras.optimizers.SGD(g_rate),
        keras.optimizers.SGD(d_rate),
    )
    rng, history = np.random.default_rng(0), cu.training.History()

    @tf.function
    def step(real, noise):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake_logits = discriminator(generator(noise))
            real_logits = discriminator(real)
            g_loss = losses.generator_loss(fake_logits)
            d_loss = losses.discriminator_loss(real_logits, fake_logits)
        g_weights, d_weights = (
            network.trainable_variables for network in (generator, discriminator)
        )
        g_optimizer.apply(g_tape.gradient(g_loss, g_weights), g_weights)
        d_optimizer.apply(d_tape.gradient(d_loss, d_weights), d_weights)
        return d_loss, g_loss

    for _ in range(steps):
        real = rng.normal(apart, 0.5, (32, 1)).astype("float32")
        noise = rng.normal(size=(32, 2)).astype("float32")
        d_loss, g_loss = step(real, noise)
        history.append({"d_loss": d_loss, "g_loss": g_loss})
    return history


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({}, "Nothing stands out"),
        ({"steps": 20}, "Only 20 steps: too few"),
        (
            {"g_rate": 0.0, "d_rate": 0.5, "apart": 9.0},
            "The discriminator wins: d_loss",
        ),
        ({"d_rate": 1e30}, "is not finite from step"),
    ],
)
def test_a_real_training_is_read_rightly(settings, verdict):
    assert verdict in cu.gan.diagnose(trained(**settings))
