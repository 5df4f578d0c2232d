"""The one door: from a name to arrays, real where they can be had, else drawn."""

import importlib
import os

import numpy as np
from course_utils import runtime
from course_utils.data import cache, fetch, readers
from course_utils.data.catalogue import CATALOGUE, DataSet, Labelled, Pairs, Unpaired

SOURCES = ("auto", "real", "miniature")
ARTISTS = {
    "fashion_mnist": "clothes",
    "mnist": "digits",
    "sketch2pokemon": "creatures",
    "facades": "facades",
    "horse2zebra": "savannah",
}
FULL_SIZE = 256


def load(
    name: str,
    split: str = "train",
    *,
    source: str = "auto",
    size: int | None = None,
    limit: int | None = None,
    seed: int = 0,
) -> Labelled | Pairs | Unpaired:
    """Return a data set as a named tuple of uint8 arrays, channels last.

    `(images, labels)` of 28 × 28 pixels, `(inputs, targets)` for pairs, or
    `(horses, zebras)`; the last two of 256 × 256 pixels, or of `size`.

    With `source="auto"` it takes the real set where it is cached, put into
    `data/downloads/` by hand, or can be downloaded, and else draws the built-in
    miniature; it says which. "real" and "miniature" take nothing else; so does the
    environment variable COURSE_DATA=miniature, and a recipe takes the real set only,
    unless that says otherwise. `limit` keeps the first ones of each array; `seed` is
    the miniature's.
    """
    source = _checked(name, split, source, size, limit)
    part, cut = CATALOGUE[name].splits[split]
    problem = None
    if source != "miniature":
        try:
            data, origin = _real(name, part), "the real set"
        except (OSError, ValueError) as error:
            if source == "real":
                raise _no_real_set(name, error) from None
            problem = error
    if source == "miniature" or problem:
        data = _drawn(name, part, size, seed, cut, limit)
        origin = "the built-in miniature"
    else:
        data = [array[cut][:limit] for array in data]
    if size is not None:
        data = [
            _resized(array, size, plan=name == "facades" and not number)
            for number, array in enumerate(data)
        ]
    data = CATALOGUE[name].kind(*data)
    print(f"{name}, {split}: {origin}, {_count(data)}")
    if problem:
        print(f"The real set is not at hand: {problem}")
    return data


def truth(
    name: str = "horse2zebra",
    split: str = "heldout",
    *,
    size: int | None = None,
    limit: int | None = None,
    seed: int = 0,
) -> Pairs:
    """Return the miniature's horses of a split, and each one's own zebra.

    The horses are those of `load(name, split, source="miniature")`. No real set has
    such pairs: an unpaired translation can be marked against the truth here only.
    """
    if name != "horse2zebra":
        raise ValueError(f"the truth is known for horse2zebra only, not for {name!r}")
    _checked(name, split, "miniature", size, limit)
    part, cut = CATALOGUE[name].splits[split]
    count = CATALOGUE[name].parts[part][0]
    first, last, _ = cut.indices(count)
    artist = importlib.import_module(f"course_utils.data.{ARTISTS[name]}")
    count = last - first if limit is None else min(last - first, limit)
    first_seed, _ = _seeds(name, part, seed)
    options = {"seed": first_seed, "size": size or FULL_SIZE, "first": first}
    return Pairs(*artist.draw(count, **options))


def _checked(name, split, source, size, limit) -> str:
    """Return the source that is meant, after checking what was asked for."""
    if name not in CATALOGUE:
        raise ValueError(f"no data set {name!r}; known: {', '.join(CATALOGUE)}")
    splits = CATALOGUE[name].splits
    if split not in splits:
        raise ValueError(f"{name} has no split {split!r}; known: {', '.join(splits)}")
    if source == "auto":
        unset = "real" if runtime.run_length() == "recipe" else "auto"
        source = os.environ.get("COURSE_DATA") or unset
    if source not in SOURCES:
        known = ", ".join(SOURCES)
        raise ValueError(f"source (or COURSE_DATA) is {source!r}; known: {known}")
    if size is not None and CATALOGUE[name].kind is Labelled:
        raise ValueError(f"size is {size}, but {name} has one size only, 28")
    if size is not None and not 32 <= size <= 512:
        raise ValueError(f"size is {size}; expected 32 to 512 pixels")
    if limit is not None and limit < 1:
        raise ValueError(f"limit is {limit}; expected a number of pictures, 1 or more")
    return source


