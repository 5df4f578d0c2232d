"""Saving weights: half precision, a card with all sums, and no half-written files."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np
from course_utils import plotting, runtime
from course_utils.data.download import sha256
from course_utils.weights.loading import FOLDER, check_name

PACKED = {"compression": "gzip", "shuffle": True, "track_times": False}


def save(
    model,
    name: str,
    about: dict,
    *,
    history=None,
    samples=None,
    sample_size=None,
    cloud=None,
    folder: Path = FOLDER,
) -> None:
    """Write a model's weights, half precision, and their card with all sums.

    With them go a history, sheets of the pictures in `samples`, a judge's cloud.
    """
    check_name(name)
    if not all(np.isfinite(weight).all() for weight in model.get_weights()):
        raise ValueError(f"{name} has weights that are not finite: nothing is written")
    runtime.make_folder(folder, advice="The weights go there.")
    written = {".weights.h5": lambda path: _write_half_precision(model, path)}
    if history is not None:
        written[".history.npz"] = history.save
    if samples is not None:
        shape = (sample_size, sample_size) if sample_size else model.output_shape[1:3]
        written[".sheets.npz"] = lambda path: _write_sheets(samples, shape, path)
    if cloud is not None:
        arrays = {key: np.float32(values) for key, values in cloud._asdict().items()}
        written[".cloud.npz"] = lambda path: write_arrays(path, arrays)
    sums = {}
    with together(folder) as replace:
        for suffix, write in written.items():
            part = replace(f"{name}{suffix}")
            write(part)
            sums[f"{name}{suffix}"] = sha256(part)
        card = {"name": name, **about, "sha256": sums}
        write_card(card, replace(f"{name}.json"))


def write_card(card: dict, path: Path) -> None:
    """Write a card as JSON, one key a line."""
    text = json.dumps(card, indent=2, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


@contextlib.contextmanager
def together(folder: Path):
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
    """Write the weights, every kernel in half precision; vectors stay as they are."""
    import h5py

    def copy(name, item):
        if hasattr(item, "shape"):
            new = target.create_dataset(name, data=_halved(item[()]), **PACKED)
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
    """Return a kernel in float16 of 9 significant bits, if all numbers fit there."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float16)
    small = ((small.view(np.uint16) + 2) & 0xFFFC).view(np.float16)
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
    write_arrays(path, {"images": np.stack(tiles), "epochs": epochs, "steps": steps})


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays as a compressed .npz file."""
    with open(path, "wb") as file:
        np.savez_compressed(file, **arrays)
