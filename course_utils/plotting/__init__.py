"""Pictures and curves: the only place where the lessons draw."""

from course_utils.plotting.diagrams import diagram, u_diagram
from course_utils.plotting.figures import (
    GENERATED,
    REAL,
    arrays,
    compare,
    curves,
    grid,
    lines,
    maps,
    one,
)
from course_utils.plotting.pictures import (
    kept_frames,
    png,
    png_of,
    read_picture,
    save_gif,
    save_picture,
    show_gif,
    tile,
    to_uint8,
    untile,
)
