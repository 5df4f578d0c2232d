"""The door to data: what comes through, in which order, and what is refused."""

import functools
import gzip
import hashlib
import http.server
import threading

import numpy as np
import pytest
from course_utils import data, runtime
from course_utils.data import cache, catalogue, readers


@pytest.fixture
def own_root(monkeypatch, tmp_path):
    """A repository root of the test's own, with empty caches."""
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    monkeypatch.delenv("COURSE_DOWNLOADS", raising=False)
    monkeypatch.setenv("COURSE_DATA", "")
    monkeypatch.delenv("COURSE_RUN", raising=False)
    return tmp_path


@pytest.fixture
def small_set(monkeypatch, own_root):
    """A published set of a few pictures, and the server's folder that has it."""
    published = own_root / "published"
    published.mkdir()
    files = []
    for prefix, count in {"train": 6, "t10k": 3}.items():
        pictures = np.arange(count * 28 * 28).astype(np.uint8).reshape(count, 28, 28)
        for kind, array in {"images": pictures, "labels": pictures[:, 0, 1]}.items():
            path = published / f"{prefix}-{kind}-idx{array.ndim}-ubyte.gz"
            header = bytes([0, 0, 8, array.ndim])
            header += np.array(array.shape, ">u4").tobytes()
            path.write_bytes(gzip.compress(header + array.tobytes(), mtime=0))
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            size = path.stat().st_size
            files.append(catalogue.RemoteFile(path.name, size, sha256))
    handler = functools.partial(QuietHandler, directory=published)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    known = catalogue.CATALOGUE["fashion_mnist"]
    address = f"http://127.0.0.1:{server.server_port}/{{name}}"
    small = known._replace(files=tuple(files), addresses=(address,))
    monkeypatch.setitem(catalogue.CATALOGUE, "fashion_mnist", small)
    yield published
    server.shutdown()
    server.server_close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def leftovers(root):
    return [path.name for path in root.rglob("*.part")]


def test_unknown_names_splits_and_sources_are_answered_with_the_known_ones(monkeypatch):
    with pytest.raises(ValueError, match="'fashion'; known: fashion_mnist, mnist, "):
        data.load("fashion")
    with pytest.raises(ValueError, match="'valid'; known: train, test"):
        data.load("fashion_mnist", "valid")
    with pytest.raises(ValueError, match="'cloud'; known: auto, real, miniature"):
        data.load("fashion_mnist", source="cloud")
    with pytest.raises(ValueError, match="limit is 0"):
        data.load("fashion_mnist", limit=0)
    monkeypatch.setenv("COURSE_DATA", "mini")
    with pytest.raises(ValueError, match="COURSE_DATA.*'mini'.*miniature"):
        data.load("fashion_mnist")


def test_the_miniature_has_the_real_shapes_and_says_what_it_is(own_root, capsys):
    found = data.load("fashion_mnist", "test", source="miniature")
    assert found.images.shape == (10_000, 28, 28, 1) and found.images.dtype == np.uint8
    assert found.labels.shape == (10_000,) and found.labels.dtype == np.uint8
    assert set(found.labels) == set(range(10))
    first = capsys.readouterr().out
    assert "miniature" in first and first.count("\n") == 1
    again = data.load("fashion_mnist", "test", source="miniature", limit=7)
    np.testing.assert_array_equal(again.images, found.images[:7])
    second = capsys.readouterr().out
    assert second == first.replace("10,000", "7")


def test_a_few_pictures_are_drawn_alone_and_are_the_same_ones(own_root):
    few = data.load("fashion_mnist", "test", source="miniature", limit=7)
    assert not (own_root / "data" / "cache").exists()
    all_of_them = data.load("fashion_mnist", "test", source="miniature")
    np.testing.assert_array_equal(few.images, all_of_them.images[:7])


def test_train_and_test_miniatures_differ(own_root):
    train = data.load("fashion_mnist", source="miniature", limit=1000)
    test = data.load("fashion_mnist", "test", source="miniature", limit=1000)
    known = {picture.tobytes() for picture in train.images}
    assert not any(picture.tobytes() in known for picture in test.images)


def test_a_download_is_verified_and_read(small_set, own_root, capsys):
    found = data.load("fashion_mnist")
    assert found.images.shape == (6, 28, 28, 1)
    assert found.labels.tolist() == [picture[0, 1, 0] for picture in found.images]
    assert "the real set" in capsys.readouterr().out
    assert leftovers(own_root) == []
    for path in small_set.iterdir():
        path.unlink()
    assert len(data.load("fashion_mnist", source="real").images) == 6


