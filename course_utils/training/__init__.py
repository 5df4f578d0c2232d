"""Training: the loop, its history, and checkpoints; knows nothing of GANs."""

from course_utils.training.checkpoints import find_checkpoints
from course_utils.training.history import History
from course_utils.training.loop import fit

__all__ = ["History", "find_checkpoints", "fit"]
