"""The report card: right where the answer is known; and the judges it relies on."""

import os
import sys

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf

sys.path.append(str(cu.runtime.ROOT / "weights"))
import train_judges as judges  # noqa: E402

DRAWN = {"source": "miniature"}
needs_real = pytest.mark.skipif(
    not os.environ.get("COURSE_DOWNLOADS"),
    reason="COURSE_DOWNLOADS does not name a folder with the published files",
)


def noise_pictures(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)


def distance(first, second):
    """Return the Fréchet distance of two sets of features."""
    return cu.metrics.frechet_distance(*map(cu.metrics.cloud, (first, second)))


# --- the Fréchet distance -------------------------------------------------------------


def test_a_cloud_is_mean_and_covariance():
    features = np.random.default_rng(0).normal(size=(50, 3))
    mean, covariance = cu.metrics.cloud(features.astype("float32"))
    np.testing.assert_allclose(mean, features.mean(0), atol=1e-6)
    away = features - features.mean(0)
    np.testing.assert_allclose(covariance, away.T @ away / 49, atol=1e-6)
    assert cu.metrics.cloud(features[:, :1]).covariance.shape == (1, 1)


@pytest.mark.parametrize(
    ("mean", "widths", "expected"),
    [
        ([0, 0], [1, 1], 0),
        ([3, 4], [1, 1], 25),  # the square of the way between the means
        ([0, 0], [3, 1], 4),  # and (σ₁ - σ₂)² along each axis
        ([1, 0], [0.5, 2], 1 + 0.25 + 1),
        ([3, 4], [0, 0], 25 + 2),  # a collapsed generator
    ],
)
def test_frechet_distance_of_known_normal_distributions(mean, widths, expected):
    first = cu.metrics.Cloud(np.zeros(2), np.eye(2))
    second = cu.metrics.Cloud(np.array(mean), np.diag(np.square(widths)))
    for pair in ((first, second), (second, first)):
        found = cu.metrics.frechet_distance(*pair)
        assert found == pytest.approx(expected, abs=1e-6)


def test_frechet_distance_of_turned_clouds_that_do_not_commute():
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    one, two = np.diag([9.0, 1.0]), turn @ np.diag([4.0, 0.25]) @ turn.T
    # For 2 × 2 matrices tr M^½ is the root of tr M + 2 (det M)^½.
    overlap = np.sqrt(np.trace(one @ two) + 2 * np.sqrt(np.linalg.det(one @ two)))
    clouds = (
        cu.metrics.Cloud(np.zeros(2), one),
        cu.metrics.Cloud(np.array([1, -1]), two),
    )
    expected = 2 + np.trace(one + two) - 2 * overlap
    assert cu.metrics.frechet_distance(*clouds) == pytest.approx(expected, rel=1e-6)


def independent_distance(first, second):
    """Return Fréchet's distance without any covariance or its root.

    tr (C₁ C₂)^½ is the sum of the singular values of A Bᵀ, where A and B are the
    centred clouds, divided by the roots of their lengths less one.
    """
    a, b = (each - each.mean(0) for each in (first, second))
    a, b = (each / np.sqrt(len(each) - 1) for each in (a, b))
    overlap = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    shift = first.mean(0) - second.mean(0)
    return shift @ shift + (a**2).sum() + (b**2).sum() - 2 * overlap


@pytest.mark.parametrize(("count", "others"), [(500, 300), (20, 15), (2, 2)])
def test_frechet_distance_agrees_with_an_independent_formula(count, others):
    """Also with fewer pictures than features, where the covariance has no full rank."""
    rng = np.random.default_rng(count)
    mix = rng.normal(size=(64, 64)) / 8
    first = np.maximum(rng.normal(size=(count, 64)) @ mix, 0)
    second = np.maximum(rng.normal(size=(others, 64)) @ mix + 0.3, 0)
    expected = independent_distance(first, second)
    assert distance(first, second) == pytest.approx(expected, rel=1e-5)
    assert distance(second, first) == pytest.approx(expected, rel=1e-5)
    assert 0 <= distance(first, first[::-1]) < 1e-5 * expected


# --- neighbours -----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(28, 28, 1), (8, 6, 3)])
def test_nearest_is_what_a_search_by_hand_finds(shape):
    rng = np.random.default_rng(0)
    known = rng.uniform(-1, 1, (50, *shape)).astype("float32")
    noise = rng.normal(0, 0.3, known.shape)
    images = np.clip(known[rng.permutation(50)] + noise, -1, 1)
    places, distances = cu.metrics.nearest(images, known)
    for image, place, distance in zip(images, places, distances, strict=True):
        ways = [np.sqrt(np.mean((image - other) ** 2)) for other in known]
        assert place == np.argmin(ways)
        assert distance == pytest.approx(min(ways), rel=1e-5)


def test_nearest_takes_bytes_and_floats_alike_and_finds_copies_at_no_distance():
    known = noise_pictures(30)
    places, distances = cu.metrics.nearest(known[[3, 4]] / 127.5 - 1, known)
    assert places.tolist() == [3, 4]
    np.testing.assert_allclose(distances, 0, atol=1e-6)
    dark, light = np.zeros_like(known[:1]), np.full_like(known[:1], 255)
    assert cu.metrics.nearest(dark, light)[1] == pytest.approx(2)


# --- judges ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh():
    """A judge that has learnt nothing, but whose numbers are all in use."""
    keras.utils.set_random_seed(0)
    return cu.metrics.Judge(cu.networks.small_judge())


