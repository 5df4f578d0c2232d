"""Trains small networks on one device, then on two, and prints how they differ.

Run as a program by test_devices.py, since TensorFlow's devices are chosen once for a
whole process: here two halves of the CPU.
"""

import json
import tempfile

import course_utils as cu
import keras
import numpy as np
import tensorflow as tf
from lessons import from_lesson

SIZE = 8  # of a batch


class Given:
    """Noise that is decided before: each device gets the rows of its share."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.rows = tf.constant(rng.normal(size=(SIZE, 100)), tf.float32)

    def normal(self, shape):
        device = tf.distribute.get_replica_context()
        first, count = device.replica_id_in_sync_group, device.num_replicas_in_sync
        return self.rows[first::count][: shape[0]]


def adam():
    """Return an Adam that does not blow up the rounding of gradients near 0."""
    return cu.training.Adam(0.1, beta_1=0.5, epsilon=1.0)


def dcgan(size):
    nets = [cu.networks.dcgan_generator(2), cu.networks.dcgan_discriminator(2)]
    for layer in [layer for net in nets for layer in net.layers]:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    adams = [adam() for _ in nets]
    losses = ("discriminator_loss", "generator_loss")
    losses = {name: getattr(cu.losses, name) for name in losses}
    (make,) = from_lesson("01", "make_train_step", **losses)
    pictures = [np.random.default_rng(1).integers(0, 256, (size, 28, 28, 1), np.uint8)]
    return nets, adams, make(*nets, *adams, Given()), pictures


def cyclegan(size):
    nets = [cu.networks.ResNetGenerator(32, 2, blocks=1) for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator(2) for _ in range(2)]
    for net in nets:
        net(tf.zeros((1, 32, 32, 3)))
    adams = [adam() for _ in nets]
    pools = [cu.gan.ImagePool(100) for _ in range(2)]  # never full: no chance in it
    losses = cu.losses.discriminator_loss, cu.losses.generator_loss
    (make,) = from_lesson("05", "make_train_step")
    drawn = np.random.default_rng(2).integers(0, 256, (2, size, 32, 32, 3), np.uint8)
    return nets, adams + pools, make(nets, adams, pools, losses), [*drawn]


def trained(kind, devices, *, size=SIZE + 4, epochs=2, folder=None):
    """Return the networks' weights and the losses of a training of some epochs."""
    cu.setup(seed=0, precision="float32", devices=devices)
    nets, others, step, pictures = kind(size)
    batches = cu.batches.make(*pictures, batch_size=SIZE, seed=0)
    state = {str(number): part for number, part in enumerate(nets + others)}
    history = cu.training.fit(
        step, batches, epochs=epochs, state=state, folder=folder, checkpoint_every=1
    )
    weights = [np.asarray(weight) for net in nets for weight in net.weights]
    return weights, {name: history[name] for name in history.keys()}


def difference(one, other) -> float:
    """Return by how much two lists of arrays differ, relative to their sizes."""
    pairs = zip(one, other, strict=True)
    return max(float(np.abs(a - b).max() / np.abs(a).max()) for a, b in pairs)


def main() -> None:
    (cpu,) = tf.config.list_physical_devices("CPU")
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)
    weights, losses = trained(dcgan, "one")
    with tempfile.TemporaryDirectory() as folder:
        trained(dcgan, "all", epochs=1, folder=folder)
        resumed, means = trained(dcgan, "all", folder=folder)
    again, _ = trained(dcgan, "one")
    _, odd = trained(dcgan, "all", size=SIZE + 1, epochs=1)
    found = {
        "DCGAN's weights": difference(weights, resumed),
        "DCGAN's losses": difference(losses.values(), means.values()),
        "one device again": difference(weights, again),
        "a batch of one is finite": all(map(np.all, map(np.isfinite, odd.values()))),
    }
    weights, losses = trained(cyclegan, "one")
    shared, means = trained(cyclegan, "all")
    found["CycleGAN's weights"] = difference(weights, shared)
    found["CycleGAN's losses"] = difference(losses.values(), means.values())
    print(json.dumps(found))


if __name__ == "__main__":
    main()
