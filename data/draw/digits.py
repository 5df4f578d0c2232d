"""Ten digits written with a pen: a stand-in for MNIST."""

from typing import NamedTuple

import cv2
import numpy as np
from canvas import FINE, SIDE, develop, shading

BOX = 20  # the longer side of a digit, in pixels
POINTS, TURNS = 16, 20  # the most that one way of writing may have
STEPS = 5  # points of the drawn line for each turn of the pen
PART = 8  # the pen keeps its width for so many of them
BITS = 4  # of a pixel's fraction, for OpenCV
LEAN = 0.15
HANDS = (0.22, 0.08, 0.2, 0.013, 1.1)  # how they differ: see _hand
INK = (25, 0, 0, 0)  # uneven as the folds of cloth are, no stripes, no print

# Ways to write each digit: how often, and the pen's path in two extreme forms; what
# gets drawn lies somewhere in between. The line bends towards the points (x, y) of its
# path, y down, as a B-spline does; it has a corner at "!", and is lifted at "|".
WAYS = """
0 3: 12,0 4,-1 1,6 1,15 5,21 13,20 18,14 17,5 14,0 9,1
     12,1 6,-1 4,6 4,14 7,20 12,20 15,14 15,6 13,1 10,0
0 2: 12,5 9,-1 2,2 0,11 4,20 12,21 17,14 17,5 13,-1 7,1
     8,2 5,1 2,6 2,14 6,20 11,20 16,13 16,5 12,0 5,1
0 1: 11,1 4,0 1,8 1,14 5,20 13,21 18,13 17,5 13,0
     9,0 5,2 3,8 3,15 7,21 13,20 16,13 15,6 13,3
1 9: 10,0 10,10 10,20
     11,0 9,10 10,20
1 2: 7,4 11,0! 10,10 10,20
     9,2 11,0! 11,10 11,20
1 1: 6,5 11,0! 10,20 | 4,20 16,20
     7,3 10,0! 10,20 | 6,20 14,20
1 1: 10,0 10,20 | 5,20 16,20
     10,0 10,20 | 6,19 14,20
2 3: 2,5 4,-1 15,-1 16,6 11,12 2,19! 10,19 18,19
     4,3 7,0 13,0 14,5 11,11 3,20! 9,19 17,19
2 3: 3,5 5,-1 15,-1 16,6 12,14 5,21 -1,19 0,12 7,13 11,19 19,18
     4,4 7,0 14,1 14,7 11,13 7,19 3,20 3,16 6,15 11,19 18,21
2 2: 2,3 7,0 14,1 16,4 11,10 3,17 3,20 9,19 18,18
     1,2 8,2 15,2 14,6 8,11 2,16 3,19 10,19 20,20
3 3: 2,4 6,-1 15,-1 16,7 11,9 7,9! 14,9 18,14 14,20 5,21 1,17
     4,2 8,0 14,0 15,6 11,9 8,9! 14,10 16,15 12,20 6,20 3,19
3 2: 3,3 8,-1 16,1 14,8 7,11 5,9 9,8 17,10 17,18 9,21 1,18
     4,1 8,0 14,1 13,7 9,9 8,9 11,9 16,12 14,18 8,20 3,20
3 1: 2,1 9,1 15,1! 8,8! 14,8 18,14 12,21 6,21 2,18
     4,2 9,1 14,0! 9,9! 13,9 16,14 12,19 7,20 3,20
4 3: 4,1 2,12! 10,12 18,11 | 14,0 12,20
     6,3 4,11! 10,11 15,11 | 13,2 12,20
4 3: 4,1 1,10 3,14 10,12 17,10 | 15,1 13,10 12,20
     6,0 4,9 6,12 11,12 15,11 | 15,0 13,10 11,20
4 2: 14,0 8,6 1,13! 10,13 18,12 | 14,0 12,20
     12,0 8,6 3,12! 10,13 17,13 | 12,2 12,20
4 1: 4,1 2,10 6,14 13,10 16,1! 14,10 13,20
     4,0 4,8 7,12 13,9 15,3! 14,10 11,20
5 3: 5,1 11,1 17,0 | 5,1 3,9! 9,6 17,8 17,17 10,21 2,18
     6,2 11,2 16,1 | 6,2 5,9! 10,8 15,10 15,17 9,20 4,19
5 2: 18,1 8,0 5,1 3,9 9,9 16,11 15,19 7,21 1,18
     16,1 9,1 6,2 5,8 9,9 15,12 13,18 8,20 3,20
5 1: 19,0 11,1 7,2! 4,9! 9,8 14,10 13,18 6,21 0,18
     17,2 11,2 7,2! 6,9! 10,9 14,12 12,18 7,20 3,20
5 1: 7,2 12,1 18,-1 | 5,2 4,9! 8,6 17,9 16,17 10,21 2,18
     5,1 11,1 15,1 | 6,3 5,10! 10,8 15,11 14,17 9,20 4,19
6 3: 14,0 7,2 1,12 3,20 11,21 17,16 12,9 5,11 3,17
     11,0 6,6 3,12 4,19 10,20 14,16 11,11 6,12 4,16
6 2: 7,0 3,7 2,15 4,20 11,21 17,16 14,9 6,12 5,19
     13,0 8,3 4,10 4,20 10,22 13,15 10,10 6,13 6,19
6 1: 15,3 12,-1 5,1 1,11 3,20 12,21 16,15 12,10 2,12
     14,2 11,0 6,3 3,11 4,19 11,20 15,16 11,11 4,14
7 3: 1,2 9,1 16,1! 11,9 8,20
     3,2 9,2 14,1! 12,9 11,20
7 2: 2,8 2,1! 9,2 17,1! 11,9 8,20
     3,4 4,2! 9,2 15,1! 11,9 10,20
7 2: 1,4 5,0 14,0 17,3 11,11 9,20
     3,3 6,1 12,0 15,3 13,11 12,20
7 2: 2,2 9,1 16,1! 11,9 8,20 | 5,11 15,10
     3,3 9,2 15,1! 12,9 10,20 | 7,11 15,11
8 3: 15,3 11,-1 3,-1 2,7 10,10 18,13 16,21 4,21 2,14 9,10 16,6 15,3
     13,4 11,0 6,0 6,6 9,10 13,14 12,20 7,20 6,15 9,10 13,7 13,4
8 2: 16,4 9,-2 2,1 4,8 11,11 16,16 12,21 4,21 3,14 10,9 15,5 19,-1
     15,2 9,0 5,3 6,8 11,11 14,16 11,20 6,20 6,15 10,10 13,6 16,2
8 1: 10,9 4,8 2,1 10,-2 18,1 16,8 10,9 2,11 2,19 10,22 18,19 18,11 10,9
     10,9 6,8 5,2 10,-1 15,2 14,8 10,9 4,11 4,18 10,21 16,18 16,11 10,9
9 3: 15,4 11,-1 3,1 2,9 8,12 15,8 15,3! 14,10 13,20
     14,3 11,0 6,2 5,8 8,10 13,8 15,2! 13,10 10,20
9 2: 15,4 11,-1 3,0 2,9 8,12 15,8 15,2! 16,12 13,20 4,20
     14,4 11,0 5,1 5,8 8,11 13,9 14,4! 14,13 12,20 7,20
9 2: 14,3 9,-2 2,4 4,12 12,10 16,1 15,9 12,20
     14,3 10,-1 4,4 6,11 12,9 14,4 12,11 8,20
"""


