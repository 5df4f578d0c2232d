"""The judges of photographs: what is on them, pixel by pixel or in a word."""

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import build_judges as judges
from course_utils.data.labels import LABELS
from course_utils.networks import BUILDERS


def test_a_house_is_loaded_with_the_labels_of_its_plan():
    photos, labels = judges.load("facades", test=True, source="miniature", limit=2)
    plans = cu.data.load("facades", "heldout", size=128, source="miniature", limit=2)
    assert photos.shape == (2, 128, 128, 3) and labels.shape == (2, 128, 128)
    colours = np.uint8(list(LABELS.values()))
    np.testing.assert_array_equal(colours[labels], plans.inputs)
    np.testing.assert_array_equal(photos, plans.targets)


def test_horses_are_0_and_zebras_1():
    options = {"source": "miniature", "limit": 3}
    photos, labels = judges.load("horse2zebra", test=True, **options)
    animals = cu.data.load("horse2zebra", "heldout", size=128, **options)
    np.testing.assert_array_equal(photos[labels == 0], animals.horses)
    np.testing.assert_array_equal(photos[labels == 1], animals.zebras)


@pytest.mark.parametrize("seed", range(4))
def test_a_part_of_a_picture_and_of_its_labels_stay_together(seed):
    chance = tf.random.Generator.from_seed(seed)
    places = np.arange(128 * 128).reshape(1, 128, 128)
    images = np.repeat(places[..., None], 3, axis=-1).astype("float32")
    part, labels = judges._part((tf.constant(images), tf.constant(places)), chance)
    assert part.shape == (1, 112, 112, 3)
    np.testing.assert_array_equal(part[..., 0], labels)
    across = np.diff(labels[0], axis=1)
    assert abs(across[0, 0]) == 1 and (across == across[0, 0]).all()


def test_parts_differ_and_are_mirrored_now_and_then():
    chance = tf.random.Generator.from_seed(0)
    places = tf.reshape(tf.range(128 * 128), (1, 128, 128))
    rows = [judges._part((places,), chance)[0][0, 0, :2].numpy() for _ in range(20)]
    assert len({tuple(row) for row in rows}) > 10
    assert {int(row[1] - row[0]) for row in rows} == {1, -1}


@pytest.mark.parametrize(
    ("name", "limit", "epochs"), [("facades", 48, 12), ("horse2zebra", 64, 60)]
)
def test_a_little_training_makes_a_judge(monkeypatch, name, limit, epochs):
    monkeypatch.setattr(judges, "SIZE", 64)
    monkeypatch.setattr(judges, "CROP", 48)
    keras.utils.set_random_seed(2)
    options = {"source": "miniature", "limit": limit}
    judge, history, batches = judges.train(name, epochs=epochs, **options)
    assert history.finished and len(history) == epochs * len(batches)
    images, labels = judges.load(name, test=True, source="miniature", limit=64)
    floats = images / np.float32(127.5) - 1
    right = (np.argmax(judge(floats), -1) == labels).mean()
    most = np.bincount(labels.ravel()).max() / labels.size
    print(f"{name}: {right:.1%} right, always the same: {most:.1%}")
    assert right > most + 0.1


def test_the_judge_of_facades_takes_any_size_that_halves_four_times():
    judge = BUILDERS["facades_judge"]()
    assert judge(np.zeros((1, 64, 96, 3), "float32")).shape == (1, 64, 96, 12)


def test_a_recoloured_part_keeps_its_shapes_and_its_class():
    chance = tf.random.Generator.from_seed(0)
    ramp = np.linspace(-1, 1, 128 * 128, dtype="float32").reshape(1, 128, 128, 1)
    images = tf.constant(np.repeat(np.repeat(ramp, 3, axis=3), 4, axis=0))
    parts, labels = judges._recoloured((images, tf.constant([0, 1, 0, 1])), chance)
    assert parts.shape == (4, 112, 112, 3)
    np.testing.assert_array_equal(labels, [0, 1, 0, 1])
    first, *others = parts.numpy()
    for other in others:  # each channel of each picture has a light and tint of its own
        assert np.abs(first - other).mean() > 0.01
        for channel in range(3):
            one, two = first[..., channel].ravel(), other[..., channel].ravel()
            assert np.corrcoef(one, two)[0, 1] > 0.9999
