"""A board for the front of a house, in colour and relief, and the sunlight on it."""

import cv2
import numpy as np

FULL, HALF = 512, 256  # side of the board, and of the picture of its light
WALL, REACH = 60, 22  # how far the wall stands forward; the longest shadow
FIXED = {"white": (234, 230, 216), "metal": (44, 46, 48), "red": (196, 62, 70)}
FIXED |= {"green": (76, 112, 58), "cloth": (176, 170, 158)}
SKIES = ((205, 220, 238), (165, 195, 228), (222, 226, 230))


class Site:
    """A board (512, 512, 4) of red, green, blue, and relief, and the labels on it.

    Boxes are (left, top, right, low) on the board. Relief says how far a thing stands
    forward, in pixels of the board; `out` is counted from the wall. `colours` has the
    house's colours by name; `shapes` has lists of slabs, see `read_shapes`.
    """

    def __init__(self, rng: np.random.Generator, shapes: dict[str, list]):
        self.rng, self.shapes, self.labels = rng, shapes, []
        self.colours = dict(FIXED)
        self.board = np.zeros((FULL, FULL, 4), np.uint8)
        self.sky = np.array(self.pick(*SKIES), np.float32)
        clouds = 0.85 + 0.25 * cv2.resize(rng.random((7, 5), np.float32), (64, 64))
        clouds += np.linspace(0, 0.12, 64, dtype=np.float32)[:, None]
        sky = np.clip(clouds[..., None] * self.sky, 0, 250).astype(np.uint8)
        self.board[..., :3] = cv2.resize(sky, (FULL, FULL))

    def dice(self, low: float, high: float) -> float:
        """Return a random number between low and high."""
        return low + (high - low) * self.rng.random()

    def chance(self, part: float) -> bool:
        """Return True in that part of all cases."""
        return self.rng.random() < part

    def pick(self, *choices):
        """Return one of the choices."""
        return choices[int(self.dice(0, len(choices)))]

    def slab(self, box, colour, out: float = 0) -> None:
        """Paint a box."""
        left, top, right, low = map(round, box)
        end = max(left, right - 1), max(top, low - 1)
        cv2.rectangle(self.board, (left, top), end, (*colour, WALL + out), -1)

    def build(self, box, *names: str) -> None:
        """Build shapes in the box, one over the other."""
        slabs = [slab for name in names for slab in self.shapes[name]]
        for paint, *place, light, out, step, bar in slabs:
            here = within(box, place)
            if paint in self.PAINTERS:
                self.PAINTERS[paint](self, here)
            elif paint == "goods":
                self.slab(here, self.rng.integers(70, 235, 3).tolist(), out)
            elif step:
                view = self.board[_pixels(here)]
                view = view.swapaxes(0, 1) if step < 0 else view  # below 0: across
                bars = np.arange(view.shape[1]) % abs(step) < bar
                view[:, bars] = (*tone(self.colours[paint], light / 100), WALL + out)
            else:
                self.slab(here, tone(self.colours[paint], light / 100), out)

    def put(self, label: str, box, *names: str, rise: float = 0) -> None:
        """Build and label a part, under an arch that has a rise."""
        if label in ("window", "door"):
            self.put("", within(box, (-10, -7, 110, 100)), "frame", rise=rise * 1.2)
        if label:
            self.labels.append((label, box))
        view = self.board[_pixels(box)]
        before, (tall, wide) = view.copy(), view.shape[:2]
        self.build(box, *(names or (label,)))
        if rise and view.size:
            rise, middle = min(round(rise), tall - 1), wide // 2
            corner = np.ones((tall, wide, 1), np.uint8)
            cv2.ellipse(corner, (middle, rise), (middle, rise), 0, 0, 360, 0, -1)
            corner[rise:] = 0
            np.copyto(view, before, where=corner > 0)

    def _gable(self, box, points: int) -> None:
        left, top, right, low = box
        turn, half = np.linspace(0, np.pi, points), (right - left) / 2
        for inset, light, out in ((0, 1, 12), (4, 0.85, 4)):
            x = left + half + (half - 2 * inset) * np.cos(turn)
            self._fill(x, low - (low - top - inset) * np.sin(turn), light, out)

    def _rosettes(self, box) -> None:
        left, top, right, low = box
        wide, radius = right - left, (low - top) / 2
        turn = np.linspace(0, 2 * np.pi, 41)
        count = max(1, round(wide / radius / 2.4))
        for part in (np.arange(count) + 0.5) / count:
            for size, light, out in ((1, 1.15, 9), (0.4, 0.75, 6)):
                reach = size * radius * (0.82 + 0.18 * np.cos(5 * turn))
                x = left + part * wide + reach * np.sin(turn)
                self._fill(x, top + radius - reach * np.cos(turn), light, out)

    def _fill(self, x, y, light: float, out: float) -> None:
        points, colour = np.stack([x, y], 1), tone(self.colours["trim"], light)
        cv2.fillPoly(self.board, [np.int32(np.rint(points))], (*colour, WALL + out))

    def masonry(self, box, colour, course, length, vary, out=0, deep=1) -> None:
        """Paint rows of bricks, blocks, or tiles with joints."""
        view = self.board[_pixels(box)]
        rows, columns = view.shape[0] // course + 1, view.shape[1] // length + 2
        light = 1 + vary * self.rng.standard_normal((rows, 1, columns, 1, 1))
        stones = np.full((rows, course, columns, length, 4), WALL + out, np.uint8)
        stones[..., :3] = np.clip(light * colour, 0, 255).astype(np.uint8)
        joint, groove = (*tone(colour, 0.8), WALL + out - deep), 1 + deep // 4
        stones[:, :groove] = stones[:, :, :, :groove] = joint
        stones = stones.reshape(rows, course, -1, 4)
        stones[1::2] = np.roll(stones[1::2], length // 2, 2)
        stones = stones.reshape(rows * course, -1, 4)
        view[:] = stones[: view.shape[0], : view.shape[1]]

    def _glass(self, box) -> None:
        view = self.board[_pixels(box)]
        down, along = (np.linspace(0, 1, n, dtype=np.float32) for n in view.shape[:2])
        slope = down[:, None] + self.dice(-0.5, 0.5) * along
        sheen = np.clip(self.dice(0.1, 0.75) - 0.6 * slope, 0, 1)
        sheen[slope > self.dice(0.2, 2)] *= 0.5
        dark = np.array(self.pick((38, 44, 52), (50, 52, 54), (30, 38, 48)))
        view[..., :3] = dark + sheen[..., None] * (self.sky - dark)
        view[..., 3] = WALL - 10

    PAINTERS = {"glass": _glass, "rosettes": _rosettes}
    PAINTERS |= {"pointed": lambda site, box: site._gable(box, 3)}
    PAINTERS |= {"round": lambda site, box: site._gable(box, 15)}


def read_shapes(table: str) -> dict[str, list]:
    """Return the shapes of a table: for each name its slabs, colour first."""
    shapes = {"": []}
    for shape in table.strip().replace("\n", ";").split(";"):
        (name,), *slabs = (part.split() for part in shape.split("|"))
        for colour, *numbers in slabs:
            numbers = [*map(int, numbers), 0, 0][:8]
            shapes.setdefault(name, []).append((colour, *numbers))
    return shapes


def tone(colour, light: float) -> tuple[float, ...]:
    """Return the colour made darker (light below 1) or brighter."""
    return tuple(min(255.0, value * light) for value in colour)


def within(box, place) -> tuple[float, float, float, float]:
    """Return the box at a place given in hundredths of another box."""
    (x, y), wide, tall = box[:2], (box[2] - box[0]) / 100, (box[3] - box[1]) / 100
    left, top, right, low = place
    return x + left * wide, y + top * tall, x + right * wide, y + low * tall


def _pixels(box) -> tuple[slice, slice]:
    left, top, right, low = (min(FULL, max(0, round(side))) for side in box)
    return slice(top, low), slice(left, right)


def photograph(site: Site) -> np.ndarray:
    """Return the photo (256, 256, 3), uint8, of what was built; relief 0 is sky."""
    slope, sun = site.pick(-1, 1) * site.dice(0.5, 1.1), site.dice(0.2, 0.75)
    relief = cv2.resize(site.board[..., 3], (HALF, HALF), interpolation=cv2.INTER_AREA)
    deep, solid = relief.astype(np.float32), relief > 0
    shadow = cv2.GaussianBlur(_shadow(relief, slope), (0, 0), 0.8) * solid
    to_sun = np.float32([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    to_sun[0, 1 - int(np.sign(slope))] = -1
    light = np.clip(cv2.filter2D(deep, -1, to_sun), -12, 12) * (0.009 + 0.022 * sun)
    light -= np.clip(cv2.blur(deep, (13, 13)) - deep, 0, 30) * 0.011  # dark corners
    for strength, shape in ((0.03, (24, 24)), (0.012, (6, 60)), (0.02, (HALF, HALF))):
        stain = site.rng.standard_normal(shape, np.float32)
        light += strength * cv2.resize(stain, (HALF, HALF), None, 0, 0, cv2.INTER_CUBIC)
    light += np.linspace(1.06, 0.92, HALF, dtype=np.float32)[:, None]
    light = np.where(solid, light * (1 - 0.75 * sun * shadow), 0.98 + 0.02 * light)
    cast = np.array([site.dice(0.95, 1.05), 1, site.dice(0.93, 1.05)])
    cast *= site.dice(0.9, 1.07) * (0.95 + 0.3 * sun)
    warm, cool = cast * [1 + 0.1 * sun, 1, 1 - 0.1 * sun], cast * [0.9, 0.98, 1.12]
    tint = np.float32(warm) + shadow[..., None] * np.float32(cool - warm)
    page = cv2.resize(site.board, (HALF, HALF), interpolation=cv2.INTER_AREA)
    photo = np.clip(page[..., :3] * light[..., None] * tint, 0, 255).astype(np.uint8)
    return cv2.GaussianBlur(photo, (0, 0), site.dice(0.45, 0.8))


def _shadow(relief: np.ndarray, slope: float) -> np.ndarray:
    """Return 1 where something that stands forward hides the sun, else 0."""
    edge = REACH + 3
    high = cv2.copyMakeBorder(relief, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    hidden, floor = np.zeros(relief.shape, bool), relief + 1
    for step in range(1, REACH):
        y, x = edge - step, edge - round(step * slope)
        ray = floor + np.uint8(2 * step)  # the sun stands at 45 degrees
        hidden |= high[y : y + HALF, x : x + HALF] > ray
    return hidden.astype(np.float32)
