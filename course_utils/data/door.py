"""The one door: from a name to arrays, real where they can be had, else drawn."""

import contextlib
import importlib
import os
import zipfile
from pathlib import Path

import numpy as np
from course_utils import runtime
from course_utils.data import fetch, readers
from course_utils.data.catalogue import CATALOGUE, Labelled

SOURCES = ("auto", "real", "miniature")
MINIATURES = {"fashion_mnist": "clothes"}


def load(
    name: str,
    split: str = "train",
    *,
    source: str = "auto",
    limit: int | None = None,
    seed: int = 0,
) -> Labelled:
    """Return the pictures (n, 28, 28, 1) and labels (n,) of a data set, uint8.

    With `source="auto"` it takes the real set where it is cached, put into
    `data/downloads/` by hand, or can be downloaded, and else draws the built-in
    miniature; it says which. "real" and "miniature" take nothing else; so does the
    environment variable COURSE_DATA=miniature, and a recipe takes the real set only,
    unless that says otherwise. `limit` keeps the first ones;
    `seed` is the miniature's.
    """
    _check(name, split, source, limit)
    if source == "auto":
        unset = "real" if runtime.run_length() == "recipe" else "auto"
        source = os.environ.get("COURSE_DATA") or unset
        _check(name, split, source, limit)
    problem = None
    if source != "miniature":
        try:
            data, origin = _real(name, split), "the real set"
        except (OSError, ValueError) as error:
            if source == "real":
                raise _no_real_set(name, error) from None
            problem = error
    if source == "miniature" or problem:
        data, origin = _miniature(name, split, seed), "the built-in miniature"
    data = Labelled(*(array[:limit] for array in data))
    print(f"{name}, {split}: {origin}, {len(data.images):,} pictures")
    if problem:
        print(f"The real set is not at hand: {problem}")
    return data


def _check(name, split, source, limit) -> None:
    if name not in CATALOGUE:
        raise ValueError(f"no data set {name!r}; known: {', '.join(CATALOGUE)}")
    splits = CATALOGUE[name].splits
    if split not in splits:
        raise ValueError(f"{name} has no split {split!r}; known: {', '.join(splits)}")
    if source not in SOURCES:
        known = ", ".join(SOURCES)
        raise ValueError(f"source (or COURSE_DATA) is {source!r}; known: {known}")
    if limit is not None and limit < 1:
        raise ValueError(f"limit is {limit}; expected a number of pictures, 1 or more")


def _no_real_set(name: str, error: Exception) -> OSError:
    files = ", ".join(file.name for file in CATALOGUE[name].files)
    return OSError(
        f"the real {name} is not at hand: {error}. Put {files} into "
        f"{fetch.data_folder() / 'downloads' / name}, or name the folder that has "
        "them in COURSE_DOWNLOADS."
    )


def _real(name: str, split: str) -> tuple[np.ndarray, ...]:
    def read():
        dataset = CATALOGUE[name]
        paths = fetch.find_files(name, dataset)
        return readers.read_idx_split(
            paths or fetch.download_files(name, dataset), split
        )

    return _cached(f"{name}-{split}-real.npz", read)


def _miniature(name: str, split: str, seed: int) -> tuple[np.ndarray, ...]:
    module = importlib.import_module(f"course_utils.data.{MINIATURES[name]}")
    count = CATALOGUE[name].splits[split]
    parts = list(CATALOGUE[name].splits)
    return _cached(
        f"{name}-{split}-miniature-{module.VERSION}-{seed}.npz",
        lambda: module.draw(count, seed=seed * len(parts) + parts.index(split)),
    )


def _cached(file_name: str, make) -> tuple[np.ndarray, ...]:
    """Return the arrays in the cache, or make them and put them there.

    They are written to a name of our own and renamed, so that two notebooks at once
    do not disturb each other. A cache that cannot be read is made anew, and one that
    cannot be written is done without.
    """
    path = fetch.data_folder() / "cache" / file_name
    if path.exists():
        with contextlib.suppress(OSError, ValueError, KeyError, zipfile.BadZipFile):
            with np.load(path, allow_pickle=False) as arrays:
                return arrays["images"], arrays["labels"]
    images, labels = make()
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(part, "wb") as file:
            np.savez(file, images=images, labels=labels)
        os.replace(part, path)
    except OSError as error:
        print(f"not cached: {path.parent} cannot be written ({error.strerror})")
        with contextlib.suppress(OSError):
            Path(part).unlink(missing_ok=True)
    return images, labels
