"""The report card: right where the answer is known, and plain about bad inputs."""

import os
import sys

import course_utils as cu
import keras
import numpy as np
import pytest

sys.path.append(str(cu.runtime.ROOT / "weights"))
import train_judges as judges  # noqa: E402

DRAWN = {"mnist": 0.90, "fashion": 0.75}  # of the miniature, read right at least
REAL = {"mnist": 0.99, "fashion": 0.90}  # of the published test pictures
needs_real = pytest.mark.skipif(
    not os.environ.get("COURSE_DOWNLOADS"),
    reason="COURSE_DOWNLOADS does not name a folder with the published files",
)


def noise_pictures(count, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)


def cloud(mean, covariance, count=200, seed=0):
    """Return features (count, d) with exactly this mean and covariance."""
    drawn = np.random.default_rng(seed).normal(size=(count, len(mean)))
    drawn -= drawn.mean(0)
    spread = np.atleast_2d(np.cov(drawn, rowvar=False))
    white = np.linalg.solve(np.linalg.cholesky(spread), drawn.T)
    return (np.linalg.cholesky(covariance) @ white).T + mean


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


def test_asked_share_counts_what_was_read_as_asked():
    found, asked = [3, 3, 1, 0, 1], [3, 1, 1, 1, 0]
    assert cu.metrics.asked_share(found, asked) == pytest.approx(2 / 5)
    by_class = cu.metrics.asked_share(found, asked, by_class=True)
    np.testing.assert_allclose(by_class, [0, 1 / 3, 1])  # asked for: 0, 1 and 3
    assert cu.metrics.asked_share(np.uint8([7]), np.int64([7])) == 1.0


def test_asked_share_wants_two_equal_lists_of_classes():
    with pytest.raises(ValueError, match="one-hot"):
        cu.metrics.asked_share([1, 2, 3], np.eye(10)[[1, 2, 3]])


def test_a_histogram_has_all_classes_and_sums_to_one():
    found = cu.metrics.histogram(np.uint8([0, 2, 2, 9]))
    np.testing.assert_allclose(found, [0.25, 0, 0.5, 0, 0, 0, 0, 0, 0, 0.25])
    np.testing.assert_allclose(
        cu.metrics.histogram([1, 0, 1], classes=2), [1 / 3, 2 / 3]
    )


@pytest.mark.parametrize(
    ("mean", "widths", "expected"),
    [
        ([0, 0], [1, 1], 0),
        ([3, 4], [1, 1], 25),  # the square of the way between the means
        ([0, 0], [3, 1], 4),  # and (σ₁ − σ₂)² along each axis
        ([1, 0], [0.5, 2], 1 + 0.25 + 1),
    ],
)
def test_frechet_distance_of_known_normal_distributions(mean, widths, expected):
    first = cloud([0, 0], np.eye(2), seed=1)
    second = cloud(mean, np.diag(np.square(widths)), count=90, seed=2)
    found = cu.metrics.frechet_distance(first, second)
    assert found == pytest.approx(expected, abs=1e-6)
    assert cu.metrics.frechet_distance(second, first) == pytest.approx(found, abs=1e-6)


def test_frechet_distance_of_turned_clouds_that_do_not_commute():
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    one, two = np.diag([9.0, 1.0]), turn @ np.diag([4.0, 0.25]) @ turn.T
    # For 2 × 2 matrices tr M^½ is the root of tr M + 2 (det M)^½.
    overlap = np.sqrt(np.trace(one @ two) + 2 * np.sqrt(np.linalg.det(one @ two)))
    expected = 2 + np.trace(one + two) - 2 * overlap
    found = cu.metrics.frechet_distance(cloud([0, 0], one), cloud([1, -1], two, seed=5))
    assert found == pytest.approx(expected, rel=1e-6)


def test_frechet_distance_of_one_number_each():
    first, second = cloud([0], np.eye(1)), cloud([2], 9 * np.eye(1), seed=3)
    assert cu.metrics.frechet_distance(first, second) == pytest.approx(4 + 4)


