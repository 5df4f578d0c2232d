"""The report card: what a judge, trained on real pictures, says of generated ones."""

from course_utils.metrics.scores import (
    Judge,
    asked_share,
    frechet_distance,
    histogram,
    judge,
    nearest,
)

__all__ = [
    "Judge",
    "asked_share",
    "frechet_distance",
    "histogram",
    "judge",
    "nearest",
]
