"""Locating an old checkpoint's two files: beside each other, in a folder, in a zip."""

import re
import shutil
import zipfile
import zlib
from pathlib import Path

from course_utils.data import archives

LARGEST = 1_000_000_000  # bytes that the checkpoint in a zip may have
SHOWN = 12  # names in a message
PART = re.compile(r"\.(?:(index)|data-\d{5}-of-\d{5})$")
FORM = "a checkpoint is two files, GAN_500.index and GAN_500.data-00000-of-00001"
GIVE = "and the path is that of one of them, of their folder, or of a zip of them"
PLAIN = "saved"
BAD_ZIP = (
    *(OSError, EOFError, RuntimeError, UnicodeDecodeError),
    *(zlib.error, zipfile.BadZipFile),
)


def collect(path: Path, folder: Path) -> Path:
    """Return the beginning of the checkpoint's files, copied into the folder.

    TensorFlow gets them under a plain name, since it reads `[` and `*` as patterns.
    """
    stem = PART.sub("", path.name)
    place, names = path.parent, _names(path.parent)
    if stem not in map(_stem, names):
        if path.is_file():
            _unpack(path, folder)
            return folder / PLAIN
        if not path.is_dir():
            raise FileNotFoundError(f"{path} is missing; {FORM}, {GIVE}")
        place, names = path, _names(path)
        stem = _only(names, path)
    names = [name for name in names if _stem(name) == stem]
    if not _whole(names):
        raise FileNotFoundError(f"{path}: only {', '.join(names)} is there; {FORM}")
    for name in names:
        shutil.copyfile(place / name, folder / _plain(name))
    return folder / PLAIN


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def _stem(name: str) -> str | None:
    """Return the beginning of the name of a checkpoint's file; None for any other."""
    return PART.sub("", name) if PART.search(name) else None


def _plain(name: str) -> str:
    return PLAIN + PART.search(name)[0]


def _whole(names: list[str]) -> list[str]:
    """Return the beginnings of the checkpoints that have both an index and data."""
    kinds = {(_stem(name), PART.search(name)[1]) for name in names if _stem(name)}
    return sorted(stem for stem, kind in kinds if kind and (stem, None) in kinds)


def _only(names: list[str], path: Path) -> str:
    """Return the beginning of the one checkpoint among these files."""
    whole = _whole(names)
    if len(whole) > 1:
        raise ValueError(
            f"{path} has several checkpoints: {listed(whole)}. Give the path of one, "
            "unpacked if this is a zip"
        )
    if not whole:
        raise ValueError(f"{path} has no checkpoint, but: {listed(names)}; {FORM}")
    return whole[0]


def listed(names: list[str]) -> str:
    """Return some names in a row, for a message."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) or "nothing") + more


def _unpack(path: Path, folder: Path) -> None:
    """Unpack the files of the one checkpoint in a zip into the folder."""
    with open(path, "rb") as file:
        start = file.read(8)
    if start == b"\x89HDF\r\n\x1a\n" or path.suffix == ".keras":
        raise ValueError(
            f"{path} is in Keras's own format and needs no import: "
            "`model.load_weights(path)` reads it"
        )
    if not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is no checkpoint and no whole zip, it begins with {start!r}; "
            f"{FORM}, {GIVE}"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archives.members(path, archive, largest=LARGEST)
            files = {name: read for name, read in inside if "__MACOSX" not in name}
            stem = _only(sorted(files), path)
            chosen = [name for name in files if _stem(name) == stem]
            size = sum(archive.getinfo(name).file_size for name in chosen)
            if size > LARGEST:
                raise ValueError(
                    f"{path} is refused: {size:,} bytes unpacked, {LARGEST:,} are "
                    "the most"
                )
            for name in chosen:
                (folder / _plain(name)).write_bytes(files[name]())
    except BAD_ZIP as error:
        raise ValueError(
            f"{path} cannot be unpacked, get it anew ({error!r})"
        ) from None
