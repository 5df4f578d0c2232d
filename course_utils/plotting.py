"""Pictures, curves, maps and films: the only place where the lessons draw.

Float pictures are in [-1, 1]; real and generated have the same two colours everywhere.
"""

import io
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython import display
from matplotlib.colors import LinearSegmentedColormap
from PIL import Image

REAL, GENERATED = "#1f6f8b", "#e07b39"
GREY = "#777777"
VERDICTS = LinearSegmentedColormap.from_list("verdicts", [GENERATED, "white", REAL])
GAP = 2  # pixels of white around every picture of a tile
WHITE = {"constant_values": 255}
PAGE = 9.6  # inches: the most that rows of pictures take, across and down
DPI = 100  # of a notebook's figures


def to_uint8(images) -> np.ndarray:
    """Return pictures as uint8: float ones are taken as [-1, 1] and clipped."""
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    return np.uint8(np.clip(np.rint((images + 1) * 127.5), 0, 255))


def tile(images, *, columns: int | None = None, zoom: int = 1) -> np.ndarray:
    """Return pictures (n, h, w, c) as one, row by row, on white; uint8 (H, W, c).

    Every pixel becomes a square of `zoom` × `zoom`.
    """
    images = to_uint8(images)
    if images.ndim != 4 or not len(images):
        raise ValueError(f"expected pictures (n, h, w, c), got shape {images.shape}")
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    blank = -len(images) % columns
    cells = np.pad(images, [(0, blank), (0, GAP), (0, GAP), (0, 0)], **WHITE)
    rows = np.split(cells, len(cells) // columns)
    tiled = np.concatenate([np.concatenate(row, axis=1) for row in rows])
    tiled = np.pad(tiled, [(GAP, 0), (GAP, 0), (0, 0)], **WHITE)
    return tiled.repeat(zoom, axis=0).repeat(zoom, axis=1)


def zoom_for(images) -> int:
    """Return how many times pictures (n, h, w, c) are enlarged, to be seen well."""
    height = np.shape(images)[1]
    return 4 if height <= 32 else 2 if height <= 128 else 1


def png(picture) -> bytes:
    """Return the bytes of one picture (h, w, 1 or 3), uint8 or in [-1, 1], as PNG."""
    file = io.BytesIO()
    _pillow(picture).save(file, "png", compress_level=1)  # fast, not smallest
    return file.getvalue()


def save_picture(picture, path: str | Path) -> None:
    """Write a picture (h, w, 1 or 3), uint8 or in [-1, 1], as PNG."""
    Path(path).write_bytes(png(picture))


def save_gif(frames, path: str | Path) -> Path:
    """Return the path of a GIF written from frames (m, h, w, c); the last one stays."""
    pictures = [_pillow(frame) for frame in frames]
    pauses = [250] * (len(pictures) - 1) + [2500]  # milliseconds
    first, *others = pictures
    first.save(path, save_all=True, append_images=others, duration=pauses, loop=0)
    return Path(path)


def show_gif(path: str | Path, *, width: int = 488) -> display.Image:
    """Return a GIF as a picture that plays in a notebook, so many pixels wide."""
    return display.Image(Path(path).read_bytes(), format="gif", width=width)


def _pillow(picture) -> Image.Image:
    pixels = to_uint8(picture)
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def grid(images, *, columns=None, titles=(), zoom: float | None = None) -> None:
    """Draw pictures (n, h, w, c) as one tile, each with its title if given."""
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    axis = _draw_tile(images, columns, zoom)
    size = np.array(np.shape(images)[1:3])
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8}
    for number, text in enumerate(titles):
        y, x = divmod(number, columns) * (size + GAP) + 1.5 * GAP
        axis.text(x, y, str(text), va="top", fontsize=8, bbox=box)
    finish(axis.figure)


