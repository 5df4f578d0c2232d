"""Published files: found where the user put them, or downloaded."""

import hashlib
import os
from pathlib import Path

from course_utils import runtime
from course_utils.data.catalogue import CATALOGUE, DataSet
from course_utils.data.download import download, sha256


def data_folder() -> Path:
    """Return the folder for caches and downloads, `data/` in the repository."""
    return runtime.ROOT / "data"


def search_folders(name: str) -> list[Path]:
    """Return the folders in which a user may have put the files of a data set."""
    places = [data_folder() / "downloads"]
    if os.environ.get("COURSE_DOWNLOADS"):
        places.insert(0, Path(os.environ["COURSE_DOWNLOADS"]).expanduser())
    return [folder for place in places for folder in (place / name, place)]


def find_files(name: str, dataset: DataSet) -> dict[str, Path] | None:
    """Return where the files of a data set lie, or None if one is missing."""
    for folder in search_folders(name):
        paths = {file.name: folder / file.name for file in dataset.files}
        if all(path.is_file() for path in paths.values()):
            sums = {sha256(path) for path in paths.values()}
            others = {
                file.sha256
                for other, known in CATALOGUE.items()
                for file in known.files
                if other != name
            }
            if not sums & others:  # MNIST and Fashion-MNIST have the same file names
                return paths
    return None


def differing(dataset: DataSet, paths: dict[str, Path]) -> str:
    """Return a short sum of the files that are not as published, "" if all are."""
    different = [
        sha256(paths[file.name])
        for file in dataset.files
        if file.sha256 and sha256(paths[file.name]) != file.sha256
    ]
    return hashlib.sha256("".join(different).encode()).hexdigest()[:8] * bool(different)


def download_files(name: str, dataset: DataSet) -> dict[str, Path]:
    """Return where the files lie after downloading those that are missing."""
    by_hand = "Put the files into a folder of yours and name it in COURSE_DOWNLOADS."
    folder = runtime.make_folder(data_folder() / "downloads" / name, advice=by_hand)
    for file in dataset.files:
        if not (folder / file.name).exists():
            download(file, dataset.addresses, folder / file.name)
    return {file.name: folder / file.name for file in dataset.files}
