"""Old checkpoints, laid out as Keras 2 wrote them: they fit whole or change nothing."""

import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

KEY = "{}/.ATTRIBUTES/VARIABLE_VALUE"
GAN = {"dense_1": (100, 128), "dense_2": (128, 256), "dense_3": (256, 512)}
GAN["dense_4"] = (512, 784)


def node(**parts):
    """Return what TensorFlow saves under these names: variables, lists, and so on."""
    return tf.train.Checkpoint(**parts)


def dense(inputs, units):
    start = np.random.default_rng(units).normal(size=(inputs + 1, units))
    kernel, bias = tf.Variable(np.float32(start[1:])), tf.Variable(np.float32(start[0]))
    return node(kernel=kernel, bias=bias)


def old_gan(**more):
    """Return the layers of lesson 2's generator as an old model has them, and more."""
    return node(**{name: dense(*sizes) for name, sizes in GAN.items()}, **more)


def new_gan():
    return cu.networks.BUILDERS["mnist_gan"]()


def assert_filled(network, old, *names):
    """Assert that the layers of the network hold what the old layers do."""
    for name in names:
        one, other = getattr(network, name), getattr(old, name)
        np.testing.assert_array_equal(one.kernel, other.kernel)
        np.testing.assert_array_equal(one.bias, other.bias)


def assert_refused(path, network, *words):
    before = network.get_weights()
    with pytest.raises(ValueError) as error:
        cu.weights.import_checkpoint(path, network)
    for word in words:
        assert word in str(error.value)
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001"])
def test_values_go_to_the_layers_of_the_same_name(tmp_path, ending):
    old, network = old_gan(), new_gan()
    old.write(tmp_path / "GAN_500")
    keys = dict(tf.train.list_variables(str(tmp_path / "GAN_500")))
    assert KEY.format("dense_1/kernel") in keys
    found = cu.weights.import_checkpoint(f"{tmp_path / 'GAN_500'}{ending}", network)
    assert found is network
    assert_filled(network, old, *GAN)


def test_optimizers_their_slots_and_the_counter_of_saves_are_passed_over(tmp_path):
    old = old_gan()
    adam = tf.compat.v1.train.AdamOptimizer()
    kernel = old.dense_1.kernel
    adam.apply_gradients([(tf.ones_like(kernel), kernel)])
    numbers = node(_iterations=tf.Variable(3), _variables=[tf.Variable([1.0, 2.0])])
    old.g_optimizer, old.optimizer = adam, numbers
    path = old.save(tmp_path / "GAN")
    keys = " ".join(name for name, _ in tf.train.list_variables(path))
    assert ".OPTIMIZER_SLOT" in keys and "save_counter" in keys
    network = cu.weights.import_checkpoint(path, new_gan())
    assert_filled(network, old, *GAN)


def test_lists_of_layers_and_layers_in_layers(tmp_path):
    network = cu.networks.GanDiscriminator()
    network(np.zeros((1, 28, 28, 1)))
    sizes = [784, 512, 256, 128, 1]
    stack = [node(), *[dense(*pair) for pair in zip(sizes, sizes[1:], strict=False)]]
    node(stack=stack).write(tmp_path / "D")
    cu.weights.import_checkpoint(tmp_path / "D", network)
    np.testing.assert_array_equal(network.stack[4].kernel, stack[4].kernel)

    maxout = cu.blocks.Maxout(6, 2)
    maxout(np.zeros((1, 3)))
    linear = dense(3, 12)
    node(linear=linear).write(tmp_path / "maxout")
    cu.weights.import_checkpoint(tmp_path / "maxout", maxout)
    np.testing.assert_array_equal(maxout.linear.kernel, linear.kernel)


def test_a_chain_of_layers_is_counted(tmp_path):
    network = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.ReLU(), layers.Dense(2)]
    )
    parts = [dense(3, 4), dense(4, 2)]
    named = {f"layer_with_weights-{n}": part for n, part in enumerate(parts)}
    node(**named).write(tmp_path / "chain")
    cu.weights.import_checkpoint(tmp_path / "chain", network)
    np.testing.assert_array_equal(network.layers[-1].kernel, parts[1].kernel)


def test_another_network_is_refused_with_what_was_expected_and_found(tmp_path):
    node(dense_z=dense(100, 256)).write(tmp_path / "CGAN_500")
    words = "dense_1/kernel (100, 128)", "dense_z/kernel (100, 256)"
    assert_refused(tmp_path / "CGAN_500", new_gan(), "GanGenerator", *words)


@pytest.mark.parametrize(
    ("more", "word"),
    [({"dense_4": dense(512, 10)}, "(512, 10)"), ({"dense_5": dense(2, 2)}, "dense_5")],
)
def test_other_sizes_and_a_layer_too_many_are_refused(tmp_path, more, word):
    parts = {name: dense(*sizes) for name, sizes in GAN.items()}
    node(**parts | more).write(tmp_path / "GAN_500")
    assert_refused(tmp_path / "GAN_500", new_gan(), word)


@pytest.mark.parametrize("ending", ["index", "data-00000-of-00001"])
@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_file_that_is_cut_or_missing_is_refused(tmp_path, ending, damage):
    old_gan().write(tmp_path / "GAN_500")
    path = tmp_path / f"GAN_500.{ending}"
    content = path.read_bytes()
    path.unlink()
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    assert_refused(tmp_path / "GAN_500", new_gan(), "GAN_500.index and GAN_500.data")


def test_a_network_that_was_never_called_is_to_be_called_first(tmp_path):
    old_gan().write(tmp_path / "GAN_500")
    assert_refused(tmp_path / "GAN_500", cu.networks.GanGenerator(), "call")
