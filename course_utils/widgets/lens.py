"""Looking at a PatchGAN's verdicts: a map of them, and the patch behind each cell."""

from collections.abc import Callable, Mapping

import anywidget
import ipywidgets
import numpy as np
import traitlets
from course_utils.plotting import GENERATED, REAL, png_of, to_uint8
from course_utils.widgets.browser import HELPERS, STYLE
from course_utils.widgets.lens_sheet import GAP, LOOKS, SCRIPT, SIDE
from course_utils.widgets.panel import Panel
from course_utils.widgets.pictures import url_of
from course_utils.widgets.verdicts import chances_of, patch_starts, stacked

DIAGONALS = np.add.outer(np.arange(SIDE), np.arange(SIDE))[..., np.newaxis]
EDGE, HATCHED = 189, np.uint8(np.where(DIAGONALS % 12 < 2, 150, 225))
SCALE = [list(bytes.fromhex(code[1:])) for code in (GENERATED, "#ffffff", REAL)]


class Maps(anywidget.AnyWidget):
    """Pictures above their maps of verdicts; `value` is the cell (row, column)."""

    _esm = HELPERS + SCRIPT
    _css = STYLE + LOOKS
    value = traitlets.Tuple(traitlets.CInt(), traitlets.CInt()).tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    spans = traitlets.List().tag(sync=True)  # where each row, each column looks
    shown = traitlets.List().tag(sync=True)  # for each pair: name, picture, map


def patch_lens(
    discriminator: Callable, pairs: Mapping, *, patch: int = 70, stride=None
) -> Panel:
    """Return a widget: choose a verdict of a PatchGAN, and see the patch it is about.

    `pairs` is {name: (sketch, colouring)}, all (s, s, 3), uint8 or in [-1, 1];
    `discriminator(inputs, targets, training=False)` gives logits (n, h, w, 1). Each
    looks at `patch` pixels, placed as `patch_starts` says. With instance normalization,
    the mean and spread of the whole picture play a part as well.
    """
    sketches, targets = stacked(pairs)
    pictures, size = to_uint8(targets), targets.shape[1]
    chances = chances_of(discriminator, sketches, targets)
    _, *counts = chances.shape
    starts = [patch_starts(size, n, patch=patch, stride=stride) for n in counts]
    ends = [np.clip([side, side + patch], 0, size).T.tolist() for side in starts]
    maps = [url_of(png_of(_coloured(chance))) for chance in chances]
    urls = [url_of(png_of(picture)) for picture in pictures]
    names = list(map(str, pairs))

    def draw(cell):
        if not all(at in range(n) for at, n in zip(cell, counts, strict=True)):
            rows, columns = (n - 1 for n in counts)
            raise ValueError(
                f"there is no cell {cell}; expected (row, column), rows 0 to {rows}, "
                f"columns 0 to {columns}"
            )
        places = [side[at] for side, at in zip(starts, cell, strict=True)]
        patches = [_enlarged(picture, *places, patch) for picture in pictures]
        found = [f"{n} {c[cell]:.2f}" for n, c in zip(names, chances, strict=True)]
        seen = [side[at] for side, at in zip(ends, cell, strict=True)]
        rows, columns = (f"{first} to {end - 1}" for first, end in seen)
        cut = any(end - first < patch for first, end in seen)
        text = f"row {cell[0]}, column {cell[1]}: {', '.join(found)} | the patch: "
        text += f"pixel rows {rows}, columns {columns}"
        return png_of(_in_a_row(patches)), text + ", the rest is hatched" * cut

    middle = [int(n / 2) for n in counts]
    shown = list(zip(names, urls, maps, strict=True))
    sheet = Maps(value=middle, size=size, spans=ends, shown=shown)
    return Panel("patch lens", {"cell": sheet}, draw, arrange=_arrange)


def _coloured(chances: np.ndarray) -> np.ndarray:
    """Return a map in colours, (h, w, 3), uint8: from orange over white to blue."""
    parts = [np.interp(chances, [0, 0.5, 1], part) for part in zip(*SCALE, strict=True)]
    return np.uint8(np.rint(np.stack(parts, axis=-1)))


def _enlarged(picture: np.ndarray, top: int, left: int, patch: int) -> np.ndarray:
    """Return a patch, (SIDE, SIDE, 3), edged, and hatched where no picture is."""
    steps = np.int64((np.arange(SIDE) + 0.5) * patch / SIDE)
    places = top + steps, left + steps
    inside = [(0 <= place) & (place < len(picture)) for place in places]
    cut = picture.take(places[0], 0, mode="clip").take(places[1], 1, mode="clip")
    cut = np.where(np.logical_and.outer(*inside)[..., np.newaxis], cut, HATCHED)
    cut[[0, -1]] = cut[:, [0, -1]] = EDGE
    return cut


def _in_a_row(patches: list) -> np.ndarray:
    """Return patches as one picture, with the gaps that the columns above have."""
    gap = np.full((SIDE, GAP, 3), 255, np.uint8)
    return np.concatenate([part for one in patches for part in (one, gap)][:-1], axis=1)


def _arrange(panel: Panel) -> list:
    """Return maps and patches, which scroll together, and the line below them."""
    layout = panel.picture.layout
    layout.width = layout.min_width = f"{panel.picture.width}px"
    layout.margin = panel.line.layout.margin = "0 6px"
    parts = [*panel.controls.values(), panel.picture]
    scrolled = ipywidgets.Layout(overflow="auto", max_width="100%")
    return [ipywidgets.VBox(parts, layout=scrolled), panel.line]
