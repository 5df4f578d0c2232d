"""What the course knows of each data set: files, sums, splits, who serves it."""

from typing import NamedTuple

import numpy as np


class Labelled(NamedTuple):
    """Pictures (n, height, width, channels) and labels (n,), both uint8."""

    images: np.ndarray
    labels: np.ndarray


class RemoteFile(NamedTuple):
    """A published file: its name, its size in bytes, and its SHA-256."""

    name: str
    size: int
    sha256: str


class DataSet(NamedTuple):
    """A data set: its splits with their sizes, files, addresses, and labels."""

    splits: dict[str, int]
    files: tuple[RemoteFile, ...]
    addresses: tuple[str, ...]
    labels: tuple[str, ...]


CATALOGUE = {
    "fashion_mnist": DataSet(
        splits={"train": 60_000, "test": 10_000},
        files=(
            RemoteFile(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
            RemoteFile(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            ),
            RemoteFile(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            ),
            RemoteFile(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ),
        addresses=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        ),
        labels=(
            "T-shirt",
            "trousers",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ),
    ),
}
