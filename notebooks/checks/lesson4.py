"""The checks of lesson 4's exercises."""

import tempfile

import keras
import numpy as np
import tensorflow as tf
from checks import incomplete, mistaken, verdict


@verdict(right="What came after epoch 60 is lost to the power cut, no more.")
def what_is_left(prediction):
    """Return the verdict on which checkpoints a long training leaves behind."""
    expected = {"kept": [120, 140, 150], "after_power_cut": 60}
    if hint := incomplete(prediction, expected):
        return hint
    if not isinstance(prediction["kept"], list | tuple | set):
        return "kept: expected a list of epochs, such as [1, 2, 3]."
    answers = prediction | {"kept": sorted(prediction["kept"])}
    if len(answers["kept"]) > 3:
        return "kept: those are more than three. Which ones go?"
    if answers["kept"] == [100, 120, 140]:
        return "kept: and is there nothing from the end of the training?"
    if answers["after_power_cut"] in (75, 76):
        return (
            "after_power_cut: that would be so after the stop button, which waits "
            "for a checkpoint. A power cut does not wait."
        )
    return mistaken(answers, expected)


@verdict(right="Weights, seeds, running means, and the epoch: all are back.")
def save_and_restore(save, restore):
    """Return the verdict on two functions that write a training, and fill a new one."""
    old, optimizer = _network(0), keras.optimizers.Adam(0.01)
    for _ in range(3):
        _step(old, optimizer)
    new, new_optimizer = _network(1), keras.optimizers.Adam(0.01)
    with tempfile.TemporaryDirectory() as folder:
        save(old, optimizer, 7, folder)
        epochs = restore(new, new_optimizer, folder)
    if not _equal(old.weights, new.weights):
        return "The new network doesn't have the weights of the old one."
    if not _equal(old.variables, new.variables):
        return "The weights are back. But a network with dropout has more than weights."
    if not new_optimizer.built:
        return "The new optimizer has no running means: there was nothing to be filled."
    if not _equal(optimizer.variables, new_optimizer.variables):
        return "The network is back, but the optimizer isn't: look at its variables."
    if epochs is None or int(epochs) != 7:
        return f"Seven epochs were done, and restore returned {epochs}."
    _step(old, optimizer), _step(new, new_optimizer)
    if not _equal(old.variables, new.variables):
        return "All is back, but after one more step the two networks differ."
    return None


def _network(seed):
    """Return a small network with dropout."""
    keras.utils.set_random_seed(seed)
    parts = [keras.Input((4,)), keras.layers.Dense(8), keras.layers.Dropout(0.5)]
    return keras.Sequential([*parts, keras.layers.Dense(1)])


def _step(network, optimizer):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(network(tf.ones((2, 4)), training=True) ** 2)
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)


def _equal(some, others):
    both = list(zip(some, others, strict=False))
    same = [np.array_equal(one.numpy(), other.numpy()) for one, other in both]
    return len(some) == len(others) and all(same)


@verdict(right="First restore, then count.")
def epochs_to_do(answers):
    """Return the verdict on a function that says which epochs are missing, and why."""
    expected = {"function", "trained in all"}
    if not isinstance(answers, dict) or set(answers) != expected:
        return "Expected a dictionary with function, trained in all."
    with tempfile.TemporaryDirectory() as folder:
        found = answers["function"](_manager(folder), 10)
        if found is None or list(found) != list(range(10)):
            return f"Nothing is done yet: expected the epochs 0 to 9, got {found}."
        _manager(folder, 6).save(6)
        found = list(answers["function"](_manager(folder), 10))
    if found == list(range(10)):
        return (
            "Six of ten epochs are done, and it says that all ten are missing. Which "
            "line fills epochs_done, and when is it read?"
        )
    if found != [6, 7, 8, 9]:
        return f"Six of ten epochs are done: expected 6, 7, 8, 9, got {found}."
    trained = answers["trained in all"]
    if trained is None:
        return "The function is right. Not answered yet: trained in all."
    if trained == 10:
        return (
            "The function is right. Trained in all: that is what was planned. What did "
            "the faulty loop do after the six?"
        )
    if trained != 16:
        return "The function is right. Trained in all: the weights had six behind them."
    return None


def _manager(folder, done=0):
    checkpoint = tf.train.Checkpoint(epochs_done=tf.Variable(done))
    return tf.train.CheckpointManager(checkpoint, folder, max_to_keep=3)


@verdict(right="One thing changed, two losses read: that is an experiment.")
def another_lambda(answers):
    """Return the verdict on a training with another weight of the L1 loss."""
    keys = {"l1_weight", "expected", "trial", "ours"}
    if not isinstance(answers, dict) or set(answers) != keys:
        return "Expected a dictionary with l1_weight, expected, trial, ours."
    weight, ours = answers["l1_weight"], answers["ours"]
    expected = answers["expected"]
    if weight == 100:
        return "λ is still 100: change it."
    if not weight >= 0:
        return "λ is 0 or more: below 0, the house would flee from its photo."
    if hint := incomplete(expected, dict.fromkeys(("g_l1_loss", "g_gan_loss"))):
        return hint
    if not set(expected.values()) <= {"higher", "lower"}:
        return 'What you expect of a loss is "higher" or "lower".'
    if not answers["trial"]:
        return "Nothing was trained: trial should be what train(…) returns."
    history = answers["trial"][-1]
    if not hasattr(history, "keys") or "g_l1_loss" not in history.keys():
        return "This is not what train(…) returns: its second part is the history."
    used = (history["g_loss"] - history["g_gan_loss"]) / history["g_l1_loss"]
    if not np.allclose(used, weight, rtol=0.01, atol=0.01):
        return f"That training used λ = {np.median(used):.3g}: pass l1_weight to train."
    if len(history) > len(ours):
        return f"Ours ends at epoch {ours.epochs:.0f}: compare no later than that."
    last = slice(len(history) - history.steps_per_epoch, len(history))
    print(f"both after epoch {history.epochs:.0f}:")
    for name, guess in expected.items():
        before, now = ours[name][last].mean(), history[name][last].mean()
        found = "higher" if now > before else "lower"
        fits = "as" if found == guess else "not as"
        print(f"{name}: {before:.3f} at λ = 100, {now:.3f} at λ = {weight:g}, ", end="")
        print(f"so it is {found}, {fits} you expected")
    return None