def _no_real_set(name: str, error: Exception) -> OSError:
    files = ", ".join(file.name for file in CATALOGUE[name].files)
    return OSError(
        f"the real {name} is not at hand: {error}. Put {files} into "
        f"{fetch.data_folder() / 'downloads' / name}, or name the folder that has "
        "them in COURSE_DOWNLOADS."
    )


def _real(name: str, part: str) -> tuple[np.ndarray, ...]:
    dataset: DataSet = CATALOGUE[name]
    found = fetch.find_files(name, dataset)
    different = fetch.differing(dataset, found) if found else ""
    if different:
        places = ", ".join(map(str, found.values()))
        print(f"{places}: not as published; taken after a look inside, as put there")

    def read():
        paths = found or fetch.download_files(name, dataset)
        if name == "mnist" and not different:
            return readers.read_mnist(paths, part)
        return readers.read(dataset, paths, part)

    return cache.kept(f"{name}-{part}-real-{readers.VERSION}{different}", read)


def _drawn(name, part, size, seed, cut: slice, limit) -> list[np.ndarray]:
    """Return a cut of a part's miniature, at most `limit` pictures of each kind.

    A small share of a part that is not in the cache is drawn without the rest.
    """
    artist = importlib.import_module(f"course_utils.data.{ARTISTS[name]}")
    dataset, size = CATALOGUE[name], size or FULL_SIZE
    seeds = _seeds(name, part, seed)
    shape = "" if dataset.kind is Labelled else f"-{size}"
    cached = f"{name}-{part}-miniature-{artist.VERSION}-{seed}{shape}"
    whole = [range(count) for count in dataset.parts[part]]
    wanted = [numbers[cut][:limit] for numbers in whole]

    def draw(places) -> tuple[np.ndarray, ...]:
        if dataset.kind is Labelled:
            return artist.draw(len(places[0]), seed=seeds[0])
        drawn = [
            artist.draw(len(numbers), seed=own, size=size, first=numbers.start)
            for numbers, own in zip(places, seeds, strict=False)
        ]
        return drawn[0] if dataset.kind is Pairs else (drawn[0][0], drawn[1][1])

    is_part = limit is not None or len(wanted[0]) < len(whole[0]) / 2
    if is_part and not cache.path_of(cached).exists():
        return list(draw(wanted))
    return [array[cut][:limit] for array in cache.kept(cached, lambda: draw(whole))]


def _seeds(name: str, part: str, seed: int) -> tuple[int, int]:
    """Return two seeds for a part that no other part of this data set uses."""
    parts = list(CATALOGUE[name].parts)
    first = 2 * (seed * len(parts) + parts.index(part))
    return first, first + 1


def _resized(array: np.ndarray, size: int, *, plan: bool) -> np.ndarray:
    """Return pictures (n, size, size, 3); a plan keeps its exact colours."""
    import cv2

    if array.shape[1] == size:
        return array
    how = cv2.INTER_NEAREST if plan else cv2.INTER_AREA
    resized = [
        cv2.resize(picture, (size, size), interpolation=how) for picture in array
    ]
    return np.stack(resized)


def _count(data) -> str:
    if isinstance(data, Unpaired):
        return f"{len(data.horses):,} horses, {len(data.zebras):,} zebras"
    noun = "pairs" if isinstance(data, Pairs) else "pictures"
    return f"{len(data[0]):,} {noun}"
