"""The one door to weights: load what ships, keep what a recipe has trained."""

from course_utils.weights.importing import import_checkpoint
from course_utils.weights.keeping import about, add_scores, keep, save
from course_utils.weights.loading import card, cloud, history, load, load_model, sheets

__all__ = [
    "about",
    "add_scores",
    "card",
    "cloud",
    "history",
    "import_checkpoint",
    "keep",
    "load",
    "load_model",
    "save",
    "sheets",
]
