"""Data by name: drawn or real, from a folder, an archive or a server."""

import http.server
import io
import os
import threading
import zipfile

import cv2
import numpy as np
import pytest
import tensorflow_datasets as tfds
from course_utils import data
from PIL import Image


def picture(colour, size=32, width=None):
    return np.full((size, width or size, 3), colour, np.uint8)


def packed(array, kind=".png"):
    return cv2.imencode(kind, array[..., ::-1])[1].tobytes()


def zipped(**folders):
    """Return a zip of horse2zebra with a grey picture for each number in a folder."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for folder, numbers in folders.items():
            for number in numbers:
                name = f"horse2zebra/{folder}/n_{number}.png"
                archive.writestr(name, packed(picture(number)))
    return file.getvalue()


@pytest.fixture(autouse=True)
def apart(monkeypatch, tmp_path):
    """Downloads of these tests lie in a folder of their own, and no host is real."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.delenv("COURSE_DOWNLOADS", raising=False)
    monkeypatch.setattr(data, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setattr(data, "BUILT", tmp_path / "built")
    none = "http://127.0.0.1:9/none"
    closed = {name: host._replace(address=none) for name, host in data.HOSTS.items()}
    monkeypatch.setattr(data, "HOSTS", closed)


@pytest.mark.parametrize(
    ("arguments", "options", "known"),
    [
        (("mnits",), {}, "fashion_mnist, mnist"),
        (("mnist", "val"), {}, "train"),
        (("facades", "test"), {}, "train, val"),
        (("mnist",), {"source": "drawn"}, "miniature"),
        (("mnist",), {"size": 64}, "28"),
    ],
)
def test_what_is_not_known_is_answered_with_what_is(arguments, options, known):
    with pytest.raises(ValueError, match=known):
        data.load(*arguments, **{"source": "miniature"} | options)


def test_the_environment_overrules_the_source(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "miniature")
    assert len(data.load("facades", source="real", limit=2).inputs) == 2


def test_where_no_host_answers_the_drawn_set_is_taken_and_a_line_says_so(capsys):
    found = data.load("horse2zebra", "heldout", limit=3)
    assert [len(part) for part in found] == [3, 3]
    (line,) = capsys.readouterr().out.splitlines()
    assert "miniature" in line and "127.0.0.1" in line


def test_tensorflow_datasets_reads_a_small_set_out_of_its_folder(capsys):
    digits = tfds.load("mnist", split="train[:9]", data_dir=data.folder("mnist"))
    assert "miniature" in capsys.readouterr().out
    images = [example["image"] for example in digits.as_numpy_iterator()]
    assert np.array_equal(images, data.load("mnist", limit=9).images)


def test_a_scaled_plan_has_no_colour_that_is_no_label():
    plans = data.load("facades", "val", source="miniature", size=100, limit=3).inputs
    colours = np.array(list(data.LABELS.values()))
    assert plans.shape == (3, 100, 100, 3)
    assert (plans[..., None, :] == colours).all(-1).any(-1).all()


def test_an_archive_by_hand_is_read_in_the_order_of_its_numbers(tmp_path, monkeypatch):
    content = zipped(trainA=[10, 9, 100, *range(101, 201)], trainB=range(120))
    (tmp_path / "horse2zebra.zip").write_bytes(content)
    monkeypatch.setenv("COURSE_DOWNLOADS", str(tmp_path))
    found = data.load("horse2zebra", "fit")
    assert found.horses[:, 0, 0, 0].tolist() == [9, 10, 100]
    assert found.zebras[:, 0, 0, 0].tolist() == list(range(20))
    with pytest.raises(FileNotFoundError, match="testA"):
        data.load("horse2zebra", "test")


@pytest.fixture
def reply(monkeypatch):
    """What a local server, which stands for horse2zebra's host, will reply."""
    reply = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(reply.get("status", 200))
            self.send_header("Content-Length", str(len(reply["content"])))
            self.end_headers()
            self.wfile.write(reply["content"][: reply.get("sent")])

        do_HEAD = do_GET

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/horse2zebra.zip"
    host = data.Host("horse2zebra.zip", address)
    monkeypatch.setitem(data.HOSTS, "horse2zebra", host)
    yield reply
    server.shutdown()
    server.server_close()


WHOLE = zipped(testA=range(3), testB=range(4))


def test_a_download_is_kept_whole(reply):
    reply["content"] = WHOLE
    first = data.load("horse2zebra", "test")
    assert [len(part) for part in first] == [3, 4]
    reply["status"] = 404  # it is not asked again
    again = data.load("horse2zebra", "test", source="real")
    assert np.array_equal(first.zebras, again.zebras)
    assert [path.name for path in data.DOWNLOADS.iterdir()] == ["horse2zebra.zip"]


@pytest.mark.parametrize(
    ("failing", "sha256", "word"),
    [
        ({"status": 404, "content": b"no"}, None, "404"),
        ({"content": b"<html>Please log in</html>"}, None, "no whole archive"),
        ({"content": WHOLE, "sent": 200}, None, "retrieval incomplete"),
        ({"content": WHOLE}, "0" * 64, "hash"),
    ],
    ids=["404", "a page", "cut", "wrong sum"],
)
def test_a_failed_download_leaves_nothing(reply, monkeypatch, failing, sha256, word):
    reply.update(failing)
    host = data.HOSTS["horse2zebra"]
    monkeypatch.setitem(data.HOSTS, "horse2zebra", host._replace(sha256=sha256))
    with pytest.raises(OSError, match=f"{word}.*COURSE_DOWNLOADS") as failure:
        data.load("horse2zebra", "test", source="real")
    assert "\n" not in str(failure.value)
    assert list(data.DOWNLOADS.iterdir()) == []
    reply.clear()
    reply["content"] = WHOLE
    monkeypatch.setitem(data.HOSTS, "horse2zebra", host)
    assert len(data.load("horse2zebra", "test", source="real").horses) == 3


def test_ones_own_pairs_may_lie_side_by_side(tmp_path):
    for number in (10, 9):
        both = np.concatenate([picture(number), picture(200)], axis=1)
        (tmp_path / f"{number}.png").write_bytes(packed(both))
    (tmp_path / "notes.txt").write_text("no picture")
    pairs = data.from_folder(tmp_path, size=16)
    assert pairs.inputs[:, 0, 0, 0].tolist() == [9, 10]
    assert pairs.targets.shape == (2, 16, 16, 3)
    assert (pairs.targets[:, :, 8:] == 200).all()
    (tmp_path / "11.png").write_bytes(packed(both)[:60])
    with pytest.raises(ValueError, match=r"11\.png"):
        data.from_folder(tmp_path)


def test_ones_own_pictures_may_lie_in_two_folders(tmp_path):
    for folder, names in {"after": "bc", "before": "abc"}.items():
        (tmp_path / folder).mkdir()
        for name in names:
            file = tmp_path / folder / f"{name}.png"
            file.write_bytes(packed(picture(ord(name))))
    kinds = data.from_folder(tmp_path, size=16, paired=False)
    assert [len(kind) for kind in kinds] == [2, 3]
    with pytest.raises(ValueError, match="partner are a"):
        data.from_folder(tmp_path)
    (tmp_path / "before" / "a.png").unlink()
    pairs = data.from_folder(tmp_path, size=16)
    assert np.array_equal(pairs.inputs, pairs.targets) and len(pairs.inputs) == 2
    with pytest.raises(ValueError, match="two folders"):
        data.from_folder(tmp_path / "after", paired=False)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        data.from_folder(tmp_path / "nowhere")


def test_ones_own_pictures_may_be_grey_transparent_turned_or_moving(tmp_path):
    lower = np.zeros((8, 16, 3), np.uint8)
    lower[4:] = 255  # below; EXIF says: turn it upside down
    upside_down = Image.Exif()
    upside_down[274] = 3
    moving = [Image.new("L", (16, 8), colour) for colour in (10, 200)]
    Image.new("L", (16, 8), 90).save(tmp_path / "1.jpg")
    Image.new("RGBA", (16, 8), (0, 0, 0, 0)).save(tmp_path / "2.webp")
    moving[0].save(tmp_path / "3.gif", save_all=True, append_images=moving[1:])
    Image.fromarray(lower).save(tmp_path / "4.png", exif=upside_down)
    pairs = data.from_folder(tmp_path, size=8)
    assert pairs.inputs[:3, 0, 0, 0].tolist() == [90, 255, 10]
    assert pairs.targets[3, 0].mean() > 200


REAL, BUILT = os.environ.get("COURSE_DOWNLOADS"), data.BUILT
NEEDS_REAL = pytest.mark.skipif(
    not REAL, reason="COURSE_DOWNLOADS names no folder of real sets"
)


@NEEDS_REAL
@pytest.mark.parametrize("name, mean", [("mnist", 33), ("fashion_mnist", 73)])
def test_the_real_small_sets_are_whole_and_not_mixed_up(monkeypatch, name, mean):
    monkeypatch.setenv("COURSE_DOWNLOADS", REAL)
    monkeypatch.setattr(data, "BUILT", BUILT)  # half a minute each, but only once
    for split, count in {"train": 60_000, "test": 10_000}.items():
        images, labels = data.load(name, split, source="real")
        assert images.shape == (count, 28, 28, 1) and images.dtype == np.uint8
        assert len(labels) == count and abs(images.mean() - mean) < 1


@NEEDS_REAL
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("sketch2pokemon", {"train": (830, 830), "heldout": (30, 30)}),
        ("facades", {"train": (400, 400), "heldout": (100, 100)}),
        ("horse2zebra", {"train": (1067, 1334), "heldout": (100, 100)}),
    ],
)
def test_real_sets_are_whole_and_have_the_right_side_left(monkeypatch, name, counts):
    monkeypatch.setenv("COURSE_DOWNLOADS", REAL)
    for split, count in counts.items():
        found = data.load(name, split, source="real")
        assert tuple(map(len, found)) == count
        assert found[0].shape[1:] == (256, 256, 3) and found[0].dtype == np.uint8
    first, second = (np.ptp(side.astype(int), axis=-1).mean((1, 2)) for side in found)
    if name == "sketch2pokemon":  # sketches are grey
        assert first.mean() < 5 < second.mean()
    if name == "facades":  # plans are colourful
        assert first.mean() > 100 > second.mean()
