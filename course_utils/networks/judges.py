"""The small classifiers that read generated pictures."""

import keras
from course_utils.blocks import DecodeBlock, EncodeBlock
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


class FacadeJudge(keras.Model):
    """Photographs (n, s, s, 3) to logits (n, s, s, labels); s a multiple of 16."""

    def __init__(self, labels: int = 12, width: int = 24):
        super().__init__()
        self.down = [EncodeBlock(width, norm=None)]
        self.down += [EncodeBlock(times * width, "instance") for times in (2, 4, 8)]
        self.up = [DecodeBlock(times * width, "instance") for times in (4, 2, 1)]
        self.last = layers.Conv2DTranspose(labels, 4, 2, "same")

    def call(self, images, training=False):
        """Return a logit for each label at each pixel."""
        outputs = [images]
        for block in self.down:
            outputs.append(block(outputs[-1], training=training))
        *skips, features = outputs[1:]
        for block, skip in zip(self.up, skips[::-1], strict=True):
            features = block(features, training=training)
            features = keras.ops.concatenate([features, skip], axis=-1)
        return self.last(features)


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
        ],
        name="animal_judge",
    )
