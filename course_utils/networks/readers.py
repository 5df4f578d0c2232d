"""The networks that read photographs: a plan from a house, horse or zebra."""

import keras
from course_utils.blocks import DecodeBlock, EncodeBlock
from keras import layers


class PlanReader(keras.Model):
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


def animal_reader(width: int = 24) -> keras.Model:
    """Return a classifier: photographs (n, s, s, 3) to logits for horse and zebra."""
    return keras.Sequential(
        [
            keras.Input((None, None, 3)),
            EncodeBlock(width, norm=None),
            EncodeBlock(2 * width, "instance"),
            EncodeBlock(4 * width, "instance"),
            EncodeBlock(8 * width, "instance"),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.5),
            layers.Dense(2),
        ],
        name="animal_reader",
    )
