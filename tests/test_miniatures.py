"""The miniatures: the same for one seed, whole at every size, and true."""

import numpy as np
import pytest
from course_utils import data, runtime
from course_utils.data import clothes, creatures, digits, facades, savannah

PAIRS = {"creatures": creatures, "facades": facades, "savannah": savannah}
LABELLED = {"clothes": clothes, "digits": digits}


def draw(artist, count, seed):
    if artist in LABELLED.values():
        return artist.draw(count, seed=seed)
    return artist.draw(count, seed=seed, size=64)


@pytest.mark.parametrize("name", [*LABELLED, *PAIRS])
def test_a_seed_gives_the_same_pixels_and_a_smaller_count_the_first_ones(name):
    artist = (LABELLED | PAIRS)[name]
    few, many, other = draw(artist, 3, 1), draw(artist, 7, 1), draw(artist, 3, 2)
    for first, second in zip(few, many, strict=True):
        assert first.dtype == np.uint8
        np.testing.assert_array_equal(first, second[:3])
    assert (few[0] != other[0]).any()


@pytest.mark.parametrize("name", LABELLED)
def test_labelled_pictures_are_bright_on_black_balanced_and_all_different(name):
    images, labels = LABELLED[name].draw(2_000, seed=0)
    assert images.shape == (2_000, 28, 28, 1)
    counts = np.bincount(labels, minlength=10)
    assert counts.min() > 140 and counts.max() < 260
    assert len({picture.tobytes() for picture in images}) == 2_000
    for label in range(10):
        of_kind = images[labels == label]
        assert np.median(of_kind[:, 0, 0]) == 0 and 10 < of_kind.mean() < 160


@pytest.mark.parametrize("size", [32, 100, 256])
@pytest.mark.parametrize("name", PAIRS)
def test_pairs_come_in_any_size_and_show_the_same_thing(name, size):
    first, second = PAIRS[name].draw(2, seed=0, size=size)
    assert first.shape == second.shape == (2, size, size, 3)
    small, _ = PAIRS[name].draw(2, seed=0, size=64)
    means = [array.mean(axis=(1, 2, 3)) for array in (first, small)]
    np.testing.assert_allclose(*means, atol=12)


@pytest.mark.parametrize("size", [32, 100, 256])
def test_plans_have_the_twelve_label_colours_and_no_other(size):
    plans, photos = facades.draw(6, seed=0, size=size)
    known = set(facades.LABELS.values())
    assert len(known) == 12
    assert {
        tuple(map(int, c)) for c in np.unique(plans.reshape(-1, 3), axis=0)
    } <= known
    assert len(np.unique(photos.reshape(-1, 3), axis=0)) > 100


def test_every_label_is_used():
    plans, _ = facades.draw(60, seed=3, size=64)
    for name, colour in facades.LABELS.items():
        used = (plans == colour).all(-1).any(axis=(1, 2)).mean()
        assert used > 0.1, name


def test_a_sketch_is_grey_on_white_and_its_creature_coloured():
    sketches, colourings = creatures.draw(12, seed=0, size=128)
    spread = [
        np.ptp(array.astype(int), axis=-1).mean() for array in (sketches, colourings)
    ]
    assert spread[0] < 2 and spread[1] > 10
    for array in (sketches, colourings):
        assert np.median(array[:, 0, 0]) > 230
        assert 0.5 < (array > 230).all(-1).mean() < 0.97


def test_a_zebra_stands_where_its_horse_stood_and_nothing_else_has_changed():
    horses, zebras = savannah.draw(12, seed=0, size=128)
    animals = savannah.masks(12, seed=0, size=128)
    assert animals.shape == (12, 128, 128)
    changed = (horses != zebras).any(-1)
    assert not changed[animals == 0].any()
    assert changed[animals == 255].mean() > 0.6
    assert 0.05 < (animals == 255).mean() < 0.6


