"""The networks of the lessons that have weights, or that a later lesson takes up."""

import keras
from course_utils.blocks import (
    DecodeBlock,
    DiscBlock,
    EncodeBlock,
    ReluBlock,
    ResidualBlock,
    reflect,
    start,
)
from keras import layers


def dcgan_generator(width: int = 64) -> keras.Model:
    """Return lesson 1's generator: noise (n, 100) to pictures (n, 28, 28, 1)."""
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 4 * width, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Reshape((7, 7, 4 * width)),
            layers.Conv2DTranspose(2 * width, 5, 1, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2DTranspose(width, 5, 2, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2DTranspose(
                1, 5, 2, "same", use_bias=False, activation="tanh", dtype="float32"
            ),
        ],
        name="generator",
    )


def dcgan_discriminator(width: int = 64) -> keras.Model:
    """Return lesson 1's discriminator: pictures (n, 28, 28, 1) to logits (n, 1)."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(width, 5, 2, "same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(0.3),
            layers.Conv2D(2 * width, 5, 2, "same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1, dtype="float32"),
        ],
        name="discriminator",
    )


class GanGenerator(keras.Model):
    """Lesson 2's GAN generator: noise (n, 100) to pictures (n, 28, 28, 1)."""

    def __init__(self):
        super().__init__()
        self.dense_1 = layers.Dense(128, activation="relu")
        self.dense_2 = layers.Dense(256, activation="relu")
        self.dense_3 = layers.Dense(512, activation="relu")
        self.dense_4 = layers.Dense(784, activation="tanh", dtype="float32")
        self.to_picture = layers.Reshape((28, 28, 1), dtype="float32")

    def call(self, noise):
        features = self.dense_3(self.dense_2(self.dense_1(noise)))
        return self.to_picture(self.dense_4(features))


class CganGenerator(keras.Model):
    """Lesson 2's cGAN generator: noise (n, 100), labels (n, 10) to pictures."""

    def __init__(self):
        super().__init__()
        self.dense_z = layers.Dense(256, activation="relu")
        self.dense_y = layers.Dense(256, activation="relu")
        self.combined_dense = layers.Dense(512, activation="relu")
        self.final_dense = layers.Dense(784, activation="tanh", dtype="float32")
        self.to_picture = layers.Reshape((28, 28, 1), dtype="float32")

    def call(self, noise, labels):
        both = keras.ops.concatenate([self.dense_z(noise), self.dense_y(labels)], -1)
        return self.to_picture(self.final_dense(self.combined_dense(both)))


def encoder_filters(size: int, width: int) -> list[int]:
    """Return the filters of blocks that halve a picture until it is 1 × 1."""
    filters = [width, 2 * width, 4 * width]
    while 2 ** len(filters) < size:
        filters.append(8 * width)
    return filters


class Encoder(layers.Layer):
    """Lesson 3: pictures (n, size, size, c) to each block's output, the last 1 × 1."""

    def __init__(self, size: int = 256, width: int = 64, norm: str | None = "batch"):
        super().__init__()
        first, *middle, last = encoder_filters(size, width)
        self.blocks = [EncodeBlock(first, norm=None)]
        self.blocks += [EncodeBlock(filters, norm) for filters in middle]
        self.blocks.append(EncodeBlock(last, norm=None))

    def call(self, images, training=False):
        outputs = [images]
        for block in self.blocks:
            outputs.append(block(outputs[-1], training=training))
        return outputs[1:]


class Decoder(layers.Layer):
    """A code (n, 1, 1, f), then any skips, to pictures (n, size, size, 3)."""

    def __init__(self, size: int = 256, width: int = 64, norm: str | None = "batch"):
        super().__init__()
        *filters, _ = encoder_filters(size, width)
        self.blocks = [
            DecodeBlock(count, norm, dropout=0.5 if number < 3 else 0.0)
            for number, count in enumerate(reversed(filters))
        ]
        options = {"activation": "tanh", "kernel_initializer": start()}
        self.last = layers.Conv2DTranspose(3, 4, 2, "same", dtype="float32", **options)

    def call(self, features, skips=(), training=False):
        for number, block in enumerate(self.blocks):
            features = block(features, training=training)
            if skips:
                features = keras.ops.concatenate([features, skips[number]], -1)
        return self.last(features)


class UNet(keras.Model):
    """Encoder and decoder, with skips from each size to the same size."""

    def __init__(self, size: int = 256, width: int = 64, norm: str | None = "batch"):
        super().__init__()
        self.encoder = Encoder(size, width, norm)
        self.decoder = Decoder(size, width, norm)

    def call(self, images, training=False):
        *skips, code = self.encoder(images, training=training)
        return self.decoder(code, skips[::-1], training=training)


class PatchDiscriminator(keras.Model):
    """PatchGAN: one or two pictures (n, s, s, 3) to a logit for each patch.

    With 1, 3, or 5 halving blocks a patch is 16, 70, or 286 pixels wide.
    """

    def __init__(self, width: int = 64, norm: str | None = "batch", halvings: int = 3):
        super().__init__()
        filters = [width * min(2**number, 8) for number in range(halvings + 1)]
        self.blocks = [DiscBlock(filters[0], norm=None)]
        self.blocks += [DiscBlock(count, norm=norm) for count in filters[1:-1]]
        self.blocks.append(DiscBlock(filters[-1], stride=1, norm=norm))
        self.pad = layers.ZeroPadding2D()
        self.last = layers.Conv2D(1, 4, kernel_initializer=start(), dtype="float32")

    def call(self, inputs, targets=None, training=False):
        features = inputs
        if targets is not None:  # lesson 5 has no pairs: one picture
            features = keras.ops.concatenate([inputs, targets], axis=-1)
        for block in self.blocks:
            features = block(features, training=training)
        return self.last(self.pad(features))