class Way(NamedTuple):
    """One way to write a digit, as read from the table."""

    forms: np.ndarray  # its points in both forms, (2, POINTS, 2)
    turns: np.ndarray  # the point at each turn of the pen, (TURNS,)
    ink: np.ndarray  # 1 where the pen leaves ink, 0 where it is lifted
    parts: list[slice]  # the pieces of the line, each drawn in one width


def draw(count: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `count` pictures (count, 28, 28, 1) and labels (count,), both uint8."""
    rng, ways = np.random.default_rng(seed), _read()
    labels = rng.permutation(count) % 10
    luck = zip(labels, rng.random(count), strict=True)
    chosen = [ways[digit][int(part * len(ways[digit]))] for digit, part in luck]
    return _write(rng, chosen), labels.astype(np.uint8)


def _read() -> list[list[Way]]:
    """Return for each digit its ways, the frequent ones several times."""
    ways = [[] for _ in range(10)]
    lines = WAYS.strip().replace(":", "\n").split("\n")
    for head, *forms in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        digit, share = map(int, head.split())
        ways[digit] += [_way(*forms)] * share
    return ways


def _way(first: str, second: str) -> Way:
    """Return the way between two forms; a point that comes again is the same point."""
    names, path, parts = [], [], []
    for strokes in zip(first.split("|"), second.split("|"), strict=True):
        stroke = list(zip(*(text.split() for text in strokes), strict=True))
        start = len(path) * STEPS
        for place, pair in enumerate(stroke):
            corner = "!" in pair[0] or place in (0, len(stroke) - 1)
            name = tuple(text.strip("!") for text in pair)
            names += [name] * (name not in names)
            path += [names.index(name)] * (1 + corner)
        end = (len(path) - 2) * STEPS
        parts += [slice(i, min(i + PART, end) + 1) for i in range(start, end, PART)]
    forms, ink = np.zeros((2, POINTS, 2)), np.zeros((TURNS - 2) * STEPS - 1)
    for row, form in zip(forms, zip(*names, strict=True), strict=True):
        row[: len(names)] = [[float(x) for x in point.split(",")] for point in form]
    for part in parts:
        ink[part.start : part.stop - 1] = 1
    return Way(forms, np.array(path + path[-1:] * (TURNS - len(path))), ink, parts)


def _write(rng: np.random.Generator, ways: list[Way]) -> np.ndarray:
    """Return pictures (n, 28, 28, 1), one written in each of the ways."""
    count = len(ways)
    width = np.clip(rng.normal(2.1, 0.6, count), 1.1, 4)
    lines = _fit(_hand(rng, _lines(rng, ways)), np.array([w.ink for w in ways]), width)
    lines = np.rint(lines * (FINE << BITS)).astype(np.int32)
    swell = 1 + 0.15 * np.sin(rng.uniform(0, 6.28, (count, 1)) + np.arange(TURNS))
    widths = np.rint(FINE * width[:, None] * swell).astype(int).tolist()
    pages = np.zeros((count, SIDE * FINE, SIDE * FINE), np.uint8)
    for page, line, way, sizes in zip(pages, lines, ways, widths, strict=True):
        for part, size in zip(way.parts, sizes, strict=False):
            cv2.polylines(page, [line[part]], False, 255, size, shift=BITS)
    return develop(pages, shading(rng, np.tile(INK, (count, 1))) + 30)


def _lines(rng: np.random.Generator, ways: list[Way]) -> np.ndarray:
    """Return the pen's lines (n, line points, 2), about 20 by 20, around 0."""
    mix, forms = rng.random((len(ways), 1, 1)), np.array([way.forms for way in ways])
    points = forms[:, 0] * mix + forms[:, 1] * (1 - mix) - 10
    points += rng.normal(0, 0.75, points.shape).clip(-1.6, 1.6)
    turns = np.array([way.turns for way in ways])[..., None]
    path = np.take_along_axis(points, turns, 1)[:, :, None]
    middle, t = (path[:, 1:] + path[:, :-1]) / 2, np.arange(STEPS)[:, None] / STEPS
    ends = (1 - t) ** 2 * middle[:, :-1] + t**2 * middle[:, 1:]
    return (ends + 2 * t * (1 - t) * path[:, 1:-1]).reshape(len(ways), -1, 2)


def _hand(rng: np.random.Generator, lines: np.ndarray) -> np.ndarray:
    """Return the lines as a hand draws them that trembles, leans and stretches."""
    x, y = lines[..., 0], lines[..., 1]
    phase = rng.uniform(0, 6.28, (2, len(lines), 1))
    x, y = x + 0.3 * np.sin(y / 2 + phase[0]), y + 0.3 * np.sin(x / 2 + phase[1])
    some = rng.normal(0, 1, (len(lines), 5)).clip(-2.2, 2.2) * HANDS
    slant, tilt, stretch, taper, waist = some.T[..., None]
    x, y = x * (1 + stretch + taper * y), y + waist * (1 - y * y / 100)
    return np.stack([x - y * (slant + LEAN), y + x * tilt], 2)


def _fit(lines: np.ndarray, ink: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Return the lines as large and at the place as MNIST has its digits."""
    longer = np.ptp(lines, axis=1).max(1)
    lines = lines * ((BOX - 1.2 * width) / longer)[:, None, None]
    weight = np.linalg.norm(np.diff(lines, axis=1), axis=2) * ink
    middles = (lines[:, 1:] + lines[:, :-1]) / 2
    centre = (middles * weight[..., None]).sum(1) / weight.sum(1)[:, None]
    return lines - centre[:, None] + (SIDE - 1 / FINE) / 2
