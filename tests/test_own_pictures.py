"""Your own pictures: whatever people put into a folder."""

import numpy as np
import pytest
from course_utils import data
from course_utils.data import own
from PIL import Image


def save(path, value=100, size=(40, 30), mode="RGB", **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path, **options)


def test_pairs_side_by_side_are_split(tmp_path):
    picture = np.zeros((30, 60, 3), np.uint8)
    picture[:, 30:] = 200
    for name in ("10.png", "9.png"):
        Image.fromarray(picture).save(tmp_path / name)
    found = data.from_folder(tmp_path, size=32)
    assert found.inputs.shape == found.targets.shape == (2, 32, 32, 3)
    assert found.inputs.max() < 30 and found.targets[:, :, 2:].min() > 170


def test_two_folders_are_pairs_by_name(tmp_path, capsys):
    for name, value in {"2.png": 20, "10.png": 100}.items():
        save(tmp_path / "a" / name, (value,) * 3)
        save(tmp_path / "b" / name, (value + 1,) * 3)
    save(tmp_path / "a" / "alone.png")
    found = data.from_folder(tmp_path, size=32)
    assert found.inputs[:, 0, 0, 0].tolist() == [20, 100]
    assert found.targets[:, 0, 0, 0].tolist() == [21, 101]
    assert "passed over: alone: no partner in b" in capsys.readouterr().out


def test_two_folders_without_pairs_may_differ_in_number(tmp_path):
    for number in range(3):
        save(tmp_path / "cats" / f"{number}.jpg")
    save(tmp_path / "dogs" / "rex.webp")
    found = data.from_folder(tmp_path, size=32, paired=False)
    assert (len(found.horses), len(found.zebras)) == (3, 1)


def test_grey_transparent_turned_and_large_pictures_are_read(tmp_path):
    save(tmp_path / "grey.png", 77, mode="L")
    assert (own.read_image(tmp_path / "grey.png", size=32) == 77).all()
    save(tmp_path / "clear.png", (0, 0, 0, 0), mode="RGBA")
    assert (own.read_image(tmp_path / "clear.png", size=32) == 255).all()
    turned = Image.new("RGB", (64, 64))
    turned.paste((255, 255, 255), (0, 0, 64, 32))  # white above
    exif = turned.getexif()
    exif[0x0112] = 3  # the camera was held upside down
    turned.save(tmp_path / "turned.png", exif=exif)
    found = own.read_image(tmp_path / "turned.png", size=32)
    assert found[4].mean() < 20 and found[-4].mean() > 235
    save(tmp_path / "wide.png", (9, 9, 9), size=(900, 60))
    assert own.read_image(tmp_path / "wide.png", size=32).shape == (32, 32, 3)


def test_what_is_no_picture_is_listed_with_the_reason(tmp_path, capsys):
    save(tmp_path / "good.png", size=(64, 32))
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "vector.png").write_text("<svg/>")
    save(tmp_path / "cut.jpg", size=(640, 320))
    content = (tmp_path / "cut.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(content[: len(content) // 2])
    found = data.from_folder(tmp_path, size=32)
    out = capsys.readouterr().out
    assert len(found.inputs) == 1
    for name in ("notes.txt", "vector.png", "cut.jpg"):
        assert f"passed over: {name}: " in out


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(own, "MOST_PIXELS", 1_000)
    save(tmp_path / "huge.png", size=(40, 30))
    with pytest.raises(ValueError, match="40 × 30 pixels are too many"):
        own.read_image(tmp_path / "huge.png", size=32)


def test_folders_that_a_system_made_do_not_count(tmp_path):
    for name in ("A", "B", "__MACOSX", ".cache"):
        (tmp_path / name).mkdir()
        save(tmp_path / name / "1.png")
    assert len(data.from_folder(tmp_path, size=32).inputs) == 1


def test_two_kinds_want_two_folders(tmp_path):
    save(tmp_path / "1.png")
    with pytest.raises(ValueError, match="has 0 folders; expected 2, one for each kin"):
        data.from_folder(tmp_path, paired=False)


def test_a_folder_without_a_picture_says_what_was_looked_for(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(
        ValueError, match="no usable picture. Looked for JPEG, PNG.*1 files"
    ):
        data.from_folder(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere is no folder"):
        data.from_folder(tmp_path / "nowhere")
