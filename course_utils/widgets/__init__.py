"""What a learner plays with: controls above one picture, drawn anew at every change."""

from course_utils.widgets.controls import Again, Choice
from course_utils.widgets.digits import class_blend, digit_picker
from course_utils.widgets.moments import time_machine
from course_utils.widgets.panel import Panel

__all__ = [
    "Again",
    "Choice",
    "Panel",
    "class_blend",
    "digit_picker",
    "time_machine",
]
