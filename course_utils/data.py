"""Data sets by name: the published ones where they are at hand, else drawn ones."""

import contextlib
import hashlib
import os
import re
import tarfile
import threading
import zipfile
from pathlib import Path
from typing import BinaryIO, NamedTuple

import cv2
import keras
import numpy as np
import requests
import tensorflow_datasets as tfds
from course_utils import runtime
from PIL import Image, ImageOps

SECONDS = 3  # that a host has to answer, before the drawn set is taken
MOST_PIXELS = 50_000_000  # in a picture of one's own


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


class Pictures(NamedTuple):
    """Where a set of pictures lies: an archive, or a folder in `data/miniature`.

    A split is a slice of a part; in `folders`, {} stands for the part. A set of pairs
    with one folder has them side by side.
    """

    kind: type
    place: str
    folders: tuple[str, ...]
    splits: dict[str, tuple[str, slice]]
    target_is_left: bool = False


ALL = slice(None)
SKETCHES = {
    "train": ("train", ALL),
    "fit": ("train", slice(800)),
    "heldout": ("train", slice(800, None)),
}
HOUSES = {part: (part, ALL) for part in ("train", "val")}
HOUSES |= {"fit": HOUSES["train"], "heldout": HOUSES["val"]}
HORSES = {part: (part, ALL) for part in ("train", "test")}
HORSES |= {"fit": ("train", slice(-100)), "heldout": ("train", slice(-100, None))}
SCENES = {"train": ("train", ALL), "fit": ("train", ALL), "heldout": ("heldout", ALL)}

PUBLISHED = {
    "sketch2pokemon": Pictures(
        Pairs, "sketch2pokemon.zip", ("pokemon_pix2pix_dataset/{}",), SKETCHES
    ),
    "facades": Pictures(
        Pairs,
        "facades.tar.gz",
        ("facades/{}",),
        HOUSES | {"test": ("test", ALL)},
        target_is_left=True,
    ),
    "horse2zebra": Pictures(
        Unpaired, "horse2zebra.zip", ("horse2zebra/{}A", "horse2zebra/{}B"), HORSES
    ),
}
DRAWN = {
    "creatures": Pictures(Pairs, "creatures", ("{}",), SKETCHES),
    "facades": Pictures(Pairs, "facades", ("{}/plans", "{}/photos"), HOUSES),
    "savannah": Pictures(Unpaired, "savannah", ("{}/horses", "{}/zebras"), SCENES),
}
STAND_INS = {"sketch2pokemon": "creatures", "horse2zebra": "savannah"}
EFROS = "https://efrosgans.eecs.berkeley.edu"
ADDRESSES = {  # of the first two, tensorflow-datasets knows all
    "fashion_mnist": "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    "mnist": "https://storage.googleapis.com/cvdf-datasets/mnist",
    "sketch2pokemon": "https://www.kaggle.com/api/v1/datasets/download/norod78/"
    "sketch2pokemon",
    "facades": f"{EFROS}/pix2pix/datasets/facades.tar.gz",
    "horse2zebra": f"{EFROS}/cyclegan/datasets/horse2zebra.zip",
}
SUMS = {  # SHA-256, where one is published
    "horse2zebra": "a74d9d392eecca9966b51287a76ca126af473d9de4f3e8fc0e9cda08fa1730a1",
}
SMALL = ("fashion_mnist", "mnist")
DATA = runtime.ROOT / "data"
MINIATURES, DOWNLOADS = DATA / "miniature", DATA / "downloads"
BUILT = DATA / "tensorflow_datasets"

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
    source = os.environ.get("COURSE_DATA") or source
    if source == "auto" and runtime.run_length() == "recipe":
        source = "real"  # weights for all should not come from the drawn set unseen
    if source not in ("auto", "real", "miniature"):
        raise ValueError(f"no source {source!r}; known: auto, real, miniature")
    if name not in (*ADDRESSES, *DRAWN):
        known = ", ".join(dict.fromkeys((*ADDRESSES, *DRAWN)))
        raise ValueError(f"no data set {name!r}; known: {known}")
    place, why = None, ""
    if source != "miniature" and name in ADDRESSES:
        try:
            place = _published(name, patient=source == "real")
        except OSError as error:
            if source == "real":
                raise
            why = f"; {error}"
    if name in SMALL:
        if size not in (None, 28):
            raise ValueError(f"{name} has 28 × 28 pixels, not {size} × {size}")
        data = _small(name, split, place or MINIATURES, limit)
    else:
        known = PUBLISHED[name] if place else DRAWN[STAND_INS.get(name, name)]
        place_of = place or MINIATURES / known.place
        data = known.kind(*_pictures(known, place_of, split, size, limit))
    origin = "the real set" if place else "the miniature"
    print(f"{name}, {split}: {origin}, {_count(data)}{why}")
    return data


