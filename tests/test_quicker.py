"""What makes a training faster changes nothing of what it finds."""

import bench_cases
import course_utils as cu
import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils.training.quicker import quicker
from keras import layers

USUAL = {"learning_rate": 2e-4, "beta_1": 0.5}
# Adam's first steps go by the signs of gradients, those near 0 included, and instance
# normalization of few pixels multiplies what comes of it; a larger epsilon does not.
SOFT = {"learning_rate": 1e-3, "beta_1": 0.5, "epsilon": 0.1}
CASES = {
    "dcgan": USUAL,
    "gan": USUAL,
    "cgan": USUAL,
    "creatures": USUAL,
    "facades": SOFT,
    "cyclegan": SOFT,
}
RNG = np.random.default_rng(0)


def without_chance(parts):
    for part in parts:
        for layer in getattr(part, "_flatten_layers", lambda: [])():
            if isinstance(layer, layers.Dropout):
                layer.rate = 0.0


def usual(step, batches, epochs):
    rows = [step(batch) for number in range(epochs) for batch in batches.epoch(number)]
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


def of_networks(parts):
    networks = [part for part in parts if isinstance(part, keras.Model)]
    return [
        np.concatenate([np.ravel(weight) for weight in network.get_weights()])
        for network in networks
    ]


@pytest.mark.parametrize("case", CASES)
def test_ten_steps_end_where_a_plain_loop_with_keras_adam_ends(case):
    def made(kind):
        keras.utils.set_random_seed(0)
        step, batches, parts = getattr(bench_cases, case)(
            lambda: kind(**CASES[case]), small=True
        )
        without_chance(parts)
        return step, batches, parts

    step, batches, parts = made(keras.optimizers.Adam)
    epochs = -(-10 // len(batches))
    expected = usual(step, batches, epochs)
    step, batches, others = made(cu.training.Adam)
    state = {str(number): part for number, part in enumerate(others)}
    found = cu.training.fit(step, batches, epochs=epochs, state=state)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-5, err_msg=name)
    for one, other in zip(of_networks(parts), of_networks(others), strict=True):
        assert np.linalg.norm(one - other) <= 1e-5 * np.linalg.norm(one)


def results(layer, inputs, upstream, kind):
    """Return outputs, gradients and weights after one call in training."""

    @kind
    def call(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, **trains(layer))
        weights = layer.trainable_variables
        return outputs, tape.gradient(outputs, [inputs, *weights], upstream)

    outputs, gradients = call(tf.constant(inputs))
    return [outputs.numpy(), *(g.numpy() for g in gradients), *layer.get_weights()]


def trains(layer):
    return {"training": True} if layer._call_has_training_arg else {}


def pair_of(layer, shape):
    """Return two layers with the same weights, none of them 0 or 1."""
    pair = [type(layer).from_config(layer.get_config()) for _ in range(2)]
    weights = None
    for each in pair:
        each.build((None, *shape[1:]))
        weights = weights or [RNG.uniform(0.1, 1, w.shape) for w in each.weights]
        each.set_weights(weights)
    return pair


def conv(**options):
    return layers.Conv2D(256, 4, 2, "same", **options)


def transposed(**options):
    return layers.Conv2DTranspose(256, 4, 2, "same", **options)


ELSEWHERE = [
    (layers.GroupNormalization(groups=-1), (3, 8, 6, 4)),
    (layers.GroupNormalization(groups=-1, epsilon=1e-5), (1, 1, 1, 5)),
    (layers.BatchNormalization(), (3, 8, 6, 4)),
    (layers.BatchNormalization(momentum=0.8), (1, 1, 1, 4)),
    (conv(use_bias=False), (2, 16, 16, 256)),
    (conv(activation="tanh"), (3, 2, 4, 256)),
    (transposed(use_bias=False), (2, 8, 8, 256)),
    (transposed(activation="tanh"), (1, 1, 2, 256)),
]
AS_EVER = [
    (layers.GroupNormalization(groups=2), (3, 8, 6, 4)),
    (layers.GroupNormalization(groups=-1), (3, 4)),
    (layers.GroupNormalization(groups=-1, axis=1), (3, 4, 2, 2)),
    (layers.GroupNormalization(groups=-1, scale=False), (3, 2, 2, 4)),
    (layers.BatchNormalization(), (3, 4)),
    (layers.BatchNormalization(center=False), (3, 2, 2, 4)),
    (layers.BatchNormalization(trainable=False), (3, 2, 2, 4)),
    (layers.BatchNormalization(synchronized=True), (3, 2, 2, 4)),
    (conv(dilation_rate=1), (1, 32, 32, 256)),
    (conv(), (1, 15, 15, 256)),
    (layers.Conv2D(256, 4, 2, "valid"), (1, 16, 16, 256)),
    (layers.Conv2D(256, 4, 1, "same"), (1, 8, 8, 256)),
    (layers.Conv2D(256, 4, 2, "same", groups=2), (1, 8, 8, 512)),
    (layers.Conv2D(128, 4, 2, "same"), (1, 16, 16, 256)),
    (layers.Conv2DTranspose(256, 4, 2, "valid"), (1, 4, 4, 256)),
    (layers.Conv2DTranspose(256, 4, 2, "same", output_padding=1), (1, 4, 4, 256)),
]


