"""Lesson 3's networks: encoder-decoder, U-Net, and PatchGAN."""

import keras
from course_utils.blocks import DecodeBlock, DiscBlock, EncodeBlock, start
from keras import layers


def encoder_filters(size: int, width: int) -> list[int]:
    """Return the filters of blocks that halve a picture until it is 1 × 1."""
    filters = [width, 2 * width, 4 * width]
    while 2 ** len(filters) < size:
        filters.append(8 * width)
    return filters


class Encoder(layers.Layer):
    """Pictures (n, size, size, c) to the outputs of all blocks, the last one 1 × 1."""

    def __init__(self, size: int = 256, width: int = 64, norm: str | None = "batch"):
        super().__init__()
        first, *middle, last = encoder_filters(size, width)
        self.blocks = [EncodeBlock(first, norm=None)]
        self.blocks += [EncodeBlock(filters, norm) for filters in middle]
        self.blocks.append(EncodeBlock(last, norm=None))

    def call(self, images, training=False):
        """Return the features after each block, the code last."""
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
        self.last = layers.Conv2DTranspose(
            3,
            4,
            2,
            "same",
            activation="tanh",
            kernel_initializer=start(),
            dtype="float32",
        )

    def call(self, features, skips=(), training=False):
        """Return pictures in [-1, 1]."""
        for number, block in enumerate(self.blocks):
            features = block(features, training=training)
            if skips:
                features = keras.ops.concatenate([features, skips[number]], -1)
        return self.last(features)


class EncoderDecoder(keras.Model):
    """A generator whose every information passes the 1 × 1 code."""

    def __init__(self, size: int = 256, width: int = 64, norm: str | None = "batch"):
        super().__init__()
        self.encoder = Encoder(size, width, norm)
        self.decoder = Decoder(size, width, norm)

    def call(self, images, training=False):
        """Return pictures in [-1, 1] of the size of those that came in."""
        *_, code = self.encoder(images, training=training)
        return self.decoder(code, training=training)


class UNet(keras.Model):
    """The same, with skips: each decoder block also gets what the encoder had there."""

    def __init__(self, size: int = 256, width: int = 64, norm: str | None = "batch"):
        super().__init__()
        self.encoder = Encoder(size, width, norm)
        self.decoder = Decoder(size, width, norm)

    def call(self, images, training=False):
        """Return pictures in [-1, 1] of the size of those that came in."""
        *skips, code = self.encoder(images, training=training)
        return self.decoder(code, skips[::-1], training=training)


class PatchDiscriminator(keras.Model):
    """PatchGAN: two pictures (n, s, s, 3) to a map of logits, one for each patch.

    With 1, 3, or 5 halving blocks a patch is 16, 70, or 286 pixels wide.
    """

    def __init__(self, width: int = 64, norm: str | None = "batch", halvings: int = 3):
        super().__init__()
        filters = [width * min(2**number, 8) for number in range(halvings + 1)]
        self.join = layers.Concatenate()
        self.blocks = [DiscBlock(filters[0], norm=None)]
        self.blocks += [DiscBlock(count, norm=norm) for count in filters[1:-1]]
        self.blocks.append(DiscBlock(filters[-1], stride=1, norm=norm))
        self.pad = layers.ZeroPadding2D()
        self.last = layers.Conv2D(1, 4, kernel_initializer=start(), dtype="float32")

    def call(self, inputs, targets, training=False):
        """Return logits, (n, 30, 30, 1) for pictures of 256 pixels."""
        features = self.join([inputs, targets])
        for block in self.blocks:
            features = block(features, training=training)
        return self.last(self.pad(features))


class PixelDiscriminator(keras.Model):
    """PatchGAN with patches of one pixel: 1 × 1 convolutions only."""

    def __init__(self, width: int = 64):
        super().__init__()
        self.join = layers.Concatenate()
        self.blocks = [
            layers.Conv2D(filters, 1, kernel_initializer=start())
            for filters in (width, 2 * width)
        ]
        self.activation = layers.LeakyReLU(0.2)
        self.last = layers.Conv2D(1, 1, kernel_initializer=start(), dtype="float32")

    def call(self, inputs, targets, training=False):
        """Return a logit for each pixel, (n, s, s, 1)."""
        features = self.join([inputs, targets])
        for block in self.blocks:
            features = self.activation(block(features))
        return self.last(features)
