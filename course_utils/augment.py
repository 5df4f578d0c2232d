"""Augmentation: a picture changed by chance, the same way for the same seed.

Each function takes a picture (height, width, channels), float32 in [-1, 1], and a
seed of two whole numbers. A pair is one picture of six channels.
"""

import tensorflow as tf


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
    return tf.image.stateless_random_crop(picture, shape, seed=_own(seed, 1))


def mirror(picture, seed):
    """Return the picture, mirrored left to right in half of all cases."""
    return tf.image.stateless_random_flip_left_right(picture, seed=_own(seed, 2))


def creature(picture, seed, *, border: int = 30):
    """Return a sketch and its colouring padded, cropped, flipped and turned alike."""
    size = picture.shape[0]
    moved = random_crop(pad(picture, seed, border=border), seed, size=size)
    flipped = tf.image.stateless_random_flip_up_down(moved, seed=_own(seed, 3))
    quarters = _chance(seed, 4, 4)  # none, one, two or three
    return tf.image.rot90(mirror(flipped, seed), quarters)


def pad(picture, seed, *, border: int = 30):
    """Return the picture with a border, reflected or white with equal chance."""
    around = [[border, border], [border, border], [0, 0]]
    if_reflected = tf.pad(picture, around, "REFLECT")
    if_white = tf.pad(picture, around, constant_values=1.0)
    return tf.where(_chance(seed, 5, 2) == 0, if_reflected, if_white)


def _own(seed, number: int):
    """Return a seed of its own for one of several chances in one picture."""
    return tf.random.experimental.stateless_fold_in(seed, number)


def _chance(seed, number: int, sides: int):
    """Return the number that a die of so many sides shows, from 0 on."""
    seed = _own(seed, number)
    return tf.random.stateless_uniform((), seed, maxval=sides, dtype=tf.int32)