def downsample(filters: int, size: int, norm: bool = True) -> keras.Sequential:
    """Return a block from (n, h, w, c) to (n, h/2, w/2, filters), kernel `size`."""
    options = {"use_bias": False, "kernel_initializer": start()}
    block = keras.Sequential()
    block.add(layers.Conv2D(filters, size, 2, "same", **options))
    if norm:
        block.add(layers.GroupNormalization(groups=-1))
    block.add(layers.LeakyReLU(0.2))
    return block


def upsample(filters: int, size: int, dropout: float = 0.0) -> keras.Sequential:
    """Return a block from (n, h, w, c) to (n, 2h, 2w, filters), kernel `size`."""
    options = {"use_bias": False, "kernel_initializer": start()}
    block = keras.Sequential()
    block.add(layers.Conv2DTranspose(filters, size, 2, "same", **options))
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


class ResNetGenerator(keras.Model):
    """Lesson 5's generator: pictures (n, s, s, 3) to pictures, s a multiple of 4."""

    def __init__(self, width: int = 64, blocks: int = 9):
        super().__init__()
        twice = {"strides": 2, "padding": "same"}
        self.first = ReluBlock(layers.Conv2D, width, 7)  # c7s1-64
        self.blocks = [
            ReluBlock(layers.Conv2D, 2 * width, 3, **twice),  # d128
            ReluBlock(layers.Conv2D, 4 * width, 3, **twice),  # d256
            *[ResidualBlock(4 * width) for _ in range(blocks)],  # R256
            ReluBlock(layers.Conv2DTranspose, 2 * width, 3, **twice),  # u128
            ReluBlock(layers.Conv2DTranspose, width, 3, **twice),  # u64
        ]
        self.last = layers.Conv2D(  # c7s1-3
            3, 7, activation="tanh", kernel_initializer=start(), dtype="float32"
        )

    def call(self, images):
        features = self.first(reflect(images, 3))
        for block in self.blocks:
            features = block(features)
        return self.last(reflect(features, 3))


def small_judge(classes: int = 10) -> keras.Model:
    """Return a small classifier: pictures (n, 28, 28, 1) to logits (n, classes).

    Its layer "features" gives the 64 numbers that `cu.metrics` compares.
    """
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for filters, size, stride in ((32, 5, 2), (64, 3, 1), (64, 3, 2)):
        network.add(layers.Conv2D(filters, size, stride, "same", use_bias=False))
        network.add(layers.BatchNormalization())
        network.add(layers.ReLU())
    network.add(layers.Flatten())
    network.add(layers.Dense(64, activation="relu", name="features"))
    network.add(layers.Dropout(0.5))
    network.add(layers.Dense(classes))
    return network


def facade_judge(labels: int = 12, width: int = 24) -> keras.Model:
    """Return a U-Net: photographs (n, s, s, 3) to logits (n, s, s, labels)."""
    photo = keras.Input((None, None, 3))
    features, skips = photo, []
    for times in (1, 2, 4, 8):
        features = downsample(times * width, 4, norm=times > 1)(features)
        skips.append(features)
    for times, skip in zip((4, 2, 1), skips[-2::-1], strict=True):
        features = upsample(times * width, 4)(features)
        features = layers.Concatenate()([features, skip])
    return keras.Model(photo, layers.Conv2DTranspose(labels, 4, 2, "same")(features))


def animal_judge(width: int = 24) -> keras.Model:
    """Return a classifier: photographs (n, s, s, 3) to logits for horse and zebra.

    A stripe anywhere is enough, so of each feature the strongest place counts.
    """
    return keras.Sequential(
        [
            keras.Input((None, None, 3)),
            EncodeBlock(width, norm=None),
            *[EncodeBlock(times * width, "batch") for times in (2, 4, 8)],
            layers.GlobalMaxPooling2D(),
            layers.Dropout(0.3),
            layers.Dense(2),
        ]
    )


def called(network: keras.Model, *shapes: tuple) -> keras.Model:
    """Return the network after a call on zeros, which makes its weights."""
    network(*[keras.ops.zeros((1, *shape)) for shape in shapes])
    return network


PICTURE, SMALL = (256, 256, 3), (128, 128, 3)
BUILDERS = {
    "fashion_dcgan": dcgan_generator,
    "fashion_dcgan_discriminator": dcgan_discriminator,
    "mnist_gan": lambda: called(GanGenerator(), (100,)),
    "mnist_cgan": lambda: called(CganGenerator(), (100,), (10,)),
    "mnist_cgan_settings": lambda: called(CganGenerator(), (100,), (10,)),
    "mnist_judge": small_judge,
    "fashion_judge": small_judge,
    "facades_judge": facade_judge,
    "horse2zebra_judge": animal_judge,
    "sketch2pokemon_pix2pix": lambda: called(UNet(256, 32, "instance"), PICTURE),
    "sketch2pokemon_pix2pix_discriminator": lambda: called(
        PatchDiscriminator(32, "instance"), PICTURE, PICTURE
    ),
    "creatures_pix2pix": lambda: called(UNet(128, 32, "instance"), SMALL),
    "facades_pix2pix": lambda: facades_generator(256, 32),
    "facades_pix2pix_discriminator": lambda: facades_discriminator(256, 32),
    "horse2zebra_cyclegan": lambda: called(ResNetGenerator(32, blocks=6), SMALL),
    "zebra2horse_cyclegan": lambda: called(ResNetGenerator(32, blocks=6), SMALL),
    "savannah_cyclegan": lambda: called(UNet(64, 16, "instance"), (64, 64, 3)),
    "savannah_cyclegan_back": lambda: called(UNet(64, 16, "instance"), (64, 64, 3)),
}
