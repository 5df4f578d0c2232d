"""The one door to weights: load what ships, keep what a recipe has trained."""

from course_utils.weights.keeping import keep, save
from course_utils.weights.loading import card, history, load, load_model, sheets

__all__ = ["card", "history", "keep", "load", "load_model", "save", "sheets"]
