"""The checks of lesson 5's exercises."""

import numpy as np
from course_utils.exercises import Verdict, incomplete, on_copies, verdict

TERMS = {
    "D_Y(G(x))": True,
    "D_X(F(y))": False,
    "F(G(x)) - x": True,
    "G(F(y)) - y": True,
    "G(y) - y": True,
    "F(x) - x": False,
}


def who_is_moved(prediction: dict) -> Verdict:
    """Return the verdict on which of the six terms move `to_zebra`."""

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
        found = on_copies(function)(horses, zebras, _to_zebra, _to_horse)
        if found is None:
            return "Your function returns nothing: is there a return?"
        one = np.abs(_to_horse(_to_zebra(horses)) - horses).mean()
        other = np.abs(_to_zebra(_to_horse(zebras)) - zebras).mean()
        found = np.asarray(found, "float64")
        if found.shape:
            return f"Expected one number, got an array of shape {found.shape}."
        hints = {
            one: "Horses go round, there and back. And zebras?",
            other: "Zebras go round. And horses?",
            (one + other) / 2: "Both ways are there, but λ expects their sum.",
            np.abs(_to_horse(zebras) - horses).mean()
            + np.abs(_to_zebra(horses) - zebras).mean(): (
                "You compare horses with zebras. But there are no pairs: what does "
                "come back should be what went off."
            ),
        }
        for value, hint in hints.items():
            if np.isclose(found, value, rtol=1e-4):
                return hint
        if not np.isclose(found, one + other, rtol=1e-4):
            return (
                "With a G that doubles and an F that squares, then takes 0.5 away, "
                f"you give {found:.3f}, which is not the sum of both ways round."
            )
        return None

    return verdict(check, right="Both ways round, and both generators in each.")


def identity(function) -> Verdict:
    """Return the verdict on an identity loss that asks the right pictures."""

    def check():
        horses, zebras = _pictures()
        found = on_copies(function)(horses, zebras, _to_zebra, _to_horse)
        if found is None:
            return "Your function returns nothing: is there a return?"
        found = np.asarray(found, "float64")
        if found.shape:
            return f"Expected one number, got an array of shape {found.shape}."
        zebra = np.abs(_to_zebra(zebras) - zebras).mean()
        horse = np.abs(_to_horse(horses) - horses).mean()
        wrong = np.abs(_to_zebra(horses) - horses).mean()
        wrong += np.abs(_to_horse(zebras) - zebras).mean()
        if np.isclose(found, wrong, rtol=1e-4):
            return (
                "By this loss, making a horse a zebra costs. Which change should "
                "cost instead?"
            )
        if np.isclose(found, zebra, rtol=1e-4) or np.isclose(found, horse, rtol=1e-4):
            return "One generator is asked the right thing. And the other one?"
        if not np.isclose(found, zebra + horse, rtol=1e-4):
            return (
                "With a G that doubles and an F that squares, then takes 0.5 away, "
                f"you give {found:.3f}: not how much a zebra changes in G, and a "
                "horse in F."
            )
        return None

    return verdict(check, right="A zebra stays a zebra, and a horse a horse.")


def _pictures():
    """Return horses and zebras with other numbers in every place."""
    rng = np.random.default_rng(0)
    horses = rng.uniform(0.6, 0.9, (2, 8, 8, 3)).astype("float32")
    return horses, rng.uniform(-0.4, -0.1, (2, 8, 8, 3)).astype("float32")


def _to_zebra(images, training=False):
    return 2 * images


def _to_horse(images, training=False):
    return images**2 - np.float32(0.5)
