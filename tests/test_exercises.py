"""Each check: yes to a right answer, a hint for a wrong or an untouched one."""

import course_utils as cu
import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from build import code_cells
from checks import lesson1, lesson2, lesson3, lesson4, lesson5
from course_utils.losses import cross_entropy, l1_loss
from course_utils.runtime import ROOT
from course_utils.training import History


def looked(model, noise):
    return model.predict(noise, verbose=0)


def labelled(real_label, fake_label):
    def loss(real_logits, fake_logits):
        real = cross_entropy(real_label * keras.ops.ones_like(real_logits), real_logits)
        fake_labels = fake_label * keras.ops.ones_like(fake_logits)
        return real + cross_entropy(fake_labels, fake_logits)

    return loss


def write(generator, text, noise):
    labels = np.eye(10)[[int(digit) for digit in text]]
    return generator(np.repeat(noise, len(text), axis=0), labels)


def write_with_many_hands(generator, text, noise):
    return write(generator, text, np.random.default_rng(1).normal(size=(1, 100)))


def maxout(*shape):
    def function(candidates, units, pieces):
        sizes = {"units": units, "pieces": pieces}
        split = np.reshape(candidates, [sizes.get(axis, axis) for axis in shape])
        return split.max(axis=1)

    return function


def why(function, number=512):
    return {"maxout_of": function, "in the mean": number}


def seen(kernels, strides):
    size = 1
    for kernel, stride in zip(kernels[::-1], strides[::-1], strict=True):
        size = (size - 1) * stride + kernel
    return size


def move_pair(axis):
    def function(sketch, colouring, seed):
        both = np.concatenate([sketch, colouring], axis=axis)
        return np.split(cu.augment.shift(both, seed, border=4), 2, axis=axis)

    return function


def checkpoint_of(network, optimizer, epochs, build=True):
    if build:
        optimizer.build(network.trainable_variables)
    return tf.train.Checkpoint(
        network=[variable.value for variable in network.variables],
        optimizer=[variable.value for variable in optimizer.variables],
        epochs=tf.Variable(epochs),
    )


def save(network, optimizer, epochs, folder):
    checkpoint_of(network, optimizer, epochs).write(f"{folder}/all")


def restore(network, optimizer, folder, build=True):
    checkpoint = checkpoint_of(network, optimizer, 0, build)
    checkpoint.read(f"{folder}/all")
    return int(checkpoint.epochs)


def restore_unbuilt(network, optimizer, folder):
    return restore(network, optimizer, folder, build=False)


def forget_the_epochs(network, optimizer, folder):
    return restore(network, optimizer, folder) and 0


def save_weights(network, optimizer, epochs, folder):
    network.save_weights(f"{folder}/all.weights.h5")


def load_weights(network, optimizer, folder):
    network.load_weights(f"{folder}/all.weights.h5")
    return 7


def epochs_to_do(manager, epochs):
    manager.checkpoint.restore(manager.latest_checkpoint)
    return range(int(manager.checkpoint.epochs_done), epochs)


def epochs_too_early(manager, epochs):
    missing = range(int(manager.checkpoint.epochs_done), epochs)
    manager.checkpoint.restore(manager.latest_checkpoint)
    return missing


def to_do(function, trained=16):
    return {"function": function, "trained in all": trained}


def losses_with(l1_weight):
    history = History(steps_per_epoch=2)
    for _ in range(4):
        losses = {"g_loss": 1 + l1_weight * 0.3, "g_gan_loss": 1.0, "g_l1_loss": 0.3}
        history.append(losses)
    return history


def cycle(horses, zebras, to_zebra, to_horse):
    there = l1_loss(horses, to_horse(to_zebra(horses)))
    return there + l1_loss(zebras, to_zebra(to_horse(zebras)))


def unchanged(horses, zebras, to_zebra, to_horse):
    return l1_loss(zebras, to_zebra(zebras)) + l1_loss(horses, to_horse(horses))


