"""Layer blocks that the lessons share, in `keras.layers` and `keras.ops` only."""

import keras
from keras import layers


def start() -> keras.initializers.Initializer:
    """Return the start of Pix2Pix and CycleGAN kernels, N(0, 0.02)."""
    return keras.initializers.RandomNormal(0.0, 0.02)


def normalization(norm: str | None) -> layers.Layer:
    """Return the layer for norm "batch", "instance", or None: pass on unchanged."""
    if norm == "batch":
        return layers.BatchNormalization()
    if norm == "instance":
        return layers.GroupNormalization(groups=-1)  # each channel by itself
    if norm is None:
        return layers.Identity()
    raise ValueError(f"norm is {norm!r}; known: 'batch', 'instance', None")


class EncodeBlock(layers.Layer):
    """Half the size: (n, h, w, c) to (n, h/2, w/2, filters)."""

    def __init__(self, filters: int, norm: str | None = "batch"):
        super().__init__()
        self.convolution = layers.Conv2D(
            filters, 4, 2, "same", use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)

    def call(self, inputs, training=False):
        features = self.normalize(self.convolution(inputs), training=training)
        return keras.ops.leaky_relu(features, 0.2)


class DecodeBlock(layers.Layer):
    """Twice the size: (n, h, w, c) to (n, 2h, 2w, filters)."""

    def __init__(self, filters: int, norm: str | None = "batch", dropout: float = 0.0):
        super().__init__()
        self.convolution = layers.Conv2DTranspose(
            filters, 4, 2, "same", use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)
        self.dropout = layers.Dropout(dropout)

    def call(self, inputs, training=False):
        features = self.normalize(self.convolution(inputs), training=training)
        return keras.ops.relu(self.dropout(features, training=training))


class DiscBlock(layers.Layer):
    """A PatchGAN block: stride 2 halves the size; stride 1 pads by 1 and loses 1."""

    def __init__(self, filters: int, stride: int = 2, norm: str | None = "batch"):
        super().__init__()
        self.pad = layers.ZeroPadding2D() if stride == 1 else layers.Identity()
        border = "valid" if stride == 1 else "same"
        self.convolution = layers.Conv2D(
            filters, 4, stride, border, use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)

    def call(self, inputs, training=False):
        features = self.convolution(self.pad(inputs))
        features = self.normalize(features, training=training)
        return keras.ops.leaky_relu(features, 0.2)


def reflect(images, border: int):
    """Return pictures (n, h + 2 border, w + 2 border, c) whose border mirrors them."""
    sides = [border, border]
    return keras.ops.pad(images, [[0, 0], sides, sides, [0, 0]], mode="reflect")


class ResidualBlock(layers.Layer):
    """Two 3×3 convolutions on a reflected border, added to what came in."""

    def __init__(self, filters: int):
        super().__init__()
        self.convolutions = [
            layers.Conv2D(filters, 3, use_bias=False, kernel_initializer=start())
            for _ in range(2)
        ]
        self.normalize = [normalization("instance") for _ in range(2)]

    def call(self, inputs):
        features = self.convolutions[0](reflect(inputs, 1))
        features = keras.ops.relu(self.normalize[0](features))
        features = self.convolutions[1](reflect(features, 1))
        return inputs + self.normalize[1](features)


class ReluBlock(layers.Layer):
    """A convolution without bias, either way, then instance norm and ReLU."""

    def __init__(self, convolution: type, filters: int, kernel_size: int, **options):
        super().__init__()
        options |= {"use_bias": False, "kernel_initializer": start()}
        self.convolution = convolution(filters, kernel_size, **options)
        self.normalize = normalization("instance")

    def call(self, inputs):
        return keras.ops.relu(self.normalize(self.convolution(inputs)))
