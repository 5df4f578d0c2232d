"""What a PatchGAN says of pairs of pictures, and where in them each verdict looks."""

import math
import numbers
import reprlib
from collections.abc import Callable, Mapping

import numpy as np

CALL = "discriminator(inputs, targets, training=False)"


def stacked(pairs: Mapping) -> np.ndarray:
    """Return all sketches and all colourings, (2, n, s, s, 3), float32 in [-1, 1]."""
    if not isinstance(pairs, Mapping) or not pairs:
        raise ValueError(
            f"the pairs are {reprlib.repr(pairs)}; expected a dictionary "
            "{name: (sketch, colouring)} with one pair or more"
        )
    columns, size = [], None
    for name, pair in pairs.items():
        if len(pair) != 2:
            raise ValueError(
                f"{name!r} has {len(pair)} parts; expected two, (sketch, colouring)"
            )
        for kind, picture in zip(("sketch", "colouring"), pair, strict=True):
            shape = np.shape(picture)
            size = size or max(shape, default=0)
            if shape != (size, size, 3):
                raise ValueError(
                    f"the {kind} of {name!r} has the shape {shape}; expected "
                    f"({size}, {size}, 3): squares in colour, all of one size; take "
                    "one picture of a batch, and np.repeat(grey, 3, axis=-1)"
                )
        columns.append(list(map(_scaled, pair)))
    return np.stack(columns, axis=1)


def _scaled(picture) -> np.ndarray:
    picture = np.asarray(picture)
    scaled = np.float32(picture)
    return scaled / 127.5 - 1 if picture.dtype == np.uint8 else scaled


def chances_of(discriminator: Callable, *both: np.ndarray) -> np.ndarray:
    """Return how likely each patch is real, (n, h, w), from 0 to 1."""
    if not callable(discriminator):
        raise TypeError(
            f"the discriminator is a {type(discriminator).__name__}; expected to call "
            f"it as {CALL}: give a network, such as cu.networks.PatchDiscriminator()"
        )
    try:
        logits = np.asarray(discriminator(*both, training=False))
    except Exception as error:
        error.add_note(f"It was called as {CALL}, with two arrays {both[0].shape}.")
        raise
    count = len(both[0])
    if logits.ndim != 4 or not logits.size or logits.shape[::3] != (count, 1):
        raise ValueError(
            f"the discriminator gave the shape {logits.shape} for {count} pairs; "
            f"expected a map of logits for each, ({count}, height, width, 1); one "
            f"verdict on the whole has the shape ({count}, 1, 1, 1)"
        )
    if not np.isfinite(logits).all():
        raise ValueError(
            "the discriminator gave logits that are infinite or no numbers; expected "
            "finite ones: has its training diverged? Load earlier weights"
        )
    return (1 + np.tanh(logits[..., 0] / 2)) / 2


def patch_starts(size: int, cells: int, *, patch: int, stride=None) -> np.ndarray:
    """Return the first pixel of each cell's patch along one side, below 0 outside.

    Cells are `stride` pixels apart, and all of them together reach as far beyond the
    picture at one end as at the other; a side that does not halve evenly counts up to
    the next multiple of the stride. For `PatchDiscriminator` cell n begins at
    stride * (n - 3) + 1 with 9 * stride - 2 pixels. The stride is found for it, and for
    patches side by side; other networks need `stride`.
    """
    for name, value in {
        "patch": patch,
        "stride": 1 if stride is None else stride,
    }.items():
        if not isinstance(value, numbers.Integral) or value < 1:
            raise ValueError(f"{name} is {value!r}; expected a whole number above 0")
    stride = stride or _stride(size, cells, patch)
    covered = stride * math.ceil(size / stride)
    beyond = math.floor((stride * (cells - 1) + patch - covered) / 2)
    if beyond >= patch:
        raise ValueError(
            f"{cells} cells, {stride} pixels apart, leave patches of {patch} pixels "
            f"outside the picture of {size} pixels; expected a smaller stride"
        )
    return stride * np.arange(cells) - beyond


def _stride(size: int, cells: int, patch: int) -> int:
    """Return how many pixels are from one cell to the next in the lessons' networks."""
    stride, rest = divmod(patch + 2, 9)
    if stride and not rest and cells == math.ceil(size / stride) - 2:
        return stride
    if cells * patch == size:
        return patch
    raise ValueError(
        f"a map of {cells} cells for {size} pixels does not go with patches of {patch} "
        "pixels; expected patch=16, 70 or 286 for a PatchDiscriminator of 1, 3 or 5 "
        "halvings, 1 for a PixelDiscriminator, the picture's size for one verdict on "
        "the whole; for another network, give stride=, the pixels from cell to cell"
    )
