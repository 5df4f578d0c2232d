"""Checkpoints: everything that a training is, in one file that is whole or absent."""

import contextlib
import errno
import fnmatch
import json
import os
import zipfile
from pathlib import Path

import numpy as np

FORMAT = 1
ADVICE = "Give another folder, or pass fresh=True to start anew."
UNREADABLE = (zipfile.BadZipFile, EOFError, RuntimeError, ValueError, OSError)


def variables_of(name: str, part) -> list:
    """Return the variables of a network, an optimizer or a random generator."""
    if hasattr(part, "variables"):
        return list(part.variables)
    if hasattr(part, "state"):
        return [part.state]
    if hasattr(part, "assign"):
        return [part]
    raise TypeError(
        f"state[{name!r}] is a {type(part).__name__}, which has no variables to save. "
        "Expected: networks, optimizers, a tf.random.Generator or tf.Variables."
    )


def describe(state: dict) -> dict[str, list]:
    """Return the shapes of all variables by name: what a checkpoint must fit."""
    return {
        name: [list(variable.shape) for variable in variables_of(name, part)]
        for name, part in state.items()
    }


def find_checkpoints(folder: str | Path) -> list[Path]:
    """Return the checkpoints in a folder, the newest last."""
    names = []
    with contextlib.suppress(FileNotFoundError):  # else: it is not known to be empty
        names = fnmatch.filter(os.listdir(folder), "step-*.npz")
    return [Path(folder) / name for name in sorted(names)]


def save(folder: Path, step: int, state: dict, history, *, keep: int) -> Path:
    """Write a checkpoint beside the others, verify it, then drop the oldest ones."""
    arrays = {
        f"{name}/{number:04d}": np.asarray(variable)
        for name, part in state.items()
        for number, variable in enumerate(variables_of(name, part))
    }
    header = {
        "format": FORMAT,
        "step": step,
        "seconds": round(history.seconds, 3),
        "shapes": describe(state),
    }
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    arrays |= {f"history/{key}": history[key] for key in history.keys()}
    path = folder / f"step-{step:08d}.npz"
    half_written = path.with_name(f"{path.stem}.{os.getpid()}.part")
    try:
        folder.mkdir(exist_ok=True)  # not its parents: a Drive that is gone stays gone
        with open(half_written, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        if problem := damage(half_written):
            raise OSError(problem)
        os.replace(half_written, path)
    except OSError as error:
        raise OSError(
            f"the checkpoint {path} could not be written ({error.strerror or error}). "
            "Those before it are still there. Make room and run the cell again, or "
            f"copy {folder.parent} elsewhere first and set COURSE_HOME to that place."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            half_written.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        first, *_ = [p for p in find_checkpoints(folder) if p.name <= path.name][-keep:]
        fresh = first.stat().st_mtime - 60  # since then: another training may write it
        for old in folder.glob("step-*"):
            is_over = old.suffix != ".part" or old.stat().st_mtime < fresh
            if is_over and old.name < first.name:
                old.unlink(missing_ok=True)
    return path


def damage(path: Path) -> str:
    """Return what is wrong with a file, "" if every byte is as it was written."""
    try:
        with zipfile.ZipFile(path) as archive:
            lost = "header.npy" not in archive.namelist()
            broken = archive.testzip() or lost and "its list of contents"
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise  # not the file: the disk or the Drive
        return f"{path.name} is damaged: {error}"
    return f"{path.name} is damaged in {broken}" if broken else ""


def load_newest(folder: Path, state: dict, history) -> int:
    """Load the newest whole checkpoint; return its step, 0 if there is none.

    A damaged one gets another name, so that it does not count any more.
    """
    for path in reversed(find_checkpoints(folder)):
        if problem := damage(path):
            print(f"{problem}; trying the one before it")
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
            continue
        return _load(path, state, history)
    return 0


def _load(path: Path, state: dict, history) -> int:
    with np.load(path, allow_pickle=False) as arrays:
        header = _header(path, arrays)
        _compare(path, header["shapes"], describe(state))
        for name, part in state.items():
            for number, variable in enumerate(variables_of(name, part)):
                variable.assign(arrays[f"{name}/{number:04d}"])
        for key in arrays.files:
            if key.startswith("history/"):
                history.restore(key.removeprefix("history/"), arrays[key])
    history.seconds = header.get("seconds", 0.0)
    return header["step"]


def _header(path: Path, arrays) -> dict:
    """Return what a checkpoint says of itself; refuse one of another version."""
    header = {}
    with contextlib.suppress(KeyError, ValueError):
        header = json.loads(bytes(arrays["header"]))
    if (version := header.get("format")) != FORMAT:
        raise ValueError(
            f"{path} is of another version of the course, or no checkpoint: its format "
            f"is {version}, expected {FORMAT}. {ADVICE}"
        )
    return header


def _compare(path: Path, found: dict, expected: dict) -> None:
    """Refuse a checkpoint of other networks, and say where they differ."""
    for name in expected:
        if name not in found:
            problem = f"it has no {name!r}, only {', '.join(found)}"
        elif found[name] != expected[name]:
            pairs = zip(found[name], expected[name], strict=False)
            differ = [(a, b) for a, b in pairs if a != b]
            lengths = f"{len(found[name])} variables, not {len(expected[name])}"
            shapes = f"shape {differ[0][0]} where yours has {differ[0][1]}"
            problem = f"{name!r} has {shapes if differ else lengths}"
        else:
            continue
        raise ValueError(f"{path} belongs to other networks: {problem}. {ADVICE}")
