"""Ten kinds of clothes drawn from shapes: a stand-in for Fashion-MNIST."""

import numpy as np
from canvas import FINE, SIDE, Board, bend, develop, shading


def draw(count: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return `count` pictures (count, 28, 28, 1) and labels (count,), both uint8."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(count) % 10
    pages = np.zeros((count, SIDE * FINE, SIDE * FINE), np.uint8)
    for page, label in zip(pages, labels, strict=True):
        KINDS[label](Board(page, rng))
    images = develop(pages, shading(rng, np.array(CLOTH)[labels]))
    return images, labels.astype(np.uint8)


def _tee(art: Board) -> None:
    shoulder, neck, tone = art.dice(6, 7), art.dice(2.5, 4), art.dice(0.9, 1.1)
    art.short_sleeves(shoulder, art.dice(9, 11.5), art.dice(5.5, 8.5), tone)
    art.body(neck, shoulder, art.dice(6, 7.5), 27.6)
    art.neckline(neck)
    art.motif()


def _trouser(art: Board) -> None:
    hip, ankle, gap = art.dice(4, 5.5), art.dice(3.4, 5.8), art.dice(0.3, 1.8)
    rise, top = art.dice(7, 9.5), art.dice(0, 1)
    outer = [(hip - 0.8, top), (hip, rise - 1), ((hip + ankle) / 2, 17)]
    inner = [(ankle, 27.6), (gap, 27.6), (gap * 0.8, 18), (0, rise)]
    art.whole([(0, top), *outer, *inner])
    art.pair([(hip * 0.55, rise), (ankle * 0.65, 27)], 1.15, 0.5)
    art.pair([(hip - 0.8, top + 1.3), (0, top + 1.5)], 0.7, 0.4)
    art.pair([(hip - 0.2, 4), (hip - 1.8, 2)], 0.7, 0.4)
    art.line([(14, top + 1), (14.2, rise - 1)], 0.75, 0.4)


def _pullover(art: Board) -> None:
    shoulder, neck, tone = art.dice(6, 7), art.dice(2.5, 4.2), art.dice(0.9, 1.3)
    art.long_sleeves(shoulder, art.dice(9.8, 12.5), art.dice(24.5, 27), 11, 2, tone)
    bottom = art.dice(24.5, 27.5)
    art.body(neck, shoulder, art.dice(6, 7.2), bottom)
    art.neckline(neck)
    art.line([(8.5, bottom - 1.5), (19.5, bottom - 1.5)], 0.8, 0.4)
    art.motif()


def _dress(art: Board) -> None:
    shoulder, waist, hem = art.dice(3, 5), art.dice(2.8, 4.6), art.dice(3.6, 8.5)
    middle, neck, reach = art.dice(9, 13), art.dice(1.5, 2.8), art.dice(2, 9)
    if reach > shoulder + 1:
        end = 3 * reach - 11
        arm = [(shoulder + 1.2, 2), (reach, end), (reach - 1.8, end + 0.4)]
        art.pair([(shoulder - 1, 0.6), *arm, (shoulder, 7)], 1.05)
    skirt = bend((waist, middle), (waist + 1.5, middle + 3), (hem, 27.6))
    bust = [(neck, 0.2), (shoulder, 0.8), (shoulder - 0.3, 5)]
    art.whole([(0, 2), *bust, *skirt, (0, 28)])
    art.fill(bend((14 - neck, 0), (14, art.dice(3, 9)), (14 + neck, 0)), 0)
    for x in (-0.6, 0.1, 0.7):
        art.line([(14 + x * waist, middle), (14 + x * hem, 27)], 1.2, 0.4)
    if art.chance(0.6):
        art.pair([(0, middle), (waist, middle)], 0.6, art.dice(0.3, 1.2))


def _coat(art: Board) -> None:
    art.grey = min(art.grey * 1.2, 235)
    shoulder, neck, slope = art.dice(6.2, 7), art.dice(2.4, 3.4), art.dice(2.5, 4)
    short = art.chance(0.5)
    bottom, end = (art.dice(24, 26), 27.5) if short else (27.7, art.dice(23, 27))
    art.long_sleeves(shoulder, art.dice(9.5, 11.5), end, art.dice(11, 18), slope)
    art.body(neck, shoulder, art.dice(6.5, 7.5), bottom, slope)
    low = art.dice(2.5, 4) if short else art.dice(3, 9)
    art.fill([(14 - neck, 0), (14 + neck, 0), (14, low)], art.dice(0.3, 1.1))
    collar = [(neck + 1, slope), (2.2, low), (0.2, low + 1)]
    art.pair([(neck - 0.5, 0), *collar], art.dice(0.85, 1.15))
    art.pair([(neck - 0.5, 0.4), (0.2, low)], 0.6, 0.4)
    art.line([(14, low), (14, bottom)], art.dice(0.4, 0.8), 0.6)
    pocket = art.dice(3.2, 4.2)
    art.pair([(pocket, 16.5), (pocket + 0.9, 20.5)], 0.7, 0.5)
    if art.chance(0.15):
        art.line([(7.5, 15), (20.5, 15)], 0.6, 1)


def _sandal(art: Board) -> None:
    art.grey = max(art.grey, 110)
    heel = art.dice(0, 1) if art.chance(0.45) else art.dice(5, 12)
    thick, strap, tall = art.dice(1, 2), art.dice(0.8, 1.3), art.dice(5, 8)
    base = 15 + (tall + heel) / 2
    rear = base - heel
    top = bend((0.5, base - thick), (15, base - thick), (26.5, rear - thick))
    under = bend((26.5, rear), (15, base), (0.5, base))
    art.fill([*top, *under])
    if heel > 1 and art.chance(0.35):
        art.fill([*under[:4], (1, base + 1), (27, base + 1), (27, rear)], 0.85)
    elif heel > 1:
        low = 27 - art.dice(0.8, 4)
        art.fill([(26.8, rear - 1), (27, base), (low, base), (21.5, rear + 1.5)], 0.9)
    toe, wide, high = art.dice(2, 4), art.dice(5, 8), art.dice(7, 12)
    band = bend((toe, base - thick), (toe + 1, base - high), (toe + wide, top[2][1]))
    art.fill(band, strap)
    art.line([(toe + 1.6, base - 1.2), (toe + 3.4, base - high * 0.6)], 0.2, 0.6)
    y, back = rear - thick, (25.6, rear - thick - tall)
    knot = (art.dice(16, 19), back[1])
    art.line(bend((26, y), (24, y - tall * 0.6), back), strap, art.dice(1, 2))
    art.line(bend(back, (21, back[1] + 2), knot), strap, art.dice(1, 2))
    art.line(bend(knot, (14, knot[1] + 5), band[3]), strap, art.dice(1, 2))
    if art.chance(0.6):
        art.line(bend(knot, (18, y - 1), (22, y + 0.5)), strap, 1.2)


def _shirt(art: Board) -> None:
    art.grey *= art.dice(0.55, 1)
    shoulder, neck, light = art.dice(5.8, 6.6), art.dice(1.8, 2.8), art.dice(1.2, 1.6)
    if art.chance(0.75):
        art.long_sleeves(shoulder, art.dice(10, 11.2), art.dice(25.5, 27), 10, 2, light)
    else:
        art.short_sleeves(shoulder, art.dice(8.5, 9.8), art.dice(11.5, 13.5), light)
    art.body(neck, shoulder, art.dice(5.8, 6.8), art.dice(27, 27.7))
    art.fill([(14 - neck, 0), (14 + neck, 0), (14, 3)], light * 1.3)
    art.pair([(neck, 0), (neck + 0.8, 2), (1.5, 3.4), (0, 2.4)], light)
    art.pair([(neck + 0.8, 2), (1.5, 3.4), (0, 2.4)], 0.7, 0.4)
    art.line([(14, 3), (14, 27)], art.dice(1.2, 1.5), 0.8)
    for y in range(5, 26, art.pick(3, 4, 5)):
        art.line([(14, y), (14, y + 0.3)], 0.5, 0.6)


def _sneaker(art: Board) -> None:
    rise, toe, sole = art.dice(7.5, 11), art.dice(3, 4.5), art.dice(1.3, 2.3)
    base = 14.5 + rise / 2
    top, welt = base - rise, base - sole
    tongue = (art.dice(15, 18), top + 0.6)
    front = bend((0.4, welt), (1, welt - toe), (7, welt - toe + 0.3))
    art.fill([*front, *bend(tongue, (21, top + 3.5), (26, top)), (27.4, welt)])
    edge = bend((0.2, welt), (14, welt + 0.8), (27.6, welt - 0.3))
    art.fill([*edge, (27.4, base), (1, base)], art.dice(0.3, 1.2))
    art.line(edge, 0.5, 0.4)
    heel = [(23.8, top + 1.7), (26, top), (27.4, welt), (22.5, welt)]
    art.fill(heel, art.dice(0.6, 1.2))
    ink = art.dice(0.4, 1.3)
    for x in range(12, 12 + 2 * int(art.dice(0, 4)), 2):
        art.line([(x + 2.5, top + 4), (x, welt)], ink, 0.8)
    art.laces((8, front[4][1] + 0.6), tongue)


def _bag(art: Board) -> None:
    wide, flare, deep = art.dice(8, 13.5), art.dice(-2.5, 0.3), art.dice(6, 9)
    top, low = 14 - deep, 14 + deep
    if art.chance(0.7):
        grip, low = art.dice(2.5, 7), 27
        top = low - deep * 1.8
        pull = art.dice(-14, 2)
        art.line(bend((14 - grip, top), (14, pull), (14 + grip, top)), 0.9, 1.1)
    edge = bend((wide + flare, top), (wide + 0.4, low - 4), (wide - 1, low))
    art.whole([(0, top), *edge, (0, low)])
    style, y = art.dice(0, 1), top + art.dice(1, 3)
    if style < 0.4:
        y += 4
        pull = (14, 2 * y - top)
        art.line(bend((15 - wide, top), pull, (13 + wide, top)), 0.6, 0.6)
        art.fill([(13, y - 1), (15, y - 1), (15, y + 1), (13, y + 1)], 1.4)
    elif style < 0.8:
        art.line([(15 - wide, y), (13 + wide, y)], 0.6, 0.6)
        art.line([(14, y), (14.3, y + 2)], 1.4, 0.6)
    art.line([(15 - wide, low - 1), (13 + wide, low - 1)], 0.8, 0.4)


def _boot(art: Board) -> None:
    top, base, thin = art.dice(1, 8), art.dice(23, 26), art.dice(2, 8)
    heel = art.dice(1, 2.5) if art.chance(0.5) else art.dice(3, 8)
    shaft, arch = art.dice(11, 15), base - heel
    front = bend((0.5, base - 1), (1, base - 5), (8, base - 7 - heel * 0.4))
    neck = bend(front[4], (shaft, base - 9 - heel * 0.5), (shaft + 1, top))
    rear = [(26, top + 0.3), (25.5, arch - 5), (27, arch - 1)]
    under = [(27, base), (27 - thin, base), (26 - thin, arch + 1)]
    ground = bend((25 - thin, arch + 0.6), (14, base), (8, base))
    art.fill([*front, *neck, *rear, *under, *ground, (1, base)])
    art.line([(1, base - 1), *ground[::-1], (27, arch)], 0.6, art.dice(0.4, 1.6))
    art.line([(3, base - 3.5), (8, base - 6 - heel * 0.4)], 1.2, 0.8)
    style = art.dice(0, 1)
    if style < 0.4:
        art.laces((shaft - 1, arch - 6), (shaft + 1.2, top + 0.5))
    elif style < 0.7:
        art.fill([(18, top), (22, top), (21.5, arch - 6), (19, arch - 6)], 0.6)
    art.line([(shaft + 1, top + 1), (26, top + 1.2)], 0.7, 0.5)


KINDS = (_tee, _trouser, _pullover, _dress, _coat)
KINDS += (_sandal, _shirt, _sneaker, _bag, _boot)
# For each kind: depth of folds; chances in 100 of rows, of columns, of a print.
CLOTH = ((30, 12, 3, 6), (35, 0, 2, 3), (30, 15, 0, 6), (45, 5, 6, 10), (40, 5, 0, 6))
CLOTH += ((12, 0, 0, 0), (45, 15, 40, 15), (25, 0, 0, 0), (20, 5, 5, 12), (25, 0, 0, 0))
