"""The report card: what generated pictures show, how they spread, if they copy."""

from collections import namedtuple

import keras
import numpy as np
from course_utils import weights

# Where features (n, d) lie: their mean (d,) and their covariance (d, d).
Cloud = namedtuple("Cloud", "mean covariance")


class Judge:
    """A classifier that was trained on real pictures and reads generated ones.

    `real` is what it sees in the real test pictures, `scale` how far from these as
    many real training pictures lie. Pictures are uint8 or floats in [-1, 1].
    """

    def __init__(self, network, real: Cloud | None = None, scale: float | None = None):
        self.network, self.real, self.scale = network, real, scale
        features = network.get_layer("features").output
        self.to_features = keras.Model(network.inputs, features)

    def labels(self, images) -> np.ndarray:
        """Return the classes (n,) of what the pictures show."""
        return self.network.predict(to_floats(images), 1000, verbose=0).argmax(1)

    def features(self, images) -> np.ndarray:
        """Return what it sees in the pictures: numbers (n, 64)."""
        return self.to_features.predict(to_floats(images), 1000, verbose=0)

    def distance(self, images) -> float:
        """Return the Fréchet distance of the pictures to the real ones."""
        return frechet_distance(cloud(self.features(images)), self.real)


def judge(name: str) -> Judge:
    """Return the judge of a data set, "mnist" or "fashion", from the shipped weights.

    Its card says how often it is right on the real test pictures.
    """
    scores = weights.card(f"{name}_judge")["scores"]
    return Judge(
        weights.load_model(f"{name}_judge"),
        Cloud(**weights.arrays(f"{name}_judge", "cloud")),
        scores["Fréchet distance, real to real"],
    )


def cloud(features) -> Cloud:
    """Return the mean and the covariance of features (n, d), n being 2 or more."""
    features = np.asarray(features, np.float64)
    covariance = np.atleast_2d(np.cov(features, rowvar=False))
    return Cloud(features.mean(0), covariance)


def frechet_distance(first: Cloud, second: Cloud) -> float:
    """Return |m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁ C₂)^½), of means m and covariances C.

    It depends on the network that gave the features: of the course's judges it is not
    the FID of the papers, and compares with itself only.
    """
    shift = first.mean - second.mean
    values, vectors = np.linalg.eigh(first.covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T
    mixed = np.linalg.eigvalsh(root @ second.covariance @ root)
    overlap = np.sqrt(np.clip(mixed, 0, None)).sum()
    spread = np.trace(first.covariance) + np.trace(second.covariance)
    return float(max(shift @ shift + spread - 2 * overlap, 0.0))


def nearest(images, known) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each picture, the index of the nearest known one, and how far.

    The distance is the root of the mean squared difference of pixels in [-1, 1].
    """
    images, known = (to_floats(some).reshape(len(some), -1) for some in (images, known))
    squares = (known**2).sum(1)
    # One at a time: the differences of all would take gigabytes.
    places = np.array([(squares - 2 * known @ image).argmin() for image in images])
    return places, np.sqrt(((images - known[places]) ** 2).mean(1))


def to_floats(images) -> np.ndarray:
    """Return pictures, uint8 or floats in [-1, 1], as float32 in [-1, 1]."""
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images / np.float32(127.5) - 1
    if not np.abs(images).max() <= 1.01:
        raise ValueError(
            f"the pictures go from {images.min():.3g} to {images.max():.3g}; expected "
            "uint8, or floats from -1 to 1"
        )
    return images.astype(np.float32)
