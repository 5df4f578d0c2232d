"""The report card: what generated pictures show, how they spread, if they copy."""

from typing import NamedTuple

import numpy as np

CHUNK = 1000


class Cloud(NamedTuple):
    """Where features (n, d) lie: their mean (d,) and their covariance (d, d)."""

    mean: np.ndarray
    covariance: np.ndarray


class Judge:
    """A classifier that was trained on real pictures and reads generated ones.

    `real` is what it sees in the real test pictures, `scale` how far from these,
    by `frechet_distance`, as many real training pictures lie.
    """

    def __init__(self, network, real: Cloud | None = None, scale: float | None = None):
        import keras

        self.network, self.real, self.scale = network, real, scale
        inner = network.get_layer("features").output
        self._both = keras.Model(network.inputs[0], [network.outputs[0], inner])

    def labels(self, images) -> np.ndarray:
        """Return what pictures (n, h, w, c) show: classes (n,).

        The pictures are floats in [-1, 1] or uint8, here and below.
        """
        return self._answers(images)[0].argmax(1)

    def features(self, images) -> np.ndarray:
        """Return what it sees in pictures (n, h, w, c): numbers (n, 64)."""
        return self._answers(images)[1]

    def distance(self, images) -> float:
        """Return the Fréchet distance of pictures (n, h, w, c) to the real ones."""
        if self.real is None:
            raise ValueError(
                "this judge does not know the real pictures; take one from "
                "cu.metrics.judge, or pass real=cu.metrics.cloud(features)"
            )
        return frechet_distance(self.features(images), self.real)

    def _answers(self, images) -> tuple[np.ndarray, np.ndarray]:
        import keras

        parts = []
        for first in range(0, len(images) or 1, CHUNK):
            answers = self._both(_scaled(images[first : first + CHUNK]), training=False)
            parts.append([keras.ops.convert_to_numpy(answer) for answer in answers])
        logits, features = zip(*parts, strict=True)
        return np.concatenate(logits), np.concatenate(features)


def judge(name: str) -> Judge:
    """Return the judge of a data set, "mnist" or "fashion", from the shipped weights.

    Its card says how often it is right on the real test pictures.
    """
    from course_utils import weights

    network = weights.load_model(f"{name}_judge")
    scores = weights.card(f"{name}_judge")["scores"]
    scale = scores.get("Fréchet distance, real to real")
    if scale is None:
        raise ValueError(
            f"the judge of {name} compares no features; it reads photographs: "
            f"cu.weights.load_model({name + '_judge'!r}) gives its logits"
        )
    return Judge(network, Cloud(**weights.cloud(f"{name}_judge")), scale)


def asked_share(found, asked, *, by_class: bool = False):
    """Return the share of pictures that were read as asked, from 0 to 1.

    `found` and `asked` are classes (n,). With `by_class`, an array: a share for each
    class that was asked for, in order.
    """
    found, asked = np.asarray(found), np.asarray(asked)
    if found.shape != asked.shape or found.ndim != 1 or not len(found):
        raise ValueError(
            f"found has shape {found.shape}, asked {asked.shape}; expected two equal "
            "lists of classes (n,), not one-hot, not empty"
        )
    right = found == asked
    if by_class:
        return np.array([right[asked == number].mean() for number in np.unique(asked)])
    return float(right.mean())


def histogram(found, *, classes: int = 10) -> np.ndarray:
    """Return the share of each class among the labels found (n,), as (classes,)."""
    found = np.asarray(found)
    known = np.isin(found, np.arange(classes)).all()
    if found.ndim != 1 or not len(found) or not known:
        raise ValueError(
            f"found has shape {found.shape}; expected classes (n,), each one from 0 to "
            f"{classes - 1}, not one-hot, not empty"
        )
    return np.bincount(found.astype(int), minlength=classes) / len(found)


def cloud(features) -> Cloud:
    """Return the mean and the covariance of features (n, d), n being 2 or more."""
    features = np.asarray(features, np.float64)
    if features.ndim != 2:
        raise ValueError(f"expected features (n, d), got {features.shape}")
    if len(features) < 2:
        raise ValueError("a covariance needs two pictures or more")
    if not np.isfinite(features).all():
        raise ValueError("some features are no finite numbers: did the training break?")
    covariance = np.atleast_2d(np.cov(features, rowvar=False))
    return Cloud(features.mean(0), covariance)


def frechet_distance(first, second) -> float:
    """Return how far apart two clouds of features (n, d) and (m, d) lie; 0: the same.

    Each is given as features or as a `Cloud`, and taken for a normal distribution:
    |m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁ C₂)^½), with means m and covariances C. The number
    depends on the network that gave the features: with the course's judges it is not
    the FID of the papers, whose features are those of Inception, and compares with
    itself only.
    """
    first, second = (
        each if isinstance(each, Cloud) else cloud(each) for each in (first, second)
    )
    if first.mean.shape != second.mean.shape:
        raise ValueError(
            f"expected features (n, d) and (m, d), got {len(first.mean)} and "
            f"{len(second.mean)} numbers for each picture"
        )
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
    images, known = (_scaled(some).reshape(len(some), -1) for some in (images, known))
    if images.shape[1] != known.shape[1]:
        raise ValueError(
            f"the pictures have {images.shape[1]:,} numbers each, the known ones "
            f"{known.shape[1]:,}; expected the same size and colours"
        )
    squares = np.einsum("ij,ij->i", known, known)
    count = max(1, len(images) // 50)  # of parts: all at once would take gigabytes
    parts = np.array_split(images, count)
    places = [(squares - 2 * part @ known.T).argmin(axis=1) for part in parts]
    places = np.concatenate(places)
    gaps = [image - known[place] for image, place in zip(images, places, strict=True)]
    return places, np.array([np.sqrt((gap**2).mean()) for gap in gaps])


def _scaled(images) -> np.ndarray:
    """Return pictures (n, h, w, c), uint8 or floats in [-1, 1], as float32."""
    images = np.asarray(images)
    if images.ndim != 4 or not len(images):
        raise ValueError(f"expected pictures (n, h, w, c), got shape {images.shape}")
    if images.dtype == np.uint8:
        return images / np.float32(127.5) - 1
    images = images.astype(np.float32)
    if not np.abs(images).max() <= 1.01:
        raise ValueError(
            f"the pictures go from {images.min():.3g} to {images.max():.3g}; expected "
            "uint8, or floats from -1 to 1"
        )
    return images
