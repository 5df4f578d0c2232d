"""Outlines, and the way from outlines to a pencil sketch and its colouring."""

from functools import cache

import cv2
import numpy as np

PAGE, SIZE = 512, 128  # both pictures are drawn large and then shrunk
FINE = cv2.LINE_AA, 3  # for cv2: smooth lines, points in eighths of a pixel
SHADOW, GLOW = np.array((0.40, 0.44, 0.32)), 0.34  # of each colour; of what lacks


def bezier(points, steps: int = 12) -> np.ndarray:
    """Return points (steps, 2) of the curve that starts and ends with the given."""
    t = np.linspace(0, 1, steps)[:, None, None]
    rows = np.repeat(np.reshape(points, (1, -1, 2)).astype(float), steps, 0)
    while rows.shape[1] > 1:
        rows = rows[:, :-1] * (1 - t) + rows[:, 1:] * t
    return rows[:, 0]


def path(points) -> np.ndarray:
    """Return a closed outline: corners, and between every two a point that pulls."""
    around, sides = (*points, *points[:2]), range(0, len(points), 4)
    return np.concatenate([bezier(around[i : i + 6], 9)[:-1] for i in sides])


def blob(x, y, wide, tall, pear=0.0, tufts=0) -> np.ndarray:
    """Return a round outline, wider below by `pear`, with tufts of fur above."""
    t = np.linspace(0, 2 * np.pi, 48 + 6 * tufts, endpoint=False)
    tuft = 0.16 * np.clip(1 - np.sin(t), 0, 1) if tufts else 0
    swell = 1 + tuft * (1 - abs(np.sin(tufts * t / 2))) ** 1.5
    across, down = swell * np.cos(t), swell * np.sin(t)
    return np.stack([x + wide * across * (1 + pear * down), y + tall * down], 1)


def tube(start, end, spine) -> np.ndarray:
    """Return the outline of a limb along a curve, so wide at its start and end."""
    middle = bezier(spine, 64)
    along = np.gradient(middle, axis=0)
    along /= np.hypot(*along.T)[:, None]
    way = _way(middle)
    near = np.clip((way[-1] - way) / end, 0, 1)
    half = (start + (end - start) * way / way[-1]) * np.sqrt(1 - (1 - near) ** 2)
    aside = along[:, ::-1] * (-1, 1) * half[:, None]
    return np.concatenate([middle + aside, (middle - aside)[::-1]])


def place(points, at, angle, size, wide=1) -> np.ndarray:
    """Return points, widened, enlarged, turned clockwise by degrees, moved to `at`."""
    turn, (x, y) = np.radians(angle), np.transpose(points) * size
    across = x * wide * np.cos(turn) - y * np.sin(turn)
    return np.stack([across, x * wide * np.sin(turn) + y * np.cos(turn)], 1) + at


@cache
def motif(texts: str, name: str) -> list:
    """Return the shapes of a motif: (points, ink, closed), each with its marks."""
    entries = (entry.split(":") for entry in texts.replace("\n", "").split(";"))
    parts = {key.strip(): text for key, text in entries}[name].split("|")
    return [[_read(text) for text in part.split("/")] for part in parts]


def _read(text: str) -> tuple[np.ndarray, str, bool]:
    ink, numbers = text.split()[0], [int(number) for number in text.split()[1:]]
    if ink == "-":
        return bezier(numbers), "-", False
    if ink[0] == "~":
        return tube(*numbers[:2], numbers[2:]), ink[1], False
    return (blob(*numbers) if len(numbers) == 4 else path(numbers)), ink, True


def develop(shapes, palette, rng) -> tuple[np.ndarray, np.ndarray]:
    """Return the sketch and the colouring, both (128, 128, 3), of the shapes."""
    everything = np.concatenate([points for points, *_ in shapes])
    low, high = everything.min(0), everything.max(0)
    scale = PAGE * (0.96 - 0.16 * rng.random() ** 2) / (high - low).max()
    scale = np.array((rng.choice((-scale, scale)), scale))
    shift = PAGE / 2 - scale * (low + high) / 2
    pages = Pages(palette, rng)
    for points, ink, closed, marks in shapes:
        marks = [(mark * scale + shift, *rest) for mark, *rest in marks]
        pages.draw(points * scale + shift, ink, closed, marks)
    both = pages.sketch(), pages.painting
    return tuple(cv2.resize(p, (SIZE,) * 2, interpolation=cv2.INTER_AREA) for p in both)


