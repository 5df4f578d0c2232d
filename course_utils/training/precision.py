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
    layers = _all_but_last_layers(networks)
    before = [(layer, layer.dtype_policy) for layer in layers]
    try:
        for layer, policy in before:
            if policy.compute_dtype != keras.DTypePolicy(precision).compute_dtype:
                layer.dtype_policy = precision
        yield
    finally:
        for layer, policy in before:
            if layer.dtype_policy is not policy:
                layer.dtype_policy = policy


def _all_but_last_layers(networks: list) -> list:
    """Return the innermost layers of all networks, without the last one of each."""
    leaves = [list(dict.fromkeys(_leaves(network))) for network in networks]
    last = {each[-1] for each in leaves}
    return [layer for each in leaves for layer in each if layer not in last]


def _leaves(layer) -> list:
    inner = [leaf for part in layer._layers for leaf in _leaves(part)]
    return inner or [layer]
