"""Data sets by name: the published ones where they are at hand, else drawn ones."""

import os
import tarfile
import zipfile
from collections import namedtuple
from multiprocessing.pool import ThreadPool
from pathlib import Path

import cv2
import keras
import numpy as np
import requests
import tensorflow_datasets as tfds
from course_utils import runtime
from PIL import Image, ImageOps

SECONDS = 3  # that a host has to answer, before the drawn set is taken
KINDS = (".jpg", ".jpeg", ".png", ".webp", ".gif")  # that such a picture may be
DATA = runtime.ROOT / "data"
MINIATURES, DOWNLOADS = DATA / "miniature", DATA / "downloads"
BUILT = DATA / "tensorflow_datasets"

# What a set is given as: arrays of uint8, pictures (n, height, width, channels).
Labelled = namedtuple("Labelled", "images labels")
Pairs = namedtuple("Pairs", "inputs targets")
Unpaired = namedtuple("Unpaired", "horses zebras")

# Where a published set comes from. Of the small ones, tensorflow-datasets knows more.
Host = namedtuple("Host", "files address sha256", defaults=[None])
EFROS = "https://efrosgans.eecs.berkeley.edu"
KAGGLE = "https://www.kaggle.com/api/v1/datasets/download"
FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
HOSTS = {
    "fashion_mnist": Host("fashion_mnist/*.gz", FASHION),
    "mnist": Host("mnist/*.gz", "https://storage.googleapis.com/cvdf-datasets/mnist"),
    "sketch2pokemon": Host("sketch2pokemon.zip", f"{KAGGLE}/norod78/sketch2pokemon"),
    "facades": Host("facades.tar.gz", f"{EFROS}/pix2pix/datasets/facades.tar.gz"),
    "horse2zebra": Host(
        "horse2zebra.zip",
        f"{EFROS}/cyclegan/datasets/horse2zebra.zip",
        "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1",
    ),
}
SMALL = ("fashion_mnist", "mnist")

# How pictures lie in an archive, or in a folder of `data/miniature`. A split is a slice
# of a part, which stands for {} in `folders`; with one folder, pairs are side by side.
Layout = namedtuple("Layout", "kind folders splits target_is_left", defaults=[False])
TRAIN, TEST, VAL = ((part, slice(None)) for part in ("train", "test", "val"))
FIRST_800, AFTER_800 = ("train", slice(800)), ("train", slice(800, None))
BUT_LAST_100, LAST_100 = ("train", slice(-100)), ("train", slice(-100, None))
SKETCHES = {"train": TRAIN, "fit": FIRST_800, "heldout": AFTER_800}
HOUSES = {"train": TRAIN, "val": VAL, "fit": TRAIN, "heldout": VAL}
HORSES = {"train": TRAIN, "test": TEST, "fit": BUT_LAST_100, "heldout": LAST_100}
SCENES = {"train": TRAIN, "fit": TRAIN, "heldout": ("heldout", slice(None))}
PUBLISHED = {
    "sketch2pokemon": Layout(Pairs, ["pokemon_pix2pix_dataset/{}"], SKETCHES),
    "facades": Layout(Pairs, ["facades/{}"], HOUSES | {"test": TEST}, True),
    "horse2zebra": Layout(Unpaired, ["horse2zebra/{}A", "horse2zebra/{}B"], HORSES),
}
DRAWN = {
    "creatures": Layout(Pairs, ["{}"], SKETCHES),
    "facades": Layout(Pairs, ["{}/plans", "{}/photos"], HOUSES),
    "savannah": Layout(Unpaired, ["{}/horses", "{}/zebras"], SCENES),
}
STAND_INS = {"sketch2pokemon": "creatures", "horse2zebra": "savannah"}

PARTS = "cornice sill balcony blind deco molding pillar shop".split()
JET = ((0, 0, 223), (0, 48, 255), (0, 128, 255), (0, 207, 255), (32, 255, 223))
JET += ((112, 255, 143), (191, 255, 64), (255, 239, 0), (255, 159, 0), (255, 80, 0))
JET += ((255, 0, 0), (175, 0, 0))
# The twelve parts of a house in the CMP facades, and the colour of each in a plan.
LABELS = dict(zip(["background", "facade", "window", "door", *PARTS], JET, strict=True))


