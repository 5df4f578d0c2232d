"""The checks of lesson 4's exercises."""

import numpy as np
from course_utils.exercises import Verdict, incomplete, mistaken, on_copies, verdict


def what_is_left(prediction: dict) -> Verdict:
    """Return the verdict on which checkpoints a long training leaves behind."""

    def check():
        expected = {"kept": [120, 140, 150], "after_power_cut": 60}
        if hint := incomplete(prediction, expected):
            return hint
        kept = prediction["kept"]
        if not isinstance(kept, list | tuple | set):
            return "kept: expected a list of epochs, such as [1, 2, 3]."
        answers = {
            "kept": sorted(map(float, kept)),
            "after_power_cut": float(prediction["after_power_cut"]),
        }
        if len(kept) > 3:
            return "kept: those are more than keep=3. Which ones go?"
        if answers["kept"] == [100, 120, 140]:
            return "kept: and is there nothing from the end of the training?"
        if answers["after_power_cut"] in (75, 76):
            return (
                "after_power_cut: that would be so after the stop button, which waits "
                "for a checkpoint. A power cut does not wait."
            )
        return mistaken(answers, expected)

    return verdict(
        check, right="What came after epoch 60 is lost to the power cut, no more."
    )


def both_alike(jitter_both) -> Verdict:
    """Return the verdict on a function that jitters a plan and its photo alike."""

    def check():
        rng = np.random.default_rng(0)
        plan = rng.integers(0, 9, (64, 64, 3)).astype("float32") / 8
        seen = []
        for number in range(8):
            found = on_copies(jitter_both)(plan, -1 - plan, (5, number))
            if found is None:
                return "Your function returns nothing: is there a return?"
            if not isinstance(found, list | tuple) or len(found) != 2:
                return f"Expected a plan and a photo, got a {type(found).__name__}."
            pair = [np.asarray(picture) for picture in found]
            if pair[0].shape != pair[1].shape or pair[0].shape[2:] != (3,):
                return (
                    "Expected two pictures of three channels and one size, got "
                    f"{pair[0].shape} and {pair[1].shape}."
                )
            if np.max(pair[0]) < 0:
                return "The first picture is the photo. Expected the plan, then it."
            if not set(np.unique(pair[0])) <= set(np.unique(plan)):
                return "The plan has got new colours: is something between two labels?"
            if not np.allclose(pair[0], -1 - pair[1]):
                return (
                    "Plan and photo do not agree any more: what was at one place in "
                    "both is at two places now."
                )
            seen.append(pair[0].tobytes())
        if len(set(seen)) < 4:
            return "Eight seeds hardly give different pairs: is it jittered at all?"
        return None

    return verdict(check, right="Same crop, same mirror, whatever the seed.")


def encoder(build) -> Verdict:
    """Return the verdict on an encoder whose code should tell plans apart."""
    import keras

    def check():
        model = build(64, 4)
        if not isinstance(model, keras.Model):
            return f"Expected a keras.Model, got a {type(model).__name__}."
        rng = np.random.default_rng(0)
        plans = rng.uniform(-1, 1, (2, 64, 64, 3)).astype("float32")
        codes = np.asarray(model(plans))
        if codes.shape != (2, 1, 1, 32):
            return f"Expected codes (2, 1, 1, 32) of two plans, got {codes.shape}."
        if np.allclose(codes[0], codes[1], atol=1e-6):
            return (
                "Two plans have the same code. What is the mean of a single pixel, "
                "and what is left of the pixel without it?"
            )
        sizes = [3, 4, 8, 16, 32, 32, 32]
        pairs = list(zip(sizes, sizes[1:], strict=False))
        kernels = sum(16 * before * after for before, after in pairs)
        norms = model.count_params() - kernels
        if norms == 0:
            return "The code is alive, but now no block is normalized at all."
        if norms != 2 * (8 + 16 + 32 + 32):
            return (
                "The code is alive, but other blocks have changed as well. All but "
                "the first and the last one are normalized."
            )
        return None

    return verdict(check, right="The code tells plans apart again.")
