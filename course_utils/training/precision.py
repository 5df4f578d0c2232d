"""Computing in bfloat16 while a training runs, and in float32 before and after."""

import contextlib


@contextlib.contextmanager
def compute_in(precision: str, parts):
    """Let the layers of all networks among `parts` compute in this precision.

    Weights stay float32, and so does each network's last layer, since losses need
    its digits.
    """
    import keras

    networks = innermost_layers(parts)
    last = {layers[-1] for layers in networks}
    layers = [layer for each in networks for layer in each if layer not in last]
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


def innermost_layers(parts) -> list[list]:
    """Return the layers without layers of their own, a list for each network."""
    import keras

    def innermost(layer):
        inner = [leaf for part in layer._layers for leaf in innermost(part)]
        return inner or [layer]

    networks = [part for part in parts if isinstance(part, keras.Model)]
    return [list(dict.fromkeys(innermost(network))) for network in networks]