def compare(rows: dict, *, zoom: float | None = None) -> None:
    """Draw rows of as many pictures (n, h, w, c) below each other, each with its name.

    A row of smaller pictures is enlarged to the height of the largest.
    """
    pictures = [to_uint8(row) for row in rows.values()]
    height = max(row.shape[1] for row in pictures)
    factors = [height // row.shape[1] for row in pictures]
    enlarged = [
        row.repeat(factor, axis=1).repeat(factor, axis=2)
        for row, factor in zip(pictures, factors, strict=True)
    ]
    axis = _draw_tile(np.concatenate(enlarged), len(pictures[0]), zoom)
    axis.axis("on")
    axis.spines[:].set_visible(False)
    centres = GAP + height / 2 + np.arange(len(rows)) * (height + GAP)
    axis.set_yticks(centres, rows, fontsize=10)
    axis.tick_params(left=False, bottom=False, labelbottom=False)
    finish(axis.figure)


def arrays(named: dict) -> None:
    """Draw small 2-D arrays side by side, with the number in every cell."""
    named = {name: np.asarray(values) for name, values in named.items()}
    widths = [values.shape[1] for values in named.values()]
    highest = max(values.shape[0] for values in named.values())
    top = max(np.abs(values).max() for values in named.values())
    size = (0.55 * sum(widths) + 0.8 * len(named), 0.55 * highest + 0.9)
    figure, axes = _panels(len(named), size, width_ratios=widths)
    for axis, (name, values) in zip(axes, named.items(), strict=True):
        axis.imshow(values, cmap="Blues", vmin=0, vmax=1.6 * top)
        for (y, x), value in np.ndenumerate(values):
            axis.text(x, y, f"{value:g}", ha="center", va="center")
        axis.set(title=name, xticks=[], yticks=[])
    finish(figure)


def maps(named: dict, *, label: str = "") -> None:
    """Draw 2-D maps from 0 (the generated's colour) over white to 1 (the real's)."""
    figure, axes = _panels(len(named), (2.8 * len(named) + 0.9, 2.8))
    for axis, (name, values) in zip(axes, named.items(), strict=True):
        drawn = axis.imshow(np.asarray(values), cmap=VERDICTS, vmin=0, vmax=1)
        axis.set(title=name)
    figure.colorbar(drawn, ax=axes[-1], label=label, fraction=0.046)
    finish(figure)


def lines(x, named: dict, *, xlabel: str, ylabel: str) -> None:
    """Draw lines over one x axis, each named in the legend."""
    figure, [axis] = _panels(1, (5.6, 3.2))
    for name, values in named.items():
        axis.plot(x, values, lw=2, label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    finish(figure)


def curves(panels: list[dict], levels=(), path: str | Path | None = None) -> None:
    """Draw a panel of curves over steps for each dictionary; show it, or write it.

    `levels` has a dictionary {label: value} for each panel, in the same order: a
    dashed line goes through each value, with its label at the right.
    """
    levels = [*levels, *[{}] * (len(panels) - len(levels))]
    figure, axes = _panels(len(panels), (min(4.8 * len(panels), 11), 3))
    for axis, panel, known in zip(axes, panels, levels, strict=True):
        window = max(1, max(map(len, panel.values())) // 50)
        for name, curve in panel.items():
            _draw_curve(axis, name, curve, window, alone=len(panel) == 1)
        for label, value in known.items():
            axis.axhline(value, color=GREY, lw=1, ls="--", zorder=1)
            right = axis.get_yaxis_transform()  # x from 0 to 1, y as the curves'
            axis.text(1.01, value, label, transform=right, va="center", color=GREY)
        axis.set_xlabel("step")
        title = f"mean of {window} steps" if window > 1 else None
        axis.legend(frameon=False, title=title, alignment="left")
        axis.spines[["top", "right"]].set_visible(False)
    finish(figure, path)


def _draw_curve(axis, name: str, values, window: int, *, alone: bool) -> None:
    """Draw a moving average, and below it, pale, what it is the average of."""
    words = {*name.split("_")}  # such as zebra_d_loss
    colour = REAL if words & {"d", "real"} else None
    colour = GENERATED if words & {"g", "fake"} else colour
    means = np.convolve(values, np.ones(window) / window, "valid")
    centres = np.arange(len(means)) + (window - 1) / 2
    [line] = axis.plot(centres, means, lw=1.8, color=colour, label=name, zorder=3)
    if window > 1:
        alpha = 0.3 if alone else 0.12
        axis.plot(values, lw=0.5, color=line.get_color(), alpha=alpha, zorder=2)


def _panels(count: int, size: tuple[float, float], **ratios):
    """Return a figure and its axes, side by side."""
    options = {"figsize": size, "squeeze": False, "layout": "tight"}
    figure, axes = plt.subplots(1, count, **options, **ratios)
    return figure, axes[0]


def _draw_tile(images, columns: int, zoom: float | None = None):
    """Return the axis of a new figure: the pictures, enlarged, at most a page wide."""
    tiled = tile(images, columns=columns)
    size = np.array(tiled.shape[1::-1]) * (zoom or zoom_for(images)) / DPI
    size = size / max(1, *(size / PAGE))
    axis = plt.figure(figsize=size).add_axes((0, 0, 1, 1))
    axis.imshow(tiled, cmap="gray", vmin=0, vmax=255)
    axis.axis("off")
    return axis


def finish(figure, path: str | Path | None = None) -> None:
    """Show a figure, or write it to a path, and close it."""
    if path is not None:
        figure.savefig(path, dpi=DPI)
    elif plt.get_backend().lower() != "agg":
        plt.show()
    plt.close(figure)
