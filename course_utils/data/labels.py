"""The twelve labels of the CMP facades, and the colour of each in a plan."""

import numpy as np

PARTS = "cornice sill balcony blind deco molding pillar shop".split()
JET = ((0, 0, 223), (0, 48, 255), (0, 128, 255), (0, 207, 255), (32, 255, 223))
JET += ((112, 255, 143), (191, 255, 64), (255, 239, 0), (255, 159, 0), (255, 80, 0))
JET += ((255, 0, 0), (175, 0, 0))
LABELS = dict(zip(["background", "facade", "window", "door", *PARTS], JET, strict=True))


def labels_of(plans: np.ndarray) -> np.ndarray:
    """Return the label of each pixel, (n, h, w), of plans (n, h, w, 3), uint8.

    It is the one with the nearest colour, since the published plans are JPEGs.
    """
    labels = np.zeros(plans.shape[:-1], np.int32)
    least = np.full(plans.shape[:-1], np.inf)
    for number, colour in enumerate(LABELS.values()):
        gaps = np.abs(np.float32(plans) - np.float32(colour)).sum(-1)
        labels[gaps < least] = number
        least = np.minimum(least, gaps)
    return labels
