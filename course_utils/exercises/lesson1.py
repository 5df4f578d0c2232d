"""The checks of lesson 1's exercises."""

import numpy as np
from course_utils.exercises import Verdict, incomplete, mistaken, on_copies, verdict


def bigger_picture(prediction: dict) -> Verdict:
    """Return the verdict on the predicted size and weights of one more layer."""

    def check():
        expected = {"height": 28, "width": 28, "channels": 32, "weights": 51_200}
        if hint := incomplete(prediction, expected):
            return hint
        answers = {key: float(value) for key, value in prediction.items()}
        if answers["weights"] == expected["weights"] + 32:
            return "The weights: so many there would be with a bias. Look again."
        if answers["height"] == 31:
            return 'The height: that is padding "valid". This layer has "same".'
        return mistaken(answers, expected)

    return verdict(
        check, right="Stride 2 doubles; the kernel has 5 × 5 × 32 × 64 numbers."
    )


def smooth_loss(loss) -> Verdict:
    """Return the verdict on a discriminator loss with one-sided label smoothing."""

    def softplus(logits):
        return np.log1p(np.exp(logits))

    def expected(real, fake, real_label=0.9, fake_label=0.0):
        real_loss = real_label * softplus(-real) + (1 - real_label) * softplus(real)
        fake_loss = fake_label * softplus(-fake) + (1 - fake_label) * softplus(fake)
        return real_loss.mean() + fake_loss.mean()

    def check():
        rng = np.random.default_rng(0)
        real, fake = rng.normal(1, 2, (2, 64, 1)).astype("float32")
        found = on_copies(loss)(real, fake)
        if found is None:
            return "Your function returns nothing: is there a return?"
        found = np.asarray(found, np.float32)
        if found.shape != ():
            return f"Expected one number, got shape {found.shape}: take the mean."
        hints = {
            (1.0, 0.0): "That is still the plain loss: its label for real is 1.",
            (0.9, 0.1): "You smoothed both sides. The labels of the fakes stay 0.",
            (1.0, 0.1): "You smoothed the wrong side: real gets 0.9, fake stays 0.",
        }
        for labels, hint in hints.items():
            if np.isclose(found, expected(real, fake, *labels), rtol=1e-4):
                return hint
        if not np.isclose(found, expected(real, fake), rtol=1e-4):
            want = expected(np.zeros(1), np.zeros(1))
            return (
                "Not yet. Try it by hand: with logit 0 for everything the loss must "
                f"be {want:.2f}; yours gives "
                f"{float(loss(np.zeros((1, 1), 'f4'), np.zeros((1, 1), 'f4'))):.2f}, "
                "and on mixed logits it differs as well."
            )
        return None

    right = "Even a sure discriminator now has something to lose."
    return verdict(check, right=right)


def looking(look) -> Verdict:
    """Return the verdict on a function that draws samples without changing anything."""
    import keras
    from course_utils.networks import dcgan_generator

    def check():
        generator = dcgan_generator(width=2)
        noise = keras.random.normal((8, 100), seed=0)
        generator(noise, training=True)
        before = [keras.ops.convert_to_numpy(weight) for weight in generator.weights]
        together = look(generator, noise)
        if together is None:
            return "Your function returns nothing: is there a return?"
        if np.shape(together) != (8, 28, 28, 1):
            return f"Expected pictures (8, 28, 28, 1), got {np.shape(together)}."
        alone = np.asarray(look(generator, noise[:1]))
        changed = any(
            not np.array_equal(old, new)
            for old, new in zip(before, generator.weights, strict=True)
        )
        if changed:
            return (
                "Looking still changes the generator: some of its numbers moved. "
                "Which layers keep statistics, and when?"
            )
        if not np.allclose(alone, np.asarray(together)[:1], atol=1e-4):
            return (
                "Nothing moved, but a noise still looks different alone and in "
                "company: its picture depends on the rest of the batch."
            )
        right_ones = np.asarray(generator(noise, training=False))
        if not np.allclose(together, right_ones, atol=1e-4):
            return "These are not this generator's pictures of this noise."
        return None

    right = "Same noise, same picture, and the generator is as it was."
    return verdict(check, right=right)
