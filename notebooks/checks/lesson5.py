"""The checks of lesson 5's exercises."""

import numpy as np
from checks import NOTHING, incomplete, verdict

TERMS = {
    "D_Y(G(x))": True,
    "D_X(F(y))": False,
    "F(G(x)) - x": True,
    "G(F(y)) - y": True,
    "G(y) - y": True,
    "F(x) - x": False,
}


@verdict(right="What G has no part in, cannot move it.")
def who_is_moved(prediction):
    """Return the verdict on which of the six terms move `to_zebra`."""
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


@verdict(right="Both ways round, and both generators in each.")
def cycle_both(function):
    """Return the verdict on a cycle loss with both ways round."""
    horses, zebras = _pictures()
    found = function(horses, zebras, _to_zebra, _to_horse)
    if hint := _no_number(found):
        return hint
    one = _distance(_to_horse(_to_zebra(horses)), horses)
    other = _distance(_to_zebra(_to_horse(zebras)), zebras)
    across = _distance(_to_horse(zebras), horses)
    across += _distance(_to_zebra(horses), zebras)
    hints = {
        one: "Horses go round, there and back. And zebras?",
        other: "Zebras go round. And horses?",
        (one + other) / 2: "Both ways are there, but λ expects their sum.",
        across: (
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
            f"you give {float(found):.3f}, which is not the sum of both ways round."
        )
    return None


@verdict(right="A zebra stays a zebra, and a horse a horse.")
def identity(function):
    """Return the verdict on an identity loss that asks the right pictures."""
    horses, zebras = _pictures()
    found = function(horses, zebras, _to_zebra, _to_horse)
    if hint := _no_number(found):
        return hint
    zebra = _distance(_to_zebra(zebras), zebras)
    horse = _distance(_to_horse(horses), horses)
    crossed = _distance(_to_zebra(horses), horses)
    crossed += _distance(_to_horse(zebras), zebras)
    if np.isclose(found, crossed, rtol=1e-4):
        return (
            "By this loss, making a horse a zebra costs. Which change should "
            "cost instead?"
        )
    if np.isclose(found, [zebra, horse], rtol=1e-4).any():
        return "One generator is asked the right thing. And the other one?"
    if not np.isclose(found, zebra + horse, rtol=1e-4):
        return (
            "With a G that doubles and an F that squares, then takes 0.5 away, "
            f"you give {float(found):.3f}: not how much a zebra changes in G, and a "
            "horse in F."
        )
    return None


def _no_number(found):
    if found is None:
        return NOTHING
    if np.shape(found) != ():
        return f"Expected one number, got an array of shape {np.shape(found)}."
    return None


def _distance(images, others):
    return np.abs(images - others).mean()


def _pictures():
    """Return horses and zebras with other numbers in every place."""
    rng = np.random.default_rng(0)
    horses = rng.uniform(0.6, 0.9, (2, 8, 8, 3)).astype("float32")
    return horses, rng.uniform(-0.4, -0.1, (2, 8, 8, 3)).astype("float32")


def _to_zebra(images, training=False):
    return 2 * images


def _to_horse(images, training=False):
    return images**2 - np.float32(0.5)
