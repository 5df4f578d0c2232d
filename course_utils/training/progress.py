"""How a training shows how far it is: a bar for people, a few lines for logs."""

import sys

from course_utils import runtime
from tqdm import tqdm

LINES_IN_A_LOG = 10


class Progress:
    """A bar in a notebook or terminal; elsewhere about ten plain lines.

    Everything goes to stdout, and no time is left standing when it closes, so that
    a notebook which is built twice has the same bytes.
    """

    def __init__(self, total: int, done: int):
        self.total, self.done = total, done
        self.bar = None
        if runtime.is_watched():
            self.bar = tqdm(
                total=total,
                initial=done,
                file=sys.stdout,
                leave=False,
                ncols=88,
                mininterval=0.5,
                unit="step",
            )

    def step(self, epoch: int, values: dict[str, float]) -> None:
        """Count one step, and show the epoch and the newest values."""
        self.done += 1
        text = " ".join(f"{key} {value:.2f}" for key, value in values.items())
        if self.bar is not None:
            self.bar.set_description(f"epoch {epoch}", refresh=False)
            self.bar.set_postfix_str(text[:36], refresh=False)
            self.bar.update()
        elif self.done % max(1, self.total // LINES_IN_A_LOG) == 0:
            print(f"epoch {epoch}, step {self.done:,} of {self.total:,}: {text}")
            sys.stdout.flush()

    def close(self) -> None:
        """Remove the bar."""
        if self.bar is not None:
            self.bar.close()
