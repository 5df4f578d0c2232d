"""Augmentation: a picture changed by chance, the same way for the same seed.

Each function takes a picture (height, width, channels), float32 in [-1, 1], and a
seed of two whole numbers. A pair is one picture of six channels.
"""

import tensorflow as tf


def jitter(picture, seed, *, size: int = 256, larger: int = 286):
    """Return a picture (size, size, c), enlarged, cropped and mirrored by chance."""
    enlarged = tf.image.resize(picture, (larger, larger), method="nearest")
    return mirror(random_crop(enlarged, seed, size=size), seed)


def random_crop(picture, seed, *, size: int):
    """Return a random part (size, size, c) of a picture."""
    shape = (size, size, picture.shape[-1])
    return tf.image.stateless_random_crop(picture, shape, seed=_another(seed, 1))


def mirror(picture, seed):
    """Return the picture, mirrored left to right in half of all cases."""
    return tf.image.stateless_random_flip_left_right(picture, seed=_another(seed, 2))


def flips(picture, seed):
    """Return the picture, turned over in each direction in half of all cases."""
    turned = tf.image.stateless_random_flip_up_down(picture, seed=_another(seed, 3))
    return mirror(turned, seed)


def quarter_turns(picture, seed):
    """Return the picture, in half of all cases turned by one to three quarters."""
    turn = _chance(seed, 4) < 0.5
    quarters = tf.random.stateless_uniform(
        (), seed=_another(seed, 5), minval=1, maxval=4, dtype=tf.int32
    )
    return tf.image.rot90(picture, tf.where(turn, quarters, 0))


def pad(picture, seed, *, border: int = 30):
    """Return the picture with a border, reflected or white with equal chance."""
    around = [[border, border], [border, border], [0, 0]]
    return tf.cond(
        _chance(seed, 6) < 0.5,
        lambda: tf.pad(picture, around, "REFLECT"),
        lambda: tf.pad(picture, around, constant_values=1.0),
    )


def creature(picture, seed):
    """Return a sketch and its colouring padded, cropped, flipped and turned alike."""
    size = picture.shape[0]
    moved = random_crop(pad(picture, seed), seed, size=size)
    return quarter_turns(flips(moved, seed), seed)


def _another(seed, number: int):
    """Return a seed of its own for one of several chances in one picture."""
    return tf.random.experimental.stateless_fold_in(seed, number)


def _chance(seed, number: int):
    return tf.random.stateless_uniform((), seed=_another(seed, number))
