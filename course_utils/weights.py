"""Fills networks with the weights that ship with the course, and reads their cards."""

import hashlib
import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from course_utils import networks, runtime
from course_utils.training import History

FOLDER = runtime.ROOT / "weights"
VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"


def load_model(name: str, *, folder: Path = FOLDER) -> keras.Model:
    """Return the whole network of that name, built and filled, ready to be called."""
    path = _checked(name, ".weights.h5", folder)
    network = networks.BUILDERS[name.partition("@")[0]]()
    network.load_weights(path)
    return network


def load(network: keras.Model, name: str, *, folder: Path = FOLDER) -> keras.Model:
    """Return the network, filled with the weights of that name.

    The file must be the one that its card names.
    """
    network.load_weights(_checked(name, ".weights.h5", folder))
    return network


def card(name: str, *, folder: Path = FOLDER) -> dict:
    """Return what is known of these weights: data, epochs, seed, scores, sums."""
    path = folder / f"{name}.json"
    if not path.is_file():
        known = ", ".join(networks.BUILDERS)
        raise ValueError(
            f"no weights {name!r}; known: {known}, and snapshots such as mnist_gan@10"
        )
    return json.loads(path.read_text(encoding="utf-8"))


def history(name: str, *, folder: Path = FOLDER) -> History:
    """Return the history of the training that made these weights."""
    found = History()
    found.deserialize(_checked(name, ".history.npz", folder).read_bytes())
    return found


def arrays(name: str, kind: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return the arrays that are kept beside weights, by their names.

    Of kind "sheets": how the fixed samples grew, images (m, n, h, w, c), epochs and
    steps; "variants": what variants of the training drew, (n, h, w, c); "cloud": the
    mean and the covariance of what a judge sees in the real test pictures.
    """
    return dict(np.load(_checked(name, f".{kind}.npz", folder)))


def import_checkpoint(path: str | Path, network: keras.Model) -> keras.Model:
    """Return the network, filled from a checkpoint of old Keras 2 code.

    Such code wrote two files by `generator.save_weights("GAN_500")`; `path` is the
    beginning that they share. A layer gets the values that were kept under the same
    attribute (`self.dense_1`). Unless all are there, the network stays as it was.
    """
    if not network.built:
        raise ValueError("call the network once before: it has no weights yet")
    reader = tf.train.load_checkpoint(str(path))
    shapes = reader.get_variable_to_shape_map()
    named = {}
    for name, layer in vars(network).items():
        if isinstance(layer, keras.layers.Layer):
            named |= {f"{name}/{weight.name}": weight for weight in layer.weights}
    for key, weight in named.items():
        expected, found = list(weight.shape), shapes.get(key + VALUE)
        if expected != found:
            raise ValueError(
                f"{path} does not fit this {type(network).__name__}: expected {key} "
                f"of shape {expected}, found {found}"
            )
    values = [reader.get_tensor(key + VALUE) for key in named]
    for weight, value in zip(named.values(), values, strict=True):
        weight.assign(value)
    return network


def _checked(name: str, ending: str, folder: Path) -> Path:
    """Return the path of a file whose sum is the one on the card."""
    path = folder / f"{name}{ending}"
    expected = card(name, folder=folder)["sha256"].get(path.name)
    if expected is None:
        raise ValueError(f"there is no {path.name}: the card of {name} names none")
    found = "none: it is missing"
    if path.is_file():
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(
            f"{path} should have the SHA-256 {expected}, and has {found}; get it back "
            f"by `git checkout -- weights/{path.name}`"
        )
    return path
