"""The small classifiers that read generated pictures."""

import keras
from keras import layers


def judge(classes: int = 10) -> keras.Model:
    """Return a small classifier: pictures (n, 28, 28, 1) to logits (n, classes).

    Its layer "features" gives the 64 numbers that `cu.metrics` compares.
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, 2, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(64, 3, 1, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(64, 3, 2, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(64, activation="relu", name="features"),
            layers.Dropout(0.5),
            layers.Dense(classes),
        ],
        name="judge",
    )
