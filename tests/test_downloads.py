"""Downloads and archives: each fault has one clear message, the next call works."""

import hashlib
import http.server
import io
import tarfile
import threading
import zipfile

import numpy as np
import pytest
from course_utils import data, runtime
from course_utils.data import archives, catalogue, download
from PIL import Image

CONTENT = np.random.default_rng(0).integers(0, 256, 300_000, np.uint8).tobytes()
FILE = catalogue.RemoteFile(
    "pictures.bin", len(CONTENT), hashlib.sha256(CONTENT).hexdigest()
)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT in the way that the path names, and notes what was asked."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range")))
        getattr(self, "get_" + self.path.strip("/").split("/")[0])()

    def start(self, status, length, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()

    def get_good(self):
        self.start(200, len(CONTENT))
        self.wfile.write(CONTENT)

    def get_ranged(self):
        first = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.start(206 if first else 200, len(CONTENT) - first)
        self.wfile.write(CONTENT[first:])

    def get_cut(self):
        """Break off after a third, each time; ranges are answered."""
        first = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.start(206 if first else 200, len(CONTENT) - first)
        self.wfile.write(CONTENT[first : first + 120_000])

    def get_exact(self):
        """Answer 416 to a range that begins at the end, as servers do."""
        if self.headers.get("Range") == f"bytes={len(CONTENT)}-":
            return self.send_error(416)
        return self.get_ranged()

    def get_stubborn(self):
        """Break off after a third, and know no ranges."""
        self.start(200, len(CONTENT))
        self.wfile.write(CONTENT[:100_000])

    def get_wrong(self):
        self.start(200, len(CONTENT))
        self.wfile.write(CONTENT[::-1])

    def get_html(self):
        page = b"<!DOCTYPE html><title>Sorry</title>"
        self.start(200, len(page))
        self.wfile.write(page)

    def get_gone(self):
        self.send_error(404)

    def get_busy(self):
        self.send_error(503)

    def get_moved(self):
        self.start(302, 0, Location="/good/pictures.bin")

    def get_endless(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(bytes(50_000))

    def get_trickle(self):
        self.start(200, len(CONTENT))
        for first in range(0, len(CONTENT), 1_000):
            self.wfile.write(CONTENT[first : first + 1_000])
            self.wfile.flush()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(download, "PAUSES", (0, 0, 0))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    server.handle_error = lambda *_: None  # a client that goes away is no fault
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def address(server, way):
    return f"http://127.0.0.1:{server.server_port}/{way}/{{name}}"


def get(server, folder, *ways):
    target = folder / FILE.name
    return download.download(FILE, tuple(address(server, way) for way in ways), target)


@pytest.mark.parametrize("way", ["good", "ranged", "cut", "moved", "trickle"])
def test_a_file_comes_whole_in_spite_of_cuts_moves_and_trickles(server, tmp_path, way):
    assert get(server, tmp_path, way).read_bytes() == CONTENT
    assert not list(tmp_path.glob("*.part"))


def test_a_cut_download_goes_on_where_it_broke_off(server, tmp_path):
    get(server, tmp_path, "cut")
    assert [asked for _, asked in server.asked] == [
        None,
        "bytes=120000-",
        "bytes=240000-",
    ]


def test_what_an_earlier_call_got_is_kept_and_gone_on_with(server, tmp_path):
    with pytest.raises(OSError, match="broke off after 100,000 bytes"):
        get(server, tmp_path, "stubborn")
    server.asked.clear()
    assert get(server, tmp_path, "ranged").read_bytes() == CONTENT
    assert server.asked == [("/ranged/pictures.bin", "bytes=100000-")]


@pytest.mark.parametrize(
    ("way", "message"),
    [
        (
            "wrong",
            f"expected SHA-256 {FILE.sha256}, found [0-9a-f]{{64}}; 300,000 bytes",
        ),
        ("html", "35 bytes came, which begin with b'<!DOCTYPE html>"),
        ("gone", "the server answers 404 Not Found"),
        ("busy", "the server answers 503"),
        ("endless", "goes on after 300,000 bytes"),
    ],
)
def test_a_fault_is_named_nothing_is_left_and_the_next_call_works(
    server, tmp_path, way, message
):
    with pytest.raises(OSError, match=f"/{way}/pictures.bin: .*{message}"):
        get(server, tmp_path, way)
    assert [path.suffix for path in tmp_path.iterdir()] in ([], [".lock"])
    assert get(server, tmp_path, "good").read_bytes() == CONTENT


def test_the_next_address_is_tried(server, tmp_path):
    assert get(server, tmp_path, "gone", "wrong", "good").read_bytes() == CONTENT


def test_a_part_that_was_whole_already_does_not_block_the_next_call(server, tmp_path):
    (tmp_path / f"{FILE.name}.part").write_bytes(CONTENT[::-1])
    assert get(server, tmp_path, "exact").read_bytes() == CONTENT


def test_nobody_there_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(download.time, "sleep", lambda _: pytest.fail("it waited"))
    with pytest.raises(OSError, match="not reached"):
        download.download(FILE, ("http://127.0.0.1:9/{name}",), tmp_path / FILE.name)


def test_two_downloads_at_once_ask_the_server_once(server, tmp_path):
    threads = [
        threading.Thread(target=get, args=(server, tmp_path, "trickle"))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / FILE.name).read_bytes() == CONTENT
    assert len(server.asked) == 1


def test_an_archive_without_a_known_sum_must_at_least_be_one(server, tmp_path):
    unknown = FILE._replace(name="set.zip", sha256=None, size=100_000)
    with pytest.raises(OSError, match="expected a whole zip or tar.gz archive; 35"):
        download.download(unknown, (address(server, "html"),), tmp_path / "set.zip")
    whole = zipped(tmp_path / "whole.zip", {"a/1.jpg": jpeg()})
    assert download.is_whole_archive(whole)
    cut(whole)
    assert not download.is_whole_archive(whole)
    whole.write_bytes(b"")
    assert not download.is_whole_archive(whole)
    whole = tarred(tmp_path / "whole.tar.gz", {"a/1.jpg": jpeg()})
    assert download.is_whole_archive(whole)
    cut(whole)
    assert not download.is_whole_archive(whole)


def jpeg(value=0, size=(512, 256), mode="RGB", form="JPEG"):
    out = io.BytesIO()
    Image.new(mode, size, value).save(out, form)
    return out.getvalue()


def zipped(path, members, packing=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_pictures_come_by_number_and_text_files_are_passed_over(tmp_path, pack):
    suffix = "zip" if pack is zipped else "tar.gz"
    members = {f"set/train/{n}.jpg": jpeg((n, n, n)) for n in (10, 9, 1, 100)}
    members |= {"set/train/readme.txt": b"hello", "set/val/3.jpg": jpeg()}
    path = pack(tmp_path / f"set.{suffix}", members)
    found = archives.read_folder(path, "set/train", size=(256, 512))
    assert found.shape == (4, 256, 512, 3)
    assert np.abs(found[:, 0, 0, 0].astype(int) - [1, 9, 10, 100]).max() <= 1


def test_a_grey_picture_gets_three_channels(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a/1.jpg": jpeg(90, mode="L")})
    found = archives.read_folder(path, "a", size=(256, 512))
    assert found.shape == (1, 256, 512, 3) and (found == 90).all()


def linked(path):
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("a/1.jpg")
        info.type, info.linkname = tarfile.SYMTYPE, "../../secret"
        archive.addfile(info)
    return path


def headed(path, kind, size):
    """Write a tar whose first header is of this kind and claims this size."""
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("a/1.jpg")
        info.type, info.size = kind, size
        archive.fileobj.write(info.tobuf())
    return path


def lying(path):
    """Write a zip whose member has more bytes than its list of contents says."""
    content = bytes(5_000_000)
    zipped(path, {"a/1.jpg": content})
    said, told = (size.to_bytes(4, "little") for size in (len(content), 999))
    path.write_bytes(path.read_bytes().replace(said, told))
    return path


def linked_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a/1.jpg")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "../../secret")
    return path


def cut(path):
    path.write_bytes(path.read_bytes()[:-90])


def spoil(path):
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)


FAULTS = {
    "climbing": (lambda p: zipped(p, {"a/../../x.jpg": jpeg()}), "points outside"),
    "absolute": (lambda p: zipped(p, {"/etc/x.jpg": jpeg()}), "points outside"),
    "climbing tar": (lambda p: tarred(p, {"../x.jpg": jpeg()}), "points outside"),
    "link": (linked, "is a link"),
    "link in a zip": (linked_zip, "is a link"),
    "long tar header": (
        lambda p: headed(p, tarfile.XHDTYPE, 5_000_000_000),
        "a header claims 5,000,000,000 bytes",
    ),
    "long tar name": (
        lambda p: headed(p, tarfile.GNUTYPE_LONGNAME, 30_000_128),
        "a header claims 30,000,128 bytes",
    ),
    "tar of less than nothing": (
        lambda p: headed(p, tarfile.REGTYPE, -5120),
        "would unpack to -5,120 bytes|has no folder a",  # newer Pythons pass over it
    ),
    "bomb": (
        lambda p: zipped(p, {"a/1.jpg": bytes(30_000_000)}),
        "to 30,000,000 bytes",
    ),
    "other packing": (
        lambda p: zipped(p, {"a/1.jpg": jpeg()}, zipfile.ZIP_BZIP2),
        "packed in an unusual way",
    ),
    "lying": (lying, "a/1.jpg: "),
    "cut zip": (lambda p: cut(zipped(p, {"a/1.jpg": jpeg()})), "not a whole archive"),
    "cut tar": (lambda p: cut(tarred(p, {"a/1.jpg": jpeg()})), "not a whole archive"),
    "no archive": (lambda p: p.write_bytes(b"<html>"), "not a whole archive"),
    "corrupt": (lambda p: zipped(p, {"a/1.jpg": jpeg()[:900]}), "a/1.jpg: "),
    "spoilt": (lambda p: spoil(zipped(p, {"a/1.jpg": jpeg()})), "a/1.jpg: "),
    "no picture": (lambda p: zipped(p, {"a/1.jpg": b"<svg/>"}), "a/1.jpg: "),
    "size": (
        lambda p: zipped(p, {"a/1.jpg": jpeg(size=(256, 256))}),
        "256 × 256 pixels, expected 512 × 256",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_archive_is_refused_with_one_clear_message(tmp_path, name):
    make, message = FAULTS[name]
    suffix = "tar.gz" if "tar" in name or name == "link" else "zip"
    path = tmp_path / f"set.{suffix}"
    make(path)
    with pytest.raises(ValueError, match=message) as error:
        archives.read_folder(path, "a", size=(256, 512), expected=1)
    assert str(path) in str(error.value)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert not (tmp_path.parent / "x.jpg").exists()


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_many_members_that_are_too_much_together_are_refused(
    tmp_path, monkeypatch, pack
):
    monkeypatch.setattr(archives, "LARGEST", 2500)
    suffix = "zip" if pack is zipped else "tar.gz"
    members = {f"a/{n}.jpg": bytes(1000) for n in range(9)}
    path = pack(tmp_path / f"set.{suffix}", members)
    with pytest.raises(ValueError, match="a/2.jpg.*1,000 bytes, 3,000 with those"):
        archives.read_folder(path, "a", size=(256, 512))


def test_a_lying_zip_is_not_unpacked_beyond_its_word(tmp_path, monkeypatch):
    path, read = lying(tmp_path / "set.zip"), []
    decompress = zipfile.zlib.decompressobj

    class Watched:
        def __init__(self, *options):
            self.inner = decompress(*options)

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def decompress(self, data, most=0):
            assert most
            read.append(len(self.inner.decompress(data, most)))
            return bytes(read[-1])

    monkeypatch.setattr(zipfile.zlib, "decompressobj", Watched)
    with pytest.raises(ValueError, match="a/1.jpg: "):
        archives.read_folder(path, "a", size=(256, 512))
    assert 0 < sum(read) < 10_000


@pytest.fixture
def by_hand(monkeypatch, tmp_path):
    """A folder that COURSE_DOWNLOADS names, and caches of the test's own."""
    monkeypatch.setattr(runtime, "ROOT", tmp_path / "root")
    monkeypatch.setenv("COURSE_DATA", "")
    monkeypatch.setenv("COURSE_DOWNLOADS", str(tmp_path))
    for name, dataset in catalogue.CATALOGUE.items():
        alone = dataset._replace(addresses=())
        monkeypatch.setitem(catalogue.CATALOGUE, name, alone)
    return tmp_path


def halves(left, right):
    picture = np.zeros((256, 512, 3), np.uint8)
    picture[:, :256], picture[:, 256:] = left, right
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def test_a_pair_is_split_the_right_way_round(by_hand, monkeypatch):
    small = {"parts": {"train": (2,), "val": (1,), "test": (1,)}}
    for name, folder, pack, file in [
        (
            "sketch2pokemon",
            "pokemon_pix2pix_dataset/train",
            zipped,
            "sketch2pokemon.zip",
        ),
        ("facades", "facades/train", tarred, "facades.tar.gz"),
    ]:
        known = catalogue.CATALOGUE[name]
        monkeypatch.setitem(catalogue.CATALOGUE, name, known._replace(**small))
        pack(by_hand / file, {f"{folder}/{n}.png": halves(10 + n, 200) for n in (1, 2)})
    sketches = data.load("sketch2pokemon", source="real")
    assert sketches.inputs[:, 0, 0, 0].tolist() == [11, 12]
    assert (sketches.targets == 200).all()
    facades = data.load("facades", source="real", size=64)
    assert facades.inputs.shape == (2, 64, 64, 3) and (facades.inputs == 200).all()
    assert facades.targets[:, 0, 0, 0].tolist() == [11, 12]


def test_a_missing_part_and_a_wrong_count_are_named(by_hand):
    pictures = {f"facades/val/{n}.jpg": jpeg() for n in range(3)}
    tarred(by_hand / "facades.tar.gz", pictures)
    with pytest.raises(
        OSError, match="no folder facades/test: the part test is missing"
    ):
        data.load("facades", "test", source="real")
    with pytest.raises(OSError, match="3 pictures in facades/val, not 100"):
        data.load("facades", "val", source="real")
