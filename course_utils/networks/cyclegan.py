"""Lesson 5's networks: the paper's ResNet generator, and PatchGAN on one picture."""

import keras
from course_utils.blocks import DiscBlock, ResidualBlock, normalization, start
from keras import layers


def reflect(images, border: int):
    """Return pictures (n, h + 2 border, w + 2 border, c) whose border mirrors them."""
    sides = [border, border]
    return keras.ops.pad(images, [[0, 0], sides, sides, [0, 0]], mode="reflect")


class ReluBlock(layers.Layer):
    """A convolution without bias, either way, then instance norm and ReLU."""

    def __init__(self, convolution: type, filters: int, kernel_size: int, **options):
        super().__init__()
        self.convolution = convolution(
            filters,
            kernel_size,
            use_bias=False,
            kernel_initializer=start(),
            **options,
        )
        self.normalize = normalization("instance")

    def call(self, inputs, training=False):
        """Return the features, (n, new h, new w, filters)."""
        features = self.normalize(self.convolution(inputs), training=training)
        return keras.ops.relu(features)


class ResNetGenerator(keras.Model):
    """CycleGAN's generator: pictures (n, s, s, 3) to pictures, s a multiple of 4.

    The size decides the number of residual blocks, nine above 128 pixels and six up
    to there, unless `blocks` is given.
    """

    def __init__(self, size: int = 256, width: int = 64, blocks: int | None = None):
        super().__init__()
        if blocks is None:
            blocks = 9 if size > 128 else 6
        twice = {"strides": 2, "padding": "same"}
        self.first = ReluBlock(layers.Conv2D, width, 7)  # c7s1-64
        self.blocks = [
            ReluBlock(layers.Conv2D, 2 * width, 3, **twice),  # d128
            ReluBlock(layers.Conv2D, 4 * width, 3, **twice),  # d256
        ]
        self.blocks += [ResidualBlock(4 * width) for _ in range(blocks)]  # R256
        self.blocks += [
            ReluBlock(layers.Conv2DTranspose, 2 * width, 3, **twice),  # u128
            ReluBlock(layers.Conv2DTranspose, width, 3, **twice),  # u64
        ]
        self.last = layers.Conv2D(  # c7s1-3
            3, 7, activation="tanh", kernel_initializer=start(), dtype="float32"
        )

    def call(self, images, training=False):
        """Return pictures in [-1, 1] of the size of those that came in."""
        features = self.first(reflect(images, 3), training=training)
        for block in self.blocks:
            features = block(features, training=training)
        return self.last(reflect(features, 3))


class PictureDiscriminator(keras.Model):
    """PatchGAN on one picture: (n, s, s, 3) to a logit for each 70 × 70 patch."""

    def __init__(self, width: int = 64, norm: str | None = "instance"):
        super().__init__()
        self.blocks = [
            DiscBlock(width, norm=None),
            DiscBlock(2 * width, norm=norm),
            DiscBlock(4 * width, norm=norm),
            DiscBlock(8 * width, stride=1, norm=norm),
        ]
        self.pad = layers.ZeroPadding2D()
        self.last = layers.Conv2D(1, 4, kernel_initializer=start(), dtype="float32")

    def call(self, images, training=False):
        """Return logits, (n, 30, 30, 1) for pictures of 256 pixels."""
        features = images
        for block in self.blocks:
            features = block(features, training=training)
        return self.last(self.pad(features))
