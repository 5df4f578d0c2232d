"""A horse and the zebra in the same pose, in thousandths of the height."""

import numpy as np

WHITE, INK, HOOF, DARK = (238, 233, 222), (30, 26, 27), (58, 50, 44), (18, 15, 14)
# Eight horses: the colours of body, lower legs, mane and tail.
COATS = "70462c3e2a202a1e19 a0562c8c4a28965630 96502a241d1b1e1817 342f312824261e1c1e"
COATS += "b0aeab706d6c5c5a5a e2ddd3beb8b0d6d0c6 d4a562cea86ef0e2cc c09b684234352c2420"
# Of each pose: neck up and head down from the level, in degrees; stride; how often.
POSES = ((30, 48, 38, 58, 0), (44, 54, 52, 66, 0), (-54, -48, 80, 98, 6))
POSES += ((-12, 14, 52, 68, 10), (24, 42, 42, 56, 20), (32, 46, 38, 52, 30))
OFTEN = (0.32, 0.1, 0.24, 0.1, 0.14, 0.1)
BACK = (-485, -835, -425, -905, -290, -965, -130, -960, 20, -935, 140, -953, 250, -1000)
BELLY = (-510, -735, -495, -600, -360, -520, -200, -500, 0, -470, 140, -450, 290, -470)
RUMP = (-280, -965, -425, -905, -485, -835, -510, -735, -500, -600)
TAIL = (-490, -870, -550, -780, -568, -550, -562, -350, -540, -200)
FACE = (-30, 30, 60, -30, 220, -50, 420, -20, 620, 20, 820, 30, 950, 50, 1010, 120)
JAW = (20, 240, 100, 350, 260, 390, 420, 335, 620, 260, 820, 260, 940, 295, 1010, 230)
EAR = (20, -25, -140, -150, -270, -145, -120, 0, 40, 85)
# Start and bones; angles at rest, in stride, bent; places, reach to front and rear.
FORE = ((355, -680), (380, 210, 105), ((0, 0, 27), (1, 1, 0.5), (30, -65, -90)))
FORE += ((0, 300, 550, 850, 1000, 1150, 1550, 1950, 2400, 2600, 3000),)
FORE += ((60, 58, 50, 36, 38, 29, 23, 27, 24, 33, 45),)
FORE += ((110, 92, 60, 37, 35, 31, 28, 37, 27, 30, 38),)
HIND = ((-330, -810), (280, 300, 210, 110))
HIND += (((20, -37, 4, 30), (0.6, 0.8, 1, 0.6), (18, -10, -45, -80)),)
HIND += ((0, 500, 1000, 1350, 1750, 2000, 2200, 2600, 2950, 3400, 3600, 4000),)
HIND += ((120, 130, 105, 80, 47, 43, 33, 26, 29, 25, 33, 45),)
HIND += ((140, 195, 235, 140, 52, 54, 37, 30, 38, 27, 30, 38),)
EVEN = np.linspace(0, 1, 33)


class _Tube:
    """A part of the body between two lines; u runs along it, v from line to line."""

    def __init__(self, top, bottom):
        lines = np.array([_spline(top), _spline(bottom)])
        way = np.cumsum(np.hypot(*np.diff(lines.sum(0), axis=0, prepend=0).T))
        even = np.linspace(way[0], way[-1], 300)
        lines = [[np.interp(even, way, x) for x in line.T] for line in lines]
        self.top, self.bottom = np.transpose(lines, (0, 2, 1))

    def at(self, u, v) -> np.ndarray:
        spots, v = (np.clip(u, 0, 1) * 299).astype(int), np.asarray(v)[..., None]
        return self.top[spots] * (1 - v) + self.bottom[spots] * v

    def part(self, start=0.0, end=1.0, top=0.0, bottom=1.0) -> np.ndarray:
        u = start + (end - start) * EVEN
        return np.concatenate([self.at(u, top), self.at(u[::-1], bottom)])

    def stripe(self, u, width, v=(0, 1), lean=0.0) -> np.ndarray:
        v = v[0] + (v[1] - v[0]) * EVEN[::4]
        middle = u + lean * v**1.5 + 0.13 * width * np.sin(5 * v + 90 * u)
        half = width * np.minimum(0.5, 1.2 - 1.12 * EVEN[::4])
        sides = self.at(middle - half, v), self.at(middle + half, v)
        return np.concatenate([sides[0], sides[1][::-1]])


