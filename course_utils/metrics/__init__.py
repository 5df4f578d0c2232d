"""The report card: what a judge, trained on real pictures, says of generated ones."""

from course_utils.metrics.scores import (
    Cloud,
    Judge,
    asked_share,
    cloud,
    frechet_distance,
    histogram,
    judge,
    nearest,
)

__all__ = [
    "Cloud",
    "Judge",
    "asked_share",
    "cloud",
    "frechet_distance",
    "histogram",
    "judge",
    "nearest",
]
