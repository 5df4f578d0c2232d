"""The history of a training: what each step reported, kept, saved and plotted."""

from pathlib import Path

import numpy as np


class History:
    """What a training step returned, step after step, under the names it gave."""

    def __init__(self, steps_per_epoch: int = 1):
        self.steps_per_epoch = steps_per_epoch
        self.seconds = 0.0
        self.finished = False
        self._values: dict[str, list[float]] = {}

    def append(self, values: dict[str, float]) -> None:
        """Add one step's values, a dictionary of numbers."""
        for key, value in values.items():
            self._values.setdefault(key, []).append(float(value))

    def keys(self) -> list[str]:
        """Return the names of the recorded values."""
        return list(self._values)

    def restore(self, key: str, values: np.ndarray) -> None:
        """Replace the values of one name, shape (steps,)."""
        self._values[key] = [float(value) for value in values]

    def __getitem__(self, key: str) -> np.ndarray:
        if key not in self._values:
            known = ", ".join(self._values) or "nothing yet"
            raise KeyError(f"no {key!r} in this history; it has {known}")
        return np.asarray(self._values[key], np.float32)

    def __len__(self) -> int:
        return max(map(len, self._values.values()), default=0)

    def __repr__(self) -> str:
        keys = ", ".join(self._values) or "nothing yet"
        return f"History of {len(self):,} steps: {keys}"

    @property
    def epochs(self) -> float:
        """The length of the training so far, in epochs."""
        return len(self) / self.steps_per_epoch

    def plot(self, *groups: list[str], path: str | Path | None = None) -> None:
        """Draw one panel of curves over steps for each group of names.

        Without a group, everything goes into one panel. With `path`, the figure is
        written there and not shown.
        """
        from course_utils import plotting

        groups = groups or (self.keys(),)
        plotting.curves([{key: self[key] for key in group} for group in groups], path)

    def save(self, path: str | Path) -> None:
        """Write the history to an .npz file, three digits of every value."""

        def short(values):  # what is left of the others is 0, and packs well
            return ((values.view(np.uint32) + 0x2000) & 0xFFFFC000).view(np.float32)

        with open(path, "wb") as file:
            np.savez_compressed(
                file,
                steps_per_epoch=self.steps_per_epoch,
                seconds=self.seconds,
                **{key: short(self[key]) for key in self.keys()},
            )

    @classmethod
    def load(cls, path: str | Path) -> "History":
        """Return the history in an .npz file that `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        history = cls(int(arrays.pop("steps_per_epoch")))
        history.seconds = float(arrays.pop("seconds"))
        for key in arrays:
            history.restore(key, arrays[key])
        return history
