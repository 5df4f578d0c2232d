"""Lesson 5's networks: the paper's counts and shapes, reflection, one picture."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import gan, networks
from course_utils.networks.cyclegan import reflect
from course_utils.training import precision


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def pictures(count=1, size=16):
    drawn = np.random.default_rng(0).uniform(-1, 1, (count, size, size, 3))
    return drawn.astype("float32")


def worked_by_hand(width: int, blocks: int) -> int:
    """Return the generator's parameters from the paper's list of layers.

    A k × k convolution from a to b channels has k²ab numbers in its kernel, and the
    instance norm after it 2b, a scale and an offset for each channel. Only the last
    convolution, which has no norm, has a bias.
    """
    one, two, four = width, 2 * width, 4 * width
    layers = [(7, 3, one), (3, one, two), (3, two, four)]  # c7s1-64, d128, d256
    layers += [(3, four, four)] * 2 * blocks  # R256, each of two convolutions
    layers += [(3, four, two), (3, two, one)]  # u128, u64
    last = 7 * 7 * one * 3 + 3  # c7s1-3
    return sum(k * k * a * b + 2 * b for k, a, b in layers) + last


def test_the_count_by_hand_is_the_published_one():
    """CycleGAN's own PyTorch code prints 11.378 M for nine blocks.

    It has a bias where ours has a norm's scale and offset: one number for each of a
    layer's channels where ours has two.
    """
    channels = 64 + 128 + 256 + 18 * 256 + 128 + 64
    assert channels == 5_248
    assert worked_by_hand(64, 9) == 11_383_427
    assert worked_by_hand(64, 9) - channels == 11_378_179
    assert worked_by_hand(64, 6) == 7_841_411


@pytest.mark.parametrize(("size", "width", "blocks"), [(256, 64, 9), (128, 32, 6)])
def test_the_generator_has_as_many(size, width, blocks):
    model = networks.called(networks.ResNetGenerator(size, width), (16, 16, 3))
    assert model.count_params() == worked_by_hand(width, blocks)


def test_the_number_of_residual_blocks_can_be_chosen():
    model = networks.ResNetGenerator(256, width=2, blocks=1)
    assert len(model.blocks) == 2 + 1 + 2


@pytest.mark.parametrize("size", [8, 16, 36])
def test_the_generator_gives_pictures_of_the_same_size(size):
    model = networks.ResNetGenerator(size, width=2, blocks=1)
    found = np.asarray(model(pictures(2, size)))
    assert found.shape == (2, size, size, 3)
    assert np.abs(found).max() <= 1
    np.testing.assert_array_equal(found, model(pictures(2, size), training=True))


def test_a_bias_stands_only_where_no_norm_follows():
    model = networks.called(networks.ResNetGenerator(8, 2, blocks=1), (8, 8, 3))
    kernels = [weight for weight in model.weights if weight.name == "kernel"]
    biases = [weight for weight in model.weights if weight.name == "bias"]
    assert len(kernels) == 8
    assert [tuple(bias.shape) for bias in biases] == [(3,)]


def test_kernels_start_narrow_and_unlike_each_other():
    model = networks.called(networks.ResNetGenerator(8, 16, blocks=1), (8, 8, 3))
    one, two = (layer.kernel for layer in model.blocks[2].convolutions)
    assert np.std(one) == pytest.approx(0.02, rel=0.05)
    assert np.abs(one - two).max() > 0


def test_a_border_mirrors_the_picture():
    row = np.arange(4, dtype="float32").reshape(1, 1, 4, 1).repeat(4, axis=1)
    found = np.asarray(reflect(row, 3))
    assert found.shape == (1, 10, 10, 1)
    np.testing.assert_array_equal(found[0, 0, :, 0], [3, 2, 1, 0, 1, 2, 3, 2, 1, 0])


@pytest.mark.parametrize(
    "make",
    [
        networks.ResNetGenerator,
        lambda size, width: networks.PictureDiscriminator(width),
    ],
)
def test_in_bfloat16_the_last_layer_alone_keeps_its_digits(make):
    with precision("mixed_bfloat16"):
        model = make(8, 2)
    assert model(pictures(size=32)).dtype == "float32"
    assert model.last.compute_dtype == "float32"
    assert model.blocks[1].convolution.compute_dtype == "bfloat16"


def test_the_discriminator_looks_at_one_picture():
    """Pix2Pix's has 2,770,433: 4 × 4 × 3 × 64 more, and two numbers more a norm."""
    model = networks.PictureDiscriminator()
    assert model(pictures(size=256)).shape == (1, 30, 30, 1)
    more = 4 * 4 * 3 * 64 + 2 * (128 + 256 + 512)
    assert model.count_params() == 2_765_569 == 2_770_433 - more


def test_a_logit_sees_a_patch_of_70_pixels():
    model = networks.PictureDiscriminator(2, norm=None)
    images = tf.Variable(pictures(size=96))
    with tf.GradientTape() as tape:
        logit = model(images)[0, 5, 5, 0]
    moved = np.flatnonzero(np.abs(tape.gradient(logit, images)[0]).sum((1, 2)))
    assert moved[-1] - moved[0] + 1 == 70


@pytest.mark.parametrize(
    "make", [networks.ResNetGenerator, lambda *sizes: networks.UNet(*sizes, "instance")]
)
def test_a_generator_and_a_pool_go_into_a_step_of_any_batch_size(make):
    model, pool = make(16, 2), gan.ImagePool()

    @tf.function(input_signature=[tf.TensorSpec((None, 16, 16, 3))])
    def step(images):
        return pool(model(images, training=False))

    for count in (1, 3):
        expected = model(pictures(count), training=False)
        np.testing.assert_allclose(step(pictures(count)), expected, atol=1e-5)
    assert int(pool.count) == 4
