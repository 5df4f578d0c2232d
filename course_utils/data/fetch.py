"""Published files: found where the user put them, or downloaded and verified."""

import hashlib
import os
import urllib.request
from pathlib import Path

from course_utils import runtime
from course_utils.data.catalogue import DataSet, RemoteFile

TIMEOUT = 20


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
            for file in dataset.files:
                if sha256(paths[file.name]) != file.sha256:
                    print(
                        f"{paths[file.name]} differs from the published file; "
                        "taken as it is, since you put it there"
                    )
            return paths
    return None


def download_files(name: str, dataset: DataSet) -> dict[str, Path]:
    """Return where the files lie after downloading those that are missing."""
    folder = data_folder() / "downloads" / name
    folder.mkdir(parents=True, exist_ok=True)
    for file in dataset.files:
        if not (folder / file.name).exists():
            _download(file, dataset.addresses, folder / file.name)
    return {file.name: folder / file.name for file in dataset.files}


def _download(file: RemoteFile, addresses: tuple[str, ...], target: Path) -> None:
    problems = []
    for address in addresses:
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            print(f"downloading {address}{file.name}, {file.size / 1e6:.1f} MB")
            with urllib.request.urlopen(address + file.name, timeout=TIMEOUT) as reply:
                _copy(reply, part, limit=file.size)
            if (found := sha256(part)) != file.sha256:
                problems.append(
                    f"{address}{file.name}: expected SHA-256 {file.sha256}, found "
                    f"{found} ({part.stat().st_size:,} bytes)"
                )
                continue
            os.replace(part, target)
            return
        except OSError as error:
            problems.append(f"{address}{file.name}: {error}")
        finally:
            part.unlink(missing_ok=True)
    raise OSError("; ".join(problems))


def _copy(reply, part: Path, *, limit: int) -> None:
    """Write the reply to a file, at most one byte more than it should have."""
    with open(part, "wb") as file:
        left = limit + 1
        while left > 0 and (block := reply.read(min(left, 1 << 20))):
            file.write(block)
            left -= len(block)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
