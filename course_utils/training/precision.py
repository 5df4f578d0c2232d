"""Computing in bfloat16 while a training runs, and in float32 before and after."""

import contextlib


@contextlib.contextmanager
def compute_in(precision: str, parts):
    """Let the layers of all networks among `parts` compute in this precision.

    Weights stay float32, and so does each network's last layer, since losses need
    its digits.
    """
    import keras

    networks = [part for part in parts if isinstance(part, keras.Model)]
    layers = [layer for network in networks for layer in _inner_layers(network)]
    before = [(layer, layer.dtype_policy) for layer in layers]
    try:
        if precision != "float32":
            for layer in layers:
                layer.dtype_policy = precision
        yield
    finally:
        for layer, policy in before:
            layer.dtype_policy = policy


def _inner_layers(network) -> list:
    leaves = [layer for layer in network._flatten_layers() if not layer._layers]
    return leaves[:-1]
