"""Data: one door to every data set, and batches of what comes through it."""

from course_utils.data.catalogue import CATALOGUE
from course_utils.data.door import load
from course_utils.data.pipeline import Batches, batches

__all__ = ["CATALOGUE", "Batches", "batches", "load"]
