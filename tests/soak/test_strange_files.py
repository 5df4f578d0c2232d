"""Files from strangers: refused with a message, before they can do anything."""

import io
import json
import os
import pickle
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import course_utils as cu
import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils.data import own
from course_utils.data.download import sha256
from course_utils.runtime import ROOT
from course_utils.training import History, checkpoints
from often import often
from PIL import Image, ImageFile

NAME = "mnist_gan"
TRIES = often(short=20, long=500)
FORBIDDEN = {
    r"^\s*(import|from) (pickle|cPickle|dill|joblib|marshal|shelve)\b",
    r"\ballow_pickle\s*=\s*True",
    r"\bsafe_mode\s*=\s*False",
    r"\benable_unsafe_deserialization\b",
    r"\bLambda\(",
    r"(?<![.\w])(eval|exec)\(",
    r"\bshell\s*=\s*True",
    r"\byaml\.(unsafe_)?load\(",
    r"\.extractall\(|\bunpack_archive\(",
}
ALLOWED = {"tests"}  # they show what is refused


def sources():
    """Return all Python that a learner gets, from git."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [p for p in paths if p.relative_to(ROOT).parts[0] not in ALLOWED]


def test_nothing_in_the_tree_runs_what_it_reads():
    assert len(sources()) > 40
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sources()
        for line in path.read_text(encoding="utf-8").splitlines()
        for pattern in FORBIDDEN
        if re.search(pattern, line)
    ]
    assert found == []


def altered(content: bytes, rng) -> bytes:
    """Return a file's bytes with one flipped, or cut somewhere; mostly near its ends.

    The heads of a file say more than its long middle of plain numbers.
    """
    size = len(content)
    ends = [rng.integers(min(size, 4000)), size - 1 - rng.integers(min(size, 4000))]
    place = int(rng.choice([*ends, rng.integers(size)]))
    if rng.random() < 0.2:
        return content[:place]
    changed = bytearray(content)
    changed[place] ^= 1 << int(rng.integers(8))
    return bytes(changed)


# --- weights --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A folder with weights and their card, and the file's content."""
    folder = tmp_path_factory.mktemp("weights")
    keras.utils.set_random_seed(0)
    model = cu.networks.BUILDERS[NAME]()
    cu.weights.save(model, NAME, {"data": "none"}, folder=folder)
    return folder, (folder / f"{NAME}.weights.h5").read_bytes()


@pytest.fixture
def given(shipped):
    """A function that puts other bytes, with the card as it was, or one to fit."""
    folder, content = shipped
    path, card = folder / f"{NAME}.weights.h5", folder / f"{NAME}.json"
    before = card.read_text()

    def give(content, *, with_a_card):
        path.write_bytes(content)
        sums = {path.name: sha256(path)}
        card.write_text(json.dumps({"sha256": sums}) if with_a_card else before)
        return folder

    yield give
    path.write_bytes(content)
    card.write_text(before)


def test_altered_weights_are_never_loaded(shipped, given):
    rng = np.random.default_rng(0)
    model = cu.networks.BUILDERS[NAME]()
    before = model.get_weights()
    for _ in range(TRIES):
        folder = given(altered(shipped[1], rng), with_a_card=False)
        with pytest.raises(ValueError, match="cut or altered: its SHA-256 is"):
            cu.weights.load(model, NAME, folder=folder)
    assert all(map(np.array_equal, before, model.get_weights()))


def load_altered(folder: Path, content: bytes) -> dict:
    """Load altered weights whose card agrees, as a stranger may send them."""
    model = cu.networks.BUILDERS[NAME]()
    before = model.get_weights()
    path = folder / f"{NAME}.weights.h5"
    rng = np.random.default_rng(1)
    said = {"refused": 0, "other numbers": 0, "faults": []}
    for _ in range(TRIES):
        path.write_bytes(altered(content, rng))
        card = {"sha256": {path.name: sha256(path)}}
        (folder / f"{NAME}.json").write_text(json.dumps(card))
        try:
            cu.weights.load(model, NAME, folder=folder)
        except ValueError as error:
            said["refused"] += 1
            kept = all(map(np.array_equal, before, model.get_weights()))
            if not kept or NAME not in str(error):
                said["faults"].append(str(error))
        except BaseException as error:
            said["faults"].append(repr(error))
        else:
            said["other numbers"] += 1
            if not all(np.isfinite(part).all() for part in model.get_weights()):
                said["faults"].append("infinite numbers were loaded")
            model.set_weights(before)
    return said


