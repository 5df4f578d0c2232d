"""The labels of plans: from a pixel's colour to its number."""

import numpy as np
from course_utils import data


def test_each_pixel_of_a_plan_has_the_label_of_its_colour():
    colours = np.uint8(list(data.LABELS.values()))
    plans = colours[[[[0, 3], [11, 2]], [[5, 5], [1, 0]]]]
    labels = data.labels_of(plans)
    assert labels.dtype == np.int32
    assert labels.tolist() == [[[0, 3], [11, 2]], [[5, 5], [1, 0]]]


def test_a_colour_that_a_jpeg_has_bent_counts_as_the_nearest():
    bent = np.uint8([[[[3, 40, 250], [160, 6, 9]]]])
    facade, shop = (list(data.LABELS).index(name) for name in ("facade", "shop"))
    assert data.labels_of(bent).tolist() == [[[facade, shop]]]