class Pages:
    """A page for paint, one for lead, and a hand that draws neatly or less so."""

    def __init__(self, palette, rng: np.random.Generator):
        self.palette, self.rng = palette, rng
        self.painting = np.full((PAGE, PAGE, 3), 255, np.uint8)
        self.lead = self.painting[..., 0].copy()
        self.mess, soft, self.tooth = rng.random(3) ** (1.5, 1, 1)
        self.grey = 55 - 40 * soft
        self.width = 4.15 + 2.3 * soft
        self.hatches, self.inked = rng.random(2) < (0.45, 0.65)

    def draw(self, points, ink, closed, marks) -> None:
        """Lay a shape with its marks over all that is behind."""
        if ink != "-":
            self._fill(points, ink, closed, marks)
        rim = (0.3 * self.palette[ink] + 8).tolist()
        cv2.polylines(self.painting, [_fine(points)], closed, rim, 4, *FINE)
        self._pencil(self.lead, points, closed)

    def _fill(self, points, ink, closed, marks) -> None:
        left, top = corner = points.min(0).astype(int) - 9
        right, low = points.max(0).astype(int) + 9
        shape, points = (low - top, right - left), points - corner
        inside, light = _inside(points, shape), _light(points, shape, closed)
        paint, lead = _tint(light, self.palette[ink]), self._lead(ink, light)
        for mark, hue, closed in marks:
            mark, crease = mark - corner, (0.4 * self.palette[ink]).tolist()
            if closed:
                spot = _inside(mark, shape)
                cv2.copyTo(_tint(light, self.palette[hue]), spot, paint)
                if hue in "wk":
                    cv2.copyTo(self._lead(hue, light), spot, lead)
            else:
                cv2.polylines(paint, [_fine(mark)], False, crease, 3, *FINE)
            self._pencil(lead, mark, closed, 0.85)
        cv2.copyTo(paint, inside, self.painting[top:low, left:right])
        cv2.copyTo(lead, inside, self.lead[top:low, left:right])

    def sketch(self) -> np.ndarray:
        """Return the page of lead as RGB; the grain of the paper shows in it."""
        grain = self.rng.integers(0, 256, (PAGE // 2, PAGE // 2), np.uint16)
        grain = grain.repeat(2, 0).repeat(2, 1)
        ink = (255 - self.lead) * (256 - (grain * int(30 + 90 * self.tooth) >> 8)) >> 8
        return cv2.cvtColor(255 - ink.astype(np.uint8), cv2.COLOR_GRAY2RGB)

    def _lead(self, ink, light) -> np.ndarray:
        dark, (tall, wide) = ink == "k" and self.inked, light.shape
        lead = np.full_like(light, self.grey + 20 if dark else 255)
        if self.hatches and min(tall, wide) > 60 and ink not in "wk":
            for x in range(-tall, wide, 11):
                a, b, c = self.rng.integers(-3, 4, 3).tolist()
                ends = (x + tall + a, 0), (x + b, tall)
                cv2.line(lead, *ends, 150 + 10 * c, 2, FINE[0])
            lead[light > 69] = 255
        return lead

    def _pencil(self, page, points, closed, force=1.0) -> None:
        points = np.vstack([points, points[:1]]) if closed else points
        self._stroke(page, points, force)
        if self.rng.random() < 0.1 + 0.6 * self.mess:
            start = self.rng.integers(0, len(points) // 2)
            aside = (2 + 3 * self.mess) * self.rng.standard_normal(2)
            again = points[start:][: len(points) // 2 + 1] + aside
            self._stroke(page, again, 0.75 * force)

    def _stroke(self, page, points, force) -> None:
        way = _way(points)
        count = max(9, int(way[-1] / 9))
        knots = self.rng.standard_normal((3, count // 6 + 2))
        beat, here = np.arange(count), np.linspace(0, way[-1], count)
        *shake, press = (np.interp(beat / 6, np.arange(len(k)), k) for k in knots)
        points = np.stack([np.interp(here, way, column) for column in points.T], 1)
        points = _fine(points + (0.7 + 0.8 * self.mess) * np.transpose(shake))
        press = np.clip(np.minimum(0.9 + 0.2 * press, 0.5 + 0.2 * beat), 0, 1.1)
        greys = np.clip(self.grey + 170 * (1 - press * force), 0, 215).tolist()
        thick = np.rint(self.width * press * (0.35 + 0.65 * force)).astype(int)
        thick = np.maximum(thick, 1).tolist()
        for i in np.flatnonzero(press > 0.3 + 0.22 * self.mess)[:-1:2].tolist():
            cv2.polylines(page, [points[i : i + 3]], False, greys[i], thick[i], *FINE)


def _inside(points, shape) -> np.ndarray:
    page, points = np.zeros(shape, np.uint8), [_fine(points)]
    return cv2.fillPoly(page, points, 255, shift=FINE[1])


def _light(points, shape, closed) -> np.ndarray:
    """Return how light falls on a shape: 128 plain, less in shadow, more at its rim."""
    deep = max(2, int(0.1 * min(shape)))
    if not closed:  # the limb goes on into the body, so no rim there
        ends = points[[-1, 0]]
        points = np.vstack([points, ends + 0.5 * (ends.mean(0) - points.mean(0))])
    lit, rim = (_inside(points + shift, shape) for shift in (-deep, deep))
    light = cv2.addWeighted(lit, 0.5, rim, -0.5, 128)
    return cv2.blur(cv2.blur(light, (2 * deep + 1,) * 2), (deep + 1,) * 2)


def _tint(light, colour) -> np.ndarray:
    level = np.arange(256)[:, None] / 128 - 1
    change = np.where(level < 0, colour * SHADOW, (255 - colour) * GLOW)
    table = np.rint(colour + level * change).astype(np.uint8)
    return cv2.applyColorMap(light, table[:, None])


def _way(points) -> np.ndarray:
    return np.r_[0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]


def _fine(points) -> np.ndarray:
    return np.rint(points * (1 << FINE[1])).astype(np.int32)
