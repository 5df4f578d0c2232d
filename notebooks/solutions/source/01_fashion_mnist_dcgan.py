# %% [markdown]
# # 1 · Solutions
#
# One solution for each exercise of lesson 1, and why it is one. Try them yourself first: the checks in the lesson say what is still wrong.

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
from checks import lesson1
from course_utils.losses import cross_entropy
from keras import layers

# %% [markdown]
# ## Exercise 1: predict
#
# Stride 2 with padding "same" doubles 14 to 28. The layer has 32 filters, so 32 channels come out. Its kernel has 5 × 5 cells for each pair of an output and an input channel, and there is no bias: 5 · 5 · 32 · 64 = 51,200.

# %% tags=["exercise"]
prediction = {"height": 28, "width": 28, "channels": 32, "weights": 5 * 5 * 32 * 64}

lesson1.bigger_picture(prediction)

# %% [markdown]
# Keras agrees:

# %%
layer = layers.Conv2DTranspose(32, 5, 2, "same", use_bias=False)
print(layer(keras.ops.zeros((1, 14, 14, 64))).shape, f"{layer.count_params():,}")

# %% [markdown]
# ## Exercise 2: write a loss
#
# Only the label of the real pictures changes. With the label 0.9, the loss is smallest at a probability of 0.9, so that a logit that grows without end costs something. The fakes keep their 0: a label of 0.1 there would tell the generator that its present fakes are a little right.


# %% tags=["exercise"]
def smooth_loss(real_logits, fake_logits):
    real_loss = cross_entropy(0.9 * keras.ops.ones_like(real_logits), real_logits)
    fake_loss = cross_entropy(keras.ops.zeros_like(fake_logits), fake_logits)
    return real_loss + fake_loss


lesson1.smooth_loss(smooth_loss)

# %% [markdown]
# Here is the difference, for one real picture with a growing logit. The plain loss always falls; the smooth one turns at log 9 ≈ 2.2, the logit of 0.9.

# %%
logit = np.linspace(-2, 6, 81, dtype="float32")
curves = {
    f"label {label}": [float(cross_entropy(label, value)) for value in logit]
    for label in (1.0, 0.9)
}
cu.plotting.lines(logit, curves, xlabel="logit of a real picture", ylabel="loss")
print("smallest at logit", logit[np.argmin(curves["label 0.9"])].round(1))

# %% [markdown]
# ## Exercise 3: find the bug
#
# The right answer is `"b"`. With `training=True`, batch normalization subtracts the mean over the batch. If the batch has only one picture, every number is its own mean, and the difference is 0. After the first of these layers nothing is left of the noise, and so all eight pictures are the same.
#
# There is a second fault, which you can't see here: every look moves the running averages a little, and the model is no longer the one that was trained. Both go away with `training=False`.


# %% tags=["exercise"]
def look(model, noise):
    return model(noise, training=False)


lesson1.looking(look, "b")

# %%
fixed_noise = keras.random.normal((16, 100), seed=1)
patient = cu.weights.load_model("fashion_dcgan")
alone = np.concatenate([look(patient, fixed_noise[i : i + 1]) for i in range(8)])
cu.plotting.compare({"together": look(patient, fixed_noise)[:8], "alone": alone})

# %% [markdown]
# Here is the reason in numbers. One noise goes through the dense layer and the first batch normalization, with its scale and offset at their first values.

# %%
normalize = layers.BatchNormalization()
numbers = layers.Dense(5)(fixed_noise[:1])
print("alone:", normalize(numbers, training=True).numpy().round(1) + 0)

# %% [markdown]
# ## Exercise 4: an experiment
#
# `play` is the function of the lesson, with the same small networks. We try three rates between the two.


# %% tags=["nbval-ignore-output"]
images, _ = cu.data.load("fashion_mnist")
many_noises = keras.random.normal((200, 100), seed=2)
SHORT = cu.pick(quick=10, lesson=300, recipe=300)


def make_train_step(generator, discriminator, g_optimizer, d_optimizer, noise_source):
    @tf.function
    def train_step(real):
        noise = noise_source.normal((tf.shape(real)[0], 100))
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise, training=True)
            real_logits = discriminator(real, training=True)
            fake_logits = discriminator(fake, training=True)
            g_loss = cu.losses.generator_loss(fake_logits)
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)

    return train_step


# %% tags=["nbval-ignore-output"]
def play(g_rate=2e-4, d_rate=2e-4):
    keras.utils.set_random_seed(0)
    networks = cu.networks.dcgan_generator(16), cu.networks.dcgan_discriminator(16)
    adams = [keras.optimizers.Adam(rate, beta_1=0.5) for rate in (g_rate, d_rate)]
    step = make_train_step(*networks, *adams, tf.random.Generator.from_seed(0))
    batches = tf.data.Dataset.from_tensor_slices(images[:8_000]).shuffle(8_000, seed=0)
    for real in batches.repeat().batch(64).take(SHORT):
        step(tf.cast(real, tf.float32) / 127.5 - 1.0)
    pictures = networks[0](many_noises, training=False)
    return {"spread": float(np.std(pictures, axis=0).mean())}


# %% tags=["exercise", "nbval-ignore-output"]
spreads = {rate: play(g_rate=rate)["spread"] for rate in (2e-4, 5e-4, 1e-3, 2e-3)}
for rate, spread in spreads.items():
    print(f"{rate:g}: {spread:.2f}")
highest = max(rate for rate in spreads if spreads[rate] >= spreads[2e-4] / 2)

lesson1.highest_rate(spreads, highest)

# %% [markdown]
# EXPERIMENT
