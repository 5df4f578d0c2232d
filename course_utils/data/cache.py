"""The cache: uint8 arrays in data/cache, whole or absent."""

import contextlib
import os
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from course_utils.data.fetch import data_folder

UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile)


def path_of(name: str) -> Path:
    """Return where the arrays of this name are cached, or would be."""
    return data_folder() / "cache" / f"{name}.npz"


def kept(name: str, make: Callable[[], tuple]) -> tuple[np.ndarray, ...]:
    """Return the arrays in the cache under this name, or make them and put them there.

    They are written to a name of our own and renamed, so that two notebooks at once
    do not disturb each other. A cache that cannot be read is made anew, and one that
    cannot be written is done without.
    """
    path = path_of(name)
    if path.exists():
        with contextlib.suppress(*UNREADABLE):
            with np.load(path, allow_pickle=False) as arrays:
                return tuple(arrays[key] for key in sorted(arrays.files))
    made = make()
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            np.savez(file, **{f"array{n}": array for n, array in enumerate(made)})
        os.replace(part, path)
    except OSError as error:
        print(f"not cached: {path.parent} cannot be written ({error.strerror})")
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return made
