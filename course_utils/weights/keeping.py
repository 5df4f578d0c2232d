"""Keeping weights: what a recipe has trained, in half precision, with its card."""

import contextlib
import json
import os
import platform
import tempfile
from pathlib import Path

import numpy as np
from course_utils import networks, plotting, runtime
from course_utils.data.download import sha256
from course_utils.weights.loading import FOLDER, card, check_name


def keep(
    models: dict,
    *,
    history,
    batches,
    data: str,
    licence: str,
    samples: Path | None = None,
    snapshots: dict[int, Path] | None = None,
    folder: Path = FOLDER,
) -> None:
    """Write what a recipe has trained into the folder; a shorter run keeps nothing.

    `models` gives the networks by their names here; the first one also gets the
    history, the sample sheet, made of the pictures in the folder `samples`, and the
    snapshots `name@epoch`, from weight files by their epoch.
    """
    if runtime.run_length() != "recipe":
        print("not kept: the course's weights come from the full-length recipe")
        return
    if not history.finished:
        print(f"not kept: the training was stopped after {history.epochs:.3g} epochs")
        return
    if os.environ.get("COURSE_DATA") == "miniature" and "miniature" not in data:
        print(f"not kept: COURSE_DATA=miniature, but the card would say {data!r}")
        return
    known = about(history, batches, data=data, licence=licence)
    for number, (name, model) in enumerate(models.items()):
        first = {"history": history, "samples": samples} if number == 0 else {}
        save(model, name, known, folder=folder, **first)
        print(f"kept {folder / name}.weights.h5")
    name = next(iter(models))
    for epoch, path in (snapshots or {}).items():
        network = networks.BUILDERS[name]()
        network.load_weights(path)
        seen = {"epochs": epoch, "images_seen": epoch * batches.examples}
        save(network, f"{name}@{epoch}", known | seen, folder=folder)


def about(history, batches, *, data: str, licence: str) -> dict:
    """Return what a card says of a training, apart from the sums."""
    return {
        "data": data,
        "licence": licence,
        "epochs": round(history.epochs, 3),
        "images_seen": int(history.epochs * batches.examples),
        "batch_size": batches.batch_size,
        "seed": batches.seed,
        "hours": round(history.seconds / 3600, 2),
        "machine": runtime.machine(),
        "precision": runtime.precision(),
        "versions": _versions(),
        "scores": {},
    }


def add_scores(name: str, scores: dict, *, folder: Path = FOLDER) -> None:
    """Write scores on the card of weights that a recipe has just made."""
    if runtime.run_length() != "recipe":
        print("not kept: the scores on the cards come from the full-length recipe")
        return
    known = card(name, folder=folder)
    with _together(folder) as replace:
        _write_card(known | {"scores": scores}, replace(f"{name}.json"))


def save(
    model,
    name: str,
    about: dict,
    *,
    history=None,
    samples=None,
    cloud=None,
    folder: Path = FOLDER,
) -> None:
    """Write a model's weights, half precision, and their card with all sums.

    With them go a history, sheets of the pictures in `samples`, a judge's cloud.
    """
    check_name(name)
    runtime.make_folder(folder, advice="The weights go there.")
    written = {".weights.h5": lambda path: _write_half_precision(model, path)}
    if history is not None:
        written[".history.npz"] = history.save
    if samples is not None:
        shape = model.output_shape[1:3]
        written[".sheets.npz"] = lambda path: _write_sheets(samples, shape, path)
    if cloud is not None:
        arrays = {key: np.float32(values) for key, values in cloud._asdict().items()}
        written[".cloud.npz"] = lambda path: _write_arrays(path, arrays)
    sums = {}
    with _together(folder) as replace:
        for suffix, write in written.items():
            part = replace(f"{name}{suffix}")
            write(part)
            sums[f"{name}{suffix}"] = sha256(part)
        card = {"name": name, **about, "sha256": sums}
        _write_card(card, replace(f"{name}.json"))


def _write_card(card: dict, path: Path) -> None:
    text = json.dumps(card, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


@contextlib.contextmanager
def _together(folder: Path):
    """Give a function from names to paths to write to; rename all in the end.

    If one cannot be written, none is renamed and nothing is left behind.
    """
    parts = {}

    def replace(name: str) -> Path:
        parts[name] = folder / f"part-{os.getpid()}-{name}"
        return parts[name]

    try:
        yield replace
        for name, part in parts.items():
            os.replace(part, folder / name)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        *_, last = parts
        raise OSError(f"{folder / last} cannot be written ({reason})") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _write_half_precision(model, path: Path) -> None:
    """Write the weights with every kernel in float16; vectors are kept as they are."""
    import h5py

    def copy(name, item):
        if hasattr(item, "shape"):
            new = target.create_dataset(name, data=_halved(item[()]), track_times=False)
        else:
            new = target.require_group(name)
        new.attrs.update(item.attrs)

    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.weights.h5"
        model.save_weights(full)
        with h5py.File(full) as source, h5py.File(path, "w") as target:
            target.attrs.update(source.attrs)
            source.visititems(copy)


def _halved(values: np.ndarray) -> np.ndarray:
    """Return a kernel in float16, if all of its numbers have a place there."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float16)
    return small if values.ndim > 1 and np.isfinite(small).all() else values


def _write_sheets(samples: Path, shape: tuple[int, int], path: Path) -> None:
    """Write some forty of the pictures in a run's `samples` folder as arrays."""
    files = sorted(Path(samples).glob("epoch-*-step-*.png"))
    files = [files[i] for i in plotting.kept_frames(len(files))]
    moments = [[int(part) for part in file.stem.split("-")[1::2]] for file in files]
    tiles = [
        plotting.untile(plotting.read_picture(file), height=shape[0], width=shape[1])
        for file in files
    ]
    epochs, steps = np.transpose(moments)
    _write_arrays(path, {"images": np.stack(tiles), "epochs": epochs, "steps": steps})


def _write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with open(path, "wb") as file:
        np.savez_compressed(file, **arrays)


def _versions() -> dict[str, str]:
    import keras
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
