"""The package's Adam: the same weights as Keras's."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from course_utils.training import Adam, LinearDecay

RATES = {"constant": lambda: 0.1, "falling": lambda: LinearDecay(0.1, 10, start=2)}


def train(optimizer, *, compiled: bool) -> list[np.ndarray]:
    """Return the variables of a network and of its optimizer after ten steps."""
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    inputs = keras.random.normal((8, 4), seed=1)
    network(inputs)

    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(network(inputs) ** 2)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)

    if compiled:
        step = tf.function(step)
    for _ in range(10):
        step()
    return [np.asarray(part) for part in network.variables + optimizer.variables]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("compiled", [True, False])
def test_the_weights_are_those_of_keras(rate, compiled):
    plain = train(keras.optimizers.Adam(RATES[rate](), beta_1=0.5), compiled=True)
    ours = train(Adam(RATES[rate](), beta_1=0.5), compiled=compiled)
    assert len(plain) == len(ours)
    for one, other in zip(plain, ours, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_the_update_is_compiled_in_a_step():
    optimizer, weight = Adam(0.1), keras.Variable(1.0)
    optimizer.build([weight])

    @tf.function
    def step(gradient):
        optimizer.apply([gradient], [weight])

    graph = step.get_concrete_function(tf.constant(1.0)).graph
    assert "_XlaMustCompile" in str(graph.as_graph_def())


def test_a_step_is_traced_once():
    optimizer, weights, traced = Adam(0.1), [keras.Variable([1.0, 2.0])], []

    @tf.function
    def step(gradient):
        traced.append(gradient)
        optimizer.apply([gradient], weights)

    step(tf.constant([1.0, 1.0]))
    step(tf.constant([1.0, 1.0]))
    assert len(traced) == 1
    assert optimizer.built and int(optimizer.iterations) == 2


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
def test_a_weight_without_a_gradient_stays():
    optimizer = Adam(0.1)
    moved, still = keras.Variable(1.0), keras.Variable(1.0)
    optimizer.build([moved, still])

    @tf.function
    def step():
        optimizer.apply([tf.constant(1.0), None], [moved, still])

    step()
    assert float(moved) == pytest.approx(0.9, rel=1e-5) and float(still) == 1
