"""Augmentation: a picture changed by chance, the same way for the same seed.

Each function takes a picture (height, width, channels), float32 in [-1, 1], and a
seed of two whole numbers. A pair is one picture of six channels.
"""

import tensorflow as tf

fold_in = tf.random.experimental.stateless_fold_in


def shift(picture, seed, *, border: int = 30):
    """Return the picture moved by up to `border` pixels over white, and mirrored."""
    crop_seed, mirror_seed = tf.unstack(tf.random.split(seed))
    around = [[border, border], [border, border], [0, 0]]
    padded = tf.pad(picture, around, constant_values=1.0)
    cropped = tf.image.stateless_random_crop(padded, picture.shape, crop_seed)
    return tf.image.stateless_random_flip_left_right(cropped, mirror_seed)


def jitter(picture, seed, *, size: int = 256, larger: int = 286):
    """Return a picture (size, size, c), enlarged, cropped and mirrored by chance."""
    crop_seed, mirror_seed = tf.unstack(tf.random.split(seed))
    enlarged = tf.image.resize(picture, (larger, larger), method="nearest")
    shape = (size, size, picture.shape[-1])
    cropped = tf.image.stateless_random_crop(enlarged, shape, crop_seed)
    return tf.image.stateless_random_flip_left_right(cropped, mirror_seed)


def random_crop(picture, seed, *, size: int):
    """Return a random part (size, size, c) of a picture."""
    shape = (size, size, picture.shape[-1])
    return tf.image.stateless_random_crop(picture, shape, seed=fold_in(seed, 1))


def mirror(picture, seed):
    """Return the picture, mirrored left to right in half of all cases."""
    return tf.image.stateless_random_flip_left_right(picture, seed=fold_in(seed, 2))
