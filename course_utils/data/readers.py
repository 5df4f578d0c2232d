"""Readers: from the published files to arrays."""

import gzip
from pathlib import Path

import numpy as np


def read_idx(path: Path, *, dimensions: int) -> np.ndarray:
    """Return the uint8 array in a gzipped idx file, with so many dimensions."""
    try:
        raw = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
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


def read_idx_split(paths: dict[str, Path], split: str) -> tuple:
    """Return the pictures (n, 28, 28, 1) and labels (n,) of one split, uint8."""
    prefix = {"train": "train", "test": "t10k"}[split]
    images = read_idx(paths[f"{prefix}-images-idx3-ubyte.gz"], dimensions=3)
    labels = read_idx(paths[f"{prefix}-labels-idx1-ubyte.gz"], dimensions=1)
    if len(images) != len(labels):
        raise ValueError(f"{len(images)} pictures but {len(labels)} labels in {split}")
    return images[..., np.newaxis], labels
