"""Batches: the same for one seed, shuffled anew in each epoch, augmented alike."""

import numpy as np
import pytest
from course_utils import augment, batches


def numbered(count, size=4, channels=1):
    """Return pictures of one colour each: their number."""
    shape = (count, size, size, channels)
    return np.broadcast_to(np.arange(count, dtype=np.uint8)[:, None, None, None], shape)


def numbers(batch):
    return np.rint((np.asarray(batch)[:, 0, 0, 0] + 1) * 127.5).astype(int).tolist()


def epoch(made, number, start=0):
    return [numbers(batch) for batch in made.epoch(number, start=start)]


def test_pictures_become_floats_and_labels_stay_as_they_are():
    images = np.uint8([[[[0]]], [[[255]]]])
    labels = np.eye(2, dtype="float32")
    made = batches.make(images, labels, batch_size=2, shuffle=False)
    pictures, answers = next(iter(made))
    assert pictures.numpy().ravel().tolist() == [-1, 1]
    assert np.array_equal(answers, labels)
    assert pictures.dtype == "float32"


def test_an_epoch_has_every_example_once_and_a_smaller_last_batch():
    made = batches.make(numbered(10), batch_size=4)
    found = epoch(made, 0)
    assert [len(batch) for batch in found] == [4, 4, 2] and len(made) == 3
    assert sorted(sum(found, [])) == list(range(10)) != sum(found, [])


def test_an_epoch_is_a_function_of_seed_and_number():
    first, again, other = (
        batches.make(numbered(50), batch_size=50, seed=seed) for seed in (1, 1, 2)
    )
    assert epoch(first, 3) == epoch(again, 3)
    assert epoch(first, 3) != epoch(first, 4)
    assert epoch(first, 3) != epoch(other, 3)


def test_an_epoch_that_goes_on_gives_what_was_left():
    def changed(picture, seed):
        return augment.shift(picture, seed, border=2)

    made = batches.make(numbered(9), batch_size=2, augment=changed)
    whole, rest = list(made.epoch(1)), list(made.epoch(1, start=2))
    assert len(rest) == 3
    for one, two in zip(whole[2:], rest, strict=True):
        assert np.array_equal(one, two)


def test_pairs_stay_pairs_and_change_alike_and_anew():
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 255, (6, 32, 32, 3), dtype=np.uint8)
    made = batches.make(inputs, inputs, batch_size=3, augment=augment.shift)
    views = set()
    for number in range(5):
        for first, second in made.epoch(number):
            assert np.array_equal(first, second)
            views |= {picture.numpy().tobytes() for picture in first}
    assert len(views) == 30  # none is frozen in the first epoch's shape


def test_two_kinds_go_their_own_ways_and_the_longer_one_is_seen_whole():
    made = batches.make(numbered(4), numbered(10), batch_size=5, paired=False)
    horses, zebras = zip(*made.epoch(0), strict=True)
    horses, zebras = sum(map(numbers, horses), []), sum(map(numbers, zebras), [])
    assert sorted(zebras) == list(range(10)) and len(made) == 2
    assert sorted(horses[:4]) == sorted(horses[4:8]) == list(range(4))
    assert horses[:4] != horses[4:8]
    assert horses != zebras


def test_two_kinds_are_changed_each_by_chances_of_its_own():
    same = np.tile(np.arange(64, dtype=np.uint8).reshape(1, 8, 8, 1), (20, 1, 1, 1))
    made = batches.make(same, same, batch_size=20, paired=False, augment=augment.mirror)
    first, second = next(iter(made))
    agree = [np.array_equal(*both) for both in zip(first, second, strict=True)]
    assert 0 < sum(agree) < 20


def test_pairs_of_different_number_are_refused():
    with pytest.raises(ValueError, match="pairs"):
        batches.make(numbered(3), numbered(4), batch_size=2)
    with pytest.raises(ValueError, match="examples"):
        batches.make(numbered(0), batch_size=2)


@pytest.mark.parametrize(
    "change",
    [
        lambda picture, seed: augment.jitter(picture, seed, size=16, larger=18),
        lambda picture, seed: augment.shift(picture, seed, border=4),
        augment.mirror,
    ],
)
def test_augmentation_follows_from_the_seed_and_invents_no_colour(change):
    picture = np.random.default_rng(0).choice([-1.0, -0.5, 0.5, 1.0], (16, 16, 6))
    picture = picture.astype("float32")
    views = [change(picture, (7, number)).numpy() for number in range(12)]
    assert {view.shape for view in views} == {(16, 16, 6)}
    assert np.array_equal(views[3], change(picture, (7, 3)))
    assert {*np.unique(views)} <= {*np.unique(picture)}


def test_jitter_shows_part_of_the_enlarged_picture_and_its_mirror_image():
    picture = np.arange(16, dtype="float32").reshape(1, 16, 1).repeat(16, 0)
    rises = []
    for number in range(40):
        view = augment.jitter(picture, (0, number), size=16, larger=18).numpy()
        steps = np.diff(view[0, :, 0])
        assert (np.abs(steps) <= 1).all()
        rises.append(steps.sum() > 0)
    assert 8 < sum(rises) < 32


def test_a_shift_lays_white_on_all_sides_and_mirrors_in_half_of_all_cases():
    picture = np.full((8, 8, 1), -0.5, "float32")
    picture[4, 2] = 0.0
    views = [augment.shift(picture, (0, n), border=2).numpy() for n in range(40)]
    for edge in (np.s_[0, :], np.s_[-1, :], np.s_[:, 0], np.s_[:, -1]):
        whites = [(view[edge] == 1.0).all() for view in views]
        assert 0 < sum(whites) < 40
    is_left = [np.argwhere(view[..., 0] == 0.0)[0][1] < 4 for view in views]
    assert 8 < sum(is_left) < 32
