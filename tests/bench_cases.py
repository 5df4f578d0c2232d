"""What `make bench` runs: each lesson's step, with networks, batches and optimizers."""

import course_utils as cu
import numpy as np
import tensorflow as tf
from lessons import from_lesson


def from_noise(number, step, nets, steps, size, adam, labels=False):
    """Return step, batches and state of a network that draws from noise."""
    losses = ("discriminator_loss", "generator_loss")
    known = {name: getattr(cu.losses, name) for name in losses}
    (make,) = from_lesson(number, step, **known)
    noise = tf.random.Generator.from_seed(0)
    chance = np.random.default_rng(0)
    arrays = [chance.integers(0, 256, (steps * size, 28, 28, 1), np.uint8)]
    if labels:
        digits = chance.integers(0, 10, steps * size)
        arrays.append(np.eye(10, dtype="float32")[digits])
    batches = cu.data.batches(*arrays, batch_size=size)
    parts = [*nets, *(adam() for _ in nets), noise]
    return make(*parts), batches, parts


def dcgan(adam):
    nets = cu.networks.dcgan_generator(), cu.networks.dcgan_discriminator()
    return from_noise("01", "make_train_step", nets, 8, 256, adam)


def gan(adam):
    nets = cu.networks.GanGenerator(), cu.networks.GanDiscriminator()
    return from_noise("02", "make_gan_step", nets, 469, 128, adam)


def cgan(adam):
    nets = cu.networks.CganGenerator(), cu.networks.CganDiscriminator()
    return from_noise("02", "make_cgan_step", nets, 469, 128, adam, labels=True)


def creatures(adam):
    nets = cu.networks.UNet(128, 32, "batch"), cu.networks.PatchDiscriminator(32)
    (make,) = from_lesson("03", "make_train_step", l1_loss=cu.losses.l1_loss)
    pairs = cu.data.load("sketch2pokemon", "fit", limit=24, size=128)
    batches = cu.data.batches(*pairs, batch_size=4, augment=cu.data.augment.creature)
    parts = [*nets, *(adam() for _ in nets)]
    return make(*parts, (1.0, 100.0)), batches, parts


def facades(adam):
    nets = cu.networks.facades_generator(), cu.networks.facades_discriminator()
    (make,) = from_lesson("04", "make_train_step")
    pairs = cu.data.load("facades", "fit", limit=6)
    batches = cu.data.batches(*pairs, batch_size=1, augment=cu.data.augment.jitter)
    parts = [*nets, *(adam() for _ in nets)]
    return make(*parts), batches, parts


def cyclegan(adam):
    nets = [cu.networks.ResNetGenerator() for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator() for _ in range(2)]
    adams, pools = [adam() for _ in nets], [cu.gan.ImagePool(50) for _ in range(2)]
    scenes = cu.data.load("horse2zebra", "fit", limit=3)
    batches = cu.data.batches(
        *scenes, batch_size=1, augment=cu.data.augment.jitter, paired=False
    )
    losses = cu.losses.discriminator_loss, cu.losses.generator_loss
    (make,) = from_lesson("05", "make_train_step")
    return make(nets, adams, pools, losses), batches, [*nets, *adams, *pools]
