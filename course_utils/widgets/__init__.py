"""What a learner plays with: controls and one picture, drawn anew at every change."""

from course_utils.widgets.canvas import Canvas
from course_utils.widgets.controls import Again, Choice
from course_utils.widgets.digits import class_blend, digit_picker
from course_utils.widgets.lens import patch_lens
from course_utils.widgets.moments import time_machine
from course_utils.widgets.pad import sketch_pad
from course_utils.widgets.panel import Panel
from course_utils.widgets.plan import plan_editor
