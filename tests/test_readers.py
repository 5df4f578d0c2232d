"""The readers: what is on a photograph, pixel by pixel or in a word."""

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import readers
from course_utils.data.labels import LABELS
from course_utils.networks import BUILDERS


def test_each_pixel_of_a_plan_has_the_label_of_its_colour():
    colours = np.uint8(list(LABELS.values()))
    plans = colours[[[[0, 3], [11, 2]], [[5, 5], [1, 0]]]]
    labels = cu.data.labels_of(plans)
    assert labels.dtype == np.int32
    assert labels.tolist() == [[[0, 3], [11, 2]], [[5, 5], [1, 0]]]


def test_a_colour_that_a_jpeg_has_bent_counts_as_the_nearest():
    bent = np.uint8([[[[3, 40, 250], [160, 6, 9]]]])
    facade, shop = (list(LABELS).index(name) for name in ("facade", "shop"))
    assert cu.data.labels_of(bent).tolist() == [[[facade, shop]]]


def test_a_house_is_loaded_with_the_labels_of_its_plan():
    photos, labels = readers.load("facades", "heldout", source="miniature", limit=2)
    plans = cu.data.load("facades", "heldout", size=128, source="miniature", limit=2)
    assert photos.shape == (2, 128, 128, 3) and labels.shape == (2, 128, 128)
    colours = np.uint8(list(LABELS.values()))
    np.testing.assert_array_equal(colours[labels], plans.inputs)
    np.testing.assert_array_equal(photos, plans.targets)


def test_horses_are_0_and_zebras_1():
    options = {"source": "miniature", "limit": 3}
    photos, labels = readers.load("horse2zebra", "heldout", **options)
    animals = cu.data.load("horse2zebra", "heldout", size=128, **options)
    np.testing.assert_array_equal(photos[labels == 0], animals.horses)
    np.testing.assert_array_equal(photos[labels == 1], animals.zebras)


@pytest.mark.parametrize("seed", range(4))
def test_a_part_of_a_picture_and_of_its_labels_stay_together(seed):
    chance = tf.random.Generator.from_seed(seed)
    places = np.arange(128 * 128).reshape(1, 128, 128)
    images = np.repeat(places[..., None], 3, axis=-1).astype("float32")
    part, labels = readers._part((tf.constant(images), tf.constant(places)), chance)
    assert part.shape == (1, 112, 112, 3)
    np.testing.assert_array_equal(part[..., 0], labels)
    across = np.diff(labels[0], axis=1)
    assert abs(across[0, 0]) == 1 and (across == across[0, 0]).all()


def test_parts_differ_and_are_mirrored_now_and_then():
    chance = tf.random.Generator.from_seed(0)
    places = tf.reshape(tf.range(128 * 128), (1, 128, 128))
    rows = [readers._part((places,), chance)[0][0, 0, :2].numpy() for _ in range(20)]
    assert len({tuple(row) for row in rows}) > 10
    assert {int(row[1] - row[0]) for row in rows} == {1, -1}


@pytest.mark.parametrize(
    ("name", "limit", "epochs"), [("facades", 48, 12), ("horse2zebra", 64, 10)]
)
def test_a_little_training_makes_a_reader(monkeypatch, name, limit, epochs):
    monkeypatch.setattr(readers, "SIZE", 64)
    monkeypatch.setattr(readers, "CROP", 48)
    keras.utils.set_random_seed(0)
    options = {"source": "miniature", "limit": limit}
    reader, history, batches = readers.train(name, epochs=epochs, **options)
    assert history.finished and len(history) == epochs * len(batches)
    images, labels = readers.load(name, "heldout", source="miniature", limit=16)
    right = (readers.read(reader, images) == labels).mean()
    most = np.bincount(labels.ravel()).max() / labels.size
    print(f"{name}: {right:.1%} right, always the same: {most:.1%}")
    assert right > most + 0.1
    floats = images / np.float32(127.5) - 1
    found = readers.read(reader, floats)
    np.testing.assert_array_equal(found, readers.read(reader, images))


def test_a_plan_reader_takes_any_size_that_halves_four_times():
    reader = BUILDERS["facades_reader"]()
    assert reader(np.zeros((1, 64, 96, 3), "float32")).shape == (1, 64, 96, 12)


def test_readers_are_asked_for_by_name():
    for names in ([], ["mnist"], ["facades", "mnist"]):
        with pytest.raises(SystemExit, match="(?s)python -m course_utils.readers.*Un"):
            readers.main(names)
