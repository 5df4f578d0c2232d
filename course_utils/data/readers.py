"""Readers: from the published files to arrays."""

import contextlib
import gzip
import io
import tempfile
import zlib
from pathlib import Path

import numpy as np
from course_utils.data import archives
from course_utils.data.catalogue import DataSet, Labelled, Pairs

LARGEST = 60_000_000  # bytes of an idx file; the largest of these sets has 47,040,016
VERSION = 1  # goes up whenever other arrays come out of the same files


def read(dataset: DataSet, paths: dict, part: str) -> tuple[np.ndarray, ...]:
    """Return the arrays of one part of a published set, from its files."""
    if dataset.kind is Labelled:
        return read_idx_part(paths, part)
    (path,) = paths.values()
    size = (256, 512) if dataset.kind is Pairs else (256, 256)
    arrays = []
    for folder, expected in zip(
        dataset.folders[part],
        dataset.parts[part],
        strict=True,
    ):
        arrays.append(archives.read_folder(path, folder, size=size, expected=expected))
    if dataset.kind is not Pairs:
        return tuple(arrays)
    left, right = np.split(arrays[0], 2, axis=2)
    halves = (right, left) if dataset.swapped else (left, right)
    return tuple(np.ascontiguousarray(half) for half in halves)


def read_mnist(paths: dict[str, Path], part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return MNIST as tensorflow-datasets builds it from the four files, offline.

    It builds in a folder that nobody else has: two notebooks at once would disturb
    each other in one that is kept.
    """
    import tensorflow_datasets as tfds

    tfds.disable_progress_bar()
    (folder,) = {path.parent for path in paths.values()}
    config = tfds.download.DownloadConfig(manual_dir=folder)
    own_folder = tempfile.TemporaryDirectory(prefix="mnist-")
    with own_folder as built, contextlib.redirect_stdout(io.StringIO()):
        try:
            data = tfds.load(
                "mnist",
                split=part,
                data_dir=built,
                batch_size=-1,
                download_and_prepare_kwargs={"download_config": config},
            )
        except Exception as error:  # its errors have no base of their own
            raise OSError(f"MNIST could not be built in {built}: {error}") from error
        return np.asarray(data["image"]), np.asarray(data["label"], np.uint8)


def read_idx_part(paths: dict[str, Path], part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures (n, 28, 28, 1) and labels (n,) of one part, uint8."""
    prefix = {"train": "train", "test": "t10k"}[part]
    images = read_idx(paths[f"{prefix}-images-idx3-ubyte.gz"], dimensions=3)
    labels = read_idx(paths[f"{prefix}-labels-idx1-ubyte.gz"], dimensions=1)
    if len(images) != len(labels):
        raise ValueError(f"{len(images)} pictures but {len(labels)} labels in {part}")
    return images[..., np.newaxis], labels


def read_idx(path: Path, *, dimensions: int) -> np.ndarray:
    """Return the uint8 array in a gzipped idx file, with so many dimensions."""
    try:
        with gzip.open(path) as file:
            raw = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} is not a whole gzip file ({error})") from None
    header = 4 + 4 * dimensions
    if len(raw) < header or raw[:4] != bytes([0, 0, 8, dimensions]):
        raise ValueError(
            f"{path} is no idx file of uint8 with {dimensions} dimensions; it begins "
            f"with {raw[:4].hex(' ') or 'nothing'}"
        )
    shape = tuple(int(n) for n in np.frombuffer(raw, ">u4", dimensions, 4))
    found, expected = len(raw) - header, int(np.prod(shape))
    if found != expected:
        raise ValueError(f"{path} holds {found:,} values, its header says {expected:,}")
    return np.frombuffer(raw, np.uint8, offset=header).reshape(shape)
