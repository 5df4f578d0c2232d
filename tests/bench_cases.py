"""Each lesson's step with its networks, batches and optimizers, full-size or small."""

import course_utils as cu
import numpy as np
import tensorflow as tf
from lessons import from_lesson


def from_noise(number, step, nets, adam, *, steps, size, labels=False):
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
    batches = cu.batches.make(*arrays, batch_size=size)
    parts = [*nets, *(adam() for _ in nets), noise]
    return make(*parts), batches, parts


def two_heaps(count, size):
    """Return two heaps of snow, (count, size, size, 3) each."""
    return [*np.random.default_rng(0).integers(0, 256, (2, count, size, size, 3), "u1")]


def dcgan(adam, small=False):
    width, steps, size = (4, 5, 8) if small else (64, 24, 256)
    nets = cu.networks.dcgan_generator(width), cu.networks.dcgan_discriminator(width)
    return from_noise("01", "make_train_step", nets, adam, steps=steps, size=size)


def gan(adam, small=False):
    nets = cu.networks.GanGenerator(), cu.networks.GanDiscriminator()
    steps, size = (5, 8) if small else (469, 128)
    return from_noise("02", "make_gan_step", nets, adam, steps=steps, size=size)


def cgan(adam, small=False):
    nets = cu.networks.CganGenerator(), cu.networks.CganDiscriminator()
    long = {"steps": 5, "size": 8} if small else {"steps": 469, "size": 128}
    return from_noise("02", "make_cgan_step", nets, adam, labels=True, **long)


def creatures(adam, small=False):
    size, width, count = (32, 8, 20) if small else (128, 32, 400)
    nets = cu.networks.UNet(size, width, "batch"), cu.networks.PatchDiscriminator(width)
    (make,) = from_lesson("03", "make_train_step", l1_loss=cu.losses.l1_loss)
    augment = None if small else cu.augment.creature
    batches = cu.batches.make(*two_heaps(count, size), batch_size=4, augment=augment)
    parts = [*nets, *(adam() for _ in nets)]
    return make(*parts, (1.0, 100.0)), batches, parts


def facades(adam, small=False):
    size, width, count = (32, 32, 6) if small else (256, 64, 16)
    nets = [
        make(size, width)
        for make in (cu.networks.facades_generator, cu.networks.facades_discriminator)
    ]
    (make,) = from_lesson("04", "make_train_step")
    augment = None if small else cu.augment.jitter
    batches = cu.batches.make(*two_heaps(count, size), batch_size=1, augment=augment)
    parts = [*nets, *(adam() for _ in nets)]
    return make(*parts), batches, parts


def cyclegan(adam, small=False):
    size, width = (32, 4) if small else (256, 64)
    blocks = 1 if small else 9
    nets = [cu.networks.ResNetGenerator(size, width, blocks) for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator(width) for _ in range(2)]
    adams, pools = [adam() for _ in nets], [cu.gan.ImagePool(50) for _ in range(2)]
    augment = None if small else cu.augment.jitter
    batches = cu.batches.make(
        *two_heaps(2, size), batch_size=1, augment=augment, paired=False
    )
    losses = cu.losses.discriminator_loss, cu.losses.generator_loss
    (make,) = from_lesson("05", "make_train_step")
    return make(nets, adams, pools, losses), batches, [*nets, *adams, *pools]
