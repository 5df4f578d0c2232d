"""Diagrams: boxes and arrows, for the way that data takes through networks."""

import numpy as np
from course_utils.plotting.figures import GENERATED, REAL, finish

WIDTH, HEIGHT = 1.45, 0.62  # of a cell and of a box, in inches
COLOURS = {"real": REAL, "fake": GENERATED}


def diagram(places: dict, arrows: list, *, title: str = "") -> None:
    """Draw boxes {text: (x, y)} and arrows between them, "from > to".

    The text's first line is the box's name; more lines, such as a size, make it
    data, drawn white, and without them it is a network, drawn grey. What is real and
    what is fake has the course's two colours. x goes to the right, y upwards.
    """
    import matplotlib.pyplot as plt

    named = {text.split("\n")[0]: text for text in places}
    ends = [_ends(arrow, named) for arrow in arrows]
    x, y = np.transpose(list(places.values()))
    size = ((np.ptp(x) + 1) * WIDTH, (np.ptp(y) + 1) * HEIGHT * 1.3 + 0.35)
    figure, axis = plt.subplots(figsize=size)
    drawn = {}
    for name, text in named.items():
        edge = COLOURS.get(name.split()[0], "#555555")
        fill = "white" if "\n" in text else "#e8e8e8"
        look = {"boxstyle": "round,pad=0.45", "facecolor": fill, "edgecolor": edge}
        drawn[name] = axis.annotate(
            text, places[text], ha="center", va="center", bbox=look | {"lw": 1.6}
        )
    for start, end in ends:
        axis.annotate(
            "",
            places[named[end]],
            xytext=places[named[start]],
            arrowprops={
                "arrowstyle": "-|>",
                "color": "#555555",
                "patchA": drawn[start].get_bbox_patch(),
                "patchB": drawn[end].get_bbox_patch(),
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    axis.set(
        title=title,
        xlim=(x.min() - 0.5, x.max() + 0.5),
        ylim=(y.min() - 0.6, y.max() + 0.6),
    )
    axis.axis("off")
    finish(figure)


def u_diagram(down: list, up: list, *, names: tuple, skips: bool = True) -> None:
    """Draw an encoder from the top down, and beside it the decoder, upwards again.

    `down` has the shapes (h, w, channels) of the input and of the encoder's outputs,
    `up` those of the decoder's outputs, the last one being the result's; `names` are
    those of input and result.
    """
    left = [names[0], *(f"down {number}" for number in range(1, len(down)))]
    right = [*(f"up {number}" for number in range(1, len(up))), names[1]]
    places, top = {}, len(down) - 1
    for level, (name, shape) in enumerate(zip(left, down, strict=True)):
        places[f"{name}\n{_by(shape)}"] = (0, top - level)
    for level, (name, shape) in enumerate(zip(right, up, strict=True)):
        places[f"{name}\n{_by(shape)}"] = (2, level + 1)
    way = [*left, *right]
    arrows = [f"{start} > {end}" for start, end in zip(way, way[1:], strict=False)]
    if skips:
        across = zip(left[-2:0:-1], right, strict=False)
        arrows += [f"{start} > {end}" for start, end in across]
    diagram(places, arrows)


def _by(shape) -> str:
    return " × ".join(str(length) for length in shape)


def _ends(arrow: str, named: dict) -> list[str]:
    """Return the names of the two boxes that an arrow joins."""
    ends = [part.strip() for part in arrow.split(">")]
    for name in ends:
        if name not in named or len(ends) != 2:
            raise ValueError(
                f"the arrow {arrow!r} needs a box {name!r}; written as 'from > to', "
                f"with two of these: {', '.join(named)}"
            )
    return ends
