# %% [markdown]
# # 3 · Solutions
#
# One solution for each exercise of lesson 3, and why it is one. Try them yourself first: the checks in the lesson say what is still wrong.

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
from checks import lesson3

# %% [markdown]
# ## Exercise 1: predict
#
# Go back from one logit. The two layers with stride 1 make 4 and then 7 pixels of it. Each layer with stride 2 makes twice as many and adds 2: 16, 34, 70, and with the fourth halving 142.
#
# Forward, 256 pixels become 128, 64, 32, and 16. Each of the two padded layers loses one: 15, and then 14.

# %% tags=["exercise"]
prediction = {"patch": 142, "map": 14}

lesson3.larger_patches(prediction)

# %% [markdown]
# The network agrees:

# %%
pictures = keras.ops.zeros((1, 256, 256, 3))
network = cu.networks.PatchDiscriminator(width=8, halvings=4)
print(network(pictures, pictures).shape)

# %% [markdown]
# ## Exercise 2: write a function
#
# We start with one output after the last layer, and go through the layers backwards. If `size` outputs of a layer are needed, then the first one needs `kernel` inputs, and each of the other `size - 1` needs `stride` more.


# %% tags=["exercise"]
def receptive_field(kernels, strides):
    size = 1
    for kernel, stride in zip(kernels[::-1], strides[::-1], strict=True):
        size = kernel + (size - 1) * stride
    return size


lesson3.receptive_field(receptive_field)

# %% [markdown]
# With this function you can see how quickly the patch grows with the number of halvings:

# %%
for halvings in range(6):
    strides = [2] * halvings + [1, 1]
    kernels = [4] * len(strides)
    print(f"{halvings} halvings: {receptive_field(kernels, strides)} pixels")

# %% [markdown]
# ## Exercise 3: find the bug
#
# The function puts the two sides next to each other (axis 1) and moves them as *one wide picture*. That goes wrong in two ways. When the wide picture is mirrored, the two sides change places, and the colouring becomes the input. This happens in half of the steps, since a mirror is a matter of a coin. And when it is cropped, a strip of one side moves over the seam into the other.
#
# No error tells you, because all shapes are right. If the two are stacked on their channels, they lie on top of each other and cannot mix.


# %% tags=["exercise"]
def move_pair(sketch, colouring, seed):
    both = tf.concat([sketch, colouring], axis=-1)
    both = cu.augment.shift(both, seed, border=15)
    return tf.split(both, 2, axis=-1)


lesson3.moved_alike({"move_pair": move_pair, "share": 0.5})

# %% [markdown]
# Half of the time, a network that was trained with the faulty function would be asked to make a sketch of a coloured picture. It would have to learn both directions at once.

# %%
pairs = cu.data.load("creatures", "heldout", limit=1)
sides = [part[0] / np.float32(127.5) - 1 for part in pairs]
results = [move_pair(*sides, (4, number)) for number in range(5)]
inputs, targets = (np.stack(side) for side in zip(*results, strict=True))
cu.plotting.compare({"input": inputs, "target": targets})

# %% [markdown]
# ## Exercise 4: an experiment
#
# We try λ = 1. In the lesson, that's one line. Here the next cells make again what the lesson has made by then: the data, the step, and `train_variant`.

# %% tags=["nbval-ignore-output"]
SIZE = cu.pick(quick=64, lesson=128, recipe=128)
EPOCHS = cu.pick(quick=1, lesson=6, recipe=6)
limit = cu.pick(quick=24, lesson=800, recipe=800)
fit = cu.data.load("sketch2pokemon", "fit", size=SIZE, limit=limit)
heldout = cu.data.load("sketch2pokemon", "heldout", size=SIZE)
inputs, targets = (part / np.float32(127.5) - 1 for part in heldout)
batches = cu.batches.make(*fit, batch_size=1, seed=0)

# %% [markdown]
# The step is the lesson's. The adversarial loss has the weight 1.


# %%
def make_train_step(generator, discriminator, g_optimizer, d_optimizer, l1_weight):
    @tf.function
    def train_step(batch):
        sketches, truths = batch
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(sketches, training=True)
            real_logits = discriminator(sketches, truths, training=True)
            fake_logits = discriminator(sketches, fake, training=True)
            l1 = cu.losses.l1_loss(truths, fake)
            g_loss = cu.losses.generator_loss(fake_logits) + l1_weight * l1
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return {"d_loss": d_loss, "g_l1_loss": l1}

    return train_step


# %% [markdown]
# This `train_variant` only changes λ, and keeps no checkpoints.


# %%
def colourfulness(pictures):
    channels = cu.plotting.to_uint8(pictures) / 255.0
    return float((channels.max(axis=-1) - channels.min(axis=-1)).mean())


def train_variant(l1_weight):
    keras.utils.set_random_seed(0)
    with cu.training.precision():
        generator = cu.networks.UNet(SIZE, 16, "instance")
        discriminator = cu.networks.PatchDiscriminator(16, "instance")
    steps = EPOCHS * len(batches)
    rate = cu.training.LinearDecay(2e-4, steps, start=steps // 2)
    optimizers = [cu.training.Adam(rate, beta_1=0.5) for _ in range(2)]

    def measure(epoch, history):
        coloured = generator(inputs)
        l1 = cu.losses.l1_loss(targets, coloured)
        history.append({"L1": l1, "colourfulness": colourfulness(coloured)})

    step = make_train_step(generator, discriminator, *optimizers, l1_weight)
    history = cu.training.fit(
        step, batches, epochs=EPOCHS, state={}, on_epoch_end=measure
    )
    return generator, history


# %% tags=["nbval-ignore-output", "exercise"]
colourer, history = train_variant(1.0)
lesson3.another_weight({"l1_weight": 1.0, "trained": (colourer, history)})

# %% tags=["nbval-ignore-output"]
rows = {"sketch": inputs[:6], "λ = 1": colourer(inputs[:6]), "truth": targets[:6]}
cu.plotting.compare(rows)

# %% [markdown]
# With λ = 1, the L1 was 0.23 after six epochs, and the colourfulness 0.14. In the lesson, λ = 100 had 0.15 and 0.05. So the colourings are much further from the truth, as expected, and more colourful. But look at the picture: colourful isn't right. It is one run of each, so a second one with another seed should follow.
