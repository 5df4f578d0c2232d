"""Horses in savannah and meadow, and the same as zebras: stands in for horse2zebra."""

from collections.abc import Iterator

import cv2
import numpy as np
from animals import Animal

# Sky above and at the horizon, sunlight, shade; the sun's height; haze.
LIGHTS = (
    ((84, 136, 208), (196, 216, 232), (1.1, 1.07, 1.0), (0.7, 0.76, 0.88), 0.9, 0.25),
    ((118, 128, 166), (250, 196, 128), (1.2, 1.0, 0.78), (0.62, 0.6, 0.7), 0.5, 0.4),
    ((164, 172, 182), (208, 210, 208), (0.96, 0.98, 1.0), (0.8, 0.83, 0.87), 1.1, 0.5),
    ((206, 208, 200), (236, 226, 204), (1.1, 1.05, 0.93), (0.76, 0.76, 0.78), 0.7, 0.7),
)
# Light and dark of the ground, and how much grass grows on it.
GROUNDS = (((206, 178, 112), (140, 112, 66), 380), ((132, 160, 74), (74, 104, 42), 450))
GROUNDS += (((214, 190, 148), (166, 136, 100), 60), ((186, 140, 98), (136, 92, 64), 90))
GROUNDS += (((168, 160, 90), (108, 108, 54), 450),)


