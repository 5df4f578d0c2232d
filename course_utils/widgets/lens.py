"""Looking at a PatchGAN's verdicts: a map of them, and the patch behind each cell."""

from collections.abc import Callable, Mapping

import anywidget
import numpy as np
import traitlets
from course_utils import plotting
from course_utils.widgets.panel import STYLE, script, url_of
from matplotlib.colors import LinearSegmentedColormap

COLOURS = [plotting.GENERATED, "white", plotting.REAL]
COLOURED = LinearSegmentedColormap.from_list("verdicts", COLOURS)


class Lens(anywidget.AnyWidget):
    """Pictures, their maps of verdicts, and the patch behind `value`, [row, column]."""

    _esm = script("lens.js")
    _css = STYLE
    value = traitlets.List().tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    patch = traitlets.Int().tag(sync=True)
    starts = traitlets.List().tag(sync=True)  # each cell's first pixel, along a side
    shown = traitlets.List().tag(
        sync=True
    )  # for each pair: name, picture, map, chances

    def __repr__(self) -> str:
        return "patch lens: run this cell to use it"


def patch_lens(
    discriminator: Callable, pairs: Mapping, *, patch: int = 70, stride: int = 8
) -> Lens:
    """Return a widget: choose a verdict of a PatchGAN, and see the patch it is about.

    `pairs` is {name: (input, target)}, all (s, s, 3), uint8 or in [-1, 1];
    `discriminator(inputs, targets, training=False)` gives logits (n, h, h, 1). Each
    looks at `patch` pixels, `stride` pixels apart. With instance normalization, the
    mean and spread of the whole picture play a part as well.
    """
    shapes = {np.shape(picture) for pair in pairs.values() for picture in pair}
    if len(shapes) != 1 or len(min(shapes)) != 3:
        raise ValueError(
            f"the pictures have the shapes {sorted(shapes)}; expected all to have the "
            "same, (s, s, 3): take one picture of a batch, such as batch[0]"
        )
    inputs, targets = (
        np.stack([_floats(pair[side]) for pair in pairs.values()]) for side in (0, 1)
    )
    chances = np.round(chances_of(discriminator, inputs, targets), 4)
    shown = [
        (
            str(name),
            url_of(plotting.png(target)),
            url_of(plotting.png(COLOURED(chance, bytes=True)[..., :3])),
            chance.tolist(),
        )
        for name, target, chance in zip(pairs, targets, chances, strict=True)
    ]
    size, cells = len(targets[0]), len(chances[0])
    starts = patch_starts(size, cells, patch=patch, stride=stride)
    middle = [cells // 2, cells // 2]
    lens = Lens(value=middle, size=size, patch=patch, starts=starts, shown=shown)
    lens.add_class("patch-lens")
    return lens


def chances_of(discriminator: Callable, *pictures: np.ndarray) -> np.ndarray:
    """Return how likely each patch is real, (n, h, h), from 0 to 1."""
    logits = np.asarray(discriminator(*pictures, training=False))
    if logits.ndim != 4 or logits.shape[-1] != 1:
        raise ValueError(
            f"the discriminator gave the shape {logits.shape}; expected a map of "
            f"logits for each pair, ({len(pictures[0])}, height, width, 1)"
        )
    return (1 + np.tanh(logits[..., 0] / 2)) / 2  # the sigmoid; it does not overflow


def patch_starts(size: int, cells: int, *, patch: int, stride: int) -> list[int]:
    """Return the first pixel of each cell's patch along one side, below 0 outside.

    All cells together reach as far beyond the picture at one end as at the other.
    """
    beyond = (stride * (cells - 1) + patch - size) // 2
    return [stride * cell - beyond for cell in range(cells)]


def _floats(picture) -> np.ndarray:
    """Return a picture in [-1, 1], float32."""
    picture = np.asarray(picture)
    floats = np.float32(picture)
    return floats / 127.5 - 1 if picture.dtype == np.uint8 else floats
