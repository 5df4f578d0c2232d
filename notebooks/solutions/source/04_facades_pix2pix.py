# %% [markdown]
# # 4 · Solutions
#
# Here is one solution for each exercise of lesson 4, and the reason why it's right. Try them yourself first, since the checks in the lesson tell you what is still missing.

# %% jupyter={"source_hidden": true}
import importlib.util, os, pathlib, subprocess, sys  # noqa: E401, I001

if not importlib.util.find_spec("course_utils"):  # in Colab: find or clone the course
    COURSE_REPO = os.environ.get("COURSE_REPO", "https://example.org/gan-course.git")
    clone = pathlib.Path("gan-course").absolute()
    root = next((p for p in clone.parents if (p / "course_utils").is_dir()), clone)
    root.exists() or subprocess.run(["git", "clone", COURSE_REPO, root], check=True)
    sys.path += [str(root), str(root / "notebooks")]
    pip = "-m pip install --quiet anywidget opencv-python-headless tensorflow-datasets"
    subprocess.run([sys.executable, *pip.split()], check=True)

# %%
import course_utils as cu
import keras
import numpy as np
import tensorflow as tf
from checks import lesson4

# %% [markdown]
# ## Exercise 1: predict
#
# There are checkpoints after the epochs 20, 40, …, 140, and after the last one, 150. The newest three remain.
#
# In the middle of epoch 76, with 75 epochs done, the newest checkpoint is that of epoch 60, and so 15 whole epochs and a half are done again. (After the stop button nothing is, because `fit` writes a checkpoint then.)

# %% tags=["exercise"]
prediction = {"kept": [120, 140, 150], "after_power_cut": 60}

lesson4.what_is_left(prediction)

# %% [markdown]
# ## Exercise 2: write and restore
#
# Both functions need the same checkpoint: all variables of the network, all variables of the optimizer, and a counter. `write` and `read` do without a manager.
#
# `build` comes first. Without it, a new optimizer has no running means that could be filled. (For `save` it changes nothing, because that optimizer is built already.)


# %% tags=["exercise"]
def checkpoint_of(network, optimizer, epochs_done):
    optimizer.build(network.trainable_variables)
    return tf.train.Checkpoint(
        network=[variable.value for variable in network.variables],
        optimizer=[variable.value for variable in optimizer.variables],
        epochs_done=tf.Variable(epochs_done),
    )


def save(network, optimizer, epochs_done, folder):
    checkpoint_of(network, optimizer, epochs_done).write(f"{folder}/training")


def restore(network, optimizer, folder):
    checkpoint = checkpoint_of(network, optimizer, 0)
    checkpoint.read(f"{folder}/training").assert_consumed()
    return int(checkpoint.epochs_done)


lesson4.save_and_restore(save, restore)

# %% [markdown]
# ## Exercise 3: find the bug
#
# `epochs_done` is read before it's filled, so it is still 0. First restore, then count.
#
# The faulty loop restored the weights, which had been trained for six epochs, and then trained all ten. That makes 16. No error tells you. The pictures may even get a little better, but the learning rate is 0 from the tenth on, since Adam counts its own steps and was restored.


# %% tags=["exercise"]
def epochs_to_do(manager, epochs):
    manager.checkpoint.restore(manager.latest_checkpoint)
    return list(range(int(manager.checkpoint.epochs_done), epochs))


lesson4.epochs_to_do({"function": epochs_to_do, "trained in all": 16})

# %% [markdown]
# ## Exercise 4: an experiment
#
# We try λ = 1. In the lesson, that's one line. Here the next cells make again what the lesson has made by then: the batches, the step, and a `train` without checkpoints.

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=8, recipe=8)
SIZE = cu.pick(quick=32, lesson=128, recipe=128)
WIDTH = cu.pick(quick=4, lesson=32, recipe=32)
pairs = cu.data.load(
    "facades", "fit", size=SIZE, limit=cu.pick(quick=8, lesson=50, recipe=50)
)


def jittered(pair, seed):
    return cu.augment.jitter(pair, seed, size=SIZE, larger=SIZE * 286 // 256)


batches = cu.batches.make(*pairs, batch_size=1, seed=0, augment=jittered)


# %%
def make_train_step(generator, discriminator, g_optimizer, d_optimizer, l1_weight):
    @tf.function
    def train_step(batch):
        plans, photos = batch
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(plans, training=True)
            real_logits = discriminator([plans, photos], training=True)
            fake_logits = discriminator([plans, fake], training=True)
            gan_loss = cu.losses.generator_loss(fake_logits)
            l1 = cu.losses.l1_loss(photos, fake)
            g_loss = gan_loss + l1_weight * l1
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        losses = {"g_loss": g_loss, "g_gan_loss": gan_loss, "g_l1_loss": l1}
        return {"d_loss": d_loss, **losses}

    return train_step


# %%
def train(l1_weight):
    keras.utils.set_random_seed(0)
    with cu.training.precision():
        generator = cu.networks.facades_generator(SIZE, WIDTH)
        discriminator = cu.networks.facades_discriminator(SIZE, WIDTH)
    rates = [cu.training.Adam(2e-4, beta_1=0.5) for _ in range(2)]
    step = make_train_step(generator, discriminator, *rates, l1_weight)
    history = cu.training.fit(step, batches, epochs=EPOCHS, state={})
    return {"generator": generator}, history


# %% tags=["nbval-ignore-output"]
ours = train(100.0)

# %% tags=["nbval-ignore-output", "exercise"]
trial = train(1.0)
expected = {"g_l1_loss": "higher", "g_gan_loss": "lower"}
answers = {"l1_weight": 1.0, "expected": expected, "trial": trial}
lesson4.another_lambda(answers | {"ours": ours[1]})

# %% [markdown]
# After eight epochs, the L1 loss is higher than with λ = 100 (0.36 against 0.30), and the adversarial loss is lower (0.74 against 1.72), close to log 2 ≈ 0.69. The generator puts its effort where the weight is. How do the houses look?

# %% tags=["nbval-ignore-output"]
heldout = cu.data.load("facades", "heldout", size=SIZE, limit=4)
plans = heldout.inputs / np.float32(127.5) - 1
rows = {"plan": plans, "λ = 100": ours[0]["generator"](plans)}
rows |= {"λ = 1": trial[0]["generator"](plans), "target": heldout.targets}
cu.plotting.compare(rows)

# %% [markdown]
# With λ = 1 there are more colours and more contrast, but walls, windows, and skies run into each other. With λ = 100, everything stands in its place, in one brown. This is one run of each, and a short one.
