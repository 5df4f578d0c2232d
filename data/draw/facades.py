"""Fronts of houses drawn from shapes: a stand-in for the CMP facades."""

from collections.abc import Iterator

import numpy as np
from facade_parts import Site, photograph, read_shapes, tone, within

PARTS = "cornice sill balcony blind deco molding pillar shop".split()
COLOURS = ((0, 0, 223), (0, 48, 255), (0, 128, 255), (0, 207, 255), (32, 255, 223))
COLOURS += ((112, 255, 143), (191, 255, 64), (255, 239, 0), (255, 159, 0))
COLOURS += ((255, 80, 0), (255, 0, 0), (175, 0, 0))
NAMES = ["background", "facade", "window", "door", *PARTS]
LABELS = dict(zip(NAMES, COLOURS, strict=True))  # the CMP's twelve, and their colours
STYLES = {  # chances in 100 of the parts, and how wide a window is in its bay
    "classicist": (90, 80, 45, 20, 60, 95, 50, 45, 20, 40, 52),
    "art nouveau": (75, 70, 80, 10, 95, 70, 40, 50, 50, 50, 62),
    "modern": (15, 60, 60, 45, 20, 50, 20, 70, 0, 0, 74),
    "brick": (80, 80, 45, 10, 40, 70, 10, 60, 30, 10, 52),
    "southern": (65, 75, 60, 80, 50, 70, 15, 45, 10, 50, 44),
}
PLASTER = ((214, 186, 124), (222, 206, 164), (200, 150, 128), (188, 186, 178))
PLASTER += ((226, 222, 210), (178, 190, 168), (206, 166, 96), (170, 178, 190))
BRICKS = ((150, 78, 60), (128, 62, 54), (172, 110, 76), (140, 90, 74))
WOODS = ((86, 58, 38), (48, 70, 60), (120, 50, 40), (60, 62, 72), (205, 203, 194))
PAINTS = ((150, 36, 36), (36, 84, 62), (40, 56, 100), (70, 44, 60), (196, 96, 44))
SLATES = ((96, 96, 104), (136, 76, 60), (84, 76, 74))
SHARED = {"wood": WOODS, "slats": WOODS, "paint": PAINTS, "slate": SLATES}
CURTAINS, FLOWERS = ("", "", "drapes", "nets"), (*5 * [""], "flowers")
# Slabs: paint; left, top, right, low in hundredths of the box; light in hundredths;
# how far out; for bars, from one to the next and how wide, in pixels.
SHAPES = """
sill |trim 0 0 100 100 85 3 |trim 0 0 100 60 106 11; frame |trim 0 0 100 100 100 3
flat |trim 0 70 100 100 100 10 |trim 0 20 100 70 95 5 |trim 0 0 100 30 100 14
gable |trim 0 70 100 100 100 10 |pointed 0 0 100 72 0 0
arch |trim 0 70 100 100 100 10 |round 0 0 100 72 0 0; nets |cloth 7 4 93 50 85 -11 3 2
molding |trim 0 0 100 25 108 14 |trim 0 25 100 50 92 10 |trim 0 50 100 80 84 4
molding |trim 0 80 100 100 98 7 |trim 0 50 100 78 105 9 10 5
pillar |trim 16 0 84 100 100 7 |trim 36 10 42 90 88 3 |trim 58 10 64 90 88 3
pillar |trim 0 2 100 6 105 11 |trim 0 94 100 100 97 10 |trim 8 8 92 10 102 9
deco |trim 0 0 100 100 104 5 |trim 6 8 94 92 80 1 |rosettes 8 14 92 86 0 0
pane |frame 0 0 100 100 100 -6 |glass 7 4 93 96 0 0; cross0 |frame 46 0 54 100 100 -7
drapes |cloth 7 4 28 96 100 -11 4 3 |cloth 72 4 93 96 100 -11 4 3
cross1 |frame 46 0 54 100 100 -7 |frame 0 30 100 34 100 -7
cross2 |frame 46 0 54 100 100 -7 |frame 0 32 100 35 100 -7 |frame 0 65 100 68 100 -7
cross3 |frame 30 0 35 100 100 -7 |frame 65 0 70 100 100 -7 |frame 0 30 100 34 100 -7
door |wood 0 0 100 100 70 -8 |glass 6 4 94 23 0 0 |wood 47 0 53 26 100 -7
door |wood 3 26 48 100 100 -9 |wood 52 26 97 100 100 -9 |wood 10 31 41 50 120 -12
door |wood 59 31 90 50 120 -12 |wood 10 56 41 95 120 -12 |wood 59 56 90 95 120 -12
shop |paint 0 0 100 100 55 -2 |glass 5 20 95 88 0 0 |goods 9 70 17 88 0 -13
shop |goods 20 62 27 88 0 -13 |goods 32 76 42 88 0 -13 |goods 54 66 62 88 0 -13
shop |goods 66 74 74 88 0 -13 |goods 79 60 87 88 0 -13 |paint 48 20 52 88 60 -5
sign |paint 0 0 100 20 100 4 |white 20 6 80 14 100 4 7 3
awning |paint 0 20 100 26 110 6 |paint 0 26 100 32 100 14 |paint 0 32 100 45 88 24
awning |white 0 20 100 26 110 6 14 7 |white 0 26 100 32 100 14 14 7
awning |white 0 32 100 45 88 24 14 7; facade |wall 0 0 100 100 100 0
blind |slats 0 0 100 100 100 4 |slats 8 4 92 96 70 2 -4 2
roller |slats 0 0 100 100 100 -4 |slats 4 0 96 97 75 -5 -4 1
balcony |trim 0 82 100 92 100 26 |trim 5 92 12 100 80 16 |trim 88 92 95 100 80 16
rail0 |trim 0 0 100 84 96 24 |trim 4 22 96 74 84 21 16 11 |trim 0 0 100 9 104 26
rail1 |trim 0 0 100 84 100 24 6 3 |trim 0 0 100 10 104 26
rail2 |metal 0 0 100 84 100 24 5 2 |metal 0 0 100 8 100 26
rail3 |metal 0 0 100 84 100 24 8 2 |metal 0 0 100 84 100 24 -9 2
flowers |green 4 0 96 14 100 27 5 4 |red 6 -4 94 8 100 28 7 4 |green 8 5 92 18 80 28 6 2
"""


