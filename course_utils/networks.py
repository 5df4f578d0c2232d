"""The networks of the lessons by name, as their notebooks write them."""

import keras
from course_utils.blocks import Maxout
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
            layers.Conv2DTranspose(1, 5, 2, "same", use_bias=False, activation="tanh"),
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
            layers.Dense(1),
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
        self.dense_4 = layers.Dense(784, activation="tanh")
        self.to_picture = layers.Reshape((28, 28, 1))

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
        self.stack.append(layers.Dense(1))

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
        self.final_dense = layers.Dense(784, activation="tanh")
        self.concatenate = layers.Concatenate()
        self.to_picture = layers.Reshape((28, 28, 1))

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
        self.verdict = layers.Dense(1)

    def call(self, images, labels, training=False):
        """Return one logit: is this a real picture, and of this digit?"""
        image = self.maxout_image(self.flatten(images), training=training)
        label = self.maxout_label(labels, training=training)
        both = self.concatenate([image, label])
        return self.verdict(self.maxout_both(both, training=training))


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


def called(network: keras.Model, *shapes: tuple) -> keras.Model:
    """Return the network after a call on zeros, which makes its weights."""
    network(*[keras.ops.zeros((1, *shape)) for shape in shapes])
    return network


BUILDERS = {
    "fashion_dcgan": dcgan_generator,
    "fashion_dcgan_discriminator": dcgan_discriminator,
    "mnist_gan": lambda: called(GanGenerator(), (100,)),
    "mnist_cgan": lambda: called(CganGenerator(), (100,), (10,)),
    "mnist_cgan_lazy": lambda: called(CganGenerator(), (100,), (10,)),
    "mnist_cgan_discriminator": lambda: called(CganDiscriminator(), (28, 28, 1), (10,)),
    "mnist_judge": judge,
    "fashion_judge": judge,
}
