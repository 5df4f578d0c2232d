"""How often the soak tests try what may go wrong: `make soak` sets COURSE_SOAK."""

import os

LONG = os.environ.get("COURSE_SOAK") == "1"


def often(*, short, long):
    """Return the number for this run: the short share in `make test`, or the long."""
    return long if LONG else short
