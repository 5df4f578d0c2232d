"""Lesson 3's networks: the text's counts and shapes, skips, patches, and norms."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import networks


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def pictures(count=1, size=64):
    drawn = np.random.default_rng(0).uniform(-1, 1, (count, size, size, 3))
    return drawn.astype("float32")


@pytest.mark.parametrize(
    ("network", "parameters"),
    [(networks.EncoderDecoder, 39_085_315), (networks.UNet, 54_423_811)],
)
def test_the_generators_have_the_papers_size(network, parameters):
    model = network()
    assert model(pictures(size=256)).shape == (1, 256, 256, 3)
    assert model.count_params() == parameters


def test_the_encoder_goes_down_to_one_pixel():
    outputs = networks.Encoder()(pictures(size=256))
    sides = [int(output.shape[1]) for output in outputs]
    filters = [int(output.shape[-1]) for output in outputs]
    assert sides == [128, 64, 32, 16, 8, 4, 2, 1]
    assert filters == [64, 128, 256, 512, 512, 512, 512, 512]


@pytest.mark.parametrize(("size", "blocks"), [(64, 6), (128, 7), (256, 8)])
@pytest.mark.parametrize("network", [networks.EncoderDecoder, networks.UNet])
def test_a_generator_is_made_for_a_size_and_a_width(network, size, blocks):
    model = network(size, width=2, norm="instance")
    found = np.asarray(model(pictures(2, size)))
    assert found.shape == (2, size, size, 3)
    assert np.abs(found).max() <= 1
    assert len(model.encoder.blocks) == blocks == len(model.decoder.blocks) + 1


def test_no_information_passes_around_the_code_without_skips():
    """With the code cut off, the encoder-decoder is blind, and the U-Net is not."""
    for network, blind in ((networks.EncoderDecoder, True), (networks.UNet, False)):
        model = network(64, width=4, norm=None)
        model(pictures())
        code = model.encoder.blocks[-1].convolution.kernel
        code.assign(np.zeros(code.shape))
        dark, light = model(-pictures()), model(pictures())
        assert np.allclose(dark, light, atol=1e-6) is blind


def test_the_innermost_block_is_not_normalized():
    """Instance norm of a 1 × 1 map is its offset: the code would carry nothing."""
    model = networks.UNet(64, width=4, norm="instance")
    code = np.asarray(model.encoder(pictures(2))[-1])
    assert code.shape == (2, 1, 1, 32)
    assert np.abs(code).min() > 0 and not np.allclose(code[0], code[1])


def test_a_generator_is_deterministic_unless_it_trains():
    model = networks.UNet(64, width=4, norm="instance")
    first, again = (np.asarray(model(pictures())) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(model(pictures(), training=True) - first).max() > 0


def test_the_discriminator_has_the_papers_size():
    model = networks.PatchDiscriminator()
    assert model(pictures(size=256), pictures(size=256)).shape == (1, 30, 30, 1)
    assert model.count_params() == 2_770_433


@pytest.mark.parametrize(("halvings", "patch"), [(1, 16), (2, 34), (3, 70)])
def test_a_logit_sees_one_patch(halvings, patch):
    model = networks.PatchDiscriminator(4, norm=None, halvings=halvings)
    assert seen(model, size=192) == patch


def test_a_pixels_logit_sees_one_pixel():
    model = networks.PixelDiscriminator(4)
    assert model(pictures(), pictures()).shape == (1, 64, 64, 1)
    assert seen(model, size=64) == 1


def seen(model, *, size: int) -> int:
    """Return how many pixels wide the part is that moves the logit in the middle."""
    images = tf.Variable(pictures(size=size))
    with tf.GradientTape() as tape:
        logits = model(images, images)
        middle = logits.shape[1] // 2
        logit = logits[0, middle, middle, 0]
    moved = np.abs(tape.gradient(logit, images)[0]).sum(-1)
    rows = np.flatnonzero(moved.any(axis=1))
    return rows[-1] - rows[0] + 1


def test_the_discriminator_looks_at_both_pictures():
    model = networks.PatchDiscriminator(4, norm=None)
    plain = model(pictures(), pictures())
    assert not np.allclose(plain, model(-pictures(), pictures()))
    assert not np.allclose(plain, model(pictures(), -pictures()))


@pytest.mark.parametrize("name", ["mnist_cgan", "creatures_pix2pix", "facades_judge"])
def test_a_network_is_built_as_by_a_plain_call(name, monkeypatch):
    def plainly(network, *shapes):
        network(*[keras.ops.zeros((1, *shape)) for shape in shapes])
        return network

    found = []
    for called in (networks.called, plainly):
        monkeypatch.setattr(networks, "called", called)
        keras.utils.clear_session()
        keras.utils.set_random_seed(3)
        found.append(networks.BUILDERS[name]())
    ours, plain = found
    assert [w.path for w in ours.weights] == [w.path for w in plain.weights]
    assert all(map(np.array_equal, ours.get_weights(), plain.get_weights()))
    assert ours.built and all(layer.built for layer in ours.layers)
