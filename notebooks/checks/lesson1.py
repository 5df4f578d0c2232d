"""The checks of lesson 1's exercises."""

import course_utils as cu
import keras
import numpy as np
from checks import NOTHING, incomplete, mistaken, verdict


@verdict(right="Stride 2 doubles; the kernel has 5 × 5 × 32 × 64 numbers.")
def bigger_picture(prediction):
    """Return the verdict on the predicted size and weights of one more layer."""
    expected = {"height": 28, "width": 28, "channels": 32, "weights": 51_200}
    if hint := incomplete(prediction, expected):
        return hint
    if prediction["weights"] == expected["weights"] + 32:
        return "The weights: so many there would be with a bias. Look again."
    if prediction["height"] == 31:
        return 'The height: that is padding "valid". This layer has "same".'
    return mistaken(prediction, expected)


def _softplus(logits):
    return np.log1p(np.exp(logits))


def _loss_with_labels(real, fake, real_label, fake_label):
    """Return the discriminator's loss (a number) with these labels."""
    real_loss = real_label * _softplus(-real) + (1 - real_label) * _softplus(real)
    fake_loss = fake_label * _softplus(-fake) + (1 - fake_label) * _softplus(fake)
    return real_loss.mean() + fake_loss.mean()


@verdict(right="Even a sure discriminator now has something to lose.")
def smooth_loss(loss):
    """Return the verdict on a discriminator loss with one-sided label smoothing."""
    real, fake = np.random.default_rng(0).normal(1, 2, (2, 64, 1)).astype("float32")
    found = loss(real, fake)
    if found is None:
        return NOTHING
    found = np.asarray(found)
    if found.shape != ():
        return f"Expected one number, got shape {found.shape}: take the mean."
    hints = {
        (1.0, 0.0): "That is still the plain loss: its label for real is 1.",
        (0.9, 0.1): "You smoothed both sides. The labels of the fakes stay 0.",
        (1.0, 0.1): "You smoothed the wrong side: real gets 0.9, fake stays 0.",
    }
    for labels, hint in hints.items():
        if np.isclose(found, _loss_with_labels(real, fake, *labels), rtol=1e-4):
            return hint
    if not np.isclose(found, _loss_with_labels(real, fake, 0.9, 0.0), rtol=1e-4):
        zero = np.zeros((1, 1), "float32")
        return (
            "Not yet. Try it by hand: with logit 0 for everything the loss must "
            f"be {2 * np.log(2):.2f}; yours gives {float(loss(zero, zero)):.2f}, "
            "and on mixed logits it differs as well."
        )
    return None


@verdict(right="Same noise, same picture, and the generator is as it was.")
def looking(look, why):
    """Return the verdict on drawing samples without a change, and on the reason."""
    if why is None:
        return "First choose the reason: replace why = None by one of the letters."
    generator = cu.networks.dcgan_generator(width=2)
    noise = keras.random.normal((8, 100), seed=0)
    generator(noise, training=True)
    before = [np.array(weight) for weight in generator.weights]
    together = look(generator, noise)
    if together is None:
        return NOTHING
    if np.shape(together) != (8, 28, 28, 1):
        return f"Expected pictures (8, 28, 28, 1), got {np.shape(together)}."
    alone = np.asarray(look(generator, noise[:1]))
    if not all(map(np.array_equal, before, generator.weights)):
        return (
            "Looking still changes the generator: some of its numbers moved. "
            "Which layers keep statistics, and when?"
        )
    if not np.allclose(alone, np.asarray(together)[:1], atol=1e-4):
        return (
            "Nothing moved, but a noise still looks different alone and in "
            "company: its picture depends on the rest of the batch."
        )
    if not np.allclose(together, generator(noise, training=False), atol=1e-4):
        return "These are not this generator's pictures of this noise."
    if why != "b":
        return (
            "look is right, but the reason is another one. What does batch "
            "normalization subtract when the batch has one picture only?"
        )
    return None


@verdict(right="You found how far the rate can go before the pictures become one.")
def highest_rate(spreads, highest):
    """Return the verdict on the highest of the generator's rates that still works."""
    usual = spreads.get(2e-4)
    between = [rate for rate in spreads if 2e-4 < rate < 4e-3]
    if usual is None:
        return "Keep 2e-4 among your rates: the others are compared with it."
    if len(between) < 2:
        return "Play with two rates or more that lie between 2e-4 and 4e-3."
    if highest is None:
        return NOTHING
    good = [rate for rate, spread in spreads.items() if spread >= usual / 2]
    if highest not in spreads:
        return f"You did not play with a rate of {highest:g}."
    if highest not in good:
        return f"At {highest:g} the spread is less than half of that at 2e-4."
    if highest != max(good):
        return f"{highest:g} works, but so does a higher one that you tried."
    return None
