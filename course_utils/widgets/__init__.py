"""What a learner plays with: pictures that answer to buttons, sliders, the mouse."""

from course_utils.widgets.digits import class_blend, digit_picker, time_machine
from course_utils.widgets.duel import duel
from course_utils.widgets.lens import patch_lens
from course_utils.widgets.panel import Panel
from course_utils.widgets.plan import plan_editor
from course_utils.widgets.sketch import sketch_pad