def test_a_wrong_file_is_refused_and_named_and_the_miniature_taken(
    small_set, own_root, capsys
):
    (small_set / "train-labels-idx1-ubyte.gz").write_bytes(b"<html>moved</html>")
    found = data.load("fashion_mnist", "test", limit=4)
    out = capsys.readouterr().out
    assert len(found.images) == 4 and "built-in miniature" in out
    assert "train-labels-idx1-ubyte.gz: expected SHA-256" in out and "found" in out
    assert leftovers(own_root) == []
    with pytest.raises(OSError, match="COURSE_DOWNLOADS"):
        data.load("fashion_mnist", source="real")


def test_a_missing_file_is_named_and_the_next_call_works(small_set, own_root):
    path = small_set / "t10k-images-idx3-ubyte.gz"
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(OSError, match="t10k-images.*404"):
        data.load("fashion_mnist", source="real")
    path.write_bytes(content)
    assert len(data.load("fashion_mnist", "test", source="real").images) == 3


def test_a_recipe_never_trains_on_the_miniature_by_accident(own_root, monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "recipe")
    known = catalogue.CATALOGUE["fashion_mnist"]._replace(addresses=())
    monkeypatch.setitem(catalogue.CATALOGUE, "fashion_mnist", known)
    with pytest.raises(OSError, match="the real fashion_mnist is not at hand"):
        data.load("fashion_mnist")


def test_files_put_by_hand_are_taken_and_a_difference_is_said(
    small_set, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_DOWNLOADS", str(small_set))
    path = small_set / "train-labels-idx1-ubyte.gz"
    header, labels = bytes([0, 0, 8, 1, 0, 0, 0, 6]), bytes([9, 8, 7, 6, 5, 4])
    path.write_bytes(gzip.compress(header + labels, mtime=0))
    found = data.load("fashion_mnist", source="real")
    assert found.labels.tolist() == [9, 8, 7, 6, 5, 4]
    assert "not as published" in capsys.readouterr().out
    monkeypatch.delenv("COURSE_DOWNLOADS")
    published = data.load("fashion_mnist", "test", source="auto", limit=3)
    assert len(published.images) == 3  # what was put by hand is cached apart


def test_files_of_another_set_with_the_same_names_are_not_taken(
    small_set, monkeypatch, capsys
):
    known = data.CATALOGUE["mnist"]._replace(addresses=())
    monkeypatch.setitem(data.CATALOGUE, "mnist", known)
    monkeypatch.setenv("COURSE_DOWNLOADS", str(small_set))
    with pytest.raises(OSError, match="the real mnist is not at hand"):
        data.load("mnist", source="real")


def test_a_broken_cache_is_made_anew(small_set, own_root):
    data.load("fashion_mnist", source="real")
    (cached,) = (own_root / "data" / "cache").iterdir()
    for kept in (500, 0):
        cached.write_bytes(cached.read_bytes()[:kept])
        assert len(data.load("fashion_mnist", source="real").images) == 6


def test_without_a_place_for_the_cache_it_still_loads_and_says_so(own_root, capsys):
    (own_root / "data").write_text("a file where the folder should be")
    found = data.load("fashion_mnist", "test", source="miniature")
    assert len(found.images) == 10_000
    assert "not cached" in capsys.readouterr().out


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :]


DAMAGED = {
    "text": (b"not gzip at all", "not a whole gzip file"),
    "cut": (gzip.compress(bytes(100), mtime=0)[:20], "not a whole gzip file"),
    "flipped": (flipped(gzip.compress(bytes(100), mtime=0), 12), "not a whole gzip"),
    "empty": (gzip.compress(b"", mtime=0), "no idx file.*nothing"),
    "other": (gzip.compress(bytes([0, 0, 8, 3, *bytes(12)]), mtime=0), "no idx file"),
    "short": (
        gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 9, 1]), mtime=0),
        "1 values.*says 9",
    ),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_idx_file_is_named_with_what_is_wrong(tmp_path, name):
    content, complaint = DAMAGED[name]
    path = tmp_path / "labels.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"labels.gz.*{complaint}"):
        readers.read_idx(path, dimensions=1)


def test_two_that_load_at_once_do_not_disturb_each_other(own_root):
    together = threading.Barrier(2)

    def make():
        together.wait(30)  # both have found no cache, both will write one
        return np.arange(100_000), np.ones(3)

    found = []
    threads = [
        threading.Thread(target=lambda: found.append(cache.kept("set", make)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.append(cache.kept("set", lambda: pytest.fail("it is in the cache")))
    for numbers, ones in found:
        np.testing.assert_array_equal(numbers, np.arange(100_000))
        assert ones.tolist() == [1, 1, 1]
    assert leftovers(own_root) == []


def test_what_hinders_tensorflow_datasets_is_said(tmp_path, monkeypatch):
    import tensorflow_datasets as tfds

    def fails(*_, **__):
        raise Exception("No space left on device")

    monkeypatch.setattr(tfds, "load", fails)
    with pytest.raises(OSError, match="MNIST could not be built in .*No space left"):
        readers.read_mnist({"a.gz": tmp_path / "a.gz"}, "test")
