"""Batches: uint8 arrays in, float32 tensors in [-1, 1] out, the same for one seed."""

import functools
import hashlib
from collections.abc import Callable

import numpy as np

SMALL = 2**27  # bytes of arrays that are copied into TensorFlow, which is faster


class Batches:
    """The batches of every epoch; a function of the seed, the epoch and the index."""

    def __init__(
        self,
        arrays,
        batch_size: int,
        *,
        seed: int = 0,
        shuffle: bool = True,
        augment: Callable | None = None,
        paired: bool = True,
    ):
        lengths = [len(array) for array in arrays]
        if paired and len(set(lengths)) != 1:
            raise ValueError(f"the arrays have different lengths: {sorted(lengths)}")
        if min(lengths) == 0 or batch_size < 1:
            raise ValueError(
                f"{min(lengths)} examples in batches of {batch_size}: both must be "
                "1 or more"
            )
        self.examples = max(lengths)
        self.arrays = tuple(np.asarray(array) for array in arrays)
        self.batch_size = batch_size
        self.seed, self.shuffle = seed, shuffle
        self.augment, self.paired = augment, paired

    def identity(self) -> str:
        """Return a short sum of what makes these batches: order, sizes, some pixels."""
        about = (self.batch_size, self.seed, self.shuffle, self.paired)
        digest = hashlib.sha256(repr(about).encode())
        for array in self.arrays:
            some = np.ascontiguousarray(array[:: max(1, len(array) // 64)])
            digest.update(f"{array.shape} {array.dtype}".encode() + some.tobytes())
        return digest.hexdigest()[:16]

    def __len__(self) -> int:
        return -(-self.examples // self.batch_size)

    def __iter__(self):
        return iter(self.epoch(0))

    def orders(self, number: int) -> np.ndarray:
        """Return which example of each array comes when, (arrays, examples).

        A shorter unpaired array is gone through again, in another order.
        """
        rows = []
        for row, array in enumerate(self.arrays):
            rounds = -(-self.examples // len(array))
            key = (self.seed, number) if self.paired else (self.seed, number, row)
            rng = np.random.default_rng(key)
            order = rng.permutation if self.shuffle else np.arange
            rows.append(np.concatenate([order(len(array)) for _ in range(rounds)]))
        return np.stack([order[: self.examples] for order in rows])

    def epoch(self, number: int, *, start: int = 0):
        """Return the batches of one epoch as a tf.data.Dataset, from batch `start`."""
        import tensorflow as tf

        orders = tf.constant(self.orders(number))
        key = int(np.random.SeedSequence((self.seed, number)).generate_state(1)[0] >> 1)
        prepare = self._prepare

        def batch(index):
            return prepare(index, orders, tf.constant(key, tf.int64))

        dataset = tf.data.Dataset.range(start, len(self)).map(batch).prefetch(2)
        options = tf.data.Options()
        options.autotune.enabled = False  # its thread delays each epoch's end
        return dataset.with_options(options)

    @functools.cached_property
    def _prepare(self):
        """The function that makes a batch, traced once for all epochs."""
        import tensorflow as tf

        is_small = sum(array.nbytes for array in self.arrays) <= SMALL
        held = [tf.constant(array) for array in self.arrays] if is_small else []

        def taken(places):
            if is_small:
                return [
                    tf.gather(array, rows)
                    for array, rows in zip(held, tf.unstack(places), strict=True)
                ]

            def take(places):
                pairs = zip(self.arrays, places, strict=True)
                return [array[rows] for array, rows in pairs]

            types = [array.dtype for array in self.arrays]
            found = tf.numpy_function(take, [places], types)
            for values, array in zip(found, self.arrays, strict=True):
                values.set_shape((None, *array.shape[1:]))
            return found

        @tf.function
        def prepare(index, orders, key):
            first = index * self.batch_size
            batch = [
                _scaled(values)
                for values in taken(orders[:, first : first + self.batch_size])
            ]
            if self.augment is not None:
                batch = self._augmented(batch, key, first)
            return tuple(batch) if len(batch) > 1 else batch[0]

        return prepare

    def _augmented(self, batch: list, key: int, first):
        """Return the pictures changed by chance; pairs are changed alike."""
        import tensorflow as tf

        numbers = tf.range(first, first + tf.shape(batch[0], tf.int64)[0])

        def change(pictures, row):
            seeds = tf.stack([tf.fill(tf.shape(numbers), key + row), numbers], 1)
            return tf.map_fn(
                lambda one: self.augment(one[0], one[1]),
                (pictures, seeds),
                fn_output_signature=tf.float32,
            )

        if not self.paired:
            return [change(pictures, row) for row, pictures in enumerate(batch)]
        return tf.split(change(tf.concat(batch, -1), 0), len(batch), axis=-1)


def _scaled(values):
    """Return uint8 pictures as float32 in [-1, 1], and everything else as it is."""
    import tensorflow as tf

    if values.dtype == tf.uint8 and values.shape.rank == 4:
        return tf.cast(values, tf.float32) / 127.5 - 1.0
    return values


def batches(
    *arrays,
    batch_size: int,
    seed: int = 0,
    shuffle: bool = True,
    augment: Callable | None = None,
    paired: bool = True,
) -> Batches:
    """Return the batches of one or several arrays.

    Pictures (uint8, (n, height, width, channels)) become float32 in [-1, 1]; other
    arrays, such as labels, keep their type. All examples are shuffled anew in each
    epoch, and the last batch is smaller where the division leaves a rest.
    `augment(picture, seed)` changes one picture (height, width, channels) by chance;
    pairs are given to it stacked on channels, so that both change alike. With
    `paired=False` the arrays go their own ways, and a shorter one is repeated.
    """
    return Batches(
        arrays,
        batch_size,
        seed=seed,
        shuffle=shuffle,
        augment=augment,
        paired=paired,
    )
