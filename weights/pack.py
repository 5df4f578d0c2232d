"""From a recipe's run to shipped weights: `python weights/pack.py fashion_dcgan`.

The recipe cells of a lesson call `about`, `leave`, `score` and `variants`, which write
into the run's folder, in full precision. The command above then makes the weight file
and the card of what lies there.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import h5py
import keras
import numpy as np
import tensorflow as tf
from course_utils import plotting, runtime, weights
from PIL import Image

LEFT = "left_by_recipe"
LARGEST = 30_000_000  # bytes of a file in the repository
PACKED = {"compression": "gzip", "shuffle": True, "track_times": False}


def about(history, batches, *, data: str, licence: str) -> dict:
    """Return what a card says of a training that has come to its end."""
    if not history.finished:
        raise ValueError(f"stopped after {history.epochs:.3g} epochs: run it again")
    return {
        "data": data,
        "licence": licence,
        "epochs": round(history.epochs, 3),
        "images_seen": int(history.epochs * batches.examples),
        "batch_size": batches.batch_size,
        "seed": batches.seed,
        "hours": round(history.seconds / 3600, 2),
        "machine": _machine(),
        "commit": _commit(),
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
        "scores": {},
    }


def leave(
    name: str,
    network: keras.Model,
    folder: Path,
    known: dict,
    *,
    history=None,
    samples: Path | None = None,
    sample_size: int | None = None,
    snapshots: dict[int, Path] | None = None,
    cloud=None,
) -> None:
    """Write a trained network into the run's folder, with `known`, what `about` gives.

    With the main network of a training go its history, the pictures in the folder
    `samples`, whose height and width is `sample_size` where that is not the network's,
    and weight files by their epoch; with a judge goes its cloud.
    """
    place = _place(name, folder)
    network.save_weights(place / f"{name}.weights.h5")
    if history is not None:
        (place / f"{name}.history.npz").write_bytes(history.serialize())
    if samples is not None:
        shape = (sample_size, sample_size) if sample_size else network.output_shape[1:3]
        np.savez_compressed(
            place / f"{name}.sheets.npz", **_sheets(samples, shape, history)
        )
    if cloud is not None:
        arrays = {key: np.float32(values) for key, values in cloud._asdict().items()}
        np.savez_compressed(place / f"{name}.cloud.npz", **arrays)
    known = known | {"precision": network.dtype_policy.name}
    _write_json(place / "about.json", known)
    print(f"left for packing: {name}")
    for epoch, path in (snapshots or {}).items():
        place = _place(f"{name}@{epoch}", folder)
        shutil.copyfile(path, place / f"{name}@{epoch}.weights.h5")
        seen = round(known["images_seen"] * epoch / known["epochs"])
        _write_json(
            place / "about.json", known | {"epochs": epoch, "images_seen": seen}
        )


def score(name: str, folder: Path, scores: dict) -> None:
    """Add scores to what the card of a network will say."""
    path = _place(name, folder) / "about.json"
    known = json.loads(path.read_text("utf-8"))
    _write_json(path, known | {"scores": known["scores"] | scores})


def variants(name: str, folder: Path, named: dict) -> None:
    """Put what variants of a training drew, (n, h, w, c) each, beside its network."""
    arrays = {key: plotting.to_uint8(values) for key, values in named.items()}
    np.savez_compressed(_place(name, folder) / f"{name}.variants.npz", **arrays)


def pack(name: str, folder: Path, into: Path = weights.FOLDER) -> list[Path]:
    """Return the files that were made of what a run has left: all of them, or none."""
    place = _place(name, folder)
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        for source in sorted(place.glob(f"{name}.*")):
            part = Path(scratch) / source.name
            write = _write_half_precision if source.suffix == ".h5" else shutil.copyfile
            write(source, part)
            if part.stat().st_size > LARGEST:
                size = f"{part.stat().st_size / 1e6:.1f} MB"
                raise ValueError(f"{part.name} would have {size}: 30 are the most")
        parts = sorted(Path(scratch).iterdir())
        known = json.loads((place / "about.json").read_text("utf-8"))
        sums = {part.name: sha256(part) for part in parts}
        parts.append(Path(scratch) / f"{name}.json")
        _write_json(parts[-1], {"name": name, **known, "sha256": sums})
        for part in parts:
            os.replace(part, into / part.name)
    return [into / part.name for part in parts]


def main(arguments: list[str] | None = None) -> None:
    """Pack what recipes have left under these names, and say what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--into", type=Path, default=weights.FOLDER, metavar="FOLDER")
    options = parser.parse_args(arguments)
    home = Path(os.environ.get("COURSE_HOME") or runtime.ROOT / "runs")
    found = home.glob(f"*/recipe/{LEFT}/*/about.json")
    folders = {path.parent.name: path.parents[2] for path in found}
    for name in options.names:
        if name not in folders:
            known = ", ".join(sorted(folders)) or "nothing"
            sys.exit(f"no recipe has left {name!r} in {home}; there is: {known}")
        for path in pack(name, folders[name], options.into):
            print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit() -> str:
    """Return the commit of this code, with "-dirty" if it was changed since."""
    command = ["git", "-C", str(runtime.ROOT), "describe", "--always", "--dirty"]
    if not shutil.which("git"):
        return ""
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _machine() -> str:
    """Return what this computes on: the GPU's name, else the processor's."""
    if gpus := tf.config.list_physical_devices("GPU"):
        return tf.config.experimental.get_device_details(gpus[0]).get("device_name")
    cpu = Path("/proc/cpuinfo")  # Linux has it
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    models = [line.split(": ")[1] for line in lines if line.startswith("model name")]
    return f"{[*models, platform.machine()][0]}, {os.cpu_count()} cores"


