"""Batches and augmentation: order, pairs that move alike, sets that do not match."""

import numpy as np
import pytest
import tensorflow as tf
from course_utils import data
from course_utils.data import augment, pipeline

AUGMENTATIONS = {
    "jitter": lambda picture, seed: augment.jitter(picture, seed, size=24, larger=30),
    "random crop": lambda picture, seed: augment.random_crop(picture, seed, size=20),
    "mirror": augment.mirror,
    "flips": augment.flips,
    "quarter turns": augment.quarter_turns,
    "pad": lambda picture, seed: augment.pad(picture, seed, border=5),
    "creature": lambda picture, seed: augment.random_crop(
        augment.pad(picture, seed, border=5), seed, size=24
    ),
}


def numbered(count):
    return np.arange(count, dtype=np.uint8)[:, None, None, None], np.arange(count)


def contents(dataset):
    return [np.asarray(labels).tolist() for _, labels in dataset]


def test_batches_scale_pictures_and_leave_labels_alone():
    images, labels = numbered(256)
    pictures, kept = next(iter(data.batches(images, labels, batch_size=256, seed=0)))
    assert pictures.dtype == "float32"
    np.testing.assert_allclose(
        np.ravel(pictures), np.asarray(kept) / 127.5 - 1, atol=1e-6
    )
    assert float(np.min(pictures)) == -1 and float(np.max(pictures)) == 1


def test_an_epoch_has_every_example_once_and_a_smaller_last_batch():
    batches = data.batches(*numbered(10), batch_size=4, seed=0)
    found = contents(batches.epoch(0))
    assert [len(batch) for batch in found] == [4, 4, 2] and len(batches) == 3
    assert sorted(sum(found, [])) == list(range(10))


def test_the_order_is_a_function_of_seed_and_epoch():
    batches = data.batches(*numbered(50), batch_size=7, seed=1)
    again = data.batches(*numbered(50), batch_size=7, seed=1)
    other = data.batches(*numbered(50), batch_size=7, seed=2)
    assert contents(batches.epoch(3)) == contents(again.epoch(3))
    assert contents(batches.epoch(3)) != contents(batches.epoch(4))
    assert contents(batches.epoch(3)) != contents(other.epoch(3))
    assert contents(batches.epoch(3, start=5)) == contents(batches.epoch(3))[5:]


def test_without_shuffling_the_order_stays():
    batches = data.batches(*numbered(5), batch_size=2, shuffle=False)
    assert contents(batches.epoch(9)) == [[0, 1], [2, 3], [4]]


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"different lengths: \[3, 4\]"):
        data.batches(np.zeros(3), np.zeros(4), batch_size=2)
    with pytest.raises(ValueError, match="0 examples"):
        data.batches(np.zeros(0), batch_size=2)
    with pytest.raises(ValueError, match="batches of 0"):
        data.batches(np.zeros(3), batch_size=0)


def test_unpaired_arrays_go_their_own_ways_and_the_shorter_one_is_repeated():
    batches = data.batches(
        np.arange(7), np.arange(20), batch_size=3, seed=0, paired=False
    )
    horses, zebras = (
        np.concatenate([np.asarray(batch[row]) for batch in batches.epoch(0)])
        for row in range(2)
    )
    assert len(batches) == 7 and sorted(zebras) == list(range(20))
    for first in (0, 7):
        assert sorted(horses[first : first + 7]) == list(range(7))
    assert horses[:7].tolist() != horses[7:14].tolist()


def picture(channels=3):
    shape = (24, 24, channels)
    return tf.constant(np.random.default_rng(0).uniform(-1, 1, shape), tf.float32)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_pairs_move_alike_for_500_seeds(name):
    one = picture()
    pair = tf.concat([one, one], axis=-1)
    seeds = tf.stack([tf.zeros(500, tf.int64), tf.range(500, dtype=tf.int64)], axis=1)
    change = tf.function(lambda seed: AUGMENTATIONS[name](pair, seed))
    different = set()
    for seed in seeds:
        changed = change(seed).numpy()
        np.testing.assert_array_equal(changed[..., :3], changed[..., 3:])
        different.add(changed.tobytes())
    assert len(different) >= 2


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_same_seed_gives_the_same_change(name):
    seed = tf.constant([3, 4], tf.int64)
    first, second = (AUGMENTATIONS[name](picture(), seed) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_the_chances_are_what_they_should_be():
    marked = np.full((8, 8, 1), -1, "float32")
    marked[0, 1] = 1
    seeds = [tf.constant([0, number], tf.int64) for number in range(400)]
    mirrored = [augment.mirror(marked, seed).numpy()[0, 6, 0] == 1 for seed in seeds]
    assert 0.42 < np.mean(mirrored) < 0.58
    turned = [augment.quarter_turns(marked, seed).numpy() for seed in seeds]
    still = np.mean([(one == marked).all() for one in turned])
    assert 0.42 < still < 0.58
    assert len({one.tobytes() for one in turned}) == 4
    white = [augment.pad(marked, seed, border=1).numpy()[0, 0, 0] for seed in seeds]
    assert 0.42 < np.mean(np.array(white) == 1) < 0.58


def test_a_pipeline_augments_anew_in_each_epoch_and_the_same_for_one_seed():
    pictures = np.random.default_rng(0).integers(0, 256, (6, 24, 24, 3), np.uint8)

    def epoch(number, **options):
        batches = data.batches(
            *(pictures, pictures),
            batch_size=4,
            shuffle=False,
            augment=AUGMENTATIONS["creature"],
            **options,
        )
        parts = [np.stack(batch) for batch in batches.epoch(number)]
        return np.concatenate(parts, axis=1)

    first = epoch(0, seed=1)
    assert first.shape == (2, 6, 24, 24, 3)
    np.testing.assert_array_equal(first[0], first[1])
    np.testing.assert_array_equal(first, epoch(0, seed=1))
    assert (first != epoch(1, seed=1)).any() and (first != epoch(0, seed=2)).any()
    apart = epoch(0, seed=1, paired=False)
    assert (apart[0] != apart[1]).any()


def test_the_arrays_are_not_copied():
    pictures = np.zeros((3, 8, 8, 3), np.uint8)
    batches = data.batches(pictures, batch_size=2)
    list(batches.epoch(0))
    assert np.shares_memory(batches.arrays[0], pictures)


def test_a_learners_augmentation_may_decide_by_if():
    def either(picture, seed):
        if tf.random.stateless_uniform((), seed) < 0.5:
            return picture * 0.0
        return picture * 0.0 + 1.0

    pictures = np.zeros((40, 2, 2, 1), np.uint8)
    batches = data.batches(pictures, batch_size=40, augment=either)
    (found,) = batches.epoch(0)
    assert set(np.unique(found)) == {0.0, 1.0}


def test_large_sets_stay_in_numpy_and_give_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (10, 4, 4, 1), np.uint8)
    numbers = np.arange(10)
    both = [data.batches(pictures, numbers, batch_size=4) for _ in range(2)]
    small = list(both[0].epoch(2))
    monkeypatch.setattr(pipeline, "SMALL", 0)
    for one, other in zip(small, both[1].epoch(2), strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_no_tuning_thread_holds_up_the_end_of_an_epoch():
    batches = data.batches(np.zeros((4, 8, 8, 3), np.uint8), batch_size=2)
    assert batches.epoch(0).options().autotune.enabled is False