@pytest.mark.parametrize(("count", "others"), [(500, 300), (20, 500), (20, 15), (2, 2)])
def test_frechet_distance_agrees_with_an_independent_formula(count, others):
    """Also with fewer pictures than features, where the covariance has no full rank."""
    rng = np.random.default_rng(count)
    mix = rng.normal(size=(64, 64)) / 8
    first = np.maximum(rng.normal(size=(count, 64)) @ mix, 0).astype("float32")
    second = np.maximum(rng.normal(size=(others, 64)) @ mix + 0.3, 0)
    found = cu.metrics.frechet_distance(first, second)
    expected = independent_distance(first.astype("float64"), second)
    assert found == pytest.approx(expected, rel=1e-5)
    assert cu.metrics.frechet_distance(second, first) == pytest.approx(found, rel=1e-5)
    assert 0 <= cu.metrics.frechet_distance(first, first) < 1e-5 * found
    assert 0 <= cu.metrics.frechet_distance(first, first[::-1]) < 1e-5 * found


def test_frechet_distance_of_a_collapsed_generator_is_finite():
    real, same = cloud([0, 0], np.eye(2)), np.tile([3.0, 4.0], (50, 1))
    assert cu.metrics.frechet_distance(real, same) == pytest.approx(25 + 2)
    assert cu.metrics.frechet_distance(same, same) == 0


def test_a_cloud_stands_for_the_features_it_was_made_of():
    first, second = cloud([0, 0], np.eye(2)), cloud([1, 2], 4 * np.eye(2), seed=3)
    expected = cu.metrics.frechet_distance(first, second)
    clouds = cu.metrics.cloud(first), cu.metrics.cloud(second)
    for pair in ((clouds[0], second), (first, clouds[1]), clouds):
        assert cu.metrics.frechet_distance(*pair) == pytest.approx(expected, rel=1e-9)
    np.testing.assert_allclose(clouds[1].mean, [1, 2])
    np.testing.assert_allclose(clouds[1].covariance, 4 * np.eye(2), atol=1e-9)


def test_nearest_finds_copies_at_no_distance():
    known = noise_pictures(300)
    places, distances = cu.metrics.nearest(known[40:60], known)
    np.testing.assert_array_equal(places, np.arange(40, 60))
    np.testing.assert_array_equal(distances, 0)


@pytest.mark.parametrize("shape", [(28, 28, 1), (8, 6, 3)])
def test_nearest_is_what_a_search_by_hand_finds(shape):
    rng = np.random.default_rng(0)
    known = rng.uniform(-1, 1, (50, *shape)).astype("float32")
    images = np.clip(
        known[rng.permutation(50)] + rng.normal(0, 0.3, known.shape), -1, 1
    )
    places, distances = cu.metrics.nearest(images, known)
    for image, place, distance in zip(images, places, distances, strict=True):
        ways = [np.sqrt(np.mean((image - other) ** 2)) for other in known]
        assert place == np.argmin(ways)
        assert distance == pytest.approx(min(ways), rel=1e-5)


def test_nearest_takes_bytes_and_floats_alike():
    known = noise_pictures(30)
    dark, light = np.zeros((1, 28, 28, 1), np.uint8), np.full((1, 28, 28, 1), 255)
    floats = np.concatenate([known[3:5] / 127.5 - 1, np.full((1, 28, 28, 1), -1.0)])
    places, distances = cu.metrics.nearest(floats, np.concatenate([known, dark]))
    assert places.tolist() == [3, 4, 30]
    np.testing.assert_allclose(distances, 0, atol=1e-6)
    assert cu.metrics.nearest(dark, light.astype("uint8"))[1] == pytest.approx(2)


@pytest.fixture(scope="module")
def fresh():
    """A judge that has learnt nothing, but whose numbers are all in use."""
    keras.utils.set_random_seed(0)
    return cu.metrics.Judge(cu.networks.judge())