def load(
    name: str,
    split: str = "train",
    *,
    source: str = "auto",
    size: int | None = None,
    limit: int | None = None,
) -> Labelled | Pairs | Unpaired:
    """Return a data set as a named tuple of uint8 arrays, channels last.

    `(images, labels)` of 28 × 28 pixels, `(inputs, targets)` for pairs, or
    `(horses, zebras)`; the last two in the size that they are kept in, or in `size`.
    `limit` keeps the first pictures of each array.

    `source="real"` takes the published set, from this machine or from its host;
    "miniature" takes the drawn one in `data/miniature`; "auto" takes the real one if
    it is at hand, or its host answers at once, and else the drawn one. The
    environment variable COURSE_DATA overrules it. A line says which it is.
    """
    place, why = _place(name, source)
    if name in SMALL:
        data = _small(name, split, place or MINIATURES, size, limit)
    elif place:
        data = _pictures(PUBLISHED[name], place, split, size, limit)
    else:
        drawn = STAND_INS.get(name, name)
        data = _pictures(DRAWN[drawn], MINIATURES / drawn, split, size, limit)
    origin = "the real set" if place else "the miniature"
    counts = [f"{len(part):,} {kind}" for kind, part in data._asdict().items()]
    print(f"{name}, {split}: {origin}, {' and '.join(counts)}{why}")
    return data


def folder(name: str) -> Path:
    """Return the `data_dir` from which `tfds.load` reads a small set as `load` does."""
    place, why = _place(name, "auto")
    print(f"{name}: {'the real set' if place else 'the miniature'}{why}")
    return place or MINIATURES


def from_folder(
    path: str | Path, *, size: int = 256, paired: bool = True
) -> Pairs | Unpaired:
    """Return the pictures in a folder of yours, each (n, size, size, 3), uint8.

    A folder of pictures holds pairs side by side, input left and target right. Two
    folders in it hold, in alphabetical order, the inputs and the targets of pairs
    with the same names, or with `paired=False` two kinds of pictures without pairs.
    """
    folder = Path(path).expanduser()
    inner = sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] not in "._")
    sides = []
    for place in inner or [folder]:
        files = [f for f in place.glob("[!.]*") if f.suffix.lower() in KINDS]
        sides.append(sorted(files, key=_number))
    if not all(sides) or len(sides) > 2 or (len(sides) == 1 and not paired):
        raise ValueError(f"{folder} should hold two folders of pictures, or pairs")
    alone = {file.stem for file in sides[0]} ^ {file.stem for file in sides[-1]}
    if paired and alone:
        raise ValueError(f"{folder}: without a partner are {', '.join(sorted(alone))}")
    fit = (size, size) if inner else (2 * size, size)
    arrays = [np.stack([_your_own(file, fit) for file in files]) for files in sides]
    if not inner:
        arrays = np.split(arrays[0], 2, axis=2)
    return Pairs(*arrays) if paired else Unpaired(*arrays)


def _your_own(path: Path, fit: tuple[int, int]) -> np.ndarray:
    """Return a picture of yours: turned as its EXIF data say, cropped, on white."""
    try:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    except (OSError, SyntaxError) as error:
        raise ValueError(f"{path} is no whole picture: {error}") from None
    image = ImageOps.fit(image, fit)
    ground = Image.new("RGBA", fit, "white")
    return np.asarray(Image.alpha_composite(ground, image).convert("RGB"))


def _number(path: Path) -> tuple[int, str]:
    """Return a key that puts 2.jpg before 10.jpg."""
    return len(path.stem), path.stem


def _place(name: str, source: str) -> tuple[Path | None, str]:
    """Return where the published set lies, or None for the drawn one, and why.

    Unless it must be the real one, a host that does not answer is not waited for.
    """
    source = os.environ.get("COURSE_DATA") or source
    if source == "auto" and runtime.run_length() == "recipe":
        source = "real"  # weights for all should not come from the drawn set unseen
    if source not in ("auto", "real", "miniature"):
        raise ValueError(f"no source {source!r}; known: auto, real, miniature")
    if name not in HOSTS | DRAWN:
        raise ValueError(f"no data set {name!r}; known: {', '.join(HOSTS | DRAWN)}")
    if source == "miniature" or name not in HOSTS:
        return None, ""
    host = HOSTS[name]
    elsewhere = Path(os.environ.get("COURSE_DOWNLOADS") or DOWNLOADS).expanduser()
    by_hand = [*elsewhere.glob(host.files), *DOWNLOADS.glob(host.files)]
    is_here = by_hand or any((BUILT / name).glob("*/dataset_info.json"))
    if not (is_here or source == "real" or _answers(host.address)):
        return None, f"; {host.address.split('/')[2]} does not answer"
    try:
        if name not in SMALL:
            return by_hand[0] if by_hand else _download(host), ""
        manual = by_hand[0].parent if by_hand else None
        config = tfds.download.DownloadConfig(manual_dir=manual)
        downloads = BUILT / "downloads" / name  # each its own: names of files repeat
        builder = tfds.builder(name, data_dir=BUILT)
        builder.download_and_prepare(download_dir=downloads, download_config=config)
        return BUILT, ""
    except Exception as error:  # those of the two libraries have no base of their own
        reason = str(error).partition("\n")[0]
        why = f"{name} could not be had ({reason}); put {host.files} into {DOWNLOADS}, "
        why += "or into a folder that COURSE_DOWNLOADS names"
        if source == "real":
            raise OSError(why) from None
        return None, f"; {why}"