def _place(name: str, folder: Path) -> Path:
    place = Path(folder) / LEFT / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def _write_json(path: Path, values: dict) -> None:
    text = json.dumps(values, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _sheets(samples: Path, shape: tuple[int, int], history) -> dict[str, np.ndarray]:
    """Return some forty of the pictures in a run's `samples` folder as arrays."""
    files = sorted(Path(samples).glob("*step-*.png"))
    moments = (len(files) - 1) * np.linspace(0, 1, 40) ** 2  # most of the beginning
    files = [files[i] for i in np.unique(np.rint(moments).astype(int))]
    steps = np.array([int(file.stem.rpartition("-")[2]) for file in files])
    epochs = -(-steps // history.steps_per_epoch)
    images = np.stack([_untiled(file, *shape) for file in files])
    return {"images": images, "epochs": epochs, "steps": steps}


def _untiled(file: Path, height: int, width: int) -> np.ndarray:
    """Return the pictures (n, height, width, c) of a tile that was not enlarged."""
    tiled, gap = np.atleast_3d(Image.open(file)), plotting.GAP
    rows = range(gap, tiled.shape[0] - height, height + gap)
    columns = range(gap, tiled.shape[1] - width, width + gap)
    return np.stack(
        [tiled[y : y + height, x : x + width] for y in rows for x in columns]
    )


def _write_half_precision(source: Path, target: Path) -> None:
    """Write the weights, every kernel in half precision; vectors stay as they are."""

    def copy(name, item):
        if not isinstance(item, h5py.Dataset):
            new = target_file.require_group(name)
        elif np.isfinite(item[()]).all():
            new = target_file.create_dataset(name, data=_halved(item[()]), **PACKED)
        else:
            raise ValueError(f"{source.name} is not packed: {name} is not finite")
        new.attrs.update(item.attrs)

    with h5py.File(source) as source_file, h5py.File(target, "w") as target_file:
        target_file.attrs.update(source_file.attrs)
        source_file.visititems(copy)


def _halved(values: np.ndarray) -> np.ndarray:
    """Return a kernel in float16 of 9 significant bits, if all numbers fit there."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float16)
    small = ((small.view(np.uint16) + 2) & 0xFFFC).view(np.float16)
    return small if values.ndim > 1 and np.isfinite(small).all() else values


if __name__ == "__main__":
    main()
