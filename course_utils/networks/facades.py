"""Lesson 4's networks, lesson 3's U-Net and PatchGAN by the functional API."""

import keras
from course_utils.blocks import start
from keras import layers


def downsample(filters: int, size: int, norm: bool = True) -> keras.Sequential:
    """Return a block from (n, h, w, c) to (n, h/2, w/2, filters), kernel `size`."""
    block = keras.Sequential()
    block.add(
        layers.Conv2D(
            filters, size, 2, "same", use_bias=False, kernel_initializer=start()
        )
    )
    if norm:
        block.add(layers.GroupNormalization(groups=-1))
    block.add(layers.LeakyReLU(0.2))
    return block


def upsample(filters: int, size: int, dropout: float = 0.0) -> keras.Sequential:
    """Return a block from (n, h, w, c) to (n, 2h, 2w, filters), kernel `size`."""
    block = keras.Sequential()
    block.add(
        layers.Conv2DTranspose(
            filters, size, 2, "same", use_bias=False, kernel_initializer=start()
        )
    )
    block.add(layers.GroupNormalization(groups=-1))
    if dropout:
        block.add(layers.Dropout(dropout))
    block.add(layers.ReLU())
    return block


def facades_generator(size: int = 256, width: int = 64) -> keras.Model:
    """Return a U-Net from plans (n, size, size, 3) to photos, both in [-1, 1]."""
    filters = [width * min(2**number, 8) for number in range(size.bit_length() - 1)]
    plan = keras.Input((size, size, 3), name="plan")
    features, skips = plan, []
    for number, count in enumerate(filters):
        inner = 0 < number < len(filters) - 1
        features = downsample(count, 4, norm=inner)(features)
        skips.append(features)
    for number, count in enumerate(filters[-2::-1]):
        dropout = 0.5 if number < 3 else 0.0
        features = upsample(count, 4, dropout)(features)
        features = layers.Concatenate()([features, skips[-2 - number]])
    photo = layers.Conv2DTranspose(
        3, 4, 2, "same", activation="tanh", kernel_initializer=start(), dtype="float32"
    )(features)
    return keras.Model(plan, photo, name="generator")


def facades_discriminator(size: int = 256, width: int = 64) -> keras.Model:
    """Return a PatchGAN: [plans, photos] to logits, (n, 30, 30, 1) at 256 pixels."""
    plan = keras.Input((size, size, 3), name="plan")
    photo = keras.Input((size, size, 3), name="photo")
    features = layers.Concatenate()([plan, photo])
    features = downsample(width, 4, norm=False)(features)
    features = downsample(2 * width, 4)(features)
    features = downsample(4 * width, 4)(features)
    features = layers.ZeroPadding2D()(features)
    wide = layers.Conv2D(8 * width, 4, use_bias=False, kernel_initializer=start())
    features = wide(features)
    features = layers.GroupNormalization(groups=-1)(features)
    features = layers.LeakyReLU(0.2)(features)
    features = layers.ZeroPadding2D()(features)
    last = layers.Conv2D(1, 4, kernel_initializer=start(), dtype="float32")
    logits = last(features)
    return keras.Model([plan, photo], logits, name="discriminator")
