"""What a training is stopped for, and what a learner is warned of."""

import numpy as np
from course_utils.training.checkpoints import find_checkpoints


def stop_if_not_finite(values: dict[str, float], step: int, folder) -> None:
    """Raise FloatingPointError, with advice, when a value is infinite or no number."""
    for key, value in values.items():
        if not np.isfinite(value):
            _stop(f"{key} is {value}", step, folder)


def stop_if_broken(state: dict, step: int, folder) -> None:
    """Raise FloatingPointError for weights that are no numbers; losses tell later."""
    for name, part in state.items():
        for weight in getattr(part, "trainable_variables", ()):
            if not np.isfinite(np.asarray(weight)).all():
                _stop(f"a weight of state[{name!r}] is not finite", step, folder)


def _stop(problem: str, step: int, folder):
    saved = find_checkpoints(folder / "checkpoints") if folder else []
    last = f"the last good checkpoint is {saved[-1]}" if saved else "nothing was saved"
    raise FloatingPointError(
        f"{problem} at step {step:,}; {last}. "
        "Usual causes: too high a learning rate, a logarithm of 0, a loss that takes "
        "probabilities where it gets logits."
    )


def told_if_useless(run, state: dict):
    """Return `run`, which takes a step; the first says what networks it left alone."""
    trained = {
        name: part.trainable_variables[0]
        for name, part in state.items()
        if getattr(part, "trainable_variables", None) and hasattr(part, "layers")
    }

    def told(*arguments):
        before = {name: np.asarray(kernel).copy() for name, kernel in trained.items()}
        values = run(*arguments)
        for name, kernel in before.items():
            if np.array_equal(kernel, trained.pop(name)):
                print(
                    f"the step does not train state[{name!r}]: after making networks, "
                    "run the cell that makes their optimizers and their step as well"
                )
        return values

    return told
