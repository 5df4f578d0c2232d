"""Loading weights: verified against their card before anything is read."""

import contextlib
import json
import re
from pathlib import Path

import numpy as np
from course_utils import networks, runtime
from course_utils.data.archives import read_arrays
from course_utils.data.download import sha256
from course_utils.training import History

FOLDER = runtime.ROOT / "weights"
NAME = re.compile(r"[a-z0-9_]+(@[0-9]+)?")


def load_model(name: str, *, folder: Path = FOLDER):
    """Return the whole network of that name, built and loaded, ready to be called."""
    check_name(name)
    model = networks.BUILDERS[base_name(name)]()
    load(model, name, folder=folder)
    return model


def load(model, name: str, *, folder: Path = FOLDER) -> dict:
    """Return the card of the weights after loading them into a model of the course.

    The file's SHA-256 must be the card's, and its shapes the model's, before
    anything is read into the model.
    """
    check_name(name)
    path = _verified(name, ".weights.h5", folder)
    if not model.built:
        raise ValueError(f"call the model before loading {name!r}: it has no shape")
    before = model.get_weights()
    try:
        _check_shapes(model, path)
        model.load_weights(path)
        if not all(np.isfinite(weight).all() for weight in model.get_weights()):
            raise ValueError("it holds infinite numbers, or some that are none")
    except Exception as error:  # a file that is broken inside raises all sorts
        model.set_weights(before)
        raise ValueError(
            f"{path.name} does not fit this model, which is as it was: {error}"
        ) from None
    return card(name, folder=folder)


def card(name: str, *, folder: Path = FOLDER) -> dict:
    """Return what is known of these weights: data, epochs, seed, scores, sums."""
    check_name(name)
    path = folder / f"{name}.json"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {_remedy(name)}")
    with contextlib.suppress(ValueError, RecursionError):
        known = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(known, dict) and isinstance(known.get("sha256"), dict):
            return known
    raise ValueError(
        f"{path} is cut or altered: expected a card with the sums of its files. "
        f"{_remedy(name)}"
    )


def history(name: str, *, folder: Path = FOLDER) -> History:
    """Return the history of the training that made these weights."""
    return History.load(_verified(name, ".history.npz", folder))


def sheets(name: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return how the fixed samples grew: images (m, n, h, w, c), epochs and steps."""
    return read_arrays(_verified(name, ".sheets.npz", folder))


def pictures(name: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return the pictures kept beside these weights by their names, (n, h, w, c)."""
    return read_arrays(_verified(name, ".pictures.npz", folder))


def cloud(name: str, *, folder: Path = FOLDER) -> dict[str, np.ndarray]:
    """Return what a judge sees in the real test pictures: mean and covariance."""
    return read_arrays(_verified(name, ".cloud.npz", folder))


def check_name(name: str) -> None:
    """Raise ValueError, with the known names, unless there are such weights."""
    if base_name(name) not in networks.BUILDERS or not NAME.fullmatch(name):
        known = ", ".join(networks.BUILDERS)
        raise ValueError(
            f"no weights {name!r}; known: {known}, and snapshots such as mnist_gan@10"
        )


def base_name(name: str) -> str:
    """Return the name without its snapshot: "mnist_gan" for "mnist_gan@10"."""
    return name.split("@")[0]


def _remedy(name: str) -> str:
    if name.endswith("_judge"):
        command = f"python -m course_utils.build_judges {name.removesuffix('_judge')}"
    else:
        sources = sorted((runtime.ROOT / "notebooks" / "source").glob("*.py"))
        texts = {path.name: path.read_text("utf-8") for path in sources}
        recipe = next((p for p in texts if f'"{base_name(name)}"' in texts[p]), "")
        command = f"COURSE_RUN=recipe python notebooks/source/{recipe}"
    return f"Get it back by `git checkout -- weights`, or make it anew by `{command}`."


def _verified(name: str, suffix: str, folder: Path) -> Path:
    """Return the path of a file whose sum is the one on the card."""
    expected = card(name, folder=folder)["sha256"].get(f"{name}{suffix}")
    path = folder / f"{name}{suffix}"
    if not path.is_file() or expected is None:
        raise FileNotFoundError(f"{path} is missing. {_remedy(name)}")
    if (found := sha256(path)) != expected:
        raise ValueError(
            f"{path} is cut or altered: its SHA-256 is {found}, its card says "
            f"{expected}. {_remedy(name)}"
        )
    return path


def _check_shapes(model, path: Path) -> None:
    """Refuse a file of other arrays, or of arrays that lie elsewhere."""
    import h5py

    found, elsewhere = [], []

    def look(name, item):
        if hasattr(item, "shape"):
            found.append(item.shape)
            if item.external or item.is_virtual or item.dtype.kind not in "fiu":
                elsewhere.append(name)

    def follow(name, link):
        if not isinstance(link, h5py.HardLink):
            elsewhere.append(name)

    with h5py.File(path) as file:
        file.visititems(look)
        file.visititems_links(follow)
    if elsewhere:
        raise ValueError(f"{elsewhere[0]} holds no numbers, or points outside the file")
    expected = [tuple(variable.shape) for variable in model.weights]
    if sorted(found) != sorted(expected):
        only_file = sorted(set(found) - set(expected))
        only_model = sorted(set(expected) - set(found))
        raise ValueError(
            f"{len(found)} arrays in the file, {len(expected)} in the model; only in "
            f"the file: {only_file}; only in the model: {only_model}"
        )
