"""Fills networks with the weights that ship with the course, and reads their cards."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import h5py
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

    The file must be the one that its card names, and its arrays must have the
    network's shapes. Otherwise the network stays as it was.
    """
    path = _checked(name, ".weights.h5", folder)
    expected = [str(tuple(variable.shape)) for variable in network.weights]
    _check_fit(path.name, network, expected, _shapes(path))
    before = network.get_weights()
    try:
        network.load_weights(path)
    except ValueError as error:
        network.set_weights(before)
        raise ValueError(
            f"{path.name} does not fit this {type(network).__name__}, which stays as "
            f"it was: the shapes are right, but are the attributes' names? {error}"
        ) from None
    return network


def card(name: str, *, folder: Path = FOLDER) -> dict:
    """Return what is known of these weights: data, epochs, seed, scores, sums."""
    check_name(name)
    path = folder / f"{name}.json"
    if not path.is_file():
        raise _lost(path, "is missing")
    return json.loads(path.read_text(encoding="utf-8"))


def history(name: str, *, folder: Path = FOLDER) -> History:
    """Return the history of the training that made these weights."""
    return History.load(_checked(name, ".history.npz", folder))


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
    path = Path(re.sub(r"\.(index|data-\d+-of-\d+)$", "", str(path))).expanduser()
    try:
        reader = tf.train.load_checkpoint(str(path))
        stored = [k for k in reader.get_variable_to_shape_map() if k.endswith(VALUE)]
        values = {key.removesuffix(VALUE): reader.get_tensor(key) for key in stored}
    except (tf.errors.OpError, RuntimeError, IndexError):
        raise ValueError(
            f"{path} cannot be read: a checkpoint is two whole files, "
            f"{path.name}.index and {path.name}.data-00000-of-00001"
        ) from None
    ways = {id(variable): way for way, variable in _ways(network)}
    pairs = [(ways.get(id(each), each.path), each) for each in network.weights]
    expected = [f"{way} {tuple(variable.shape)}" for way, variable in pairs]
    found = [f"{k} {v.shape}" for k, v in values.items() if not NOT_WEIGHTS.search(k)]
    _check_fit(path.name, network, expected, found)
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
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(name: str, ending: str, folder: Path) -> Path:
    """Return the path of a file whose sum is the one on the card."""
    expected = card(name, folder=folder)["sha256"].get(f"{name}{ending}")
    path = folder / f"{name}{ending}"
    if expected is None:
        raise ValueError(f"there is no {path.name}: the card of {name} names none")
    if not path.is_file():
        raise _lost(path, "is missing")
    if (found := sha256(path)) != expected:
        raise _lost(path, f"is cut or altered: its SHA-256 is {found}, not {expected}")
    return path


def _lost(path: Path, how: str) -> ValueError:
    """Return the error that says how to get a shipped file back."""
    back = f"get it back by `git checkout -- weights/{path.name}`"
    return ValueError(f"{path} {how}; {back}")


def _check_fit(name: str, network, expected: list[str], found: list[str]) -> None:
    """Raise ValueError unless the two lists hold the same, in whatever order."""
    if not network.built:
        raise ValueError(f"call the network once before {name}: it has no weights yet")
    lacking, left = Counter(expected), Counter(found)
    if lacking != left:
        raise ValueError(
            f"{name} does not fit this {type(network).__name__}, which stays as it "
            f"was: expected {sorted(lacking - left)}, found {sorted(left - lacking)}"
        )


def _shapes(path: Path) -> list[str]:
    """Return the shapes of all arrays in a weight file."""
    items = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: items.append(item))
        return [str(item.shape) for item in items if isinstance(item, h5py.Dataset)]


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