def test_altered_weights_with_a_card_to_fit_never_crash(shipped, tmp_path):
    """In a process of its own: HDF5 is written in C, and might take Python along."""
    (tmp_path / "content").write_bytes(shipped[1])
    code = """
import json, pathlib, sys, test_strange_files as strange
folder = pathlib.Path(sys.argv[1])
said = strange.load_altered(folder, (folder / "content").read_bytes())
print(json.dumps(said))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, f"the interpreter crashed: {done.stderr[-2000:]}"
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["faults"] == []
    assert said["refused"] > 0 and said["refused"] + said["other numbers"] == TRIES


def rewritten(content: bytes, change) -> bytes:
    """Return an HDF5 file's bytes after a change to what is in it."""
    held = io.BytesIO(content)
    with h5py.File(held, "r+") as file:
        names = []
        file.visititems(
            lambda name, item: names.append(name) if hasattr(item, "shape") else None
        )
        change(file, names[0], file[names[0]])
    return held.getvalue()


def huge(file, name, array):
    del file[name]
    file.create_dataset(name, shape=(10**9, 10**6), dtype="f4", chunks=(1, 1000))


def soft(file, name, array):
    file.move(name, "elsewhere")
    file[name] = h5py.SoftLink("/elsewhere")


def external_link(file, name, array):
    file.move(name, "elsewhere")
    file[name] = h5py.ExternalLink("/etc/passwd", "/")


def external_bytes(file, name, array):
    shape, count = array.shape, int(array.size)
    del file[name]
    file.create_dataset(name, shape, "f4", external=[(b"/etc/passwd", 0, 4 * count)])


def virtual(file, name, array):
    shape = array.shape
    layout = h5py.VirtualLayout(shape, "f4")
    layout[...] = h5py.VirtualSource("/etc/passwd", "a", shape)
    del file[name]
    file.create_virtual_dataset(name, layout)


def renamed(file, name, array):
    file.move(name, "elsewhere")


def no_numbers(file, name, array):
    array[...] = np.nan


def words(file, name, array):
    shape = array.shape
    del file[name]
    file.create_dataset(name, shape, h5py.string_dtype())


def long_words(file, name, array):
    shape = array.shape
    del file[name]
    file.create_dataset(name, shape, "S60000000", chunks=(1,) * len(shape))


def empty(file, name, array):
    del file[name]
    file[name] = h5py.Empty("f4")


