"""The judges: what they learn from, and that a short training makes one that loads."""

import sys

import course_utils as cu
import numpy as np
import pytest
import tensorflow as tf

sys.path.append(str(cu.runtime.ROOT / "weights"))
import train_judges as judges  # noqa: E402

DRAWN = {"source": "miniature"}


def test_a_house_is_loaded_with_the_labels_of_its_plan():
    photos, labels = judges.load("facades", test=True, limit=2, **DRAWN)
    plans = cu.data.load("facades", "heldout", size=128, limit=2, **DRAWN)
    colours = np.uint8(list(cu.data.LABELS.values()))
    np.testing.assert_array_equal(colours[labels], plans.inputs)
    np.testing.assert_array_equal(photos, plans.targets)


def test_horses_are_0_and_zebras_1():
    photos, labels = judges.load("horse2zebra", test=True, limit=3, **DRAWN)
    animals = cu.data.load("horse2zebra", "heldout", size=128, limit=3, **DRAWN)
    np.testing.assert_array_equal(photos[labels == 0], animals.horses)
    np.testing.assert_array_equal(photos[labels == 1], animals.zebras)


@pytest.mark.parametrize("seed", range(4))
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
    real = cu.metrics.Cloud(**cu.weights.cloud("mnist_judge", folder=tmp_path))
    images, _ = judges.load("mnist", test=True, limit=256, **DRAWN)
    assert cu.metrics.Judge(network, real).distance(images) < 0.1


@pytest.mark.parametrize("name", ["facades", "horse2zebra"])
def test_judges_of_photographs_are_made_in_the_same_way(tmp_path, name):
    judges.make(name, tmp_path, epochs=1, limit=16, **DRAWN)
    assert cu.weights.load_model(f"{name}_judge", folder=tmp_path).built
