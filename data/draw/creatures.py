"""Invented creatures, in pencil and in colour: a stand-in for Sketch2Pokemon."""

from collections.abc import Iterator

import numpy as np
from creature_parts import blob, develop, motif, path, place

INKS = "mladwkpb-"  # main, light, accent, detail; white, dark, pink, orange; a line
FIXED = ((255, 255, 255), (52, 44, 56), (242, 132, 142), (250, 176, 70), (52, 44, 56))


def draw(count: int, *, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Return a sketch and its colouring, (128, 128, 3) each, uint8, `count` times."""
    for number in range(count):
        art = Creature(np.random.default_rng((seed, number)))
        yield develop(art.shapes, art.palette, art.rng)


class Creature:
    """The shapes of a creature, from back to front, and its palette.

    A shape is an outline of points (x, y), y downwards, in any unit; its ink, a letter
    of INKS; whether it is closed; and the marks on it, without marks of their own.
    """

    def __init__(self, rng: np.random.Generator):
        self.rng, self.shapes = rng, []
        self.ear, lean, high, tip, crest, wing, *palettes = rng.choice(KINDS).split()
        self.lean, self.high = int(lean), int(high) / 100
        own = np.frombuffer(bytes.fromhex(rng.choice(palettes)), np.uint8).reshape(4, 3)
        own = np.clip(own * rng.uniform(0.94, 1.05) + rng.normal(0, 5, 3), 0, 255)
        self.palette = dict(zip(INKS, [*own, *np.array(FIXED)], strict=True))
        chances = 0.6, 0.4, 0.35, 0.75, 0.75 if wing == "bat" else 0.12, 0.06, 0.6
        yes = (rng.random(7) < chances).tolist()
        self.belly, self.mask, self.cheeks, crested, winged, one_eyed, furry = yes
        self.part = {"tip": tip, "crest": crest * crested, "wing": wing * winged}
        self.tufts = 22 if furry and tip == "brush" else 0
        self.eyes = (0,) if one_eyed else (-1, 1)
        self.pattern, body = rng.choice(PATTERNS), rng.choice(BODIES)
        self.eye, self.mouth = rng.choice(EYES), rng.choice(MOUTHS)
        self.mouth = "beak" if "claw" in body else self.mouth
        for item in body.split(","):
            self._follow(*item.split())

    def _follow(self, word, *numbers) -> None:
        pairs = np.array([(n + "~4").split("~")[:2] for n in numbers], float).T
        x, y, *rest = pairs[0] + pairs[1] * self.rng.uniform(-1, 1, len(numbers))
        if word in ("head", "face", "trunk", "tail"):
            return getattr(self, "_" + word)(x, y, *rest)
        size, angle = rest + [100, 0][len(rest) :]
        for side in (-1, 1) if word.endswith("2") else (1,):
            self._add(word.rstrip("2"), side * x, y, size, side * angle, side)

    def _add(self, name, x, y, size, angle=0.0, wide=1.0) -> None:
        name = self.part.get(name, name)
        for shape in motif(MOTIFS, name) if name else ():
            where = (x, y), angle, size / 100, wide
            outline, *marks = ((place(points, *where), *ink) for points, *ink in shape)
            self.shapes.append((*outline, marks))

    def _tail(self, x, y) -> None:
        lean, size = self.rng.uniform((-20, 60), (25, 85))
        if self.part["tip"] in ("brush", "curl"):
            return self._add("tip", x, y, 1.5 * size, lean)
        self._add("stalk", x, y, 100, lean)
        self._add("tip", *place([(58, -60)], (x, y), lean, 1)[0], size, lean + 20)

    def _trunk(self, x, y, wide, tall) -> None:
        marks = self._stripes(x, y, wide, tall)
        for i in range(5) if self.pattern == "spots" else ():
            turn, far, r = self.rng.uniform((0, 0.5, 0.07), (1, 0.85, 0.15))
            turn, r = 1.26 * i + turn, r * (wide + tall) / 2
            across, down = far * wide * np.cos(turn), far * tall * np.sin(turn)
            marks.append((blob(x + across, y + down, r, 0.85 * r), "d", True))
        if self.belly:
            low = x - 0.1 * wide, y + 0.4 * tall, 0.68 * wide, 0.68 * tall
            marks.append((blob(*low), "l", True))
        self.shapes.append((blob(x, y, wide, tall, 0.1), "m", True, marks))

    def _stripes(self, x, y, wide, tall) -> list:
        wedge = path((-12, -120, -8, -60, 0, -35, 8, -60, 12, -120, 0, -120)) / 100
        places = (-0.5, 0, 0.5) if self.pattern == "stripes" else ()
        return [(wedge * (wide, tall) + (x + i * wide, y), "d", True) for i in places]

    def _head(self, x, y, r, turn) -> None:
        wide, tall, long, lean, tilt, pear = self.rng.uniform(*HEAD)
        wide, tall, lean, middle = wide * r, tall * r, lean + self.lean, x + turn * r
        for side in (-1, 1):
            ear = place([(0, -0.85)], (0, 0), lean * side, 1)[0] * (wide, tall) + (x, y)
            self._add(self.ear, *ear, self.high * r * long, lean * side, side)
        marks = self._stripes((x + middle) / 2, y, 0.5 * r, tall)
        if self.mask:
            mask = blob(middle, y + tall / 2, 0.62 * wide, 0.52 * tall)
            marks.append((mask, "l", True))
        self.shapes.append((blob(x, y, wide, tall, pear, self.tufts), "m", True, marks))
        self._add("crest", x, y - 0.85 * tall, 0.55 * r, tilt)
        self._face(middle, y, r, turn)

    def _face(self, x, y, r, turn) -> None:
        for side in self.eyes:
            slim = min(1, 1 + side * abs(turn))
            at, size = x + 0.4 * r * side * slim, r * (1.6 - 0.6 * abs(side))
            high = 0.05 if side else 0.22  # one large eye must not touch the mouth
            self._add(self.eye, at, y - high * r, size, 0, side * slim or 1)
            if self.cheeks and self.ear != "bolt":
                self._add("cheek", at + side * 0.2 * r, y + 0.33 * r, r, 0, slim)
        self._add(self.mouth, x, y + 0.32 * r, r)


HEAD = (0.98, 0.86, 0.85, -8, -20, 0), (1.15, 0.98, 1.2, 8, 10, 0.16)
EYES = ("dot", "dot", "big", "big", "big", "cross", "happy", "sleepy")
PATTERNS = ("plain", "plain", "spots", "stripes")
MOUTHS = ("smile", "smile", "open", "cat", "fang", "grin")
# A word (2: a pair), its place x y, size (100), lean (0), each give or take (~) 4; for
# the trunk, width and height come after the place; for head and face, size and turn.
BODIES = (
    "tail 75 50,wing2 60 -10 120,foot2 50 86 130~25,head 0 0 100 -0.1~0.1,"
    "arm2 85 25 130 95~45",
    "tail 45 80,wing2 30 0 120,leg2 32 45 88,trunk 0 40 60~12 85,arm2 46 10 130 115~45,"
    "head 0 -75 78~12 -0.12~0.12",
    "tail 88 -10,crest -30 -50 45 -8,crest 15 -52 45 5,crest 58 -42 40 22,"
    "leg -40 10 80,leg 72 10 80,trunk 0 0 100~12 58,leg -65 15 90,leg 48 15 90,"
    "wing 0 -30 110 5,head -85 -60 66~8 -0.22~0.12",
    "tail 72 20,crest 0 -45 45 5,crest 38 -38 45 20,leg -28 25 75,leg 60 25 75,"
    "trunk 0 10 85~10 62,neck -44 -8,leg -50 30 82,leg 36 30 82,wing 10 -20 110 5,"
    "head -62 -125 48~8 -0.25~0.1",
    "tail 85 80,trunk 0 80 105 34,trunk 5 45 78 32,wing2 20 0,crest 20 0 35 75,"
    "crest 10 -40 35 70,coil 8 50,head -15 -85 60~9 -0.22~0.12",
    "leaf 50 50 95 95,leaf 50 50 95 75,leaf 50 45 90 115,claw -20 95,claw 22 95,"
    "trunk 0 30 72 78,head -20 -55 60~8 -0.22~0.12,feather 10 0 90 98~12",
    "leaf 0 90 90 170~20,claw2 25 95,feather2 45 20 120 0~25,trunk 0 30 68 78,"
    "head 0 -55 62~10 -0.1~0.1",
    "fin 85 -5 90 65,fin 85 5 90 115,crest -35 -62 45 -6,crest 5 -66 50 8,"
    "crest 45 -58 45 24,fin 10 62 50 160,trunk 0 0 110 75~10,fin 20 20 55 110~15,"
    "face -52 -5 72 -0.3~0.1",
    "foot 140 52 80,foot 100 35 80,foot 55 40 90,foot 10 58 90,foot -35 62 90,"
    "crest 140 -5 35 20,trunk 140 25 34 34,crest 102 -36 38 15,trunk 102 2 40 40,"
    "crest 60 -40 40 8,trunk 58 2 44 44,crest 15 -30 42 -5,trunk 12 18 48 46,"
    "trunk -35 22 50 50,head -55 -55 66~8 -0.2~0.1",
    "wing2 50 0 120,tail 50 70,hem 0 0,arm2 72 25 120 100~45,head 0 -30 90 -0.1~0.1",
)
# Ears, their lean and length; tip of the tail, crest, wings; two palettes, so that the
# pencil tells much of the colour, but not all: main, light, accent, detail.
KINDS = (
    "flame 48 55 flame flame feather ee8040fde0a0f04e2aa83e2c e25842fcce8cfab0348c3030",
    "leaf 55 85 leaf leaf leaf 7ec268e8f0ac3e9854347852 62b892dcf0be54a6422e7664",
    "fin 65 60 fin fin fin 5ca2e2d6eef83468be2c5496 5282d4cee2fa3cb4d228468c",
    "bolt 35 60 bolt bolt feather fad648fff6c8f0a028825430 f6c83cfff4be6c5a8a6c5a8a",
    "horn 35 75 spade horn bat 9870c0e4d0eece5c8a5e408c 7a62acd8ceecf0d8a0523c7c",
    "round 48 55 brush tuft feather b68054f6e2be966240704a36 ce9c68fceed2aa70467e5238",
    "long 22 115 curl bow feather f4acc0ffeaece25c84ce6896 f8beb8fff2e896bee2d67484",
    "gem 45 65 gem gem gem a4deeaf2fcfe5cb0d85492be bad6f0f8faff8c96e0687cba",
    "stone 50 40 stone stone bat aca08edeccb27e726862554c 969ca0ced0cc706c745c5e68",
)
# In hundredths, upwards from (0, 0). A letter of INKS, then corners with a pull between
# every two; four numbers are a round; ~ a limb, two widths and its curve; - a line.
# What follows / is on the shape, what follows | beside it.
MOTIFS = """\
flame: a -15 5 -60 -20 -38 -68 -28 -55 -18 -50 -20 -80 10 -100 5 -70 18 -55 30 -60
  36 -78 60 -20 15 5 0 12 / l 0 -2 -40 -20 -2 -60 40 -20; smile: - -28 0 0 30 28 0;
fin: a -10 5 -55 -40 -50 -95 -25 -75 0 -100 20 -70 50 -80 30 -30 12 5 0 10
  / - -2 -15 -25 -75 / - 4 -15 20 -70; happy: - -20 8 0 -26 20 8;
bolt: a 0 4 -12 -17 -25 -38 -13 -39 -2 -40 -16 -70 -30 -100 3 -98 35 -95 28 -78
  20 -62 32 -62 45 -62 38 -45 30 -28 15 -12; arm: ~m 17 13 0 8 3 -20 0 -45;
horn: a -20 5 -30 -60 25 -100 8 -50 20 5 0 15 / - -21 -20 0 -10 17 -20;
spade: a 0 5 -60 0 -35 -35 -10 -50 0 -80 10 -50 35 -35 60 0; cheek: p 0 0 13 9;
brush: a -8 5 0 -20 30 -60 5 -90 30 -110 50 -135 85 -125 70 -110 75 -95 110 -60 80 -30
  40 -5 8 12 0 12 / l 30 -110 50 -135 85 -125 70 -110 75 -95 65 -75 50 -95 45 -75;
curl: ~m 15 7 0 0 70 40 240 0 170 -220 -80 -170 0 0 90 -40 50 -85;
tuft: a -25 8 -30 -30 -45 -50 -10 -45 0 -40 10 -90 35 -90 15 -60 25 8 0 15;
bow: a 0 -15 -55 -75 -70 -20 -55 30 0 -5 55 30 70 -20 55 -75 | a 0 -12 14 16;
gem: a -18 5 -24 -28 -30 -58 -18 -80 -5 -100 12 -82 28 -62 22 -28 18 5 0 8
  / - -5 -98 -4 0 / - -29 -58 -5 -50 27 -62; neck: ~m 34 24 6 8 -6 -40 -14 -110;
stone: a -40 10 -50 -20 -45 -60 -20 -85 5 -80 35 -80 45 -45 50 -15 38 10 0 20
  / - -20 -45 -5 -60 12 -40; leaf: a 0 0 -55 -40 0 -100 55 -40 / - 0 -5 0 -85;
round: m -45 10 -90 -110 0 -100 90 -110 45 10 0 20 / l 0 -40 32 36;
long: m -18 10 -70 -110 5 -105 60 -100 18 10 0 20 / l -2 -50 16 40;
bat: a 0 5 25 -70 90 -100 80 -60 100 -20 75 -35 60 5 48 -15 25 25 10 15
  / - 5 0 40 -50 88 -95 / - 5 5 40 -15 95 -22; dot: k 0 0 13 20 / w -1 -8 5 6;
feather: a 0 0 30 -75 110 -80 105 -58 95 -50 98 -28 80 -22 80 0 55 5 40 30 2 25 0 12
  / - 90 -50 60 -45 45 -38 / - 76 -22 55 -18 40 -15;
foot: m 0 0 26 17 / - -8 3 -8 17 / - 8 3 8 17; stalk: ~m 16 7 0 0 80 20 58 -60;
leg: ~m 26 19 0 0 4 50 0 100 | m -5 98 26 16 / - -14 102 -14 114 / - 2 102 2 114;
claw: ~b 6 5 0 0 0 20 0 45 | b -15 46 12 7 | b 13 46 12 7 | b -1 49 9 8;
hem: m 90 -20 90 110 60 90 40 140 15 95 0 140 -15 95 -40 140 -60 90 -90 110 -90 -20
  0 -60; coil: ~m 36 26 0 0 45 -60 -50 -80 -20 -130;
big: w 0 0 20 26 / d 1 3 14 19 / k 1 4 9 13 / w -2 -4 5 6;
cross: w 22 -20 0 -6 -22 -4 -18 24 0 24 24 22 / d 0 6 13 18 / k 0 6 8 13 / w -2 0 4 5;
sleepy: w -22 -2 0 -6 22 -2 22 24 0 24 -22 24 / k 0 5 10 15 / w -2 2 4 4;
open: k -28 0 0 12 28 0 22 48 0 42 -22 48 / p 0 38 17 16;
cat: k 0 -3 9 6 | - 0 8 -10 30 -24 12 | - 0 8 10 30 24 12;
fang: - -28 0 0 28 28 0 | w 5 12 10 12 17 9 16 18 12 28 8 20;
grin: w -32 0 0 10 32 0 22 36 0 34 -22 36 / - -14 2 -14 34 / - 0 2 0 34 / - 14 2 14 34;
beak: b -25 -5 0 -30 25 -5 15 10 -8 40 -25 20"""