def test_a_judge_takes_bytes_floats_and_tensors_alike_but_no_other_range(fresh):
    images = noise_pictures(20)
    expected = fresh.features(images)
    assert expected.std() > 1e-3
    for same in (images / 127.5 - 1, tf.constant(images / 127.5 - 1, "float32")):
        np.testing.assert_allclose(fresh.features(same), expected, atol=1e-5)
    with pytest.raises(ValueError, match="uint8"):
        fresh.labels(images.astype("float32"))


@pytest.mark.parametrize(("name", "least"), [("mnist", 0.90), ("fashion", 0.75)])
def test_the_shipped_judge_reads_the_miniature_and_finds_noise_far(name, least):
    judge = cu.metrics.judge(name)
    drawn = cu.data.load(judges.SUBJECTS[name].data, "test", limit=2000, **DRAWN)
    found = judge.labels(drawn.images)
    assert (found == drawn.labels).mean() >= least
    half, other = judge.features(drawn.images[::2]), judge.features(drawn.images[1::2])
    noise = judge.features(noise_pictures(500))
    assert distance(half, noise) > 20 * distance(half, other)


@needs_real
@pytest.mark.parametrize(("name", "least"), [("mnist", 0.99), ("fashion", 0.90)])
def test_the_shipped_judge_is_as_good_as_its_card_says(monkeypatch, name, least):
    monkeypatch.delenv("COURSE_DATA")
    test = cu.data.load(judges.SUBJECTS[name].data, "test", source="real")
    judge = cu.metrics.judge(name)
    found, scores = judges.seen(name, judge.network)
    assert scores["right on the test pictures"] >= least
    assert scores == pytest.approx(cu.weights.card(f"{name}_judge")["scores"], abs=0.01)
    np.testing.assert_allclose(found.mean, judge.real.mean, atol=1e-2)
    assert judge.distance(test.images) < 0.05 * judge.scale
    assert judge.distance(noise_pictures(1000)) > 1000 * judge.scale


@needs_real
def test_houses_are_read_as_their_plans_as_often_as_photographs(monkeypatch):
    monkeypatch.delenv("COURSE_DATA")
    names = "facades_pix2pix", "facades_judge"
    builder, reader = map(cu.weights.load_model, names)
    plans, photos = cu.data.load("facades", "heldout", source="real")
    small = cu.data.load("facades", "heldout", source="real", size=128)
    houses = builder.predict(plans / np.float32(127.5) - 1, batch_size=4, verbose=0)
    shown = {"photographs": photos / np.float32(127.5) - 1, "120 epochs": houses}
    agree = {}
    for name, some in shown.items():
        shrunk = tf.image.resize(some, (128, 128), "area")
        found = reader.predict(shrunk, verbose=0).argmax(-1)
        agree[name] = (found == judges.labels_of(small.inputs)).mean()
    card = cu.weights.card("facades_pix2pix")["scores"]["read as planned"]
    assert agree["120 epochs"] >= agree["photographs"]
    assert agree == pytest.approx({name: card[name] for name in agree}, abs=0.01)


def test_judges_learn_from_plans_and_from_the_kind_of_animal():
    photos, labels = judges.load("facades", test=True, limit=2, **DRAWN)
    plans = cu.data.load("facades", "heldout", size=128, limit=2, **DRAWN)
    colours = np.uint8(list(cu.data.LABELS.values()))
    np.testing.assert_array_equal(colours[labels], plans.inputs)
    np.testing.assert_array_equal(photos, plans.targets)
    photos, labels = judges.load("horse2zebra", test=True, limit=3, **DRAWN)
    animals = cu.data.load("horse2zebra", "heldout", size=128, limit=3, **DRAWN)
    np.testing.assert_array_equal(photos[labels == 0], animals.horses)
    np.testing.assert_array_equal(photos[labels == 1], animals.zebras)


@pytest.mark.parametrize("seed", range(2))
def test_a_part_of_a_picture_and_of_its_labels_stay_together(seed):
    chance = tf.random.Generator.from_seed(seed)
    places = tf.reshape(tf.range(128.0 * 128), (1, 128, 128))
    images = tf.repeat(places[..., None], 3, axis=-1)
    part, labels = judges.part(images, places, chance)
    assert part.shape == (1, 112, 112, 3)
    np.testing.assert_array_equal(part[..., 0], labels)


def test_a_judge_of_digits_is_made_with_its_card_and_its_cloud(tmp_path):
    judges.make("mnist", tmp_path, epochs=1, limit=256, **DRAWN)
    network = cu.weights.load_model("mnist_judge", folder=tmp_path)
    card = cu.weights.card("mnist_judge", folder=tmp_path)
    assert card["images_seen"] == 256 and len(card["scores"]) == 2
    real = cu.metrics.Cloud(
        **cu.weights.arrays("mnist_judge", "cloud", folder=tmp_path)
    )
    images, _ = judges.load("mnist", test=True, limit=256, **DRAWN)
    assert cu.metrics.Judge(network, real).distance(images) < 0.1


@pytest.mark.parametrize("name", ["facades", "horse2zebra"])
def test_judges_of_photographs_are_made_in_the_same_way(tmp_path, name):
    judges.make(name, tmp_path, epochs=1, limit=16, **DRAWN)
    assert cu.weights.load_model(f"{name}_judge", folder=tmp_path).built
