"""Data: one door to every data set, and batches of what comes through it."""

import importlib

from course_utils.data.catalogue import CATALOGUE, Labelled, Pairs, Unpaired
from course_utils.data.door import load, truth
from course_utils.data.labels import LABELS, labels_of
from course_utils.data.own import from_folder, read_image
from course_utils.data.pipeline import Batches, batches


def __getattr__(name: str):
    if name == "augment":  # it imports TensorFlow
        return importlib.import_module("course_utils.data.augment")
    raise AttributeError(f"course_utils.data has no {name!r}")
