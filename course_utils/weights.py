"""Fills networks with the weights that ship with the course, and reads their cards."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from course_utils import networks, runtime
from course_utils.training import History

FOLDER = runtime.ROOT / "weights"
VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
NOT_WEIGHTS = re.compile(r"\.OPTIMIZER_SLOT/|opt\w*/|(^|/)(save_counter|total|count)$")


def load_model(name: str, *, folder: Path = FOLDER) -> keras.Model:
    """Return the whole network of that name, built and filled, ready to be called."""
    check_name(name)
    return load(networks.BUILDERS[name.split("@")[0]](), name, folder=folder)


def load(network: keras.Model, name: str, *, folder: Path = FOLDER) -> keras.Model:
    """Return the network, filled with the weights of that name.

    The file must be the one that its card names.
    """
    network.load_weights(_checked(name, ".weights.h5", folder))
    return network


def card(name: str, *, folder: Path = FOLDER) -> dict:
    """Return what is known of these weights: data, epochs, seed, scores, sums."""
    check_name(name)
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def history(name: str, *, folder: Path = FOLDER) -> History:
    """Return the history of the training that made these weights."""
    found = History()
    found.deserialize(_checked(name, ".history.npz", folder).read_bytes())
    return found


def sheets(name: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return how the fixed samples grew: images (m, n, h, w, c), epochs and steps."""
    return dict(np.load(_checked(name, ".sheets.npz", folder)))


def variants(name: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return what variants of this training drew, (n, h, w, c), by their names."""
    return dict(np.load(_checked(name, ".variants.npz", folder)))


def cloud(name: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return what a judge sees in the real test pictures: mean and covariance."""
    return dict(np.load(_checked(name, ".cloud.npz", folder)))


def import_checkpoint(path: str | Path, network: keras.Model) -> keras.Model:
    """Return the network, filled from a checkpoint of old Keras 2 code.

    Such code wrote two files by `model.save_weights("GAN_500")`; `path` is the
    beginning that they share. A value goes to the layer that is kept under the same
    attribute (`self.dense_1`). Optimizers are passed over. Unless all of the rest
    fits, the network stays as it was.
    """
    if not network.built:
        raise ValueError("call the network once before: it has no weights yet")
    path = Path(re.sub(r"\.(index|data-\d+-of-\d+)$", "", str(path))).expanduser()
    reader = tf.train.load_checkpoint(str(path))
    stored = [key for key in reader.get_variable_to_shape_map() if key.endswith(VALUE)]
    values = {key.removesuffix(VALUE): reader.get_tensor(key) for key in stored}
    ways = {id(variable): way for way, variable in _ways(network)}
    pairs = [(ways.get(id(each), each.path), each) for each in network.weights]
    expected = {f"{way} {tuple(variable.shape)}" for way, variable in pairs}
    found = {f"{k} {v.shape}" for k, v in values.items() if not NOT_WEIGHTS.search(k)}
    if expected != found:
        raise ValueError(
            f"{path.name} does not fit this {type(network).__name__}: "
            f"expected {sorted(expected - found)}, found {sorted(found - expected)}"
        )
    for way, variable in pairs:
        variable.assign(values[way])
    return network


def check_name(name: str) -> None:
    """Raise ValueError, with the known names, unless there are such weights."""
    base, _, epoch = name.partition("@")
    if base not in networks.BUILDERS or name != base and not epoch.isdecimal():
        known = ", ".join(networks.BUILDERS)
        raise ValueError(
            f"no weights {name!r}; known: {known}, and snapshots such as mnist_gan@10"
        )


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _checked(name: str, ending: str, folder: Path) -> Path:
    """Return the path of a file whose sum is the one on the card."""
    path = folder / f"{name}{ending}"
    expected = card(name, folder=folder)["sha256"].get(path.name)
    if expected is None:
        raise ValueError(f"there is no {path.name}: the card of {name} names none")
    found = sha256(path) if path.is_file() else "none: it is missing"
    if found != expected:
        raise ValueError(
            f"{path} should have the SHA-256 {expected}, and has {found}; get it back "
            f"by `git checkout -- weights/{path.name}`"
        )
    return path


def _ways(holder, way: str = "") -> Iterator[tuple]:
    """Give each variable after the way to it, as TensorFlow names it: "hidden/0/bias".

    The way goes through attributes and places in lists. (Where Keras 2 had an
    attribute `kernel`, Keras 3 has `_kernel`.)
    """
    if isinstance(holder, keras.Sequential):
        filled = [layer for layer in holder.layers if layer.weights]
        parts = {f"layer_with_weights-{n}": layer for n, layer in enumerate(filled)}
    elif isinstance(holder, list | tuple):
        parts = dict(enumerate(holder))
    else:
        parts = holder if isinstance(holder, dict) else vars(holder)
    for name, part in parts.items():
        if isinstance(part, keras.Variable):
            yield f"{way}{name.lstrip('_')}", part
        elif isinstance(part, keras.layers.Layer):
            yield from _ways(part, f"{way}{name}/")
        elif isinstance(part, list | tuple | dict) and not str(name).startswith("_"):
            yield from _ways(part, f"{way}{name}/")
