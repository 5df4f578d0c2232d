"""Keeping what a recipe has trained: weights, snapshots, samples, scores."""

import os
import platform
from pathlib import Path

from course_utils import networks, runtime
from course_utils.data.download import sha256
from course_utils.plotting import to_uint8
from course_utils.weights.loading import FOLDER, card
from course_utils.weights.saving import save, together, write_arrays, write_card


def keep(
    models: dict,
    *,
    history,
    batches,
    data: str,
    licence: str,
    samples: Path | None = None,
    sample_size: int | None = None,
    snapshots: dict[int, Path] | None = None,
    folder: Path = FOLDER,
) -> None:
    """Write what a recipe has trained into the folder; a shorter run keeps nothing.

    `models` gives the networks by their names here; the first one also gets the
    history, the sample sheet, made of the pictures in the folder `samples`, and the
    snapshots `name@epoch`, from weight files by their epoch. `sample_size` is the
    height and width of one sample, where that is not the network's.
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
        first = {"history": history, "samples": samples, "sample_size": sample_size}
        save(model, name, known, folder=folder, **(first if number == 0 else {}))
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
    with together(folder) as replace:
        write_card(known | {"scores": scores}, replace(f"{name}.json"))


def add_pictures(name: str, pictures: dict, *, folder: Path = FOLDER) -> None:
    """Put named pictures, each (n, h, w, c), beside weights that a recipe has made.

    They show what was trained for a comparison, and need no weights of its own.
    """
    if runtime.run_length() != "recipe":
        print("not kept: the course's pictures come from the full-length recipe")
        return
    known, file = card(name, folder=folder), f"{name}.pictures.npz"
    with together(folder) as replace:
        part = replace(file)
        write_arrays(part, {key: to_uint8(value) for key, value in pictures.items()})
        sums = known["sha256"] | {file: sha256(part)}
        write_card(known | {"sha256": sums}, replace(f"{name}.json"))


def _versions() -> dict[str, str]:
    import keras
    import numpy as np
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
    }
