"""Trains on one half of the CPU, then on both, as the README says it.

Run as a program by test_training.py, since TensorFlow's devices are chosen once for a
whole process.
"""

import re

import course_utils as cu
import keras
import numpy as np
import tensorflow as tf

PICTURES = np.random.default_rng(0).integers(0, 256, (12, 4, 4, 1), np.uint8)
(WAY,) = re.findall(
    r"(?s)## Several GPUs.*?```python\n(.*?)```",
    (cu.runtime.ROOT / "README.md").read_text("utf-8"),
)


def make():
    """Return the step and the state of a small training."""
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
    network.add(keras.layers.Dense(1))
    adam = keras.optimizers.Adam(0.1)
    adam.build(network.trainable_variables)

    @tf.function
    def step(batch):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((network(batch) - 1) ** 2)
        gradients = tape.gradient(loss, network.trainable_variables)
        adam.apply(gradients, network.trainable_variables)
        return {"loss": loss}

    return step, {"network": network, "adam": adam}


(cpu,) = tf.config.list_physical_devices("CPU")
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
WAY = WAY.replace("MirroredStrategy()", 'MirroredStrategy(["CPU:0", "CPU:1"])')
step, state = make()
alone = cu.training.fit(
    step, cu.batches.make(PICTURES, batch_size=4), epochs=2, state=state
)
names = {"cu": cu, "tf": tf, "make": make}
names["batches"] = cu.batches.make(PICTURES, batch_size=4)
exec(WAY, names)
np.testing.assert_allclose(names["history"]["loss"], alone["loss"], rtol=1e-4)
both = zip(
    state["network"].get_weights(), names["state"]["network"].get_weights(), strict=True
)
for expected, found in both:
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)
