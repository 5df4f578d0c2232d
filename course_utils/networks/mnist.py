"""Lesson 2's networks."""

import keras
from course_utils.blocks import Maxout
from keras import layers


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
        """Return pictures in [-1, 1]."""
        features = self.dense_3(self.dense_2(self.dense_1(noise)))
        return self.to_picture(self.dense_4(features))


class GanDiscriminator(keras.Model):
    """Lesson 2's GAN discriminator: pictures (n, 28, 28, 1) to logits (n, 1)."""

    def __init__(self):
        super().__init__()
        self.stack = [layers.Flatten()]
        for units in (512, 256, 128):
            self.stack.append(layers.Dense(units, activation="relu"))
        self.stack.append(layers.Dense(1, dtype="float32"))

    def call(self, images):
        """Return one logit for each picture."""
        features = images
        for layer in self.stack:
            features = layer(features)
        return features


class CganGenerator(keras.Model):
    """Lesson 2's cGAN generator: noise (n, 100), labels (n, 10) to pictures."""

    def __init__(self):
        super().__init__()
        self.dense_z = layers.Dense(256, activation="relu")
        self.dense_y = layers.Dense(256, activation="relu")
        self.combined_dense = layers.Dense(512, activation="relu")
        self.final_dense = layers.Dense(784, activation="tanh", dtype="float32")
        self.concatenate = layers.Concatenate()
        self.to_picture = layers.Reshape((28, 28, 1), dtype="float32")

    def call(self, noise, labels):
        """Return pictures in [-1, 1] of the digits that the one-hot labels say."""
        both = self.concatenate([self.dense_z(noise), self.dense_y(labels)])
        return self.to_picture(self.final_dense(self.combined_dense(both)))


class CganDiscriminator(keras.Model):
    """Lesson 2's cGAN discriminator: pictures and labels (n, 10) to logits (n, 1)."""

    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.maxout_image = Maxout(240, 5)
        self.maxout_label = Maxout(50, 5)
        self.maxout_both = Maxout(240, 4)
        self.concatenate = layers.Concatenate()
        self.verdict = layers.Dense(1, dtype="float32")

    def call(self, images, labels, training=False):
        """Return one logit: is this a real picture, and of this digit?"""
        image = self.maxout_image(self.flatten(images), training=training)
        label = self.maxout_label(labels, training=training)
        both = self.concatenate([image, label])
        return self.verdict(self.maxout_both(both, training=training))
