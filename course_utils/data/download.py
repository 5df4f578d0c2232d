"""Downloads: resumed, retried with growing pauses, verified, whole or absent."""

import contextlib
import errno
import gzip
import hashlib
import http.client
import os
import socket
import sys
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from pathlib import Path

from course_utils import runtime
from course_utils.data.catalogue import RemoteFile
from tqdm import tqdm

TIMEOUT = 20  # seconds without a byte
PAUSES = (1, 2, 4)  # seconds before each new attempt at one address
BLOCK = 1 << 18
NEVER_REACHED = (socket.gaierror, TimeoutError, ConnectionRefusedError)
DISK_TROUBLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)


class NoRetry(OSError):
    """This address will not give the file, now or a second later."""


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
            if error.code == 416 and part.exists():  # it is whole, or another file's
                part.unlink()
                continue
            if error.code < 500 or pause is None:
                raise OSError(
                    f"the server answers {error.code} {error.reason}"
                ) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, NEVER_REACHED) or pause is None:
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
        if is_whole_archive(part):
            return
        problem = "expected a whole zip or tar.gz archive"
    else:
        found = sha256(part)
        if found == file.sha256:
            return
        problem = f"expected SHA-256 {file.sha256}, found {found}"
    size = part.stat().st_size
    part.unlink()
    raise NoRetry(f"{problem}; {size:,} bytes came, which begin with {start!r}")


def is_whole_archive(path: Path) -> bool:
    """Return whether a zip or gzip file can be read to its end, sums included."""
    with contextlib.suppress(
        OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile
    ):
        if not path.stat().st_size:
            return False
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        with gzip.open(path) as content:
            while content.read(BLOCK):
                pass
        return True
    return False


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