CHANGES = [
    *(huge, soft, external_link, external_bytes, virtual),
    *(renamed, no_numbers, words, long_words, empty),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_weights_made_up_by_a_stranger_are_refused(shipped, given, change):
    folder = given(rewritten(shipped[1], change), with_a_card=True)
    model = cu.networks.BUILDERS[NAME]()
    before = model.get_weights()
    with pytest.raises(ValueError, match="does not fit this model, which is as it was"):
        cu.weights.load(model, NAME, folder=folder)
    assert all(map(np.array_equal, before, model.get_weights()))


CARDS = {
    "empty": "",
    "no JSON": "<html>",
    "a list": "[]",
    "no sums": '{"name": "mnist_gan"}',
    "sums in a list": '{"sha256": ["mnist_gan.weights.h5"]}',
    "deep": "[" * 100_000,
    "not UTF-8": b"\xff\xfe{}",
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_that_is_none_is_named(tmp_path, name):
    content = CARDS[name]
    content = content if isinstance(content, bytes) else content.encode()
    (tmp_path / f"{NAME}.json").write_bytes(content)
    with pytest.raises(ValueError, match="mnist_gan.json is cut or altered: expected"):
        cu.weights.load_model(NAME, folder=tmp_path)


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("pickle-was-run",)


def test_a_pickle_in_an_array_file_is_not_run(shipped, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = f"{NAME}.sheets.npz"
    np.savez(tmp_path / file, images=np.array([Bomb()], object))
    card = {"sha256": {file: sha256(tmp_path / file)}}
    (tmp_path / f"{NAME}.json").write_text(json.dumps(card))
    with pytest.raises(ValueError, match="does not fit its bytes"):
        cu.weights.sheets(NAME, folder=tmp_path)
    (tmp_path / "plain.npz").write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ValueError):
        History.load(tmp_path / "plain.npz")
    assert not (tmp_path / "pickle-was-run").exists()


def array_file(shape=(4,), kind="<f4") -> bytes:
    """Return an .npz with 16 bytes, which are said to be an array of this shape."""
    array, file = io.BytesIO(), io.BytesIO()
    header = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(array, header)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", array.getvalue() + bytes(16))
    return file.getvalue()


def bomb(size):
    file = io.BytesIO()
    np.savez_compressed(file, images=np.zeros(size, np.uint8))
    return file.getvalue()


ARRAYS = {
    "bomb": (bomb(300_000_000), "would unpack to 300,000,1"),
    "lie": (array_file(shape=(10**12,)), "of float32 does not fit its bytes"),
    "objects": (array_file(shape=(2,), kind="|O"), "of object does not fit its bytes"),
    "page": (b"<html>", "holds no arrays as expected"),
    "cut": (array_file()[:-30], "holds no arrays as expected"),
    "other": (array_file(), "lacks seconds, steps_per_epoch"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_a_strange_array_file_is_refused_before_it_takes_memory(tmp_path, name):
    content, message = ARRAYS[name]
    (tmp_path / "h.npz").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        History.load(tmp_path / "h.npz")


# --- checkpoints ----------------------------------------------------------------------


def test_altered_checkpoints_are_passed_over(tmp_path):
    history, rng = History(2), np.random.default_rng(2)
    history.append({"loss": 1.0})
    variable = tf.Variable(np.arange(50.0))
    state = {"numbers": variable}
    checkpoints.save(tmp_path, 1, state, history, keep=3)
    newest = checkpoints.save(tmp_path, 2, state, history, keep=3)
    content, steps = newest.read_bytes(), []
    for _ in range(TRIES):
        newest.write_bytes(altered(content, rng))
        variable.assign(np.zeros(50))
        steps.append(checkpoints.load_newest(tmp_path, state, history))
        np.testing.assert_array_equal(variable.numpy(), np.arange(50.0))
        newest.with_suffix(".damaged").unlink(missing_ok=True)
    assert set(steps) <= {1, 2} and 1 in steps


# --- pictures -------------------------------------------------------------------------


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(width, height, *chunks) -> bytes:
    """Return a PNG that says it is so large, and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *chunks, chunk(b"IDAT", zlib.compress(bytes(9)))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def gif(width, height) -> bytes:
    size = struct.pack("<HH", width, height)
    frame = b"," + bytes(4) + size + b"\0\2\1\0\0;"
    return b"GIF89a" + size + b"\x80\0\0" + bytes(6) + frame


def jpeg(width, height) -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "JPEG")
    content = out.getvalue()
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", height, width) + content[place + 4 :]


def webp(width, height) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


HUGE = {
    "png": png(30_000, 30_000),
    "jpeg": jpeg(30_000, 30_000),
    "gif": gif(30_000, 30_000),
    "less huge": png(10_000, 10_000),
    "wide": png(2_000_000, 100),
    "text bomb": png(
        8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))
    ),
    "webp": webp(16_000, 16_000),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path, monkeypatch, name):
    def decoded(*_):
        pytest.fail("it was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    (tmp_path / "huge.png").write_bytes(HUGE[name])
    with pytest.raises((ValueError, OSError), match="pixels|too large|no JPEG"):
        own.read_image(tmp_path / "huge.png", size=32)


def test_a_picture_of_allowed_size_reaches_the_decoder(tmp_path):
    for number, content in enumerate([png(90, 90), gif(90, 90), jpeg(90, 90)]):
        path = tmp_path / f"{number}.png"
        path.write_bytes(content)
        with Image.open(path) as image:  # so the files above are what they seem
            assert image.size == (90, 90)


DISGUISED = {
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF",
    "html": b"<!doctype html><script>alert(1)</script>",
    "script": b"#!/bin/sh\ntouch run-by-the-course\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(run) run\n",
    "tiff": b"II*\0\x08\0\0\0\0\0",
    "python": b"import os; os.mkdir('run-by-the-course')",
    "nothing": b"",
    "zip": b"PK\x03\x04" + bytes(60),
}


def exif(content: bytes) -> bytes:
    """Return a PNG with EXIF data of these bytes."""
    out = io.BytesIO()
    Image.new("RGB", (64, 32)).save(out, "PNG", exif=b"Exif\0\0" + content)
    return out.getvalue()


def test_odd_exif_and_names_end_nothing(tmp_path, capsys):
    odd = [b"II*\0", b"MM\0*\0\0\0\x08\0\1\1\x12\0\2\0\0\0\1abcd", b"II*\0" + bytes(9)]
    for number, content in enumerate(odd):
        (tmp_path / f"{number}.png").write_bytes(exif(content))
    picture = Image.new("RGB", (64, 32))
    for name in ("②3.png", "cat.png", "cat.jpg"):
        picture.save(tmp_path / name)
    found = cu.data.from_folder(tmp_path, size=32)
    out = capsys.readouterr().out
    assert "passed over: cat.png: there is another picture of that name" in out
    assert len(found.inputs) + out.count("passed over: ") == 6


def test_files_disguised_as_pictures_are_listed_and_not_read(tmp_path, capsys):
    for name, content in DISGUISED.items():
        (tmp_path / f"{name}.png").write_bytes(content)
    Image.new("RGB", (64, 32)).save(tmp_path / "good.png")
    os.mkfifo(tmp_path / "pipe.png")  # would be waited for without end
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    found = cu.data.from_folder(tmp_path, size=32)
    out = capsys.readouterr().out
    assert len(found.inputs) == 1
    for name in DISGUISED:
        assert f"passed over: {name}.png: no JPEG, PNG, WebP or GIF" in out
    assert not list(tmp_path.glob("run-by*"))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_altered_pictures_are_read_or_passed_over(tmp_path, form, capsys):
    rng = np.random.default_rng(3)
    out = io.BytesIO()
    drawn = rng.integers(0, 256, (20, 40, 3), np.uint8)
    Image.fromarray(drawn).save(out, form)
    for number in range(TRIES):
        content = altered(out.getvalue(), rng)
        (tmp_path / f"{number}.png").write_bytes(content)
    Image.fromarray(drawn).save(tmp_path / "good.png")
    found = cu.data.from_folder(tmp_path, size=32)
    passed_over = capsys.readouterr().out.count("passed over: ")
    assert len(found.inputs) + passed_over == TRIES + 1


NAMES = ["<script>alert(1)</script>", "**bold** [a](http://b.c)", "'\";--", "가 나.tar"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_files_are_text_and_nothing_else(name):
    """What a widget says of a picture goes through its line, which escapes it."""
    panel = cu.widgets.sketch_pad(lambda images, training: images, size=32)
    canvas = panel.controls["sketch"]
    canvas._handle_custom_msg({"name": name, "bytes": 9}, [b"<svg/>"])
    assert name.split(">")[0] in panel.line.value or "&" in panel.line.value
    assert "<script" not in panel.line.value and "<a" not in panel.line.value
    assert "**bold**" not in name or "**bold**" in panel.line.value
