"""Odd answers to the exercises: the check says what is wrong, and keeps the answer."""

import re
import signal
import sys

import course_utils as cu
import pytest
from course_utils import exercises
from course_utils.exercises import lesson1, lesson2, lesson3, lesson4
from often import LONG
from test_exercises import CASES

QUESTIONS = [name for name in CASES if isinstance(CASES[name][1], dict)]
ODD = [-1, 0, 1e400, float("nan"), 10**400, True, "many", "", [], {}, object(), b"8"]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("value", ODD if LONG else ODD[::2])
def test_an_odd_value_in_a_prediction_gets_a_hint(name, value):
    check, stub, *_ = CASES[name]
    found = check(dict.fromkeys(stub, value))
    assert not found.passed and len(found.message) > 20


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_hint_names_the_number_that_is_asked_for(name):
    check, stub, _, solution, _ = CASES[name]
    for key, right in solution.items():
        numbers = right if isinstance(right, list) else [right]
        if isinstance(right, bool) or any(number < 10 for number in numbers):
            continue  # True, or a small number, which a hint may name for other reasons
        for value in (None, -1, 0, "many", 7):
            message = check(solution | {key: value}).message
            said = {float(part) for part in re.findall(r"\d+(?:\.\d+)?", message)}
            assert not said & set(map(float, numbers)), message


def endless(*_, **__):
    while True:
        pass


def endless_and_deaf(*_, **__):
    while True:
        try:
            endless()
        except Exception:
            pass


def endless_for_a_while(*_, **__):
    try:
        endless()
    except:  # noqa: E722
        endless()


def recursive(*_, **__):
    def deeper():
        return deeper()

    return deeper()


def leaves(*_, **__):
    exit()


@pytest.mark.parametrize("answer", [endless, endless_and_deaf, endless_for_a_while])
def test_an_answer_without_end_is_ended(monkeypatch, answer):
    monkeypatch.setattr(exercises, "SECONDS", 0.1)
    found = lesson1.smooth_loss(answer)
    assert not found.passed and "did not end within" in found.message


def test_an_alarm_that_rings_late_stops_nothing_else():
    handlers = []
    lesson1.smooth_loss(lambda *_: handlers.append(signal.getsignal(signal.SIGALRM)))
    handlers[0](signal.SIGALRM, sys._getframe())  # as if it rang now: nothing is raised
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("answer", [recursive, leaves])
@pytest.mark.parametrize(
    "check",
    [lesson1.smooth_loss, lesson2.maxout, lesson3.to_pixels, lesson4.both_alike],
)
def test_an_answer_that_breaks_out_gets_a_hint(check, answer):
    found = check(answer)
    assert not found.passed and "Your code raised" in found.message


def test_the_stop_button_still_stops_a_check():
    def stopped(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cu.exercises.lesson1.smooth_loss(stopped)