class Animal:
    """An animal painted on a scene, which fills and models its parts in their place."""

    def __init__(self, scene, rng: np.random.Generator):
        self.scene, self.fill, self.rng = scene, scene.fill, rng
        *angles, stride = POSES[rng.choice(len(POSES), p=OFTEN)]
        neck, tilt = np.radians(rng.uniform(angles[::2], angles[1::2]))
        coats = np.reshape(list(bytes.fromhex(COATS)), (-1, 3, 3))
        self.coat, self.legs, self.mane = rng.choice(coats) * rng.uniform(0.88, 1.06)
        self._shape(neck, tilt)
        turn = rng.uniform(0, 6.28) + np.array([0, 30, stride, 30 + stride]) * 0.105
        swing = stride * np.sin(turn) + rng.uniform(-8, 8, 4)
        bent = stride / 30 * np.maximum(0, np.cos(turn)) ** 2
        self.limbs = [_leg(k, swing[k], bent[k]) for k in range(4)]
        scene.origin[1] -= max(x.bottom[-1, 1] for x in self.limbs) * scene.scale[1]
        for k in (2, 0):
            self._limb(k, 0.6)
        self._trunk()
        self._tail(stride)
        for k in (3, 1):
            self._limb(k, 1)
        self._head()
        self._mane()

    def _shape(self, neck, tilt) -> None:
        low, withers, chest = max(0, -neck), np.array(BACK[-2:]), np.array([510, -715])
        way = np.array([np.cos(neck), -np.sin(neck)])
        rises = np.c_[90 * low + np.array([-10, 15, 35, 10])] * (way[1], -way[0])
        crest = withers + np.c_[[0.25, 0.52, 0.8, 1]] * (450 + 290 * low) * way + rises
        turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
        face, jaw, *ears, throat = (
            crest[-1] + 0.42 * np.reshape(p, (-1, 2)) @ turn
            for p in (FACE, JAW, np.add(EAR, (60, 30) * 5), EAR, (10, 510 - 120 * low))
        )
        breast = np.r_[430, -550, chest, (chest + throat[0]) / 2, throat[0]]
        self.body = _Tube(np.r_[BACK, crest.ravel()], np.r_[BELLY, breast])
        self.head, self.ears = _Tube(face, jaw), [_spline(ear) for ear in ears]

    def _trunk(self) -> None:
        body, count = self.body, self.rng.integers(15, 22)
        more = [part.part() for part in (self.limbs[1], self.limbs[3], self.head)]
        muscles = [body.part(0.04, 0.17, 0.1, 0.85), body.part(0.56, 0.65, 0.15, 0.8)]
        self.fill(body.part(), self.coat, WHITE)
        for k in range(count // 5, count):
            u = (k + self.rng.uniform(0.58, 0.82)) / count
            v = (0, 0.97 if u > 0.55 else self.rng.uniform(0.86, 0.96))
            stripe = body.stripe(u, 0.58 / count, v, 0.25 * max(0.1, 1 - 2.4 * u))
            self.fill(stripe, None, INK)
        self.scene.model(body.part(), 85, more=more, muscles=muscles)

    def _limb(self, k, dark) -> None:
        limb, hind = self.limbs[k], k > 1
        self.fill(limb.part(0.15), self.coat, WHITE)
        for step in range(5):
            colour = self.coat + (self.legs - self.coat) * step / 4
            self.fill(limb.part(0.32 + 0.13 * hind + 0.05 * step), colour)
        self.fill(limb.part(0.82 if self.rng.random() < 0.2 else 0.96), WHITE)
        u, gap = (0.4, 0.07) if hind else (0.3, 0.062)
        while u < 0.92:
            lean = 0.16 * max(0, 0.6 - u) if hind else 0.02
            self.fill(limb.stripe(u, gap * 0.52, (1, 0.02), lean), None, INK)
            u, gap = u + gap, max(0.036, gap * 0.9)
        self.fill(limb.part(0.95), HOOF, INK)
        self.scene.model(limb.part(), 40, dark=dark, fade=k % 2)
        for t, rear in enumerate(_spline(RUMP)[2:-2:5] * 0.985 if k == 3 else ()):
            front = np.array([-130 - 20 * t, -620 + 25 * t])
            pull = (-43 - 5 * t, 60 - 5 * t + (rear[1] - front[1]) / 2)
            line = _spline([front, 0.75 * front + 0.25 * rear + pull, rear])
            wide = np.minimum(np.linspace(4, 25, len(line)), 20)
            self.fill(_sleeve(line, wide, wide).part(), None, INK)

    def _head(self) -> None:
        head = self.head
        for ear in self.ears:
            self.fill(ear, self.coat * 0.9, WHITE)
            self.fill(ear * 0.65 + ear[:1] * 0.35, self.legs * 0.8, INK)
            self.scene.model(ear, 30)
        self.fill(head.part(), self.coat, WHITE)
        for u in np.arange(0.06, 0.66, 0.075):
            self.fill(head.stripe(u, 0.042, (1, 0.1), -0.12), None, INK)
        if self.rng.random() < 0.35:
            self.fill(head.part(0.15, 0.8, 0, 0.1), WHITE)
        self.fill(head.part(0.86), self.coat * 0.5 + self.legs * 0.25, INK)
        self.fill(head.part(0.24, 0.3, 0.26, 0.33), DARK, DARK)
        self.fill(head.part(0.91, 0.95, 0.3, 0.45), DARK, DARK)
        self.scene.model(head.part(), 50, dark=1.04, muscles=[head.part(0.12, 0.36)])

    def _mane(self) -> None:
        rng, body = self.rng, self.body
        u, long = np.linspace(0.6, 0.995, 15), rng.uniform(140, 240)
        root, hang, out = body.at(u, 0.04), body.at(u, 0), body.at(u, 0) - body.at(u, 1)
        top = hang + out * np.c_[np.minimum(80, 1000 * u - 580) / np.hypot(*out.T)]
        strip = np.concatenate([1.15 * top - 0.15 * hang, root[::-1]])
        self.scene.model(strip, 30, dark=0.95)
        self.fill(strip, None, INK)
        for k in range(14):
            hairs = [root[k], top[k], top[k + 1], root[k + 1]]
            self.fill(hairs, None, (WHITE, INK)[k % 2])
            tip = hang[k] + long * np.array([rng.uniform(-0.25, 0.15), 1])
            lock = [hang[k], hang[k + 1], (hang[k + 1] + 2 * tip) / 3, tip]
            self.fill(lock, np.minimum(255, self.mane * rng.uniform(0.8, 1.2)))

    def _tail(self, stride) -> None:
        rng, line = self.rng, np.array(TAIL).reshape(-1, 2)
        line[1:, 0] -= int(rng.uniform(0, 50) + 3 * stride)
        full = _sleeve(line, *[(26, 34, 52, 50, 4)] * 2)
        thin = _sleeve(line, *[(22, 18, 16, 30, 8)] * 2)
        self.fill(full.part(), self.mane)
        for v in rng.uniform(0, 0.9, 7):
            strand = full.part(rng.uniform(0.1, 0.3), rng.uniform(0.7, 1), v, v + 0.09)
            self.fill(strand, np.minimum(255, self.mane * rng.uniform(0.7, 1.3)))
        self.fill(thin.part(), None, WHITE)
        for u in (0.1, 0.2, 0.3, 0.4, 0.5):
            self.fill(thin.stripe(u, 0.05), None, INK)
        self.fill(thin.part(0.6), None, INK)
        self.scene.model(full.part(), 30, dark=0.9)


def _leg(k, swing, bent) -> _Tube:
    start, bones, angles, *profile = HIND if k > 1 else FORE
    turns = np.radians(np.array([1, swing, bent]) @ angles)
    steps = np.c_[list(bones)] * np.c_[np.sin(turns), np.cos(turns)]
    joints = np.cumsum([start, *steps], axis=0) + ((0, 0) if k % 2 else (45, -12))
    where, front, rear = np.array(profile)
    line = [np.interp(where, 1000 * np.arange(len(joints)), x) for x in joints.T]
    return _sleeve(np.transpose(line), front, rear)


def _sleeve(line, front, rear) -> _Tube:
    along = np.gradient(np.array(line, float), axis=0)
    out = np.stack([along[:, 1], -along[:, 0]], -1) / np.hypot(*along.T)[:, None]
    return _Tube(line + out * np.vstack(front), line - out * np.vstack(rear))


def _spline(points) -> np.ndarray:
    p = np.reshape(points, (-1, 2)).astype(float)
    p = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    a, b, c, d = (p[i : len(p) - 3 + i, None] for i in range(4))
    t = (np.arange(8) / 8)[None, :, None]
    bend = 2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)
    return np.concatenate([(b + t / 2 * (c - a + t * bend)).reshape(-1, 2), p[-2:-1]])