def draw(count: int, *, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Return a plan and its photo, (256, 256, 3) each, uint8, `count` times."""
    shapes = read_shapes(SHAPES)
    for number in range(count):
        site = Site(np.random.default_rng((seed, number)), shapes)
        _street(site)
        plan = np.full((256, 256, 3), LABELS["background"], np.uint8)
        for label, box in site.labels:
            left, top, right, low = (max(0, round(side / 2)) for side in box)
            part = slice(top, max(top + 1, low)), slice(left, max(left + 1, right))
            plan[part] = LABELS[label]
        yield plan, photograph(site)


def _street(site: Site) -> None:
    left, right, top, base, rows = 0, 512, site.dice(0, 25), 512, 3
    if site.chance(0.8):
        left, right = site.pick(0, site.dice(25, 95)), site.pick(0, site.dice(25, 95))
        right, top, base = 512 - right, site.dice(50, 130), site.dice(470, 505)
        rows = site.pick(3, 4, 5)
    _choose_shared(site)
    for a, b in ((-40, left), (right, 552)):
        if b - a > 60 and site.chance(0.8):
            _neighbour(site, (a, site.dice(60, 240), b, base))
    site.slab((0, base, 512, 512), (112, 110, 108), -20)
    site.slab((0, base, 512, base + 8), (158, 154, 148), -10)
    heights = np.append(0, np.cumsum(site.rng.uniform(0.85, 1.15, rows)))
    crown = top + (base - top) * site.dice(0.03, 0.08)
    *lines, ground, _ = (crown + (base - crown) * heights / heights[-1]).tolist()
    bays = max(2, round((right - left) / (base - top) * rows * site.dice(0.8, 1.3)))
    pitch = (right - left - 12) / bays
    middles = [left + 6 + pitch * (bay + 0.5) for bay in range(bays)]
    _walls(site, (left, top, right, base), ground, middles)
    edges, wide = [left + 6, *(x + pitch / 2 for x in middles)], 4 + 0.05 * pitch
    for x in site.pick(edges, edges[::bays]) if site.has["pillar"] else ():
        site.put("pillar", (x - wide, crown, x + wide, ground))
    bands = [(y - 5, y + 5) for y in lines[1:] if site.chance(0.5)]
    bands += [(top, crown), (ground - 8, ground + 6)]
    for above, below in bands if site.has["molding"] else bands[-2:-1]:
        site.put("molding", (left - 3, above, right + 3, below))
    for above, below in zip(lines, [*lines[1:], ground], strict=True):
        _floor(site, middles, pitch, above, below)
    _ground_floor(site, middles, pitch, ground, base)


def _choose_shared(site: Site) -> None:
    style, (*odds, share) = site.pick(*STYLES.items())
    odds = zip([*PARTS, "arch", "roof"], odds, strict=True)
    site.has = {part: site.chance(odd / 100) for part, odd in odds}
    wall = site.pick(*(BRICKS if style == "brick" else PLASTER))
    trim = site.pick((222, 216, 202), tone(wall, 1.14), tone(wall, 0.88))
    frame = site.pick((234, 230, 216), *WOODS[:2])
    site.colours |= {"wall": wall, "trim": trim, "frame": frame}
    site.colours |= {name: site.pick(*tones) for name, tones in SHARED.items()}
    site.bars, site.rail = (f"{x}{site.pick(0, 1, 2, 3)}" for x in ("cross", "rail"))
    site.brick, site.hood = style == "brick", site.pick("flat", "gable", "arch")
    site.share = share / 100 * site.dice(0.85, 1.2)
    site.roller = site.share > 0.55 or site.chance(0.2)


def _neighbour(site: Site, box) -> None:
    site.slab(box, site.pick(*PLASTER, *BRICKS), -15)
    for y in np.arange(box[1] + 30, box[3] - 50, site.dice(62, 80)):
        for x in np.arange(box[0] + 8, box[2] - 28, 40):
            site.put("window", (x, y, x + 22, y + 38), "pane", site.bars)


def _walls(site: Site, box, ground, middles) -> None:
    (left, top, right, base), wall = box, site.colours["wall"]
    site.put("facade", box)
    if site.brick or site.chance(0.3):
        blocks = site.pick((18, 44, 0.04), (24, 512, 0.04), (64, 90, 0.03))
        site.masonry(box, wall, *((6, 16, 0.12) if site.brick else blocks))
    if site.chance(0.5):
        course, below = round(site.dice(14, 26)), (left, ground, right, base)
        site.masonry(below, tone(site.colours["trim"], 0.92), course, 60, 0.04, deep=5)
    site.slab((left, base - 10, right, base), (128, 124, 118), 4)
    roof = left, top - site.dice(32, 48), right, top
    if top > 50 and site.has["roof"]:
        site.labels.append(("facade", roof))
        site.masonry(roof, site.colours["slate"], 7, 14, 0.08, -8)
        for x in middles:
            dormer = x - 11, top - 28, x + 11, top - 6
            site.put("window", dormer, "pane", site.bars)
            site.put("cornice", within(dormer, (-30, -30, 130, 0)), site.hood)
    elif top > 50 and site.has["deco"]:
        site.put("deco", within(roof, (38, 10, 62, 100)), rise=15)


def _floor(site: Site, middles, pitch, above, below) -> None:
    tall, half, last = below - above, pitch * site.share / 2, len(middles) - 1
    top, low = above + tall * site.dice(0.22, 0.3), below - tall * site.dice(0.14, 0.25)
    has = {part: yes and site.chance(0.8) for part, yes in site.has.items()}
    rise = has["arch"] and half
    deco = site.pick((-12, 117, 112, 140), (-12, -36, 112, -9), (28, -38, 72, -7))
    has["cornice"] &= not (has["arch"] or has["deco"] and deco[1] < 0)
    parts = [("cornice", (-18, -33, 118, -6), site.hood), ("deco", deco, "deco")]
    parts += [("sill", (-14, 100, 114, 114), "sill")]
    roller = [("blind", (0, 0, 100, site.dice(20, 90)), "roller")]
    shutters = [("blind", (x, 0, x + 42, 100), "blind") for x in (-42, 100)]
    for x in middles:
        box, curtain = (x - half, top, x + half, low), site.pick(*CURTAINS)
        site.put("window", box, "pane", curtain, site.bars, rise=rise)
        for part, place, shape in parts + (roller if site.roller else shutters):
            bow = rise if shape == "roller" else 0
            if has[part]:
                site.put(part, within(box, place), shape, rise=bow)
    each, middle = [(i, i) for i in range(last + 1)], [(last // 2, (last + 1) // 2)]
    for first, end in site.pick(each, middle, [(0, last)]) if has["balcony"] else ():
        left, right = middles[first] - 1.4 * half, middles[end] + 1.4 * half
        box = left, low - tall * 0.22, right, low + tall * 0.06
        site.put("balcony", box, "balcony", site.rail, site.pick(*FLOWERS))


def _ground_floor(site: Site, middles, pitch, top, base) -> None:
    tall, half = base - top, pitch * site.dice(0.3, 0.42)
    entry, arched = site.pick(*middles), site.chance(0.35)
    for x in middles:
        wide = min(half, tall * 0.25) if x == entry else half * 0.7
        box = x - wide, top + tall * 0.26, x + wide, base
        if x == entry:
            site.put("door", box, rise=arched and wide)
        elif site.has["shop"]:
            box = x - half, top + tall * 0.2, x + half, base - 6
            extra = () if arched else ("sign", site.pick("awning", "sign"))
            site.put("shop", box, "shop", *extra, rise=arched and half)
        else:
            box = within(box, (0, 0, 100, 62))
            site.put("window", box, "pane", site.bars, rise=arched and wide)
            site.put("sill", within(box, (-12, 100, 112, 112)))
