"""Lesson 1's networks."""

import keras
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
