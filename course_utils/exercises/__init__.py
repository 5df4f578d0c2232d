"""The exercises' checks: they say what is wrong, and do not give the answer away."""

import contextlib
import signal
import threading
from collections.abc import Callable
from typing import NamedTuple

SECONDS = 20


class TooLong(BaseException):
    """An answer does not end; no `except Exception` of its own holds this up."""


class Verdict(NamedTuple):
    """What a check found; a notebook shows it as one line."""

    passed: bool
    message: str

    def __repr__(self) -> str:
        return f"✓ Right. {self.message}" if self.passed else f"✗ {self.message}"


def verdict(check: Callable[[], str | None], *, right: str) -> Verdict:
    """Return the verdict of a check that returns a hint, or None if all is well.

    An answer that raises an error, or does not end, gets a hint as well.
    """
    try:
        with _time_limit(check):
            hint = check()
    except TooLong:
        hint = (
            f"Your code did not end within {SECONDS} seconds. Is there a loop that "
            "never ends?"
        )
    except (Exception, SystemExit) as error:
        text = str(error).strip().splitlines() or ["no message"]
        hint = f"Your code raised {type(error).__name__}: {text[0][:200]}"
    return Verdict(hint is None, right if hint is None else hint)


def on_copies(answer: Callable) -> Callable:
    """Return the answer with its arrays copied: it may change them as it likes."""
    import numpy as np

    def called(*values):
        parts = [
            part.copy() if isinstance(part, np.ndarray) else part for part in values
        ]
        return answer(*parts)

    return called


def incomplete(prediction, expected: dict) -> str | None:
    """Return a hint unless each of the expected things has been answered."""
    if not isinstance(prediction, dict) or set(prediction) != set(expected):
        return f"Expected a dictionary with {', '.join(expected)}."
    missing = [key for key, value in prediction.items() if value is None]
    return f"Not answered yet: {', '.join(missing)}." if missing else None


def mistaken(answers: dict, expected: dict) -> str | None:
    """Return a hint that names the wrong answers, if there are any."""
    wrong = [key for key in expected if answers[key] != expected[key]]
    return f"Not yet: look again at {', '.join(wrong)}." if wrong else None


@contextlib.contextmanager
def _time_limit(check: Callable):
    """Raise TooLong in a check that does not end, where signals can do it."""
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def too_long(number, frame):
        while frame:
            if frame.f_code is check.__code__:
                raise TooLong
            frame = frame.f_back  # outside the check nothing is to be stopped

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)  # again, if it was held up
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def __getattr__(name: str):
    import importlib

    if name.startswith("lesson"):
        with contextlib.suppress(ModuleNotFoundError):
            return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"course_utils.exercises has no {name!r}")
