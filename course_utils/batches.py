"""Batches: uint8 arrays in, float32 pictures in [-1, 1] out, by `tf.data`."""

from collections.abc import Callable
from functools import partial

import numpy as np
import tensorflow as tf


def make(
    *arrays: np.ndarray,
    batch_size: int,
    seed: int = 0,
    shuffle: bool = True,
    augment: Callable | None = None,
    paired: bool = True,
) -> "Batches":
    """Return the batches of one or several arrays.

    Pictures (uint8, (n, height, width, channels)) become float32 in [-1, 1]; other
    arrays, such as labels, stay as they are. Each epoch shuffles the examples anew;
    the last batch is smaller where the division leaves a rest.

    `augment(picture, seed)` changes one picture (height, width, channels) by chance;
    a pair is given to it stacked on the channels, so that both sides change alike.
    With `paired=False` the arrays go their own ways, and the shorter one is repeated.
    """
    lengths = sorted({len(array) for array in arrays})
    if paired and len(lengths) > 1:
        raise ValueError(f"pairs are as many on both sides; here there are {lengths}")
    if not lengths or lengths[0] == 0:
        raise ValueError("an array without examples makes no batches")
    return Batches(arrays, batch_size, seed, shuffle, augment, paired)


class Batches:
    """The batches of each epoch: a function of the seed, the epoch and the index."""

    def __init__(self, arrays, batch_size, seed, shuffle, augment, paired):
        self.examples, self.batch_size = max(map(len, arrays)), batch_size
        self.seed, self.shuffle, self.paired = seed, shuffle, paired
        self.augment = augment
        with tf.device("CPU"):  # as variables: of constants, each epoch makes a copy
            self.arrays = [tf.Variable(array, trainable=False) for array in arrays]

    def __len__(self) -> int:
        return -(-self.examples // self.batch_size)

    def __iter__(self):
        return iter(self.epoch(0))

    def epoch(self, number: int, *, start: int = 0) -> tf.data.Dataset:
        """Return the batches of one epoch, from batch `start` on."""
        columns = range(len(self.arrays))
        chances = [
            np.random.default_rng((self.seed, number, 0 if self.paired else column))
            for column in columns
        ]
        # Places are shuffled, not pictures: a buffer of those would fill the memory.
        places = np.stack([self._order(column, chances[column]) for column in columns])
        keys = [int(chance.integers(2**31)) for chance in chances]
        examples = tf.data.Dataset.from_tensor_slices(places.T).enumerate()
        examples = examples.skip(start * self.batch_size)
        if self.augment is None:
            batches = examples.batch(self.batch_size)
            batches = batches.map(lambda _, places: _bundle(self._taken(places)))
        else:
            changed = examples.map(partial(self._changed, keys), tf.data.AUTOTUNE)
            batches = changed.batch(self.batch_size)
        return batches.prefetch(2)

    def _order(self, column: int, chance) -> np.ndarray:
        """Return which example comes when; a shorter array is gone through again."""
        count = self.arrays[column].shape[0]
        order = chance.permutation if self.shuffle else np.arange
        rounds = [order(count) for _ in range(-(-self.examples // count))]
        return np.concatenate(rounds)[: self.examples]

    def _taken(self, places) -> list:
        """Return the examples at these places, one of each array."""
        columns = tf.unstack(places, axis=-1)
        both = zip(self.arrays, columns, strict=True)
        return [_scaled(tf.gather(array, column)) for array, column in both]

    def _changed(self, keys: list[int], index, places):
        """Return one example with its pictures augmented, those of a pair alike."""
        pictures = self._taken(places)
        if self.paired:
            stacked = self.augment(tf.concat(pictures, -1), (keys[0], index))
            return _bundle(tf.split(stacked, len(pictures), axis=-1))
        both = zip(pictures, keys, strict=True)
        return _bundle([self.augment(p, (key, index)) for p, key in both])


def _scaled(values):
    """Return pictures as float32 in [-1, 1], and everything else as it is."""
    if values.dtype == tf.uint8 and values.shape.rank >= 3:
        return tf.cast(values, tf.float32) / 127.5 - 1.0
    return values


def _bundle(parts: list):
    return parts[0] if len(parts) == 1 else tuple(parts)
