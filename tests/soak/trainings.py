"""The five lessons' trainings, as small as they go, with all that must be kept."""

import course_utils as cu
import keras
import numpy as np
import tensorflow as tf
from course_utils import losses, networks
from course_utils.gan import ImagePool
from often import LONG

STEPS, EPOCHS = 6, 2  # 8 examples in batches of 3


def compiled(step):
    """Return the step as a graph where it runs often: to trace it takes seconds."""
    return tf.function(step) if LONG else step


def adam():
    return keras.optimizers.Adam(1e-3, beta_1=0.5)


def pictures(number, size, channels):
    rng = np.random.default_rng(number)
    return rng.integers(0, 256, (8, size, size, channels), np.uint8)


def moved(tape, loss, optimizer, network):
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def noise_gan(generator, discriminator, labels=None):
    """Return step, batches and state of a GAN from noise, with labels or without."""
    state = {
        "generator": generator,
        "discriminator": discriminator,
        "g_optimizer": adam(),
        "d_optimizer": adam(),
        "noise": tf.random.Generator.from_seed(0),
    }

    def step(batch):
        real, *digits = batch if labels is not None else (batch,)
        noise = state["noise"].normal((tf.shape(real)[0], 100))
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise, *digits, training=True)
            fake_logits = discriminator(fake, *digits, training=True)
            real_logits = discriminator(real, *digits, training=True)
            g_loss = losses.generator_loss(fake_logits)
            d_loss = losses.discriminator_loss(real_logits, fake_logits)
        moved(g_tape, g_loss, state["g_optimizer"], generator)
        moved(d_tape, d_loss, state["d_optimizer"], discriminator)
        return {"d_loss": d_loss, "g_loss": g_loss}

    arrays = [pictures(0, 28, 1)] + ([] if labels is None else [labels])
    return compiled(step), cu.data.batches(*arrays, batch_size=3, seed=0), state


def dcgan():
    return noise_gan(networks.dcgan_generator(1), networks.dcgan_discriminator(1))


def gan():
    step, batches, state = noise_gan(
        networks.called(networks.GanGenerator(), (100,)),
        networks.called(networks.GanDiscriminator(), (28, 28, 1)),
    )
    return (step if LONG else tf.function(step)), batches, state  # always a graph


def cgan():
    return noise_gan(
        networks.called(networks.CganGenerator(), (100,), (10,)),
        networks.called(networks.CganDiscriminator(), (28, 28, 1), (10,)),
        labels=np.eye(10, dtype="float32")[:8],
    )


def pix2pix():
    picture = (16, 16, 3)
    unet = networks.called(networks.UNet(16, 1, "instance"), picture)
    patches = networks.PatchDiscriminator(1, "instance", halvings=1)
    patches = networks.called(patches, picture, picture)
    state = {
        "generator": unet,
        "discriminator": patches,
        "g_optimizer": adam(),
        "d_optimizer": adam(),
    }

    def step(batch):
        inputs, targets = batch
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = unet(inputs, training=True)
            fake_logits = patches(inputs, fake, training=True)
            real_logits = patches(inputs, targets, training=True)
            l1 = losses.l1_loss(targets, fake)
            g_loss = losses.generator_loss(fake_logits) + 100 * l1
            d_loss = losses.discriminator_loss(real_logits, fake_logits)
        moved(g_tape, g_loss, state["g_optimizer"], unet)
        moved(d_tape, d_loss, state["d_optimizer"], patches)
        return {"d_loss": d_loss, "g_loss": g_loss}

    def jitter(pair, seed):
        return cu.data.augment.jitter(pair, seed, size=16, larger=18)

    arrays = pictures(0, 16, 3), pictures(1, 16, 3)
    batches = cu.data.batches(*arrays, batch_size=3, seed=0, augment=jitter)
    return compiled(step), batches, state


def cyclegan():
    kinds = ("horse", "zebra")
    drawers, judges = {}, {}
    for kind in kinds:
        drawer = networks.ResNetGenerator(24, 1, blocks=1)
        drawers[kind] = networks.called(drawer, (24, 24, 3))
        judges[kind] = networks.called(networks.PictureDiscriminator(1), (24, 24, 3))
    rate = cu.training.LinearDecay(1e-3, steps=STEPS, start=3)
    pools = {kind: ImagePool(capacity=2) for kind in kinds}
    parts = [*drawers.values(), *judges.values()]
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.5) for _ in parts]
    state = {f"network_{n}": part for n, part in enumerate(parts)}
    state |= {f"optimizer_{n}": one for n, one in enumerate(optimizers)}
    state |= {f"{kind}_pool": pools[kind] for kind in kinds}

    def step(batch):
        real = dict(zip(kinds, batch, strict=True))
        values = {}
        with tf.GradientTape(persistent=True) as tape:
            for kind, other in (kinds, kinds[::-1]):
                fake = drawers[kind](real[other], training=True)
                cycled = drawers[other](fake, training=True)
                logits = judges[kind](fake, training=True)
                values[f"{kind}_g_loss"] = losses.least_squares_generator_loss(
                    logits
                ) + 10 * losses.l1_loss(real[other], cycled)
                values[f"{kind}_d_loss"] = losses.least_squares_discriminator_loss(
                    judges[kind](real[kind], training=True),
                    judges[kind](pools[kind](fake), training=True),
                )
            g_loss = sum(values[f"{kind}_g_loss"] for kind in kinds)
            d_loss = sum(values[f"{kind}_d_loss"] for kind in kinds)
        for loss, some in ((g_loss, slice(0, 2)), (d_loss, slice(2, 4))):
            weights = [part.trainable_variables for part in parts[some]]
            gradients = tape.gradient(loss, weights)
            for optimizer, *both in zip(
                optimizers[some], gradients, weights, strict=True
            ):
                optimizer.apply(*both)
        return values

    arrays = pictures(0, 24, 3), pictures(1, 24, 3)[:5]
    batches = cu.data.batches(*arrays, batch_size=3, seed=0, paired=False)
    return compiled(step), batches, state


TRAININGS = {f.__name__: f for f in (dcgan, gan, cgan, pix2pix, cyclegan)}