@pytest.mark.parametrize("kind", [tf.function, lambda call: call])
@pytest.mark.parametrize(("layer", "shape"), ELSEWHERE + AS_EVER)
def test_a_route_gives_what_keras_gives(layer, shape, kind, monkeypatch):
    ours, keras_own = pair_of(layer, shape)
    if getattr(layer, "output_padding", None) != getattr(ours, "output_padding", None):
        pytest.skip("this Keras forgets output_padding when a layer is copied")
    inputs = RNG.normal(1, 2, shape).astype("float32")
    upstream = RNG.normal(size=keras_own(inputs).shape).astype("float32")
    expected = results(keras_own, inputs, upstream, kind)
    went = []
    plain = type(layer).call
    monkeypatch.setattr(
        type(layer), "call", lambda *args, **kw: went.append(1) or plain(*args, **kw)
    )
    with quicker([keras.Sequential([ours])]):
        found = results(ours, inputs, upstream, kind)
    assert bool(went) == ((layer, shape) in AS_EVER)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * abs(other).max())


@pytest.mark.parametrize(("layer", "shape"), ELSEWHERE)
def test_a_gradient_penalty_is_that_of_keras(layer, shape):
    def slopes(layer):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                outputs = tf.reduce_sum(layer(inputs, **trains(layer)) ** 3)
            penalty = tf.reduce_sum(inner.gradient(outputs, inputs) ** 2)
        weights = layer.trainable_variables
        return outer.gradient(penalty, weights, unconnected_gradients="zero")

    ours, keras_own = pair_of(layer, shape)
    inputs = tf.constant(RNG.normal(1, 2, shape), tf.float32)
    with quicker([keras.Sequential([ours])]):
        found = slopes(ours)
    expected = slopes(keras_own)
    largest = max(abs(slope.numpy()).max() for slope in expected)  # some are all but 0
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5 * largest)


@pytest.mark.parametrize("rate", [0.3, 0.5])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_dropout_keeps_its_share_and_the_mean(rate, dtype):
    layer = layers.Dropout(rate, seed=1, dtype=dtype)
    ones = tf.ones((200, 101, 5))  # no multiple of four
    with quicker([keras.Sequential([layer])]):
        call = tf.function(lambda: layer(ones, training=True))
        first, second = call().numpy(), call().numpy()
        np.testing.assert_array_equal(layer(ones, training=False), ones)
    values = np.unique(first.astype("float32"))
    assert len(values) == 2 and values[0] == 0
    assert (first == 0).mean() == pytest.approx(rate, abs=0.006)
    assert values[1] * (first != 0).mean() == pytest.approx(1, abs=0.01)
    assert (first == 0).any((0, 1)).all() and (first == 0).any((1, 2)).all()
    assert ((first == 0) == (second == 0)).mean() < 0.6  # by chance 0.58 or 0.5


@pytest.mark.parametrize(
    "options", [{"rate": 0.001}, {"rate": 0.999}, {"rate": 0.5, "noise_shape": (4, 1)}]
)
def test_other_dropout_is_that_of_keras(options):
    layer = layers.Dropout(seed=1, **options)
    again = layers.Dropout(seed=1, **options)
    ones = tf.ones((4, 50))
    expected = again(ones, training=True)
    with quicker([keras.Sequential([layer])]):
        np.testing.assert_array_equal(layer(ones, training=True), expected)


def test_layers_are_those_of_keras_again_afterwards():
    network = keras.Sequential([layers.Dropout(0.5)])
    (layer,) = network.layers
    with pytest.raises(ZeroDivisionError), quicker([network]):
        assert "call" in vars(layer)
        with quicker([network]):
            pass
        assert "call" in vars(layer)
        raise ZeroDivisionError
    assert "call" not in vars(layer)


def test_layers_made_by_a_learner_are_left_alone():
    class Mine(layers.Dropout):
        pass

    layer = Mine(0.5)
    with quicker([keras.Sequential([layer])]):
        assert "call" not in vars(layer)
