"""Pictures and arrays out of archives, checked; nothing is unpacked to the disk."""

import gzip
import io
import math
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np

LARGEST_MEMBER = 20_000_000  # bytes; a picture of these sets has some 20,000
LARGEST_ARRAY = 200_000_000  # bytes; the sheets of a training have some 20 million
LARGEST = 2_000_000_000  # bytes of all members
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # those that unpack by the piece
PICTURES = (".jpg", ".jpeg", ".png")
UNREADABLE = (
    *(OSError, ValueError, EOFError, RuntimeError, zlib.error),
    *(zipfile.BadZipFile, tarfile.TarError),
)


def read_folder(
    path: Path, folder: str, *, size: tuple[int, int], expected: int | None = None
) -> np.ndarray:
    """Return the pictures in one folder of an archive, (n, height, width, 3) uint8.

    They are in the order of the numbers in their names. There must be as many as
    expected, if that is said, and each must have the given size (height, width); text
    files among them are passed over.
    """
    with _open(path) as archive:
        pictures = [
            (name, read)
            for name, read in members(path, archive)
            if str(PurePosixPath(name).parent) == folder
            and name.lower().endswith(PICTURES)
        ]
        if expected and not pictures:
            part = PurePosixPath(folder).name
            raise ValueError(
                f"{path} has no folder {folder}: the part {part} is missing"
            )
        if expected and len(pictures) != expected:
            raise ValueError(
                f"{path} has {len(pictures):,} pictures in {folder}, not {expected:,}"
            )
        pictures.sort(key=lambda picture: natural(picture[0]))
        decoded = np.empty((len(pictures), *size, 3), np.uint8)
        for number, (name, read) in enumerate(pictures):
            try:
                decoded[number] = decode(read(), size=size)
            except UNREADABLE as error:
                raise ValueError(f"{path}: {name}: {error}") from None
    return decoded


def natural(name: str) -> list:
    """Return a key that sorts 2.jpg before 10.jpg."""
    parts = re.split(r"(\d+)", name)
    return [int(part) if part.isdecimal() else part for part in parts]


def decode(content: bytes, *, size: tuple[int, int]) -> np.ndarray:
    """Return the picture (height, width, 3) in a file's bytes, if it has this size."""
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    except UnidentifiedImageError:
        raise ValueError(
            f"is no JPEG or PNG; it begins with {content[:20]!r}"
        ) from None
    with image:
        if image.size != size[::-1]:
            found = f"{image.size[0]} × {image.size[1]}"
            raise ValueError(f"is {found} pixels, expected {size[1]} × {size[0]}")
        return np.asarray(image.convert("RGB"))


def read_arrays(path: Path, *, expected: Iterable[str] = ()) -> dict[str, np.ndarray]:
    """Return the arrays in an .npz file, none of them larger than its bytes."""
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name, read in members(path, archive, largest=LARGEST_ARRAY):
                found[name.removesuffix(".npy")] = _array(read())
    except UNREADABLE as error:
        raise ValueError(f"{path} holds no arrays as expected ({error})") from None
    if missing := set(expected) - set(found):
        raise ValueError(f"{path} lacks {', '.join(sorted(missing))}")
    return found


def _array(content: bytes) -> np.ndarray:
    file = io.BytesIO(content)
    if (version := np.lib.format.read_magic(file)) != (1, 0):
        raise ValueError(f"version {version} of the format, expected (1, 0)")
    shape, _, kind = np.lib.format.read_array_header_1_0(file)
    if kind.hasobject or math.prod(shape) * kind.itemsize != len(content) - file.tell():
        raise ValueError(f"shape {shape} of {kind} does not fit its bytes")
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


@contextmanager
def _open(path: Path):
    with ExitStack() as opened:
        try:
            if path.suffix == ".zip":
                archive = zipfile.ZipFile(path)
            else:
                unpacked = opened.enter_context(_Unpacked(path))
                archive = tarfile.open(fileobj=unpacked, mode="r:")
        except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise ValueError(f"{path} is not a whole archive ({error})") from None
        yield opened.enter_context(archive)


class _Unpacked(gzip.GzipFile):
    """The tar in a tar.gz; headers are read whole by tarfile, but not endless ones."""

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LARGEST_MEMBER:
            raise tarfile.TarError(f"a header claims {size:,} bytes")
        return super().read(size)


def members(path: Path, archive, *, largest: int = LARGEST_MEMBER) -> Iterator[tuple]:
    """Give the name of each file in the archive, and a function that reads it.

    A name that points outside, a link, or more than `largest` bytes are refused.
    """
    total = 0
    for name, size, regular, read in _listing(path, archive):
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or re.match("[A-Za-z]:", name):
            raise ValueError(f"{path} is refused: {name!r} points outside the archive")
        if not regular:
            raise ValueError(f"{path} is refused: {name!r} is a link or a device")
        total += size
        if not 0 <= size <= largest or total > LARGEST:
            raise ValueError(
                f"{path} is refused: {name!r} would unpack to {size:,} bytes, "
                f"{total:,} with those before it"
            )
        yield name, read


def _listing(path: Path, archive) -> Iterator[tuple]:
    try:
        if isinstance(archive, zipfile.ZipFile):
            for info in archive.infolist():
                if info.compress_type not in PACKED:
                    raise ValueError(
                        f"{path} is refused: {info.filename!r} is packed in an unusual "
                        "way; expected a plain zip"
                    )
                if not info.is_dir():
                    link = (info.external_attr >> 28) == 0o12
                    yield (
                        info.filename,
                        info.file_size,
                        not link,
                        partial(_unzipped, archive, info),
                    )
        else:
            for info in archive:
                if not info.isdir():
                    yield (
                        info.name,
                        info.size,
                        info.isreg(),
                        partial(_content, archive, info),
                    )
    except (OSError, EOFError, tarfile.TarError) as error:
        raise ValueError(f"{path} is not a whole archive ({error})") from None


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return as many bytes as the list of contents says, whatever is in there."""
    with archive.open(info) as file:
        return file.read(info.file_size)


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    return archive.extractfile(info).read()
