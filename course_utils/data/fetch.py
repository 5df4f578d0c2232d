"""Published files: found where the user put them, or downloaded and verified."""

import contextlib
import errno
import hashlib
import http.client
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from course_utils import runtime
from course_utils.data.catalogue import DataSet, RemoteFile
from tqdm import tqdm

TIMEOUT = 20  # seconds without a byte
PAUSES = (1, 2, 4)  # seconds before each new attempt at one address
BLOCK = 1 << 18
DISK_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)


class NoRetry(OSError):
    """This address will not give the file, now or a second later."""


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
                if file.sha256 and sha256(paths[file.name]) != file.sha256:
                    print(
                        f"{paths[file.name]} differs from the published file; "
                        "taken after a look inside, since you put it there"
                    )
            return paths
    return None


def download_files(name: str, dataset: DataSet) -> dict[str, Path]:
    """Return where the files lie after downloading those that are missing."""
    by_hand = "Put the files into a folder of yours and name it in COURSE_DOWNLOADS."
    folder = runtime.make_folder(data_folder() / "downloads" / name, advice=by_hand)
    for file in dataset.files:
        if not (folder / file.name).exists():
            download(file, dataset.addresses, folder / file.name)
    return {file.name: folder / file.name for file in dataset.files}


def download(file: RemoteFile, addresses: tuple[str, ...], target: Path) -> Path:
    """Return `target` after fetching the file from the first address that has it.

    What has come before an interruption is kept and gone on with. The file gets its
    name when it is whole and its sum is right.
    """
    part = target.with_name(f"{target.name}.part")
    problems = []
    for address in addresses:
        url = address.format(name=file.name)
        try:
            with _alone(part):
                if not target.exists():
                    _fetch(url, part, file)
                    _verify(url, part, file)
                    os.replace(part, target)
            return target
        except OSError as error:
            problems.append(f"{url}: {error}")
    raise OSError("; ".join(problems) or f"nobody serves {file.name}")


@contextlib.contextmanager
def _alone(part: Path):
    """Wait until no other notebook downloads the same file."""
    try:
        import fcntl
    except ImportError:  # Windows: two downloads at once are not foreseen there
        yield
        return
    with open(part.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(url: str, part: Path, file: RemoteFile) -> None:
    """Write what the address serves to `part`, in as many attempts as it takes."""
    for pause in (*PAUSES, None):
        try:
            _attempt(url, part, file)
            return
        except urllib.error.HTTPError as error:
            if error.code < 500 or pause is None:
                raise OSError(
                    f"the server answers {error.code} {error.reason}"
                ) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, socket.gaierror) or pause is None:
                raise OSError(f"not reached ({error.reason})") from None
        except NoRetry:
            part.unlink(missing_ok=True)
            raise
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in DISK_TROUBLE:
                part.unlink(missing_ok=True)
                raise OSError(f"{part} cannot be written ({error.strerror})") from None
            if pause is None:
                have = part.stat().st_size if part.exists() else 0
                raise OSError(f"broke off after {have:,} bytes ({error})") from None
        print(f"{file.name}: the connection broke; trying again in {pause} s")
        time.sleep(pause)


def _attempt(url: str, part: Path, file: RemoteFile) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "gan-course"} | (
        {"Range": f"bytes={have}-"} if have else {}
    )
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as reply:
        if reply.status != 206:  # the server sends all of it, from the beginning
            have = 0
        expected = reply.headers.get("Content-Length")
        total = have + int(expected) if expected else None
        limit = 2 * file.size if file.sha256 is None else file.size
        if total and total > limit:
            raise NoRetry(f"it has {total:,} bytes, expected {file.size:,}")
        with open(part, "ab" if have else "wb") as out, _bar(file, total, have) as bar:
            while block := reply.read(BLOCK):
                have += len(block)
                if have > limit:
                    raise NoRetry(f"it goes on after {limit:,} bytes")
                out.write(block)
                bar.update(len(block))
    if total and have < total:
        raise OSError(f"{have:,} of {total:,} bytes came")


def _bar(file: RemoteFile, total: int | None, have: int) -> tqdm:
    megabytes = f"{(total or file.size) / 1e6:.1f} MB"
    print(f"downloading {file.name}, {megabytes}" + (", going on" if have else ""))
    return tqdm(
        total=total,
        initial=have,
        unit="B",
        unit_scale=True,
        file=sys.stdout,
        leave=False,
        ncols=88,
        disable=not runtime.is_watched(),
    )


def _verify(url: str, part: Path, file: RemoteFile) -> None:
    """Remove `part` and say what came, unless it is the published file."""
    with open(part, "rb") as content:
        start = content.read(40)
    if file.sha256 is None:
        if start.startswith((b"PK\x03\x04", b"\x1f\x8b")):
            return
        problem = "expected a zip or tar.gz archive"
    else:
        found = sha256(part)
        if found == file.sha256:
            return
        problem = f"expected SHA-256 {file.sha256}, found {found}"
    size = part.stat().st_size
    part.unlink()
    raise NoRetry(f"{problem}; {size:,} bytes came, which begin with {start!r}")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
