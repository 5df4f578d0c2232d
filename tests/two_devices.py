"""Trains on one half of the CPU, then on both: `python two_devices.py FOLDER`.

Run as a program by test_training.py, since TensorFlow's devices are chosen once for a
whole process.
"""

import sys

import course_utils as cu
import keras
import numpy as np
import tensorflow as tf

PICTURES = np.random.default_rng(0).integers(0, 256, (12, 4, 4, 1), np.uint8)


def make(strategy):
    """Return the step and the state of a small training."""
    with strategy.scope():
        keras.utils.set_random_seed(0)
        network = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
        network.add(keras.layers.Dense(1))
        # A large epsilon, so that Adam sees how large the gradients are.
        adam, pool = cu.training.Adam(0.1, epsilon=1.0), cu.gan.ImagePool(100)

    @tf.function
    def step(batch):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((network(pool(batch)) - 1) ** 2)
        gradients = tape.gradient(loss, network.trainable_variables)
        adam.apply(gradients, network.trainable_variables)
        return {"loss": loss}

    return step, {"network": network, "adam": adam, "pool": pool}


def train(strategy, made, epochs, pictures=PICTURES, folder=None):
    """Return all weights and losses after these epochs."""
    (step, state), batches = made, cu.batches.make(pictures, batch_size=8)
    with strategy.scope():
        options = {"epochs": epochs, "state": state, "folder": folder}
        history = cu.training.fit(step, batches, **options)
    return [*state["network"].get_weights(), history["loss"]]


(cpu,) = tf.config.list_physical_devices("CPU")
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
one = tf.distribute.get_strategy()
alone = train(one, make(one), 4)
train(strategy, make(strategy), 2, folder=sys.argv[1])
made = make(strategy)
for one, both in zip(alone, train(strategy, made, 4, folder=sys.argv[1]), strict=True):
    np.testing.assert_allclose(both, one, rtol=1e-4, atol=1e-6)
assert np.isfinite(train(strategy, made, 1, pictures=PICTURES[:1])[-1]).all()