def truth(
    name: str = "savannah", split: str = "heldout", *, size=None, limit=None
) -> Pairs:
    """Return drawn horses and, for each one, the zebra that stands in its place.

    They are those of `load("savannah", "heldout")`. No real set has such pairs.
    """
    if (name, split) != ("savannah", "heldout"):
        raise ValueError(
            "the truth is known for 'savannah', 'heldout' alone, not for "
            f"{name!r}, {split!r}"
        )
    return Pairs(*_pictures(DRAWN[name], MINIATURES / name, split, size, limit))


def labels_of(plans: np.ndarray) -> np.ndarray:
    """Return the number of each pixel's label, (n, h, w), in plans (n, h, w, 3), uint8.

    It is the one with the nearest colour, since the published plans are JPEGs.
    """
    gaps = [np.abs(plans - np.int16(colour)).sum(-1) for colour in LABELS.values()]
    return np.argmin(gaps, axis=0).astype(np.int32)


def from_folder(
    path: str | Path, *, size: int = 256, paired: bool = True
) -> Pairs | Unpaired:
    """Return the pictures in a folder of yours, each (n, size, size, 3), uint8.

    A folder of pictures holds pairs side by side, input left and target right. Two
    folders in it hold, in alphabetical order, the inputs and the targets of pairs
    with the same names, or with `paired=False` two kinds of pictures without pairs.
    """
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder")
    inner = sorted(p for p in folder.iterdir() if p.is_dir() and p.name[0] not in "._")
    if len(inner) != 2 and not paired:
        raise ValueError(f"{folder} has {len(inner)} folders; expected 2, one a kind")
    if len(inner) != 2:
        wide = np.stack([*_own(folder, size, 2 * size).values()])
        return Pairs(wide[:, :, :size], wide[:, :, size:])
    first, second = (_own(place, size, size) for place in inner)
    if not paired:
        return Unpaired(np.stack([*first.values()]), np.stack([*second.values()]))
    if alone := sorted(first.keys() ^ second.keys()):
        print("passed over, for want of a partner:", ", ".join(alone))
    both = [name for name in first if name in second]
    if not both:
        raise ValueError(f"{folder}: no picture has the same name in both folders")
    return Pairs(*(np.stack([side[name] for name in both]) for side in (first, second)))


def read_image(
    source: str | Path | BinaryIO, *, size: int, width: int | None = None
) -> np.ndarray:
    """Return a picture of yours as (size, width or size, 3), uint8, cropped and scaled.

    It is turned as its EXIF data say; a transparent ground becomes white; of pictures
    that move it is the first one.
    """
    try:
        image = Image.open(source, formats=("JPEG", "PNG", "WEBP", "GIF"))
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(f"{image.width} × {image.height} pixels are too many")
        image = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError:
        raise ValueError(f"it has more than {MOST_PIXELS:,} pixels") from None
    except FileNotFoundError:
        raise
    except (OSError, SyntaxError):
        raise ValueError("it is no whole JPEG, PNG, WebP or GIF") from None
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip
        image = Image.fromarray(np.uint8(np.asarray(image) >> 8))
    fitted = ImageOps.fit(image.convert("RGBA"), (width or size, size))
    ground = Image.new("RGBA", fitted.size, "white")
    return np.asarray(Image.alpha_composite(ground, fitted).convert("RGB"))


def _own(folder: Path, size: int, width: int) -> dict[str, np.ndarray]:
    """Return the pictures in a folder of one's own by name; say what is passed over."""
    found = {}
    for path in sorted(folder.iterdir(), key=_by_number):
        if path.is_file() and path.name[0] != ".":
            try:
                found[path.stem] = read_image(path, size=size, width=width)
            except ValueError as error:
                print(f"passed over {path.name}: {error}")
    if not found:
        raise ValueError(f"{folder} has no JPEG, PNG, WebP or GIF that can be read")
    return found


def _published(name: str, *, patient: bool) -> Path:
    """Return where the published set lies, after downloading it if need be.

    Unless patient, a host that does not answer within seconds is not waited for.
    """
    is_small, places = name in SMALL, []
    file = "train-images-idx3-ubyte.gz" if is_small else PUBLISHED[name].place
    for folder in (os.environ.get("COURSE_DOWNLOADS") or DOWNLOADS, DOWNLOADS):
        places.append(Path(folder).expanduser() / name / file)
        if not is_small:  # of the small ones, both have the same file names
            places.append(Path(folder).expanduser() / file)
    by_hand = next((path for path in places if path.is_file()), None)
    is_here = by_hand or (is_small and (BUILT / name).is_dir())
    if not (is_here or patient or _answers(ADDRESSES[name])):
        raise OSError(f"{ADDRESSES[name].split('/')[2]} does not answer")
    if is_small:
        return _build(name, by_hand)
    if by_hand and name in SUMS:
        if hashlib.sha256(by_hand.read_bytes()).hexdigest() != SUMS[name]:
            print(f"{by_hand.name} is not the published file; it is read as it is")
    return by_hand or _download(name)


