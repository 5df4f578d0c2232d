"""The drawn data sets: whole, true, read as what they are, and small enough."""

import re
from pathlib import Path

import numpy as np
import pytest
from course_utils import data, weights

ROOT = Path(__file__).parents[1]
DRAWN = {"source": "miniature"}


def to_floats(pictures):
    return pictures / np.float32(127.5) - 1


def read_by(judge, pictures):
    logits = weights.load_model(judge).predict(to_floats(pictures), verbose=0)
    return logits.argmax(axis=1)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_digits_and_clothes_are_balanced_and_all_different(name):
    for split, count in (("train", 8_000), ("test", 2_000)):
        images, labels = data.load(name, split, **DRAWN)
        assert images.shape == (count, 28, 28, 1) and images.dtype == np.uint8
        assert (np.bincount(labels) == count // 10).all()
        assert len({image.tobytes() for image in images}) == count


@pytest.mark.parametrize(
    ("name", "split", "count", "side"),
    [
        ("creatures", "train", 830, 128),
        ("facades", "train", 400, 256),
        ("facades", "val", 100, 256),
        ("savannah", "train", 800, 144),
        ("savannah", "heldout", 100, 128),
    ],
)
def test_sets_of_pictures_are_whole(name, split, count, side):
    for pictures in data.load(name, split, **DRAWN):
        assert pictures.shape == (count, side, side, 3) and pictures.dtype == np.uint8


def test_plans_have_exactly_the_twelve_colours_of_the_labels():
    plans = data.load("facades", **DRAWN).inputs
    numbers = plans[..., 0] + (plans[..., 1] << np.uint32(8))
    numbers += plans[..., 2] << np.uint32(16)
    known = {
        red + 256 * green + 65536 * blue for red, green, blue in data.LABELS.values()
    }
    assert {*np.bincount(numbers.ravel()).nonzero()[0].tolist()} == known


def test_a_zebra_stands_where_its_horse_stood_and_nothing_else_has_changed():
    horses, zebras = data.load("savannah", "heldout")
    changed = (horses != zebras).any(-1)  # in lossy files nearly all pixels differ
    assert len(horses) == 100 and 0.2 < changed.mean() < 0.4


def test_doing_nothing_has_the_marks_that_lesson_5_tells():
    horses, zebras = map(to_floats, data.load("savannah", "heldout", size=64))
    away, is_animal = np.abs(zebras - horses), np.abs(zebras - horses).max(-1) > 0.02
    assert away.mean() == pytest.approx(0.127, abs=0.01)
    assert away[is_animal].mean() == pytest.approx(0.39, abs=0.01)
    assert away[~is_animal].mean() < 0.0005


def test_a_judge_of_real_digits_reads_the_drawn_ones():
    images, labels = data.load("mnist", "test", **DRAWN)
    assert (read_by("mnist_judge", images) == labels).mean() >= 0.97


@pytest.mark.parametrize("split", ["train", "heldout"])
def test_a_judge_of_photographs_tells_horses_from_zebras(split):
    both = enumerate(data.load("savannah", split, size=128, limit=100, **DRAWN))
    for kind, pictures in both:
        assert (read_by("horse2zebra_judge", pictures) == kind).mean() >= 0.95


def test_the_miniatures_take_35_megabytes_at_most():
    files = [path for path in (ROOT / "data/miniature").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 35e6


def test_course_utils_never_imports_what_draws():
    artists = {path.stem for path in (ROOT / "data/draw").glob("*.py")}
    for path in (ROOT / "course_utils").rglob("*.py"):
        imported = re.findall(r"(?m)^\s*(?:from|import) (\w+)", path.read_text())
        assert not artists & set(imported), path
