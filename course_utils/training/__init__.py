"""Training: the loop, its history, and checkpoints; knows nothing of GANs."""

from course_utils.training.checkpoints import find_checkpoints
from course_utils.training.history import History
from course_utils.training.loop import fit
from course_utils.training.optimizers import Adam
from course_utils.training.schedules import LinearDecay
