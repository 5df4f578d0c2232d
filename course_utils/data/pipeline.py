"""Batches: uint8 arrays in, float32 tensors in [-1, 1] out, the same for one seed."""

import numpy as np


class Batches:
    """The batches of every epoch; a function of the seed, the epoch and the index."""

    def __init__(self, arrays, batch_size, *, seed=0, shuffle=True):
        lengths = {len(array) for array in arrays}
        if len(lengths) != 1:
            raise ValueError(f"the arrays have different lengths: {sorted(lengths)}")
        (self.examples,) = lengths
        if self.examples == 0 or batch_size < 1:
            raise ValueError(
                f"{self.examples} examples in batches of {batch_size}: both must be "
                "1 or more"
            )
        self.arrays, self.batch_size = tuple(arrays), batch_size
        self.seed, self.shuffle = seed, shuffle

    def __len__(self) -> int:
        return -(-self.examples // self.batch_size)

    def __iter__(self):
        return iter(self.epoch(0))

    def epoch(self, number: int, *, start: int = 0):
        """Return the batches of one epoch as a tf.data.Dataset, from batch `start`."""
        import tensorflow as tf

        order = np.arange(self.examples)
        if self.shuffle:
            order = np.random.default_rng((self.seed, number)).permutation(order)
        tensors = self._tensors()

        def gather(index):
            first = index * self.batch_size
            chosen = order_tensor[first : first + self.batch_size]
            batch = tuple(_scaled(tf.gather(tensor, chosen)) for tensor in tensors)
            return batch if len(batch) > 1 else batch[0]

        order_tensor = tf.constant(order)
        dataset = tf.data.Dataset.range(start, len(self))
        return dataset.map(gather, num_parallel_calls=2).prefetch(2)

    def _tensors(self):
        import tensorflow as tf

        if not hasattr(self, "_cached"):
            with tf.device("CPU"):
                self._cached = tuple(tf.constant(array) for array in self.arrays)
        return self._cached


def _scaled(values):
    """Return uint8 pictures as float32 in [-1, 1], and everything else as it is."""
    import tensorflow as tf

    if values.dtype == tf.uint8 and values.shape.rank == 4:
        return tf.cast(values, tf.float32) / 127.5 - 1.0
    return values


def batches(*arrays, batch_size: int, seed: int = 0, shuffle: bool = True) -> Batches:
    """Return the batches of one or several arrays of equal length.

    Pictures (uint8, (n, height, width, channels)) become float32 in [-1, 1]; other
    arrays, such as labels, keep their type. All examples are shuffled anew in each
    epoch, and the last batch is smaller where the division leaves a rest.
    """
    return Batches(arrays, batch_size, seed=seed, shuffle=shuffle)
