"""What the checks of the exercises share: `from checks import lesson1`.

A check says what is wrong with an answer, and does not give the right one away.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

NOTHING = "Your function returns nothing: is there a return?"


class Verdict(NamedTuple):
    """What a check found; a notebook shows it as one line."""

    passed: bool
    message: str

    def __repr__(self) -> str:
        return f"✓ Right. {self.message}" if self.passed else f"✗ {self.message}"


def verdict(*, right: str) -> Callable:
    """Make a check give back a verdict: what it returns is a hint, or None if right.

    An answer that raises an error gets a hint as well.
    """

    def decorate(check: Callable) -> Callable:
        @functools.wraps(check)
        def checked(*answers) -> Verdict:
            try:
                hint = check(*answers)
            except Exception as error:
                text = str(error).strip().splitlines() or ["no message"]
                hint = f"Your code raised {type(error).__name__}: {text[0][:200]}"
            return Verdict(hint is None, right if hint is None else hint)

        return checked

    return decorate


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
