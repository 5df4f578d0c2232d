"""The layer blocks: shapes, counts, and what the papers promise of them."""

import keras
import numpy as np
import pytest
from course_utils import blocks


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_maxout_gives_the_largest_of_its_pieces_for_each_unit():
    layer = blocks.Maxout(3, 5)
    inputs = noise(4, 7)
    found = layer(inputs)
    linear = np.asarray(inputs @ layer.linear.kernel + layer.linear.bias)
    assert found.shape == (4, 3)
    np.testing.assert_allclose(found, linear.reshape(4, 5, 3).max(axis=1), rtol=1e-5)


def test_maxout_drops_only_in_training():
    layer, inputs = blocks.Maxout(8, 5), noise(4, 7)
    np.testing.assert_array_equal(layer(inputs), layer(inputs))
    assert np.abs(layer(inputs, training=True) - layer(inputs)).max() > 0.01


@pytest.mark.parametrize("norm", ["batch", "instance", None])
def test_encode_halves_and_decode_doubles(norm):
    inputs = noise(2, 16, 16, 3)
    assert blocks.EncodeBlock(8, norm)(inputs).shape == (2, 8, 8, 8)
    assert blocks.DecodeBlock(8, norm)(inputs).shape == (2, 32, 32, 8)


def test_disc_block_with_stride_one_loses_one_row_and_column():
    assert blocks.DiscBlock(64)(noise(1, 32, 32, 6)).shape == (1, 16, 16, 64)
    assert blocks.DiscBlock(64, stride=1)(noise(1, 32, 32, 6)).shape == (1, 31, 31, 64)


def test_blocks_have_no_bias_and_start_narrow():
    block = blocks.EncodeBlock(256, norm=None)
    block(noise(1, 8, 8, 64))
    (kernel,) = block.weights
    assert kernel.shape == (4, 4, 64, 256)
    assert np.std(kernel) == pytest.approx(0.02, rel=0.02)


def test_decode_drops_only_in_training():
    block, inputs = blocks.DecodeBlock(8, None, dropout=0.5), noise(1, 4, 4, 3)
    np.testing.assert_array_equal(block(inputs), block(inputs))
    assert np.abs(block(inputs, training=True) - block(inputs)).max() > 0


def test_instance_norm_treats_each_picture_and_channel_by_itself():
    layer = blocks.normalization("instance")
    inputs = noise(3, 8, 8, 4) * [1, 10, 100, 1000]
    found = np.asarray(layer(inputs))
    np.testing.assert_allclose(found.mean(axis=(1, 2)), 0, atol=1e-3)
    np.testing.assert_allclose(found.std(axis=(1, 2)), 1, atol=1e-2)
    np.testing.assert_allclose(layer(inputs[:1]), found[:1], atol=1e-4)


def test_residual_block_keeps_the_shape_and_adds_to_its_input():
    block = blocks.ResidualBlock(4)
    inputs = noise(2, 8, 8, 4)
    assert block(inputs).shape == inputs.shape
    for convolution in block.convolutions:
        convolution.kernel.assign(np.zeros(convolution.kernel.shape))
    np.testing.assert_allclose(block(inputs), inputs, atol=1e-6)


def test_an_unknown_norm_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="'layer'.*'batch', 'instance', None"):
        blocks.normalization("layer")
