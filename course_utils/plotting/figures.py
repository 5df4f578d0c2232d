"""Figures; real and generated have the same two colours everywhere."""

from pathlib import Path

import numpy as np
from course_utils.plotting.pictures import tile, to_uint8, zoom_for

REAL, GENERATED = "#1f6f8b", "#e07b39"
PIXELS_PER_INCH = 45
PAGE = 11.5  # inches: the most that rows of pictures take, across and down


def grid(images, *, columns: int | None = None, titles=None, title: str = "") -> None:
    """Draw pictures (n, h, w, c) as one tiled picture, each with its title if given."""
    images = to_uint8(images)
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    sheet = tile(images, columns=columns)
    figure, axis = _figure_for(sheet, zoom=zoom_for(images), headed=bool(title))
    _draw(axis, sheet, zoom=zoom_for(images))
    axis.set_title(title, fontsize=10)
    height, width = images.shape[1] + 2, images.shape[2] + 2
    for number, text in enumerate(titles if titles is not None else ()):
        y, x = divmod(number, columns)
        axis.text(
            (x * width + 4) * zoom_for(images),
            (y * height + 4) * zoom_for(images),
            str(text),
            va="top",
            color="black",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )
    finish(figure)


def compare(rows: dict, *, title: str = "") -> None:
    """Draw rows of pictures (n, h, w, c) below each other, each with its name."""
    import matplotlib.pyplot as plt

    sheets = {name: tile(images, columns=len(images)) for name, images in rows.items()}
    zoom = zoom_for(next(iter(rows.values())))
    first = next(iter(sheets.values()))
    size = (
        first.shape[1] * zoom / PIXELS_PER_INCH / 2 + 1.2,
        len(rows) * (first.shape[0] * zoom / PIXELS_PER_INCH / 2 + 0.1) + 0.3,
    )
    shrink = max(1, *np.divide(size, PAGE))
    size = np.divide(size, shrink)
    figure, axes = plt.subplots(len(rows), 1, figsize=size, squeeze=False)
    for axis, (name, sheet) in zip(axes[:, 0], sheets.items(), strict=True):
        _draw(axis, sheet, zoom=zoom, smooth=shrink > 1)
        axis.text(-6, sheet.shape[0] * zoom / 2, name, ha="right", va="center")
    figure.suptitle(title, fontsize=10)
    finish(figure)


def one(image, *, title: str = "") -> None:
    """Draw one picture (h, w, c) enlarged, with its pixel axes and value scale."""
    import matplotlib.pyplot as plt

    values = np.asarray(image)
    low, high = (0, 255) if values.dtype == np.uint8 else (-1, 1)
    figure, axis = plt.subplots(figsize=(4.4, 3.6))
    drawn = axis.imshow(values, cmap="gray", vmin=low, vmax=high)
    figure.colorbar(drawn, label="pixel value")
    axis.set(title=title, xlabel="column", ylabel="row")
    finish(figure)


def arrays(named: dict, *, title: str = "") -> None:
    """Draw small 2-D arrays side by side, with the number in every cell."""
    import matplotlib.pyplot as plt

    named = {name: np.asarray(values) for name, values in named.items()}
    widths = [values.shape[1] for values in named.values()]
    highest = max(values.shape[0] for values in named.values())
    top = max(np.abs(values).max() for values in named.values())
    figure, axes = plt.subplots(
        1,
        len(named),
        figsize=(0.55 * sum(widths) + 0.8 * len(named), 0.55 * highest + 0.9),
        width_ratios=widths,
        squeeze=False,
    )
    for axis, (name, values) in zip(axes[0], named.items(), strict=True):
        axis.imshow(values, cmap="Blues", vmin=0, vmax=1.6 * top)
        for (y, x), value in np.ndenumerate(values):
            axis.text(x, y, f"{value:g}", ha="center", va="center")
        axis.set(title=name, xticks=[], yticks=[])
    figure.suptitle(title, fontsize=10)
    finish(figure)


def maps(named: dict, *, low: float = 0.0, high: float = 1.0, label: str = "") -> None:
    """Draw 2-D maps side by side, from generated's colour over white to real's."""
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    scale = LinearSegmentedColormap.from_list("verdicts", [GENERATED, "white", REAL])
    size = (2.8 * len(named) + 0.9, 2.8)
    figure, axes = plt.subplots(1, len(named), figsize=size, squeeze=False)
    for axis, (name, values) in zip(axes[0], named.items(), strict=True):
        drawn = axis.imshow(np.asarray(values), cmap=scale, vmin=low, vmax=high)
        axis.set(title=name)
    figure.colorbar(drawn, ax=axes[0, -1], label=label, fraction=0.046)
    finish(figure)


def lines(x, named: dict, *, xlabel: str, ylabel: str, colours=()) -> None:
    """Draw lines over one x axis, each named in the legend."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(5.6, 3.2))
    chosen = dict(zip(named, colours, strict=False))
    for name, values in named.items():
        axis.plot(x, values, lw=2, label=name, color=chosen.get(name))
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    finish(figure)


def curves(panels: list[dict], path: str | Path | None = None) -> None:
    """Draw a panel of curves over steps for each dictionary; show it, or write it."""
    import matplotlib.pyplot as plt

    size = (4.8 * len(panels), 3)
    figure, axes = plt.subplots(1, len(panels), figsize=size, squeeze=False)
    for axis, panel in zip(axes[0], panels, strict=True):
        for key, values in panel.items():
            colour = _colour(key)
            axis.plot(values, lw=0.5, alpha=0.3, color=colour)
            centres, means = _smooth(np.asarray(values))
            axis.plot(centres, means, lw=1.8, color=colour, label=key)
        axis.set_xlabel("step")
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    finish(figure, path)


def _colour(key: str) -> str:
    return REAL if key.startswith(("d_", "real")) else GENERATED


def _smooth(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of windows of a fiftieth of the length, and their means."""
    width = max(1, len(values) // 50)
    means = np.convolve(values, np.ones(width) / width, "valid")
    return np.arange(len(means)) + (width - 1) / 2, means


def _figure_for(sheet: np.ndarray, *, zoom: int, headed: bool):
    import matplotlib.pyplot as plt

    height, width = (side * zoom / PIXELS_PER_INCH / 2 for side in sheet.shape[:2])
    return plt.subplots(figsize=(width, height + 0.3 * headed))


def _draw(axis, sheet: np.ndarray, *, zoom: int, smooth: bool = False) -> None:
    enlarged = sheet.repeat(zoom, 0).repeat(zoom, 1)
    how = "hanning" if smooth else "nearest"
    axis.imshow(enlarged, cmap="gray", vmin=0, vmax=255, interpolation=how)
    axis.axis("off")


def finish(figure, path: str | Path | None = None) -> None:
    """Show a figure, or write it to a path, and close it."""
    import matplotlib.pyplot as plt

    figure.tight_layout(pad=0.3)
    if path is not None:
        figure.savefig(path, dpi=100)
    elif plt.get_backend().lower() != "agg":
        plt.show()
    plt.close(figure)
