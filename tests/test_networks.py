"""Blocks and networks: the papers' counts and shapes, skips, patches and norms."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils import blocks, networks
from course_utils.training import precision
from lessons import from_lesson


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def pictures(count=1, size=64, channels=3, seed=0):
    drawn = np.random.default_rng(seed).uniform(-1, 1, (count, size, size, channels))
    return drawn.astype("float32")


def shapes(model):
    return [tuple(weight.shape) for weight in model.weights]


# --- blocks ---------------------------------------------------------------------------


def test_maxout_gives_the_largest_of_its_pieces_and_drops_only_in_training():
    (maxout,) = from_lesson("02", "Maxout")
    layer, inputs = maxout(3, 5), pictures(size=7)[0, :4, :, 0]
    found = layer(inputs)
    linear = np.asarray(inputs @ layer.linear.kernel + layer.linear.bias)
    np.testing.assert_allclose(found, linear.reshape(4, 5, 3).max(axis=1), rtol=1e-5)
    assert np.abs(layer(inputs, training=True) - found).max() > 0.01


@pytest.mark.parametrize("norm", ["batch", "instance", None])
def test_blocks_halve_double_or_lose_one_row_and_column(norm):
    inputs = pictures(2, 16)
    assert blocks.EncodeBlock(8, norm)(inputs).shape == (2, 8, 8, 8)
    assert blocks.DecodeBlock(8, norm)(inputs).shape == (2, 32, 32, 8)
    assert blocks.DiscBlock(8, norm=norm)(inputs).shape == (2, 8, 8, 8)
    assert blocks.DiscBlock(8, stride=1, norm=norm)(inputs).shape == (2, 15, 15, 8)


def test_blocks_have_no_bias_and_start_narrow():
    block = blocks.EncodeBlock(256, norm=None)
    block(pictures(size=8, channels=64))
    (kernel,) = block.weights
    assert kernel.shape == (4, 4, 64, 256)
    assert np.std(kernel) == pytest.approx(0.02, rel=0.02)


def test_instance_norm_treats_each_picture_and_channel_by_itself():
    layer = blocks.normalization("instance")
    inputs = pictures(3, 8, channels=4) * [1, 10, 100, 1000]
    found = np.asarray(layer(inputs))
    np.testing.assert_allclose(found.mean(axis=(1, 2)), 0, atol=1e-3)
    np.testing.assert_allclose(found.std(axis=(1, 2)), 1, atol=1e-2)
    np.testing.assert_allclose(layer(inputs[:1]), found[:1], atol=1e-4)


def test_an_unknown_norm_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="'layer'.*'batch', 'instance', None"):
        blocks.normalization("layer")


def test_a_residual_block_adds_to_its_input_and_its_kernels_differ():
    block, inputs = blocks.ResidualBlock(4), pictures(2, 8, channels=4)
    assert block(inputs).shape == inputs.shape
    one, two = (convolution.kernel for convolution in block.convolutions)
    assert np.abs(one - two).max() > 0
    for kernel in (one, two):
        kernel.assign(np.zeros(kernel.shape))
    np.testing.assert_allclose(block(inputs), inputs, atol=1e-6)


def test_a_border_mirrors_the_picture():
    row = np.arange(4, dtype="float32").reshape(1, 1, 4, 1).repeat(4, axis=1)
    found = np.asarray(blocks.reflect(row, 3))
    assert found.shape == (1, 10, 10, 1)
    np.testing.assert_array_equal(found[0, 0, :, 0], [3, 2, 1, 0, 1, 2, 3, 2, 1, 0])


# --- lesson 1 -------------------------------------------------------------------------


def test_dcgan_has_the_counts_and_shapes_of_the_text():
    generator, discriminator = (
        networks.dcgan_generator(),
        networks.dcgan_discriminator(),
    )
    assert generator.count_params() == 2_330_944
    assert discriminator.count_params() == 212_865
    found = generator(np.zeros((3, 100), "float32"))
    assert found.shape == (3, 28, 28, 1) and discriminator(found).shape == (3, 1)
    maps = [tuple(layer.output.shape[1:]) for layer in generator.layers]
    assert {(7, 7, 256), (7, 7, 128), (14, 14, 64), (28, 28, 1)} <= set(maps)
    assert not any(getattr(layer, "use_bias", False) for layer in generator.layers)


# --- lessons 3 and 4 ------------------------------------------------------------------


def encoder_decoder():
    return from_lesson("03", "EncoderDecoder")[0]


def test_the_generators_have_the_papers_size():
    for network, count in (
        (encoder_decoder(), 39_085_315),
        (networks.UNet, 54_423_811),
    ):
        model = network()
        assert model(keras.Input((256, 256, 3))).shape == (None, 256, 256, 3)
        assert model.count_params() == count
    outputs = networks.Encoder()(keras.Input((256, 256, 3)))
    assert [output.shape[1] for output in outputs] == [128, 64, 32, 16, 8, 4, 2, 1]
    assert [output.shape[-1] for output in outputs] == [64, 128, 256] + 5 * [512]


@pytest.mark.parametrize(("size", "count"), [(64, 6), (128, 7)])
def test_a_u_net_is_made_for_a_size_and_a_width(size, count):
    model = networks.UNet(size, width=2, norm="instance")
    found = np.asarray(model(pictures(2, size)))
    assert found.shape == (2, size, size, 3) and np.abs(found).max() <= 1
    assert len(model.encoder.blocks) == count == len(model.decoder.blocks) + 1


def test_no_information_passes_around_the_code_without_skips():
    """With the code cut off, the encoder-decoder is blind, and the U-Net is not."""
    for network, is_blind in ((encoder_decoder(), True), (networks.UNet, False)):
        model = network(64, width=4, norm=None)
        model(pictures())
        code = model.encoder.blocks[-1].convolution.kernel
        code.assign(np.zeros(code.shape))
        dark, light = model(-pictures()), model(pictures())
        assert np.allclose(dark, light, atol=1e-6) is is_blind


def test_the_innermost_block_is_not_normalized():
    """Instance norm of a 1 × 1 map is its offset: the code would carry nothing."""
    model = networks.UNet(64, width=4, norm="instance")
    code = np.asarray(model.encoder(pictures(2))[-1])
    assert code.shape == (2, 1, 1, 32)
    assert np.abs(code).min() > 0 and not np.allclose(code[0], code[1])


@pytest.mark.parametrize(
    "make",
    [
        lambda: networks.UNet(64, 4, "instance"),
        lambda: networks.facades_generator(64, 4),
    ],
)
def test_only_dropout_in_training_leaves_anything_to_chance(make):
    model = make()
    first, again = (np.asarray(model(pictures())) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(model(pictures(), training=True) - first).max() > 0


@pytest.mark.parametrize(
    ("count", "norm", "parameters"),
    [(2, "batch", 2_770_433), (1, "instance", 2_770_433 - 4 * 4 * 3 * 64 - 2 * 896)],
)
def test_the_discriminator_has_the_papers_size(count, norm, parameters):
    """One picture less has 4 · 4 · 3 · 64 fewer; instance norm keeps no statistics."""
    model = networks.PatchDiscriminator(norm=norm)
    logits = model(*[keras.Input((256, 256, 3)) for _ in range(count)])
    assert logits.shape == (None, 30, 30, 1)
    assert model.count_params() == parameters


@pytest.mark.parametrize(("halvings", "patch"), [(1, 16), (2, 34), (3, 70)])
def test_a_logit_sees_one_patch_of_both_pictures(halvings, patch):
    model = networks.PatchDiscriminator(4, norm=None, halvings=halvings)
    size = 96 if halvings < 3 else 160
    for place in (0, 1):
        assert seen(model, size, place) == patch


def test_a_pixels_logit_sees_one_pixel():
    (pixels,) = from_lesson("03", "PixelDiscriminator")
    assert seen(pixels(4), 16, 0) == 1


def seen(model, size: int, place: int) -> int:
    """Return how many pixels wide the part is that moves the logit in the middle."""
    pair = [tf.constant(pictures(size=size, seed=seed)) for seed in (0, 1)]
    with tf.GradientTape() as tape:
        tape.watch(pair)
        logits = model(*pair)
        logit = logits[0, logits.shape[1] // 2, logits.shape[1] // 2, 0]
    moved = np.abs(tape.gradient(logit, pair)[place][0]).sum(-1)
    rows = np.flatnonzero(moved.any(axis=1))
    return rows[-1] - rows[0] + 1


@pytest.mark.parametrize(("size", "width"), [(64, 8), (256, 64)])
def test_lesson_4_s_networks_are_lesson_3_s(size, width):
    """The same counts and shapes, and in the small the same numbers."""
    pair = pictures(size=size), pictures(size=size, seed=1)
    symbols = [keras.Input((size, size, 3)) for _ in pair]
    unet = networks.UNet(size, width, "instance")
    patches = networks.PatchDiscriminator(width, "instance")
    builder = networks.facades_generator(size, width)
    critic = networks.facades_discriminator(size, width)
    unet(symbols[0]), patches(*symbols)
    assert shapes(builder) == shapes(unet) and shapes(critic) == shapes(patches)
    assert critic.output_shape == (None, size // 8 - 2, size // 8 - 2, 1)
    if width == 8:
        builder.set_weights(unet.get_weights())
        critic.set_weights(patches.get_weights())
        np.testing.assert_allclose(builder(pair[0]), unet(pair[0]), atol=1e-5)
        np.testing.assert_allclose(critic(pair), patches(*pair), atol=1e-5)


# --- lesson 5 -------------------------------------------------------------------------


def worked_by_hand(width: int, residual: int) -> int:
    """Return the generator's parameters from the paper's list of layers.

    A k × k convolution from a to b channels has k²ab numbers in its kernel, and the
    instance norm after it 2b, a scale and an offset for each channel. Only the last
    convolution, which has no norm, has a bias.
    """
    one, two, four = width, 2 * width, 4 * width
    layers = [(7, 3, one), (3, one, two), (3, two, four)]  # c7s1-64, d128, d256
    layers += [(3, four, four)] * 2 * residual  # R256, each of two convolutions
    layers += [(3, four, two), (3, two, one)]  # u128, u64
    last = 7 * 7 * one * 3 + 3  # c7s1-3
    return sum(k * k * a * b + 2 * b for k, a, b in layers) + last


def test_the_resnet_s_count_is_the_published_one():
    """CycleGAN's own PyTorch code prints 11.378 M for nine blocks.

    It has a bias where ours has a norm's scale and offset: one number for each of a
    layer's channels where ours has two.
    """
    channels = 64 + 128 + 256 + 18 * 256 + 128 + 64
    assert worked_by_hand(64, 9) - channels == 11_378_179
    model = networks.ResNetGenerator()
    model(keras.Input((16, 16, 3)))
    assert model.count_params() == worked_by_hand(64, 9)
    biases = [weight for weight in model.weights if weight.name == "bias"]
    assert [tuple(bias.shape) for bias in biases] == [(3,)]


@pytest.mark.parametrize("size", [8, 36])
def test_the_resnet_gives_pictures_of_the_same_size(size):
    model = networks.ResNetGenerator(2, blocks=1)
    found = np.asarray(model(pictures(2, size)))
    assert found.shape == (2, size, size, 3) and np.abs(found).max() <= 1
    np.testing.assert_array_equal(found, model(pictures(2, size), training=True))


@pytest.mark.parametrize(
    "make", [networks.ResNetGenerator, networks.PatchDiscriminator]
)
def test_in_bfloat16_the_last_layer_alone_keeps_its_digits(make):
    with precision("mixed_bfloat16"):
        model = make(2)
    assert model(pictures(size=32)).dtype == "float32"
    assert model.last.compute_dtype == "float32"
    assert model.blocks[1].convolution.compute_dtype == "bfloat16"
