"""Importing checkpoints: what old Keras 2 code has saved, into a model of Keras 3."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course_utils.weights import locating

VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
EXTRA = re.compile(r"/\.OPTIMIZER_SLOT/|^(save_counter$|keras_api/)|/(total|count)$")
COUNTER = re.compile(r"/(iter|_iterations)$")  # every optimizer has one
BOOKS = re.compile(r"_self_|_layers$|_(non_)?trainable_variables$")  # kept by Keras


def import_checkpoint(path: str | Path, model):
    """Return the model, with the weights of a checkpoint in TensorFlow's old format.

    Such files were written by `model.save_weights("GAN_500")` in Keras 2. `path` is
    the beginning that they share ("folder/GAN_500"), one of them, or a zip of them. A
    value goes to the layer that is kept under the same attribute (`self.dense_1`);
    optimizers and metrics are passed over. Unless all of it fits, nothing is changed.
    """
    path = Path(path).expanduser()
    if not model.weights:
        raise ValueError(
            f"call the model once before importing {path.name}: it has no weights yet"
        )
    with tempfile.TemporaryDirectory() as folder:
        values = _read(locating.collect(path, Path(folder)), model, path)
    for variable, value in zip(model.weights, values, strict=True):
        variable.assign(value)
    return model


def _read(prefix: Path, model, path: Path) -> list:
    """Return the values for `model.weights`, all of them read and found to fit."""
    import tensorflow as tf

    try:
        reader = tf.train.load_checkpoint(str(prefix))
        shapes = reader.get_variable_to_shape_map()
        types = reader.get_variable_to_dtype_map()
        stored = {key.removesuffix(VALUE): key for key in shapes}
        there = {
            name: _description(name, shapes[key], types[key])
            for name, key in stored.items()
            if types[key] != tf.string
        }
        keys = _keys(model, there)
        expected = [
            _description(key, variable.shape, tf.as_dtype(variable.dtype))
            for key, variable in zip(keys, model.weights, strict=True)
        ]
        found = [there[key] for key in there if key in keys or not _extra(key, there)]
        if sorted(expected) != sorted(found):
            raise ValueError(_misfit(path, model, set(expected), set(found)))
        return [reader.get_tensor(stored[key]) for key in keys]
    except (tf.errors.OpError, RuntimeError, IndexError) as error:
        raise ValueError(
            f"{path} is cut or altered: get it anew; the model is as it was ({error})"
        ) from None


def _description(name: str, shape, dtype) -> str:
    """Return "dense_1/kernel (100, 128)"; floats of any precision are alike."""
    return f"{name} {tuple(shape)}" + ("" if dtype.is_floating else f" {dtype.name}")


def _extra(key: str, there: dict) -> bool:
    """Return whether the key belongs to an optimizer, a metric or the file itself."""
    optimizers = tuple(COUNTER.sub("/", name) for name in there if COUNTER.search(name))
    return key.startswith(optimizers) or EXTRA.search(key) is not None


def _misfit(path: Path, model, expected: set[str], found: set[str]) -> str:
    return (
        f"{path} does not fit this {type(model).__name__}, which is as it was.\n"
        f"Expected, not there: {locating.listed(sorted(expected - found))}.\n"
        f"There, not expected: {locating.listed(sorted(found - expected))}.\n"
        "Give the checkpoint of this network, or write the network as the code that "
        "saved it: the same attribute names (self.dense_1 = …) and layer sizes."
    )


def _keys(model, there: dict) -> list[str]:
    """Return under which keys the checkpoint has, or should have, `model.weights`."""
    places: dict[int, list[str]] = {}
    for key, variable in _places(model):
        places.setdefault(id(variable), []).append(key)
    keys, free = [], set(there)
    for variable in model.weights:
        names = places.get(id(variable), [variable.path])
        keys.append(next((name for name in names if name in free), names[0]))
        free.discard(keys[-1])
    return keys


def _places(holder, path: str = "", above: tuple = ()) -> Iterator[tuple]:
    """Give each variable in a model, layer or list, with each key it may stand under.

    TensorFlow names it by the way to it: attributes, places in lists, keys of
    dictionaries; and at the end its own name, or the attribute.
    """
    import keras

    if id(holder) in above:  # a layer that knows its parent
        return
    for name, value in _parts(holder):
        if isinstance(value, keras.Variable):
            yield f"{path}{value.name}", value
            yield f"{path}{name}", value
        elif isinstance(value, keras.layers.Layer | list | tuple | dict):
            yield from _places(value, f"{path}{name}/", (*above, id(holder)))


def _parts(holder) -> list[tuple]:
    """Return what a model, layer, list or dictionary holds, with its names there."""
    import keras

    if isinstance(holder, dict):
        return list(holder.items())
    if isinstance(holder, list | tuple):
        return list(enumerate(holder))
    if isinstance(holder, keras.Sequential) or hasattr(holder, "operations"):
        layers = [layer for layer in holder.layers if layer.weights]
        return [(f"layer_with_weights-{n}", layer) for n, layer in enumerate(layers)]
    return [item for item in vars(holder).items() if not BOOKS.match(item[0])]