def _answers(address: str) -> bool:
    """Return whether a host answers within a few seconds, whatever it says."""
    answered = threading.Event()

    def ask():
        with contextlib.suppress(OSError):
            requests.head(address, timeout=SECONDS)
            answered.set()

    # In a thread, since looking up a name may take longer than any time-out.
    threading.Thread(target=ask, daemon=True).start()
    return answered.wait(SECONDS)


def _download(name: str) -> Path:
    """Return the archive after downloading it: whole and checked, or not there."""
    target = DOWNLOADS / PUBLISHED[name].place
    part = target.with_name(f"{target.name}.part")
    try:
        DOWNLOADS.mkdir(parents=True, exist_ok=True)
        keras.utils.get_file(
            part.name,
            ADDRESSES[name],
            file_hash=SUMS.get(name),
            cache_dir=DOWNLOADS,
            cache_subdir="",
            force_download=True,
        )
        _contents(part, "")  # reads it to its end
        return part.replace(target)
    except Exception as error:  # get_file raises all sorts
        raise OSError(
            f"{target.name} could not be downloaded ({error}); put it into "
            f"{DOWNLOADS}, or name the folder that has it in COURSE_DOWNLOADS"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _build(name: str, by_hand: Path | None) -> Path:
    """Return the folder in which tensorflow-datasets has built a small set."""
    config = tfds.download.DownloadConfig(manual_dir=by_hand and by_hand.parent)
    try:
        builder = tfds.builder(name, data_dir=BUILT)
        # A folder for each: files of the same names would be taken for one another.
        unpacked = BUILT / "downloads" / name
        builder.download_and_prepare(download_dir=unpacked, download_config=config)
    except Exception as error:  # its errors have no base of their own
        raise OSError(
            f"{name} could not be built ({error}); put its four .gz files into "
            f"{DOWNLOADS / name}"
        ) from None
    return BUILT


def _small(name: str, split: str, folder: Path, limit: int | None) -> Labelled:
    if split not in ("train", "test"):
        raise ValueError(f"{name} has no split {split!r}; known: train, test")
    some = split if limit is None else f"{split}[:{limit}]"
    data = tfds.load(name, split=some, data_dir=folder, batch_size=-1)
    return Labelled(np.asarray(data["image"]), np.asarray(data["label"], np.uint8))


def _pictures(known: Pictures, place: Path, split: str, size, limit) -> list:
    """Return the two arrays of a split, out of a folder or an archive."""
    if split not in known.splits:
        listed = ", ".join(known.splits)
        raise ValueError(f"{place.name} has no split {split!r}; known: {listed}")
    part, cut = known.splits[split]
    sides = []
    for folder in (folder.format(part) for folder in known.folders):
        files = _contents(place, folder)
        if not files:
            raise FileNotFoundError(f"{place} has no pictures in {folder}")
        names = sorted(files, key=_by_number)[cut][:limit]
        sides.append(np.stack([_decoded(files[name], place / name) for name in names]))
    if len(sides) == 1:
        sides = np.split(sides[0], 2, axis=2)
    if known.target_is_left:
        sides.reverse()
    is_plan = known.place.startswith("facades")
    return [_scaled(sides[0], size, is_plan), _scaled(sides[1], size, False)]


def _contents(place: Path, folder: str) -> dict[Path, bytes]:
    """Return the files right in one folder of a folder, a zip or a tar.gz, as bytes."""
    inside = Path(folder)
    if place.is_dir():
        return {path: path.read_bytes() for path in (place / inside).glob("*.*")}
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


def _count(data: Labelled | Pairs | Unpaired) -> str:
    if isinstance(data, Unpaired):
        return f"{len(data.horses):,} horses and {len(data.zebras):,} zebras"
    return f"{len(data[0]):,} {'pairs' if isinstance(data, Pairs) else 'pictures'}"


def _by_number(path: Path) -> list:
    """Return a key that puts 2.jpg before 10.jpg."""
    parts = re.split(r"(\d+)", path.name)
    return [int(part) if part.isdecimal() else part for part in parts]


def _decoded(content: bytes, path: Path) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{path} is no picture")
    return picture[..., ::-1]  # OpenCV has blue first


def _scaled(pictures: np.ndarray, size: int | None, is_plan: bool) -> np.ndarray:
    """Return pictures of this size; a plan keeps its exact colours."""
    if size in (None, pictures.shape[1]):
        return np.ascontiguousarray(pictures)
    how = cv2.INTER_AREA if pictures.shape[1] > size else cv2.INTER_LINEAR
    how = cv2.INTER_NEAREST if is_plan else how
    return np.stack([cv2.resize(p, (size, size), interpolation=how) for p in pictures])
