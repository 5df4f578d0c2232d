"""Learning rates that change while a training runs."""

import keras


class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that is constant up to step `start`, then falls to 0 at `steps`.

    Both count the optimizer's steps from the first one on, also after a resume.
    """

    def __init__(self, rate: float, steps: int, start: int):
        if not 0 <= start < steps:
            raise ValueError(
                f"the rate should fall from step {start} to step {steps}; expected "
                "0 <= start < steps. The paper starts after half of the steps: "
                "LinearDecay(rate, steps, start=steps // 2)"
            )
        self.rate, self.steps, self.start = rate, steps, start

    def __call__(self, step):
        """Return the rate of this step, a number from `rate` down to 0."""
        remaining = self.steps - keras.ops.cast(step, "float32")
        share = remaining / (self.steps - self.start)
        return self.rate * keras.ops.clip(share, 0.0, 1.0)

    def get_config(self) -> dict:
        """Return what makes the same schedule again."""
        return {"rate": self.rate, "steps": self.steps, "start": self.start}
