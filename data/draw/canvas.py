"""A board to draw on, four times too large, and the way from it to a small picture."""

import cv2
import numpy as np

SIDE, FINE = 28, 4


class Board:
    """A black page, the grey of the cloth, and random numbers to choose by.

    Points are (x, y) in pixels of the small picture; a tone of 1 is the cloth's grey.
    """

    def __init__(self, page: np.ndarray, rng: np.random.Generator):
        self.page, self.rng = page, rng
        self.grey = self.dice(160, 240) if self.chance(0.7) else self.dice(60, 160)

    def dice(self, low: float, high: float) -> float:
        """Return the next random number between low and high."""
        return low + (high - low) * self.rng.random()

    def chance(self, part: float) -> bool:
        """Return True in that part of all cases."""
        return self.rng.random() < part

    def pick(self, *choices):
        """Return one of the choices."""
        return choices[int(self.dice(0, len(choices)))]

    def fill(self, points, tone: float = 1) -> None:
        """Fill the polygon."""
        cv2.fillPoly(self.page, [_fine(points)], self._level(tone))

    def line(self, points, tone: float, width: float = 0.5) -> None:
        """Draw an open line, `width` pixels wide."""
        points, thick = [_fine(points)], max(1, round(width * FINE))
        cv2.polylines(self.page, points, False, self._level(tone), thick)

    def whole(self, half, tone: float = 1) -> None:
        """Fill half an outline, x from the middle, and its mirror."""
        left = [(14 - x, y) for x, y in reversed(half)]
        self.fill([(14 + x, y) for x, y in half] + left, tone)

    def pair(self, points, tone: float = 1, width: float = 0) -> None:
        """Fill both sides, x from the middle, or draw their line."""
        for side in (-1, 1):
            there = [(14 + side * x, y) for x, y in points]
            self.line(there, tone, width) if width else self.fill(there, tone)

    def body(self, neck, shoulder, hem, bottom, slope=2) -> None:
        """Draw a trunk from the half widths of its parts."""
        side = [(shoulder, slope), (shoulder + 0.2, 9), (self.dice(5.6, 7), 16)]
        self.whole([(0, 1), (neck, 0.3), *side, (hem, bottom), (0, bottom + 0.3)])
        seam = [(shoulder - 0.6, slope), (shoulder - 0.4, 6), (shoulder + 0.3, 10)]
        self.pair(seam, 0.75, 0.4)

    def long_sleeves(self, shoulder, reach, end, armpit, slope=2, tone=1.05) -> None:
        """Draw sleeves out to `reach`, `end` that hang down."""
        width, high = self.dice(2.2, 3.4), slope - 0.8
        outer = bend((shoulder - 1.5, high), (reach - 1, slope), (reach - 0.8, 13))
        cuff = [(reach, end), (reach - width, end + 0.5)]
        self.pair([*outer, *cuff, (shoulder + self.dice(0.4, 1.2), armpit)], tone)
        self.pair(cuff, 0.75, 0.6)

    def short_sleeves(self, shoulder, reach, end, tone=1.0) -> None:
        """Draw sleeves out to `reach`, `end` that stand off."""
        outer = bend((shoulder - 1.5, 1.2), (reach - 2, 2), (reach, end))
        cuff = [(reach, end), (reach - 2.8, end + self.dice(0.8, 2))]
        self.pair([*outer, *cuff, (shoulder, 9.5)], tone)
        self.pair(cuff, 0.8, 0.5)

    def neckline(self, neck) -> None:
        """Draw a round or deep opening at the top."""
        curve = bend((14 - neck, 0), (14, self.dice(2, 7)), (14 + neck, 0))
        self.fill(curve, self.dice(0, 0.5))
        self.line(curve, self.dice(0.7, 1.2))

    def laces(self, start, end) -> None:
        """Draw four laces along the way from start to end."""
        for part in (0.2, 0.45, 0.7, 0.95):
            x, y = (a + part * (b - a) for a, b in zip(start, end, strict=True))
            self.line([(x, y + 0.6), (x + 1.8, y + 1.5)], 0.5, 0.6)

    def motif(self) -> None:
        """Print a disc, two lines, a zigzag, or nothing."""
        tone = 0.4 if self.grey > 130 else 1.8
        x, y, style = self.dice(2, 4), self.dice(7, 11), self.dice(0, 6)
        left, right, low = 14 - x, 14 + x, y + self.dice(1.5, 6)
        if style < 1:
            disc = bend((left, y), (14, y - x), (right, y))
            self.fill([*disc, *bend((right, y), (14, low + x), (left, y))], tone)
        elif style < 2:
            self.line([(left, y), (right, y)], tone, 1)
            self.line([(left + 1, y + 2), (right - 1, y + 2)], tone, 1)
        elif style < 3:
            self.line([(left, y), (right, low), (left + 1, low), (right, y)], tone, 0.7)

    def _level(self, tone: float) -> int:
        return min(255, int(self.grey * tone))


