"""The checks of lesson 5's exercises."""

import numpy as np
from course_utils.exercises import Verdict, incomplete, verdict

TERMS = {
    "D_Y(G(x))": True,
    "D_X(F(y))": False,
    "F(G(x)) - x": True,
    "G(F(y)) - y": True,
    "G(y) - y": True,
    "F(x) - x": False,
}


def who_is_moved(prediction: dict) -> Verdict:
    """Return the verdict on which of the six terms move horse_to_zebra."""

    def check():
        if hint := incomplete(prediction, TERMS):
            return hint
        odd = [term for term, answer in prediction.items() if answer not in (0, 1)]
        if odd:
            return f"Expected True or False for each term, look at {', '.join(odd)}."
        if prediction["G(F(y)) - y"] != prediction["F(G(x)) - x"]:
            return "Look at both cycles: in which of them does G draw something?"
        wrong = sum(prediction[term] != right for term, right in TERMS.items())
        if wrong:
            return (
                f"Not yet: {wrong} of the six. Ask of each term: would its value "
                "change if G drew otherwise?"
            )
        return None

    return verdict(check, right="What G has no part in, cannot move it.")


def cycle_both(function) -> Verdict:
    """Return the verdict on a cycle loss with both ways round."""

    def check():
        horses, zebras = _pictures()
        found = function(horses, zebras, _double, _less)
        if found is None:
            return "Your function returns nothing: is there a return?"
        # There and back: (2h - 0.5) - h and 2 (z - 0.5) - z.
        there, back = np.abs(horses - 0.5), np.abs(zebras - 1)
        one, other = there.mean(), back.mean()
        found = np.asarray(found, "float64")
        if found.shape:
            return f"Expected one number, got an array of shape {found.shape}."
        hints = {
            one: "Horses go round, there and back. And zebras?",
            other: "Zebras go round. And horses?",
            (one + other) / 2: "Both ways are there, but λ expects their sum.",
            np.abs(_less(zebras) - horses).mean()
            + np.abs(_double(horses) - zebras).mean(): (
                "You compare horses with zebras. But there are no pairs: what does "
                "come back should be what went off."
            ),
        }
        for value, hint in hints.items():
            if np.isclose(found, value, rtol=1e-4):
                return hint
        if not np.isclose(found, one + other, rtol=1e-4):
            return (
                f"With a G that doubles and an F that takes 0.5 away you give "
                f"{found:.3f}, which is not the sum of both ways round."
            )
        return None

    return verdict(check, right="Both ways round, and both generators in each.")


def identity(function) -> Verdict:
    """Return the verdict on an identity loss that asks the right pictures."""

    def check():
        horses, zebras = _pictures()
        found = function(horses, zebras, _double, _less)
        if found is None:
            return "Your function returns nothing: is there a return?"
        found = np.asarray(found, "float64")
        if found.shape:
            return f"Expected one number, got an array of shape {found.shape}."
        zebra, horse = np.abs(_double(zebras) - zebras).mean(), 0.5
        wrong = np.abs(_double(horses) - horses).mean() + 0.5
        if np.isclose(found, wrong, rtol=1e-4):
            return (
                "It asks horse_to_zebra to leave *horses* as they are. Which animal "
                "should it not touch?"
            )
        if np.isclose(found, zebra, rtol=1e-4) or np.isclose(found, horse, rtol=1e-4):
            return "One generator is asked the right thing. And the other one?"
        if not np.isclose(found, zebra + horse, rtol=1e-4):
            return (
                f"With a G that doubles and an F that takes 0.5 away you give "
                f"{found:.3f}: not how much a zebra changes in G, and a horse in F."
            )
        return None

    return verdict(check, right="A zebra stays a zebra, and a horse a horse.")


def _pictures():
    """Return horses and zebras with other numbers in every place."""
    rng = np.random.default_rng(0)
    horses = rng.uniform(0.6, 0.9, (2, 8, 8, 3)).astype("float32")
    return horses, rng.uniform(-0.4, -0.1, (2, 8, 8, 3)).astype("float32")


def _double(images):
    return 2 * images


def _less(images):
    return images - np.float32(0.5)