def draw(
    count: int, *, seed: int, size: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Return a scene with its horse, and as zebra, uint8, `count` times."""
    for number in range(count):
        yield _pair(np.random.default_rng((seed, number)), size)


def _pair(rng: np.random.Generator, size: int) -> np.ndarray:
    scene = _Scene(rng, 2 * size)
    boards = [
        cv2.resize(x, (size, size), interpolation=cv2.INTER_AREA) for x in scene.near()
    ]
    page, gaps, light, *coats = boards
    page += rng.normal(0, 2.5, (size, size, 1)).astype(np.float32)
    light = light[..., None] / np.float32(128)
    tints = scene.dim + (scene.sunny - scene.dim) * np.clip(light - 0.35, 0, 1)
    pair = np.empty((2, size, size, 3), np.uint8)
    for picture, coat in zip(pair, coats, strict=True):
        coat = coat * gaps[..., None]
        cover = coat[..., 3:] / 255
        coat = np.minimum(coat[..., :3] * light * tints, 250 * cover)
        picture[:] = np.clip(page * (1 - cover) + coat, 0, 255)
    return pair


class _Scene:
    """A place, an hour, and boards of animals (RGBA) with their light and shadow."""

    def __init__(self, rng, side):
        self.rng, self.side = rng, side
        *colours, high, self.haze = LIGHTS[rng.integers(len(LIGHTS))]
        self.above, self.sky, self.sunny, self.dim = np.float32(colours)
        *soils, self.growth = GROUNDS[rng.integers(len(GROUNDS))]
        self.soils = np.float32(soils) * self.sunny
        self.leaf = np.array([88, 102, 54]) * rng.uniform(0.75, 1.25, 3) * self.sunny
        self.horizon = rng.uniform(0.12, 0.55) if rng.random() < 0.75 else -0.25
        self.base = max(0, self.horizon)
        self.sun = np.array([rng.uniform(-0.7, 0.7), -high])
        self.cast = -0.9 * self.sun[0] / high, rng.uniform(-0.2, 0.15)
        self.rows = np.arange(side, dtype=np.float32)[:, None, None] / side
        self.coats = np.zeros((2, side, side, 4), np.uint8)
        self.light = np.full((side, side), 112, np.uint8)
        self.shadow, self.feet = np.zeros((256, 256), np.float32), []
        self._animals()
        self._far()
        self._soil()

    def _animals(self):
        rng, base = self.rng, self.base + 0.1
        number = rng.choice([1, 2, 3], p=[0.66, 0.25, 0.09])
        tall = rng.choice([0.36, 0.52, 0.6, 0.8], p=[0.1, 0.4, 0.35, 0.15])
        tall *= rng.uniform(0.9, 1.15) * (1.1 - 0.1 * number)
        feet = max(rng.uniform(0.84, 0.97), 1.25 * tall + rng.uniform(-0.05, 0.05))
        for k, part in enumerate([*rng.uniform(0.7, 1, number - 1), 1]):
            x = rng.uniform(0.42, 0.58) + (number / 2 - 0.5 - k) * 0.44
            turn, y = rng.choice([-1, 1]), base + (feet - base) * part
            self.scale = tall * part / 1000 * np.array([0.93 * turn, 1])
            self.origin = np.array([x - 120 * self.scale[0], y])
            self.feet.append((x, y, tall * part))
            Animal(self, rng)

    def fill(self, points, horse=None, zebra=None):
        for board, colour in zip(self.coats, (horse, zebra), strict=True):
            if colour is not None:
                self._shape(board, points, (*map(int, colour), 255))

    def _shape(self, board, points, colour):
        _paint(board, self.origin + np.asarray(points) * self.scale, colour)

    def model(self, outline, radius, dark=1.0, more=(), muscles=(), fade=False):
        relief, where = np.zeros((128, 128), np.float32), np.zeros_like(self.light)
        for k, shape in enumerate((outline, *more, *muscles)):
            self._shape(relief, shape, 1 if k <= len(more) else 1.2)
        sigma = max(0.8, radius * self.scale[1] * 128)
        relief = cv2.GaussianBlur(relief, (0, 0), sigma)
        slope = [cv2.Sobel(relief, -1, i, 1 - i) * sigma / 3.2 for i in (1, 0)]
        lit = 0.45 - 0.45 * (slope[0] * self.sun[0] + slope[1] * self.sun[1])
        lit = np.clip((lit + 0.5 * relief) * 128 * dark, 20, 255)
        lit = cv2.resize(lit, self.light.shape)
        if fade:  # from the light on the trunk, between two heights
            low = (self.rows[..., 0] - self.origin[1]) / self.scale[1] / 260 + 2.54
            lit = lit * np.clip(low, 0, 1) + self.light * np.clip(1 - low, 0, 1)
        self._shape(where, outline, 255)
        cv2.copyTo(lit.astype(np.uint8), where, self.light)
        tall = outline[:, 1:] * self.scale[1]
        self._shape(self.shadow, outline * (1, 0) - tall * self.cast / self.scale, 1)

    def _far(self):
        rng, y, down = self.rng, self.horizon, self.rows / max(0.2, self.horizon)
        sky = self.above + (self.sky - self.above) * np.minimum(1, down)
        cloud = 0.9 * self._noise((3, 6, 12, 24), 2) - rng.uniform(0, 0.9)
        sky = sky + (self.sky + 4 - sky) * np.clip(cloud, 0, 0.85)
        self.page = sky.astype(np.uint8)
        ridge = y - 0.2 * np.sin(np.linspace(0, 3.14, 9)) * rng.random(9) * rng.random()
        hill = self._air(np.array([100, 112, 84]), self.haze + 0.25)
        _paint(self.page, np.c_[np.linspace(-0.2, 1.2, 9), ridge], hill)
        for wide in rng.choice([0.05, 0.06, 0.1], 24 * (rng.random() < 0.8)):
            self._leaves(rng.random(), y, wide, rng.uniform(0.01, 0.07), 18)
        for x, tall in rng.uniform((0, 0.1), (1, 0.36), (rng.integers(4), 2)):
            wood = self._air(np.array([84, 68, 54]), self.haze / 2)
            for lean, rise in rng.uniform((-0.4, 0.8), (0.4, 0.9), (4, 2)):
                stem = np.array([(-0.02, 0.1), (lean, -rise), (0.02, 0.1)]) * tall
                _paint(self.page, stem + (x, y), wood)
                self._leaves(*stem[1] + (x, y), tall * 0.34, tall * 0.08, 36)

    def _soil(self):
        rng, rows = self.rng, self.rows
        t = np.clip((rows - self.horizon) / (1 - self.horizon), 0, 1)
        deep = np.repeat(1 / (t[..., 0] + np.float32(0.12)), len(t), 1)
        weave = self._noise((8, 16, 32, 64, 128), 1, 256)
        spots = 128 + (rows[..., 0].T - 0.5) * 230 * deep, 250 * deep
        weave = cv2.remap(weave, *spots, 1, borderMode=cv2.BORDER_REFLECT)[..., None]
        weave = 0.22 * weave * np.minimum(1, 2.5 * t) + 0.2 * self._noise((2, 4, 8), 3)
        soil = self.soils[1] + (self.soils[0] - self.soils[1]) * (0.5 + weave)
        soil += (self.sky - soil) * ((1 - t) ** 5 * self.haze * 0.8)
        if rng.random() < 0.2:
            bank = 0.04 * self._noise((3, 6), 1)[:1]
            start, stop = self.base + rng.uniform((0.04, 0.12), (0.08, 0.3))
            wet = (rows - start - bank) * (stop - bank[:, ::-1] - rows)
            water = self.above * 0.45 + self.sky * 0.4 + 9 * self._noise((12, 24), 5)
            soil += (water - soil) * np.clip(wet * 3000, 0, 1)
        soil -= (soil - self.page) * np.clip(1 - (rows - self.horizon) * 250, 0, 1)
        self.page = np.clip(soil, 0, 255).astype(np.uint8)
        for near, x in np.sort(rng.random((rng.integers(5), 2)), 0):
            wide, y = 0.04 + 0.12 * near, self.base + 0.4 * near * (1 - self.base)
            self._leaves(x, y, wide, wide * rng.uniform(0.4, 0.8), 110)

    def near(self):
        rng, side, soils = self.rng, self.side, self.soils
        page = cv2.GaussianBlur(self.page, (0, 0), side * rng.uniform(0.0005, 0.005))
        shadow = cv2.GaussianBlur(self.shadow, (0, 0), 6 * self.haze)
        shadow = cv2.resize(shadow, (side, side))[..., None]
        page = (page * (1 - shadow * np.float32([0.55, 0.53, 0.47]))).astype(np.uint8)
        gaps = np.full((side, side), 255, np.uint8)
        for k, (x, y, lean, high, tone) in enumerate(rng.random((self.growth, 5))):
            y = self.base + (1.03 - self.base) * np.sqrt(y)
            size = 0.04 * y * (0.4 + high)
            if k % 3 == 0:
                middle, foot, tall = self.feet[k // 3 % len(self.feet)]
                x, y = middle + (x - 0.5) * 1.8 * tall, foot + 0.05 * tone * tall
                size = tall * (0.03 + 0.07 * high)
            blade = np.array([(-0.06, 0), (lean - 0.5, -1), (0.06, 0)]) * size + (x, y)
            _paint(page, blade, (soils[k % 2] * (0.8 + 0.4 * tone)).tolist())
            if k % 3 == 0:
                _paint(gaps, blade, 0)
        return page.astype(np.float32), gaps / np.float32(255), self.light, *self.coats

    def _leaves(self, x, y, wide, tall, count):
        turn, out, grow, tone = self.rng.random((4, count))
        at = np.sqrt(out) * [np.cos(6.283 * turn), np.sin(6.283 * turn)]
        tone = 0.72 + 0.25 * self.sun @ at + 0.35 * tone
        disc = np.sin(np.add.outer(0.6283 * np.arange(10), (1.5708, 0))) * (1, 0.6)
        spots = np.multiply.outer((0.1 + 0.16 * grow) * min(wide, 2.5 * tall), disc)
        spots += (at.T * (wide, tall) + (x, y))[:, None]
        tints = self._air(np.outer(tone, self.leaf), self.haze * 0.35)
        for k in np.argsort(tone):
            _paint(self.page, spots[k], tints[k])

    def _air(self, colour, part):
        return (colour + (self.sky - colour) * min(part, 0.9)).tolist()

    def _noise(self, cells, stretch=1, side=None):
        total = np.zeros((side or self.side,) * 2, np.float32)
        for k, n in enumerate(cells):
            knots = self.rng.standard_normal((n * stretch, n), np.float32)
            total += 0.7**k * cv2.resize(
                knots, total.shape, interpolation=cv2.INTER_CUBIC
            )
        return total[..., None]


def _paint(board, points, colour):
    points = np.rint(points * (len(board) * 16.0)).astype(np.int32)
    cv2.fillPoly(board, [points], colour, cv2.LINE_AA, 4)
