"""What all tests share: no network, no real data unless asked for, quiet TensorFlow."""

import os

os.environ.setdefault("COURSE_DATA", "miniature")
os.environ.setdefault("MPLBACKEND", "agg")

import course_utils  # noqa: E402, F401  (hides TensorFlow's greeting)
