"""Your own pictures: folders of pairs or of two kinds, of any size and format."""

import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from course_utils.data.archives import natural
from course_utils.data.catalogue import Pairs, Unpaired

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000


def from_folder(
    path: str | Path, *, size: int = 256, paired: bool = True
) -> Pairs | Unpaired:
    """Return the pictures in a folder, each (n, size, size, 3), uint8.

    A folder of pictures holds pairs side by side, input left and target right. Two
    folders in it hold, in alphabetical order, the inputs and the targets of pairs
    with the same names, or with `paired=False` two kinds of pictures without pairs.
    Pictures may be JPEG, PNG, WebP or GIF of any size; a list says what was passed
    over.
    """
    folder = Path(path).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is no folder")
    folders = sorted(p for p in folder.iterdir() if p.is_dir() and _counts(p.name))
    skipped: list[str] = []
    if len(folders) == 2:
        first, second = (_pictures(place, size, skipped) for place in folders)
        if paired:
            data = _matched(first, second, folders, skipped)
        else:
            data = Unpaired(_stack(first, size), _stack(second, size))
    elif not paired:
        raise ValueError(
            f"{folder} has {len(folders)} folders; expected 2, one for each kind, or "
            "paired=True for pairs side by side"
        )
    else:
        halves = _pictures(folder, size, skipped, width=2 * size)
        whole = _stack(halves, size, width=2 * size)
        data = Pairs(whole[:, :, :size], whole[:, :, size:])
    for line in skipped:
        print(f"passed over: {line}")
    if 0 in map(len, data):
        raise ValueError(
            f"{folder} has no usable picture. Looked for JPEG, PNG, WebP or GIF files "
            "in it (pairs side by side), or in two folders in it; "
            f"{len(skipped)} files were passed over."
        )
    print(f"{folder.name}: {' and '.join(str(len(part)) for part in data)} pictures")
    return data


def _counts(folder: str) -> bool:
    """Return whether a folder is not one that a system made for itself."""
    return folder[0] != "." and folder != "__MACOSX"


def read_image(
    source: str | Path | BinaryIO, *, size: int, width: int | None = None
) -> np.ndarray:
    """Return a picture file as (size, width or size, 3), uint8, cropped and scaled.

    The turn is the one in its EXIF data, the crop the largest one in the middle of
    the right proportions; a transparent ground becomes white. Of pictures that move,
    it is the first one.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            try:
                opened = Image.open(source, formats=FORMATS)
            except OSError as error:
                if error.errno:  # the disk, not the picture
                    raise
                raise ValueError("no JPEG, PNG, WebP or GIF") from None
        with opened as image:
            if image.size[0] * image.size[1] > MOST_PIXELS:
                raise ValueError(
                    f"{image.size[0]} × {image.size[1]} pixels are too many"
                )
            image = ImageOps.exif_transpose(image)
            if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip
                image = Image.fromarray(np.uint8(np.asarray(image) >> 8))
            fitted = ImageOps.fit(image.convert("RGBA"), (width or size, size))
    except Image.DecompressionBombError:
        raise ValueError(f"more than {MOST_PIXELS:,} pixels") from None
    ground = Image.new("RGBA", fitted.size, "white")
    return np.asarray(Image.alpha_composite(ground, fitted).convert("RGB"))


def _pictures(folder: Path, size: int, skipped: list, width: int | None = None) -> dict:
    """Return the readable pictures of a folder by name; add the others to `skipped`."""
    found = {}
    for path in sorted(folder.iterdir(), key=lambda path: natural(path.name)):
        if not path.is_file() or path.name.startswith("."):
            continue
        if path.stem in found:
            skipped.append(f"{path.name}: there is another picture of that name")
            continue
        try:
            found[path.stem] = read_image(path, size=size, width=width)
        except Exception as error:  # odd EXIF data raise all sorts
            skipped.append(f"{path.name}: {error or type(error).__name__}")
    return found


def _matched(first: dict, second: dict, folders: list, skipped: list) -> Pairs:
    """Return the pictures whose names are in both folders, as pairs."""
    for mine, other, folder in ((first, second, 1), (second, first, 0)):
        for name in [name for name in mine if name not in other]:
            skipped.append(f"{name}: no partner in {folders[folder].name}")
            mine.pop(name)
    some = next(iter(first.values()), np.empty((0, 0, 3)))
    size = some.shape[0]
    return Pairs(_stack(first, size), _stack({n: second[n] for n in first}, size))


def _stack(pictures: dict, size: int, width: int | None = None) -> np.ndarray:
    empty = np.empty((0, size, width or size, 3), np.uint8)
    return np.stack(list(pictures.values())) if pictures else empty