def _answers(address: str) -> bool:
    """Return whether a host answers within a few seconds, whatever it says."""
    # In a thread, since looking up a name may take longer than any time-out.
    asking = ThreadPool(1).apply_async(requests.head, [address], {"timeout": SECONDS})
    asking.wait(SECONDS)
    return asking.ready() and asking.successful()


def _download(host: Host) -> Path:
    """Return the archive after downloading it: whole and checked, or not there."""
    target = DOWNLOADS / host.files
    part = target.with_name(f"{target.name}.part")
    DOWNLOADS.mkdir(parents=True, exist_ok=True)
    options = {"cache_dir": DOWNLOADS, "cache_subdir": "", "force_download": True}
    try:
        keras.utils.get_file(part.name, host.address, file_hash=host.sha256, **options)
        _contents(part, "")  # reads it to its end
        return part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _small(name: str, split: str, folder: Path, size, limit) -> Labelled:
    if size not in (None, 28):
        raise ValueError(f"{name} has 28 × 28 pixels, not {size} × {size}")
    some = split if limit is None else f"{split}[:{limit}]"
    data = tfds.load(name, split=some, data_dir=folder, batch_size=-1)
    return Labelled(np.asarray(data["image"]), np.asarray(data["label"], np.uint8))


def _pictures(layout: Layout, place: Path, split: str, size, limit) -> Pairs | Unpaired:
    """Return the two arrays of a split, out of a folder or an archive."""
    if split not in layout.splits:
        known = ", ".join(layout.splits)
        raise ValueError(f"{place.name} has no split {split!r}; known: {known}")
    part, cut = layout.splits[split]
    sides = []
    for folder in layout.folders:
        files = _contents(place, folder.format(part))
        if not files:
            raise FileNotFoundError(f"{place} has nothing in {folder.format(part)}")
        some = [files[path] for path in sorted(files, key=_number)[cut][:limit]]
        pictures = [cv2.imdecode(np.frombuffer(file, np.uint8), 1) for file in some]
        sides.append(np.stack(pictures)[..., ::-1])  # OpenCV has blue first
    if len(sides) == 1:
        sides = np.split(sides[0], 2, axis=2)
    if layout.target_is_left:
        sides.reverse()
    is_plan = place.name.startswith("facades")
    return layout.kind(_scaled(sides[0], size, is_plan), _scaled(sides[1], size, False))


def _contents(place: Path, folder: str) -> dict[Path, bytes]:
    """Return the files right in one folder of a folder, a zip or a tar.gz, as bytes."""
    if place.is_dir():
        return {p: p.read_bytes() for p in (place / folder).glob("[!.]*.*")}
    inside = Path(folder)
    try:
        if zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as archive:
                names = [n for n in archive.namelist() if Path(n).parent == inside]
                return {Path(name): archive.read(name) for name in names}
        with tarfile.open(place, "r:gz") as archive:
            found = (m for m in archive if m.isfile() and Path(m.name).parent == inside)
            return {Path(m.name): archive.extractfile(m).read() for m in found}
    except (EOFError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise OSError(f"{place} is no whole archive: {error}") from None


def _scaled(pictures: np.ndarray, size: int | None, is_plan: bool) -> np.ndarray:
    """Return pictures of this size; a plan keeps its exact colours."""
    if size in (None, pictures.shape[1]):
        return np.ascontiguousarray(pictures)
    how = cv2.INTER_AREA if pictures.shape[1] > size else cv2.INTER_LINEAR
    how = cv2.INTER_NEAREST if is_plan else how
    return np.stack([cv2.resize(p, (size, size), interpolation=how) for p in pictures])