def test_a_judge_takes_bytes_floats_and_tensors_alike(fresh):
    images = noise_pictures(20)
    expected = fresh.features(images)
    assert expected.std() > 1e-3
    for same in (
        images / 127.5 - 1,
        (images / 127.5 - 1).astype("float32"),
        keras.ops.convert_to_tensor(images / 127.5 - 1, "float32"),
        keras.ops.convert_to_tensor(images),
    ):
        np.testing.assert_allclose(fresh.features(same), expected, atol=1e-5)


def test_a_judge_knows_how_far_pictures_are_from_the_real_ones(fresh):
    real, other = noise_pictures(80), noise_pictures(80, seed=1) // 2
    judge = cu.metrics.Judge(fresh.network, cu.metrics.cloud(fresh.features(real)))
    assert judge.distance(real) < 1e-3 * judge.distance(other)
    expected = cu.metrics.frechet_distance(fresh.features(other), fresh.features(real))
    assert judge.distance(other) == pytest.approx(expected, rel=1e-6)


def test_pictures_of_another_range_are_refused(fresh):
    with pytest.raises(ValueError, match="uint8"):
        fresh.labels(noise_pictures(2).astype("float32"))


def test_a_judge_of_photographs_says_where_its_answers_are():
    with pytest.raises(ValueError, match="load_model.'facades_judge'. gives"):
        cu.metrics.judge("facades")


def test_an_unknown_judge_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="'pokemon_judge'; known: .*mnist_judge, fas"):
        cu.metrics.judge("pokemon")


def check_that_noise_is_far(judge, images):
    """Assert that two halves of these are near each other, and far from noise."""
    half, other = judge.features(images[::2]), judge.features(images[1::2])
    noise = judge.features(noise_pictures(500))
    near = cu.metrics.frechet_distance(half, other)
    far = cu.metrics.frechet_distance(half, noise)
    assert far > 20 * near
    assert near < 0.05 * np.var(half, axis=0).sum()


@pytest.mark.parametrize("name", ["mnist", "fashion"])
def test_the_shipped_judge_is_small_and_its_card_says_how_good_it_is(name):
    scores = cu.weights.card(f"{name}_judge")["scores"]
    assert REAL[name] <= scores["right on the test pictures"] <= 1
    assert (cu.weights.FOLDER / f"{name}_judge.weights.h5").stat().st_size <= 1e6


@pytest.mark.parametrize("name", ["mnist", "fashion"])
def test_the_shipped_judge_reads_the_miniature(name):
    judge = cu.metrics.judge(name)
    drawn = cu.data.load(
        judges.SUBJECTS[name].data, "test", source="miniature", limit=2000
    )
    found = judge.labels(drawn.images)
    share = cu.metrics.asked_share(found, drawn.labels)
    print(f"{name}_judge reads {share:.1%} of the miniature")
    assert share >= DRAWN[name]
    shuffled = np.random.default_rng(0).permutation(drawn.labels)
    assert cu.metrics.asked_share(found, shuffled) < 0.2
    check_that_noise_is_far(judge, drawn.images)


@needs_real
@pytest.mark.parametrize("name", ["mnist", "fashion"])
def test_the_shipped_judge_is_as_good_as_its_card_says(monkeypatch, name):
    monkeypatch.delenv("COURSE_DATA")
    test = cu.data.load(judges.SUBJECTS[name].data, "test", source="real")
    judge = cu.metrics.judge(name)
    found, scores = judges.seen(name, judge.network)
    card = cu.weights.card(f"{name}_judge")["scores"]
    assert scores["right on the test pictures"] >= REAL[name]
    assert scores == pytest.approx(card, abs=0.01)
    np.testing.assert_allclose(found.mean, judge.real.mean, atol=1e-2)
    assert judge.distance(test.images) < 0.05 * judge.scale
    noise = noise_pictures(1000)
    assert judge.distance(noise) > 1000 * judge.scale
