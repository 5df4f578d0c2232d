"""Keras's layers by quicker routes on a processor, for as long as a training runs."""

import contextlib
import functools

import tensorflow as tf
from course_utils.training.devices import has_gpu
from course_utils.training.precision import innermost_layers
from keras import layers, ops


@contextlib.contextmanager
def quicker(parts):
    """Let the layers of all networks among `parts` take quicker routes.

    The results are the same; only Dropout puts its zeros, as many, at other places.
    On a GPU nothing changes.
    """
    every = [] if has_gpu() else sum(innermost_layers(parts), [])
    changed = [
        layer for layer in every if type(layer) in ROUTES and "call" not in vars(layer)
    ]
    for layer in changed:
        layer.call = functools.partial(ROUTES[type(layer)], layer)
    try:
        yield
    finally:
        for layer in changed:
            del layer.call


def dropout(layer, inputs, training=False):
    """Draw eight random bits for each number, where Keras draws 32."""
    dropped = round(256 * layer.rate)
    if not training or layer.noise_shape is not None or not 0 < dropped < 256:
        return layers.Dropout.call(layer, inputs, training)
    size = tf.size(inputs)
    seed = tf.cast(layer.seed_generator.next(), tf.int32)
    words = tf.random.stateless_uniform([-(-size // 4)], seed, None, None, tf.uint32)
    octets = tf.reshape(tf.bitcast(words, tf.uint8), [-1])[:size]
    factors = tf.cast(octets >= dropped, inputs.dtype) * (256 / (256 - dropped))
    return inputs * tf.reshape(factors, tf.shape(inputs))


def instance_normalization(layer, inputs):
    """Walk twice through the numbers, where Keras's many operations walk ten times."""
    if len(inputs.shape) != 4 or layer.axis not in (-1, 3):
        return layers.GroupNormalization.call(layer, inputs)
    if not (layer.groups == inputs.shape[-1] and layer.scale and layer.center):
        return layers.GroupNormalization.call(layer, inputs)
    number, height, width, channels = tf.unstack(tf.shape(inputs))
    beside = tf.reshape(
        tf.transpose(inputs, [1, 2, 0, 3]), [1, height, width, number * channels]
    )  # as one picture, whose channels are those of all pictures
    outputs, _, _ = _normalized(layer, beside, number)
    outputs = tf.reshape(outputs, [height, width, number, channels])
    return tf.ensure_shape(tf.transpose(outputs, [2, 0, 1, 3]), inputs.shape)


def batch_normalization(layer, inputs, training=None, mask=None):
    """The same for a batch, whose mean and variance are kept."""
    is_plain = len(inputs.shape) == 4 and layer.axis in (-1, 3) and mask is None
    is_plain = is_plain and layer.scale and layer.center and not layer.synchronized
    if not (training and layer.trainable and is_plain) or getattr(layer, "renorm", 0):
        return layers.BatchNormalization.call(layer, inputs, training, mask)
    outputs, mean, variance = _normalized(layer, inputs, 1)
    count = tf.cast(tf.size(inputs) // inputs.shape[-1], tf.float32)
    variance *= tf.maximum(count - 1, 1) / count  # Keras divides by all
    for kept, new in ((layer.moving_mean, mean), (layer.moving_variance, variance)):
        kept.assign(kept * layer.momentum + new * (1 - layer.momentum))
    return outputs


def _normalized(layer, inputs, times):
    gamma = tf.tile(ops.cast(layer.gamma, "float32"), [times])
    beta = tf.tile(ops.cast(layer.beta, "float32"), [times])
    return tf.compat.v1.nn.fused_batch_norm(
        inputs, gamma, beta, epsilon=layer.epsilon, is_training=True
    )


def convolution(layer, inputs):
    """Find the kernel's gradient by one product of matrices, where maps are small."""
    if not _is_deep(layer, inputs, larger=1):
        return layers.Conv2D.call(layer, inputs)
    return _finished(layer, _halved(inputs, tf.convert_to_tensor(layer.kernel)))


def transposed_convolution(layer, inputs):
    """The same for the way up."""
    if not _is_deep(layer, inputs, larger=2):
        return layers.Conv2DTranspose.call(layer, inputs)
    return _finished(layer, _doubled(inputs, tf.convert_to_tensor(layer.kernel)))


def _is_deep(layer, inputs, larger: int) -> bool:
    """Return whether there are more numbers in the kernel than in the maps."""
    sides = [side and larger * side for side in inputs.shape[1:3]]
    return (
        all(side and side <= 16 and side % 2 == 0 for side in sides)
        and min(layer.kernel.shape[2:]) >= 256
        and (layer.strides, layer.padding) == ((2, 2), "same")
        and (layer.dilation_rate, layer.data_format) == ((1, 1), "channels_last")
        and getattr(layer, "groups", 1) == 1
        and getattr(layer, "output_padding", None) is None
    )


@tf.custom_gradient
def _halved(maps, kernel):
    def gradients(upstream):
        shape = tf.shape(maps)
        back = tf.nn.conv2d_transpose(upstream, kernel, shape, 2, "SAME")
        return back, _of_kernel(maps, upstream, kernel.shape)

    return tf.nn.conv2d(maps, kernel, 2, "SAME"), gradients


@tf.custom_gradient
def _doubled(maps, kernel):
    number, height, width, _ = tf.unstack(tf.shape(maps))
    shape = [number, 2 * height, 2 * width, kernel.shape[2]]

    def gradients(upstream):
        back = tf.nn.conv2d(upstream, kernel, 2, "SAME")
        return back, _of_kernel(upstream, maps, kernel.shape)

    return tf.nn.conv2d_transpose(maps, kernel, shape, 2, "SAME"), gradients


def _of_kernel(larger, smaller, shape):
    """Return the kernel's gradient as one product of matrices."""
    rows, columns, *_ = shape
    window = [1, rows, columns, 1]
    patches = tf.image.extract_patches(
        larger, window, [1, 2, 2, 1], [1, 1, 1, 1], "SAME"
    )
    patches = tf.reshape(patches, [-1, rows * columns * shape[2]])
    product = tf.matmul(patches, tf.reshape(smaller, [-1, shape[3]]), transpose_a=True)
    return tf.reshape(product, shape)


def _finished(layer, outputs):
    if layer.use_bias:
        outputs += tf.convert_to_tensor(layer.bias)
    return layer.activation(outputs)


ROUTES = {
    layers.Dropout: dropout,
    layers.GroupNormalization: instance_normalization,
    layers.BatchNormalization: batch_normalization,
    layers.Conv2D: convolution,
    layers.Conv2DTranspose: transposed_convolution,
}
