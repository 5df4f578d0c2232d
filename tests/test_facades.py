"""Lesson 4's networks: lesson 3's by the functional API, and the jitter they see."""

import os

import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import augment, data, networks, weights
from course_utils import batches as batching

SIZES = [(64, 8), (256, 8), (64, 64), (256, 64)]


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def pictures(size, count=1, seed=0):
    drawn = np.random.default_rng(seed).uniform(-1, 1, (count, size, size, 3))
    return drawn.astype("float32")


def shapes(model):
    return [tuple(weight.shape) for weight in model.weights]


@pytest.mark.parametrize(("size", "width"), SIZES)
def test_the_generator_is_lesson_3s_u_net(size, width):
    unet = networks.UNet(size, width, "instance")
    unet(keras.Input((size, size, 3)))
    generator = networks.facades_generator(size, width)
    assert generator.count_params() == unet.count_params()
    assert generator.output_shape == (None, size, size, 3)
    assert shapes(generator) == shapes(unet)
    if width > 8:
        return
    generator.set_weights(unet.get_weights())
    plan = pictures(size)
    np.testing.assert_allclose(generator(plan), unet(plan), atol=1e-5)


@pytest.mark.parametrize(("size", "width"), SIZES)
def test_the_discriminator_is_lesson_3s_patchgan(size, width):
    patches = networks.PatchDiscriminator(width, "instance")
    patches(*[keras.Input((size, size, 3)) for _ in range(2)])
    discriminator = networks.facades_discriminator(size, width)
    assert discriminator.count_params() == patches.count_params()
    assert discriminator.output_shape == (None, size // 8 - 2, size // 8 - 2, 1)
    assert shapes(discriminator) == shapes(patches)
    if width > 8:
        return
    discriminator.set_weights(patches.get_weights())
    plan, photo = pictures(size), pictures(size, seed=1)
    found, wanted = discriminator([plan, photo]), patches(plan, photo)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_the_first_and_the_innermost_block_are_not_normalized():
    generator = networks.facades_generator(64, 4)
    blocks = [layer for layer in generator.layers if hasattr(layer, "layers")]
    kinds = [[type(layer).__name__ for layer in block.layers] for block in blocks]
    normalized = ["GroupNormalization" in block for block in kinds]
    assert normalized == [False, True, True, True, True, False] + 5 * [True]
    assert ["Dropout" in block for block in kinds] == 6 * [False] + 3 * [True] + [
        False,
        False,
    ]


def test_only_dropout_in_training_leaves_anything_to_chance():
    generator = networks.facades_generator(64, 4)
    plan = pictures(64)
    first, again = (np.asarray(generator(plan)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(generator(plan, training=True) - first).max() > 0


def test_training_sees_a_pair_jittered_anew_in_every_epoch_and_both_alike():
    plans = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), np.uint8)

    def jitter(pair, seed):
        return augment.jitter(pair, seed, size=64, larger=72)

    batches = batching.make(plans, 255 - plans, batch_size=1, augment=jitter)
    seen = [next(iter(batches.epoch(number))) for number in range(4)]
    assert len({np.asarray(plan).tobytes() for plan, _ in seen}) == 4
    for plan, photo in seen:
        assert plan.shape == photo.shape == (1, 64, 64, 3)
        np.testing.assert_allclose(plan, -photo, atol=1e-6)


@pytest.mark.skipif(
    not os.environ.get("COURSE_DOWNLOADS"),
    reason="COURSE_DOWNLOADS does not name a folder with the published files",
)
def test_houses_are_read_as_their_plans_as_often_as_photographs(monkeypatch):
    monkeypatch.delenv("COURSE_DATA")
    builder, reader = map(weights.load_model, ("facades_pix2pix", "facades_judge"))
    plans, photos = data.load("facades", "heldout", source="real")
    small = data.load("facades", "heldout", source="real", size=128)
    houses = builder.predict(plans / np.float32(127.5) - 1, batch_size=4, verbose=0)
    pictures = {"photographs": photos / np.float32(127.5) - 1, "120 epochs": houses}
    agree = {}
    for name, some in pictures.items():
        shrunk = tf.image.resize(some, (128, 128), "area")
        found = reader.predict(shrunk, verbose=0).argmax(-1)
        agree[name] = (found == data.labels_of(small.inputs)).mean()
    card = weights.card("facades_pix2pix")["scores"]["read as planned"]
    assert agree["120 epochs"] >= agree["photographs"]
    assert agree["120 epochs"] > card["10 epochs"]
    assert agree == pytest.approx({name: card[name] for name in agree}, abs=0.01)
