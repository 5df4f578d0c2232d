"""Several devices: the same training as on one, shared."""

import json
import subprocess
import sys
from pathlib import Path

import course_utils as cu
import numpy as np
import pytest
import tensorflow as tf
from course_utils.training import devices

PROGRAM = Path(__file__).with_name("two_devices.py")


def test_two_devices_train_as_one_does():
    command = [sys.executable, PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("a batch of one is finite") is True
    assert found.pop("one device again") == 0  # "one" leaves what "all" has opened
    assert set(found) > {"DCGAN's weights", "CycleGAN's weights"}
    assert all(value < 1e-4 for value in found.values()), found


def test_with_one_device_a_learner_never_sees_it():
    cu.setup(seed=0, devices="all")
    assert not tf.distribute.has_strategy()

    def step(batch):
        return {}

    assert devices.on_all(step) is step


def test_unknown_devices_are_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="'both'; known: one, all"):
        cu.setup(seed=0, devices="both")


def test_a_step_compiled_as_for_a_gpu_gives_the_same():
    def made():
        weight = tf.Variable(1.0)
        optimizer = cu.training.Adam(0.1)
        pool = cu.gan.ImagePool(100)  # never full: by chance they differ

        @tf.function
        def step(pictures):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((weight * pool(pictures) - 1) ** 2)
            optimizer.apply(tape.gradient(loss, [weight]), [weight])
            return {"loss": loss}

        return step

    rng = np.random.default_rng(0)
    batches = [tf.constant(rng.normal(size=(4, 2, 2, 1)), tf.float32) for _ in range(5)]
    like = tf.TensorSpec((4, 2, 2, 1))
    plain, whole = made(), devices.compiled(made(), like)
    for batch in [*batches, batches[0][:3]]:
        expected, found = plain(batch)["loss"], whole(batch)["loss"]
        assert float(found) == pytest.approx(float(expected), rel=1e-5)
    assert whole._jit_compile
