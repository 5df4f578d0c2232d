"""What the course knows of each data set: files, sums, splits, who serves it."""

from typing import NamedTuple

import numpy as np


class Labelled(NamedTuple):
    """Pictures (n, height, width, channels) and labels (n,), both uint8."""

    images: np.ndarray
    labels: np.ndarray


class Pairs(NamedTuple):
    """Pictures and what they should become, (n, height, width, 3) each, uint8."""

    inputs: np.ndarray
    targets: np.ndarray


class Unpaired(NamedTuple):
    """Horses (n, height, width, 3) and zebras (m, height, width, 3), uint8."""

    horses: np.ndarray
    zebras: np.ndarray


class RemoteFile(NamedTuple):
    """A published file: name, size in bytes, and SHA-256 if one is known."""

    name: str
    size: int
    sha256: str | None


class Split(NamedTuple):
    """A split: the published part that it is cut from, and the cut."""

    part: str
    cut: slice = slice(None)


class DataSet(NamedTuple):
    """A data set: what it gives, its parts with their sizes, its splits and files.

    In an address, {name} stands for the file's name. `folders` names where the
    pictures of each part lie inside the archive; `swapped` is True where the target
    is the left half of a pair.
    """

    kind: type
    parts: dict[str, tuple[int, ...]]
    files: tuple[RemoteFile, ...]
    addresses: tuple[str, ...]
    own_splits: dict[str, Split] = {}
    folders: dict[str, tuple[str, ...]] = {}
    swapped: bool = False
    labels: tuple[str, ...] = ()

    @property
    def splits(self) -> dict[str, Split]:
        """The published splits and ours, by name."""
        return {part: Split(part) for part in self.parts} | self.own_splits


CATALOGUE = {
    "fashion_mnist": DataSet(
        kind=Labelled,
        parts={"train": (60_000,), "test": (10_000,)},
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
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/{name}",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/{name}",
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
    "mnist": DataSet(
        kind=Labelled,
        parts={"train": (60_000,), "test": (10_000,)},
        files=(
            RemoteFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            RemoteFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            RemoteFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            RemoteFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
        addresses=("https://storage.googleapis.com/cvdf-datasets/mnist/{name}",),
        labels=tuple("0123456789"),
    ),
    "sketch2pokemon": DataSet(
        kind=Pairs,
        parts={"train": (830,)},
        own_splits={
            "fit": Split("train", slice(0, 800)),
            "heldout": Split("train", slice(800, None)),
        },
        files=(RemoteFile("sketch2pokemon.zip", 60_000_000, None),),
        addresses=(
            "https://www.kaggle.com/api/v1/datasets/download/norod78/sketch2pokemon",
        ),
        folders={"train": ("pokemon_pix2pix_dataset/train",)},
    ),
    "facades": DataSet(
        kind=Pairs,
        parts={"train": (400,), "val": (100,), "test": (106,)},
        own_splits={"fit": Split("train"), "heldout": Split("val")},
        files=(RemoteFile("facades.tar.gz", 40_000_000, None),),
        addresses=("https://efrosgans.eecs.berkeley.edu/pix2pix/datasets/{name}",),
        folders={part: (f"facades/{part}",) for part in ("train", "val", "test")},
        swapped=True,
    ),
    "horse2zebra": DataSet(
        kind=Unpaired,
        parts={"train": (1_067, 1_334), "test": (120, 140)},
        own_splits={
            "fit": Split("train", slice(None, -100)),
            "heldout": Split("train", slice(-100, None)),
        },
        files=(
            RemoteFile(
                "horse2zebra.zip",
                116_867_962,
                "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1",
            ),
        ),
        addresses=("https://efrosgans.eecs.berkeley.edu/cyclegan/datasets/{name}",),
        folders={
            part: (f"horse2zebra/{part}A", f"horse2zebra/{part}B")
            for part in ("train", "test")
        },
    ),
}