SIZES = {"height": 28, "width": 28, "channels": 32, "weights": 51_200}
TRAINED = {"rate": 5e-4, "beta_1": 0.5, "history": History()}
TRAINED["history"].append({"d_loss": 1.0, "asked": 0.1, "distance": 900.0})
COUNTS = {"dense_y": 6_912, "generator": 697_616}
PATCH = {"patch": 142, "map": 14}
WEIGHED = {"l1_weight": 1.0, "trained": (None, History())}
WEIGHED["trained"][1].append({"d_loss": 1.0, "L1": 0.2, "colourfulness": 0.1})
LEFT = {"kept": [120, 140, 150], "after_power_cut": 60}
EXPECTED = {"g_l1_loss": "higher", "g_gan_loss": "lower"}
LAMBDA = {"l1_weight": 10.0, "trial": ({}, losses_with(10)), "ours": losses_with(100)}
LAMBDA |= {"expected": EXPECTED}
HALF_DONE = EXPECTED | {"g_l1_loss": None}
MOVED = dict.fromkeys(["D_Y(G(x))", "F(G(x)) - x", "G(F(y)) - y", "G(y) - y"], True)
MOVED |= {"D_X(F(y))": False, "F(x) - x": False}
RIGHT = [
    (lesson1.bigger_picture, SIZES),
    (lesson1.smooth_loss, labelled(0.9, 0)),
    (lesson1.looking, (looked, "b")),
    (lesson1.highest_rate, ({2e-4: 0.4, 5e-4: 0.3, 1e-3: 0.25, 2e-3: 0.1}, 1e-3)),
    (lesson2.more_labels, COUNTS),
    (lesson2.one_hand, write),
    (lesson2.maxout, why(maxout(-1, "pieces", "units"))),
    (lesson2.another_setting, TRAINED),
    (lesson3.larger_patches, PATCH),
    (lesson3.receptive_field, seen),
    (lesson3.moved_alike, {"move_pair": move_pair(-1), "share": 0.5}),
    (lesson3.another_weight, WEIGHED),
    (lesson4.what_is_left, LEFT | {"kept": (150, 140.0, 120)}),
    (lesson4.save_and_restore, (save, restore)),
    (lesson4.epochs_to_do, to_do(epochs_to_do)),
    (lesson4.another_lambda, LAMBDA),
    (lesson5.who_is_moved, MOVED),
    (lesson5.cycle_both, cycle),
    (lesson5.identity, unchanged),
]
WRONG = [
    (lesson1.bigger_picture, SIZES | {"weights": 51_232}, "bias"),
    (lesson1.smooth_loss, labelled(0.9, 0.1), "both sides"),
    (lesson1.smooth_loss, lambda real, fake: 1 / 0, "ZeroDivisionError"),
    (
        lesson1.looking,
        (lambda model, noise: model(noise, training=True), "b"),
        "changes",
    ),
    (lesson1.highest_rate, ({2e-4: 0.4, 5e-4: 0.3, 1e-3: 0.25}, 5e-4), "higher one"),
    (lesson2.more_labels, COUNTS | {"dense_y": 26 * 256}, "nothing else"),
    (lesson2.one_hand, write_with_many_hands, "hand changes"),
    (lesson2.one_hand, lambda g, text, noise: write(g, text[::-1], noise), "labels"),
    (lesson2.maxout, why(maxout(-1, 1, "pieces", "units")), "still there"),
    (lesson2.maxout, why(maxout(-1, "pieces", "units"), 128), "should be"),
    (lesson2.another_setting, TRAINED | {"rate": 2e-4}, "still ours"),
    (lesson2.another_setting, TRAINED | {"history": None}, "Nothing"),
    (lesson3.larger_patches, PATCH | {"patch": 140}, "just double"),
    (lesson3.receptive_field, lambda k, s: seen(k[::-1], s[::-1]), "last one"),
    (lesson3.moved_alike, {"move_pair": move_pair(1), "share": 0.5}, "which axis"),
    (lesson3.moved_alike, {"move_pair": move_pair(-1), "share": 1}, "swaps sides"),
    (lesson3.another_weight, WEIGHED | {"l1_weight": 100.0}, "in the table"),
    (lesson3.another_weight, WEIGHED | {"trained": None}, "Nothing"),
    (lesson4.what_is_left, LEFT | {"kept": [100, 120, 140]}, "from the end"),
    (lesson4.save_and_restore, (save_weights, load_weights), "more than weights"),
    (lesson4.save_and_restore, (save, restore_unbuilt), "no running means"),
    (lesson4.save_and_restore, (save, forget_the_epochs), "returned 0"),
    (lesson4.epochs_to_do, to_do(epochs_too_early), "all ten"),
    (lesson4.epochs_to_do, to_do(epochs_to_do, 10), "was planned"),
    (lesson4.another_lambda, LAMBDA | {"l1_weight": 100.0}, "still 100"),
    (lesson4.another_lambda, LAMBDA | {"trial": None}, "Nothing"),
    (lesson4.another_lambda, LAMBDA | {"expected": HALF_DONE}, "l1"),
    (lesson4.another_lambda, LAMBDA | {"ours": History()}, "no later"),
    (lesson4.another_lambda, LAMBDA | {"l1_weight": 5}, "pass l1_weight"),
    (lesson5.who_is_moved, MOVED | {"G(F(y)) - y": False}, "both cycles"),
    (lesson5.cycle_both, lambda *a: cycle(*a) / 2, "their sum"),
    (lesson5.identity, lambda h, z, g, f: l1_loss(z, g(z)), "other one"),
]


def name(value):
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("check", "answer"), RIGHT, ids=name)
def test_a_right_answer_passes(check, answer):
    verdict = check(*answer) if isinstance(answer, tuple) else check(answer)
    assert verdict.passed and repr(verdict).startswith("✓"), verdict


@pytest.mark.parametrize(("check", "answer", "hint"), WRONG, ids=name)
def test_a_wrong_answer_gets_a_hint(check, answer, hint):
    verdict = check(*answer) if isinstance(answer, tuple) else check(answer)
    assert not verdict.passed and repr(verdict).startswith("✗")
    assert hint in verdict.message


@pytest.mark.parametrize("folder", ["notebooks", "notebooks/solutions"])
@pytest.mark.parametrize("number", range(1, 6))
def test_lessons_show_hints_and_solutions_that_they_are_right(folder, number):
    (path,) = (ROOT / folder).glob(f"0{number}_*.ipynb")
    cells = code_cells(nbformat.read(path, as_version=4))
    cells = [cell for cell in cells if "exercise" in cell.metadata.get("tags", [])]
    shown = [cell.outputs[-1].data["text/plain"] for cell in cells]
    mark = "✗" if folder == "notebooks" else "✓"
    assert len(shown) >= 3 and all(text.startswith(mark) for text in shown), shown
