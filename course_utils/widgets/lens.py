"""Looking at a PatchGAN's verdicts: a map of them, and the patch behind each cell."""

from collections.abc import Callable, Mapping

import anywidget
import numpy as np
import traitlets
from course_utils import plotting
from course_utils.metrics import to_floats
from course_utils.widgets.panel import STYLE, script, url_of


class Lens(anywidget.AnyWidget):
    """Pictures, their maps of verdicts, and the patch behind `value`, [row, column]."""

    _esm = script("lens.js")
    _css = STYLE
    value = traitlets.List().tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    patch = traitlets.Int().tag(sync=True)
    starts = traitlets.List().tag(sync=True)  # each cell's first pixel, along a side
    shown = traitlets.List().tag(sync=True)  # of each: name, picture, map, chances

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
    floats = [[to_floats(picture) for picture in pair] for pair in pairs.values()]
    inputs, targets = np.stack(floats, axis=1)
    logits = np.asarray(discriminator(inputs, targets, training=False))[..., 0]
    chances = np.round((1 + np.tanh(logits / 2)) / 2, 4)  # no overflow, as of exp
    shown = [
        (
            str(name),
            url_of(plotting.png(target)),
            url_of(plotting.png(plotting.VERDICTS(chance, bytes=True)[..., :3])),
            chance.tolist(),
        )
        for name, target, chance in zip(pairs, targets, chances, strict=True)
    ]
    size, cells = len(targets[0]), len(chances[0])
    # All cells together reach as far beyond the picture at one end as at the other.
    beyond = (stride * (cells - 1) + patch - size) // 2
    starts = [stride * cell - beyond for cell in range(cells)]
    middle = [cells // 2, cells // 2]
    lens = Lens(value=middle, size=size, patch=patch, starts=starts, shown=shown)
    lens.add_class("patch-lens")
    return lens
