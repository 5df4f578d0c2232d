# %% [markdown]
# # 2 · Solutions
#
# Here is one solution for each exercise of lesson 2, and the reason why it's right. Try them yourself first, since the checks in the lesson tell you what is still missing.


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
from checks import lesson2

# %% [markdown]
# ## Exercise 1: predict
#
# `dense_y` has one weight for each pair of an input and a unit, and one bias for each unit. With 26 inputs that's (26 + 1) · 256 = 6,912. Before, with ten inputs, it was (10 + 1) · 256 = 2,816.
#
# No other layer of the generator sees the label, so the rest stays as it was: 693,520 − 2,816 + 6,912 = 697,616.

# %% tags=["exercise"]
prediction = {"dense_y": 27 * 256, "generator": 693_520 - 11 * 256 + 27 * 256}

lesson2.more_labels(prediction)

# %% [markdown]
# Keras agrees. A subclassed network takes its sizes from its first call, so the same class serves for letters:

# %%
letters = cu.networks.CganGenerator()
pictures = letters(keras.ops.zeros((1, 100)), keras.ops.eye(26)[:1])
print(f"{letters.dense_y.count_params():,}, {letters.count_params():,}")

# %% [markdown]
# ## Exercise 2: write a function
#
# The generator needs as many rows of noise as there are digits, all of them the same, and a one-hot row for each digit. The pictures come in the order of the rows.


# %% tags=["exercise"]
def write(generator, text, noise):
    digits = [int(character) for character in text]
    labels = keras.utils.to_categorical(digits, 10)
    return generator(np.repeat(noise, len(digits), axis=0), labels)


lesson2.one_hand(write)

# %% [markdown]
# Here two hands write the same number. Each row keeps its own stroke and slant, because the noise decides what the label leaves open.

# %%
cgan = cu.weights.load_model("mnist_cgan")
noise = keras.random.normal((2, 100), seed=3)
rows = {f"hand {i + 1}": write(cgan, "2718281828", noise[i : i + 1]) for i in (0, 1)}
cu.plotting.compare(rows)

# %% [markdown]
# ## Exercise 3: find the bug
#
# The stray 1 makes four axes: (pictures, 1, pieces, units). The maximum over axis 1 is taken over one single number, so it changes nothing, and the pieces are still there afterwards. Without the 1, axis 1 is the axis of the pieces.
#
# Why is there no error? The last dense layer works on the last axis, whatever stands before it, and so it gives one logit for each *piece*. The targets are made by `ones_like`, so they have the same wrong shape, and the loss takes the mean of 128 · 4 = 512 cross entropies.


# %% tags=["exercise"]
def maxout_of(candidates, units, pieces):
    split = keras.ops.reshape(candidates, (-1, pieces, units))
    return keras.ops.max(split, axis=1)


lesson2.maxout({"maxout_of": maxout_of, "in the mean": 512})

# %% [markdown]
# Two habits protect you. A layer `Reshape((pieces, units))`, as in the lesson, leaves the axis of the pictures alone, so that this mistake can't happen. And an `assert` on the shape of the logits finds it at once.

# %%
candidates = np.arange(24.0).reshape(2, 12)
print(np.asarray(maxout_of(candidates, units=3, pieces=4)))

# %% [markdown]
# ## Exercise 4: an experiment
#
# We try Keras's default of β₁ = 0.9, and leave the rate at 2e-4. In the lesson, that's one line. Here the next cells make again what the lesson has made by then: the data, the discriminator, the step, and `trial`.

# %% tags=["nbval-ignore-output"]
TRIAL_EPOCHS = cu.pick(quick=1, lesson=30, recipe=30)
images, labels = cu.data.load(
    "mnist", limit=cu.pick(quick=1_280, lesson=8_000, recipe=8_000)
)
one_hot = keras.utils.to_categorical(labels, 10)
pair_batches = cu.batches.make(images, one_hot, batch_size=128, seed=0)
judge = cu.metrics.judge("mnist")
asked = np.arange(1000) % 10
many_noises = keras.random.normal((1000, 100), seed=2)


# %%
class Maxout(keras.layers.Layer):
    def __init__(self, units, pieces):
        super().__init__()
        self.linear = keras.layers.Dense(units * pieces)
        self.dropout = keras.layers.Dropout(0.5)
        self.split = keras.layers.Reshape((pieces, units))

    def call(self, inputs, training=False):
        candidates = self.dropout(self.linear(inputs), training=training)
        return keras.ops.max(self.split(candidates), axis=1)


class CganDiscriminator(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = keras.layers.Flatten()
        self.maxout_image = Maxout(240, 5)
        self.maxout_label = Maxout(50, 5)
        self.maxout_both = Maxout(240, 4)
        self.verdict = keras.layers.Dense(1, dtype="float32")

    def call(self, images, labels, training=False):
        image = self.maxout_image(self.flatten(images), training=training)
        label = self.maxout_label(labels, training=training)
        both = keras.ops.concatenate([image, label], axis=-1)
        return self.verdict(self.maxout_both(both, training=training))


# %%
def make_cgan_step(generator, discriminator, g_optimizer, d_optimizer, noise_source):
    def discriminator_loss(real_logits, fake_logits):
        real_loss = cu.losses.cross_entropy(
            0.9 * tf.ones_like(real_logits), real_logits
        )
        return real_loss + cu.losses.cross_entropy(
            tf.zeros_like(fake_logits), fake_logits
        )

    @tf.function
    def train_step(batch):
        real, labels = batch
        noise = noise_source.normal((tf.shape(real)[0], 100))
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise, labels)
            real_logits = discriminator(real, labels, training=True)
            fake_logits = discriminator(fake, labels, training=True)
            g_loss = cu.losses.generator_loss(fake_logits)
            d_loss = discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return {"d_loss": d_loss, "g_loss": g_loss}

    return train_step


# %% [markdown]
# This `trial` keeps no checkpoints, since it runs for a minute only. Otherwise it's the lesson's.


# %%
def trial(rate, beta_1, epochs):
    keras.utils.set_random_seed(0)
    with cu.training.precision():
        players = cu.networks.CganGenerator(), CganDiscriminator()
    rates = [cu.training.Adam(rate, beta_1=beta_1) for _ in range(2)]
    step = make_cgan_step(*players, *rates, tf.random.Generator.from_seed(0))

    def measure(epoch, history):
        pictures = players[0](many_noises, keras.utils.to_categorical(asked, 10))
        share = (judge.labels(pictures) == asked).mean()
        history.append({"asked": share, "distance": judge.distance(pictures)})

    return cu.training.fit(
        step, pair_batches, epochs=epochs, state={}, on_epoch_end=measure
    )


# %% tags=["nbval-ignore-output", "exercise"]
mine = trial(2e-4, 0.9, TRIAL_EPOCHS)
lesson2.another_setting({"rate": 2e-4, "beta_1": 0.9, "history": mine})

# %% [markdown]
# On the drawn digits, the distance after 30 epochs was 541 with β₁ = 0.5, and it is above 3,000 here. So the larger β₁ is far slower at the beginning, as it was on the real digits. That says nothing about the end, and it is one run of each, so a second one with another seed should follow.
#
# The share as asked is still near 10 % in both. Neither of the two generators has begun to listen by then.
