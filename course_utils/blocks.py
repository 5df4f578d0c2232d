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


class Maxout(layers.Layer):
    """Maxout: (n, features) to (n, units), the largest of `pieces` linear maps."""

    def __init__(self, units: int, pieces: int, dropout: float = 0.5, **kwargs):
        super().__init__(**kwargs)
        self.linear = layers.Dense(units * pieces)
        self.dropout = layers.Dropout(dropout)
        self.split = layers.Reshape((pieces, units))

    def call(self, inputs, training=False):
        """Return the maximum over the pieces, (n, units)."""
        candidates = self.dropout(self.linear(inputs), training=training)
        return keras.ops.max(self.split(candidates), axis=1)


class EncodeBlock(layers.Layer):
    """Half the size: (n, h, w, c) to (n, h/2, w/2, filters)."""

    def __init__(self, filters: int, norm: str | None = "batch", **kwargs):
        super().__init__(**kwargs)
        self.convolution = layers.Conv2D(
            filters, 4, 2, "same", use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)
        self.activation = layers.LeakyReLU(0.2)

    def call(self, inputs, training=False):
        """Return the encoded picture, half as high and wide."""
        features = self.normalize(self.convolution(inputs), training=training)
        return self.activation(features)


class DecodeBlock(layers.Layer):
    """Twice the size: (n, h, w, c) to (n, 2h, 2w, filters)."""

    def __init__(
        self, filters: int, norm: str | None = "batch", dropout: float = 0.0, **kwargs
    ):
        super().__init__(**kwargs)
        self.convolution = layers.Conv2DTranspose(
            filters, 4, 2, "same", use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)
        self.dropout = layers.Dropout(dropout)
        self.activation = layers.ReLU()

    def call(self, inputs, training=False):
        """Return the decoded picture, twice as high and wide."""
        features = self.normalize(self.convolution(inputs), training=training)
        return self.activation(self.dropout(features, training=training))


class DiscBlock(layers.Layer):
    """A PatchGAN block: stride 2 halves the size; stride 1 pads by 1 and loses 1."""

    def __init__(
        self, filters: int, stride: int = 2, norm: str | None = "batch", **kwargs
    ):
        super().__init__(**kwargs)
        self.pad = layers.ZeroPadding2D() if stride == 1 else layers.Identity()
        self.convolution = layers.Conv2D(
            filters,
            4,
            stride,
            "valid" if stride == 1 else "same",
            use_bias=False,
            kernel_initializer=start(),
        )
        self.normalize = normalization(norm)
        self.activation = layers.LeakyReLU(0.2)

    def call(self, inputs, training=False):
        """Return the features, (n, h/2, w/2, filters) or (n, h-1, w-1, filters)."""
        features = self.convolution(self.pad(inputs))
        return self.activation(self.normalize(features, training=training))


class ResidualBlock(layers.Layer):
    """Two 3×3 convolutions on a reflected border, added to what came in."""

    def __init__(self, filters: int, norm: str | None = "instance", **kwargs):
        super().__init__(**kwargs)
        self.convolutions = [
            layers.Conv2D(filters, 3, use_bias=False, kernel_initializer=start())
            for _ in range(2)
        ]
        self.normalize = [normalization(norm) for _ in range(2)]

    def call(self, inputs, training=False):
        """Return a picture of the same shape, (n, h, w, filters)."""
        border = [[0, 0], [1, 1], [1, 1], [0, 0]]
        features = inputs
        for number in range(2):
            padded = keras.ops.pad(features, border, mode="reflect")
            features = self.convolutions[number](padded)
            features = self.normalize[number](features, training=training)
            if number == 0:
                features = keras.ops.relu(features)
        return keras.ops.add(inputs, features)