def bend(start, pull, end) -> list[tuple[float, float]]:
    """Return five points of the curve from start to end that leans towards pull."""
    (x0, y0), (x1, y1), (x2, y2) = start, pull, end
    curve = [start]
    for t in (0.25, 0.5, 0.75):
        a, b, c = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
        curve.append((a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2))
    return [*curve, end]


def develop(pages: np.ndarray, shade: np.ndarray) -> np.ndarray:
    """Return pictures (n, 28, 28, 1), uint8, of pages (n, 112, 112) under a shade."""
    rows = sum(pages[:, i::FINE].astype(np.uint16) for i in range(FINE))
    light = sum(rows[:, :, i::FINE] for i in range(FINE)).astype(np.int32)
    # The 3 x 3 surroundings tell the rim of the cloth, which turns away from us.
    cloth = np.pad((light > 0).astype(np.int32), ((0, 0), (1, 1), (1, 1)))
    tall = cloth[:, :-2] + cloth[:, 1:-1] + cloth[:, 2:]
    rim = 9 - (tall[..., :-2] + tall[..., 1:-1] + tall[..., 2:])
    light = light * (shade - 6 * rim) >> 12
    return np.clip(light, 0, 255).astype(np.uint8)[..., None]


def shading(rng: np.random.Generator, cloth: np.ndarray) -> np.ndarray:
    """Return brightness (n, 28, 28), 256 as drawn, for rows of four numbers.

    A row says how deep the folds are, and the chances in 100 of stripes across,
    stripes down, and a print.
    """
    count = len(cloth)
    some = rng.integers(0, 100, (count, 3)) < cloth[:, 1:]
    across, down, ink = (some * rng.integers(50, 120, (count, 3))).T[..., None, None]
    shade = 256 + _waves(rng, count, 9, 4) * cloth[:, 0, None, None] // 36
    shade -= _stripes(rng, count)[:, :, None] * across // FINE
    shade -= _stripes(rng, count)[:, None, :] * down // FINE
    shade -= np.clip(_waves(rng, count, 3, 3), 0, 4) * ink // 4
    return shade + rng.integers(-6, 7, shade.shape, dtype=np.int32)


def _waves(rng, count: int, tall: int, wide: int) -> np.ndarray:
    knots = [29 // step + 2 for step in (tall, wide)]
    heights = rng.integers(-1, 2, (count, *knots)).astype(np.float32)
    waves = _ramp(knots[0], tall) @ heights @ _ramp(knots[1], wide).T
    return waves.astype(np.int32)


def _ramp(knots: int, step: int) -> np.ndarray:
    gap = abs(np.arange(SIDE)[:, None] - step * np.arange(knots))
    return np.maximum(step - gap, 0).astype(np.float32)


def _stripes(rng, count: int) -> np.ndarray:
    period, start = rng.integers(9, 33, (2, count, 1))
    ink = 2 * ((np.arange(SIDE * FINE) + start) % period) < period
    return ink.reshape(-1, SIDE, FINE).sum(2, dtype=np.int32)


def _fine(points) -> np.ndarray:
    return np.rint(np.array(points) * FINE).astype(np.int32)
