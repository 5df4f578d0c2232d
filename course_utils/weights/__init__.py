"""The one door to weights: load what ships, keep what a recipe has trained."""

from course_utils.weights.importing import import_checkpoint
from course_utils.weights.keeping import about, add_pictures, add_scores, keep
from course_utils.weights.loading import (
    card,
    cloud,
    history,
    load,
    load_model,
    pictures,
    sheets,
)
from course_utils.weights.saving import save