def test_the_truth_goes_with_the_horses_and_not_with_the_zebras(monkeypatch, tmp_path):
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    few = {"size": 32, "limit": 4}
    unpaired = data.load("horse2zebra", "test", source="miniature", **few)
    truth = data.truth("horse2zebra", "test", **few)
    np.testing.assert_array_equal(truth.inputs, unpaired.horses)
    assert (truth.targets != unpaired.zebras).any(axis=(1, 2, 3)).all()
    with pytest.raises(ValueError, match="horse2zebra only"):
        data.truth("facades")


def test_splits_are_cut_as_published_and_held_out_from_the_end(monkeypatch, tmp_path):
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    known = data.CATALOGUE["horse2zebra"]
    small = known._replace(parts={"train": (103, 104), "test": (2, 3)})
    monkeypatch.setitem(data.CATALOGUE, "horse2zebra", small)
    parts = {
        split: data.load("horse2zebra", split, source="miniature", size=32)
        for split in ("train", "fit", "heldout", "test")
    }
    counts = {split: tuple(map(len, part)) for split, part in parts.items()}
    assert counts["train"] == (103, 104) and counts["test"] == (2, 3)
    assert counts["fit"] == (3, 4) and counts["heldout"] == (100, 100)
    for kind in range(2):
        joined = np.concatenate([parts["fit"][kind], parts["heldout"][kind]])
        np.testing.assert_array_equal(joined, parts["train"][kind])
    monkeypatch.setattr(runtime, "ROOT", tmp_path / "nothing cached")
    few = data.load("horse2zebra", "fit", source="miniature", size=32, limit=2)
    np.testing.assert_array_equal(few.horses, parts["fit"].horses[:2])
    truth = data.truth("horse2zebra", "heldout", size=32, limit=3)
    np.testing.assert_array_equal(truth.inputs, parts["heldout"].horses[:3])


def test_every_set_has_the_splits_of_the_design():
    splits = {name: set(dataset.splits) for name, dataset in data.CATALOGUE.items()}
    assert splits == {
        "fashion_mnist": {"train", "test"},
        "mnist": {"train", "test"},
        "sketch2pokemon": {"train", "fit", "heldout"},
        "facades": {"train", "val", "test", "fit", "heldout"},
        "horse2zebra": {"train", "test", "fit", "heldout"},
    }


def test_a_size_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="size is 16; expected 32 to 512"):
        data.load("facades", size=16)
    with pytest.raises(ValueError, match="mnist has one size only, 28"):
        data.load("mnist", size=64)


@pytest.mark.parametrize("artist", [creatures, facades, savannah])
def test_later_pictures_are_drawn_without_those_before_them(artist):
    row = artist.draw(5, seed=4, size=32)
    for whole, part in zip(row, artist.draw(2, seed=4, size=32, first=3), strict=True):
        np.testing.assert_array_equal(whole[3:], part)


@pytest.mark.parametrize(
    ("name", "artist", "split", "limit", "drawn"),
    [
        ("sketch2pokemon", creatures, "heldout", 2, [(2, 800)]),
        ("sketch2pokemon", creatures, "heldout", None, [(30, 800)]),
        ("sketch2pokemon", creatures, "fit", 2, [(2, 0)]),
        ("facades", facades, "heldout", 2, [(2, 0)]),
        ("horse2zebra", savannah, "heldout", 2, [(2, 967), (2, 1234)]),
        ("horse2zebra", savannah, "heldout", None, [(100, 967), (100, 1234)]),
        ("horse2zebra", savannah, "fit", 2, [(2, 0), (2, 0)]),
    ],
)
def test_a_small_share_is_drawn_without_the_rest(
    monkeypatch, tmp_path, name, artist, split, limit, drawn
):
    monkeypatch.setattr(runtime, "ROOT", tmp_path)  # an empty cache
    asked = []

    def draw(count, *, seed, size, first=0):
        asked.append((count, first))
        return np.zeros((2, count, size, size, 3), np.uint8)

    monkeypatch.setattr(artist, "draw", draw)
    found = data.load(name, split, source="miniature", size=32, limit=limit)
    assert asked == drawn
    assert [len(array) for array in found] == 2 * [drawn[0][0]]
