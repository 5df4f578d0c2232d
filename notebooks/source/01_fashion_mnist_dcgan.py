# %% [markdown]
# # 1 · A first GAN: a network that draws clothes
#
# ![Sixteen grey clothes and shoes, drawn by the generator of this lesson](pictures/01_fashion_mnist_dcgan.png)
#
# None of these sixteen clothes exists: a network drew them from random numbers. You build that network, and the opponent that taught it.
#
# **You should know** convolution, padding, stride, cross entropy, and one trained classifier.
#
# **You will be able to** build a DCGAN (deep convolutional GAN), write its losses and its training step, read its curves, and recognise a collapse.
#
# **How long it takes**: an hour with a short training of your own. Five minutes? Run all but *Training*; *Results* uses finished weights.

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
from keras import layers

# %% [markdown]
# ### Settings
#
# `cu.pick` takes one of three values: `quick` is for tests, `lesson` is what you run now, `recipe` made the course's weights (hours on a CPU). The environment variable `COURSE_RUN` decides. The lesson's training takes two minutes or so on two processor cores, less on a GPU; `EPOCHS = 10` already shows how it begins.

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=30, recipe=50)  # passes over the images
IMAGES = cu.pick(quick=1_280, lesson=8_000, recipe=60_000)  # how many to train on
WIDTH = cu.pick(quick=16, lesson=32, recipe=64)  # filters; 64 in the text
BATCH_SIZE = 256  # images in one step
NOISE_DIM = 100  # random numbers that make one picture

cu.setup(seed=0)
run_folder = cu.run_folder("01_fashion_mnist_dcgan")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack

# %% [markdown]
# ## Idea
#
# A classifier is a **discriminative** model: shown a picture, it says *which*. A **generative** model makes *new* pictures, as if from the same source. Three families: an **autoregressive** model writes pixel after pixel, a **variational autoencoder** (VAE) squeezes pictures through a narrow code and unfolds codes again, and a **generative adversarial network** (GAN) lets two networks compete.
#
# Where this leads: **Pix2Pix** (lessons 3, 4) turns sketches into creatures and plans into houses; it learns from pairs, one way only. **CycleGAN** (lesson 5) turns horses into zebras and back without pairs, which are costly to make. A relative that is no GAN is **neural style transfer**: it repaints one base image in the manner of one style image.
#
# ### The counterfeiter and the police
#
# The **generator** is a counterfeiter: it makes pictures from **noise**, a list of random numbers. The **discriminator** is the police: it sees real pictures and counterfeits, and says how real each looks.
#
# ![Noise goes through the generator G and becomes fake pictures. The discriminator D sees real and fake pictures, and two losses come from what it says: the gradients of d_loss move D, those of g_loss run back through D and move G.](pictures/training_loop.svg)
#
# In each step the discriminator learns to tell real from fake, and the generator learns to pass for real, until the counterfeits pass.
#
# As a formula, with $G$ the generator and $D(x)$ the probability that $x$ is real:
#
# $$\min_G \max_D \; \mathbb{E}_{x \sim p_{\text{data}}}[\log D(x)] + \mathbb{E}_{z \sim p_z}[\log(1 - D(G(z)))]$$
#
# $x$ is a real picture from the data $p_{\text{data}}$, $z$ a noise from $p_z$, here a normal distribution, and $\mathbb{E}$ the mean over many. $D$ maximises: it wants both logarithms as large as possible, $\log 1 = 0$: real called real, fake called fake. $G$ minimises: it has a say in the second term only, and wants $D(G(z))$ near 1.

# %% [markdown]
# ## Data
#
# Fashion-MNIST holds 60,000 small pictures of clothes, of ten kinds; the kinds are not used here. `load` takes the real set where it can be had, else a **miniature**: 8,000 look-alikes that we drew, which the outputs on this page show. You train on 8,000 pictures of either set.

# %%
images, labels = cu.data.load("fashion_mnist")
print(images.shape, images.dtype, "from", images.min(), "to", images.max())
cu.plotting.one(images[0], title="picture 0")

# %% [markdown]
# The shape says: so many pictures, 28 rows, 28 columns, and one **channel**, since they are grey. Convolutions want this last axis even then. Values are whole numbers from 0, black, to 255, white; the colour bar shows them.
#
# Here are the first ten with their index, and twenty-five at random.

# %%
cu.plotting.grid(images[:10], columns=10, titles=range(10))
chosen = np.random.default_rng(0).choice(len(images), 25, replace=False)
cu.plotting.grid(images[chosen], columns=5)

# %% [markdown]
# ### From 0…255 to −1…1
#
# The generator will end in `tanh`, which gives numbers between −1 and 1. Real pictures must live there too, or their range would give them away. `batches` divides by 127.5 and subtracts 1, shuffles all pictures anew in each epoch, and gives out 256 at a time.

# %%
batches = cu.batches.make(images[:IMAGES], batch_size=BATCH_SIZE, seed=0)
real = next(iter(batches))
print(real.shape, real.dtype.name)
print(f"from {float(tf.reduce_min(real)):.0f} to {float(tf.reduce_max(real)):.0f}")
assert real.shape[1:] == (28, 28, 1)

# %% [markdown]
# ## Networks
#
# ### Transposed convolution
#
# A convolution with stride 2 makes a picture smaller. The generator goes the other way, by **transposed convolution**: each input number stamps the kernel, times that number, into the output. With stride 2 the stamps stand two cells apart; where they overlap, they add up.

# %%
small = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
kernel = np.ones((3, 3), "float32")
large = keras.ops.conv_transpose(  # None adds the batch and channel axes
    small[None, :, :, None], kernel[:, :, None, None], strides=2, padding="valid"
)
cu.plotting.arrays({"input": small, "kernel": kernel, "output": large[0, :, :, 0]})
print("output size:", large.shape[1])

# %% [markdown]
# The 10 in the middle is 1 + 2 + 3 + 4: all four stamps meet there. The last stamp begins at $(n - 1) \cdot s$ and is $k$ wide, so the size is $(n - 1) \cdot s + k = (2 - 1) \cdot 2 + 3 = 5$. With `padding="same"`, Keras cuts the rim down to $n \cdot s$ cells, here 4: *stride 2 doubles*.
#
# Uneven overlaps (2 divides neither 3 nor 5) invite checkerboards.
#
# ### The generator
#
# It unfolds 100 numbers to 7 × 7 × 256, refines them once at stride 1, then doubles twice. **Batch normalization** brings each channel to mean 0 and variance 1 over the batch, which keeps the stack trainable; its offset replaces the bias of the layer before; the last has none. **LeakyReLU** lets a little of the negative side through (slope 0.3; 0.2 in later lessons), so that no unit goes silent for good.


# %%
def dcgan_generator(width=64):
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 4 * width, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Reshape((7, 7, 4 * width)),
            layers.Conv2DTranspose(2 * width, 5, 1, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2DTranspose(width, 5, 2, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.3),
            layers.Conv2DTranspose(
                1,
                5,
                2,
                "same",
                use_bias=False,
                activation="tanh",
                dtype="float32",
            ),
        ],
        name="generator",
    )


# %% [markdown]
# Try it at once. `fixed_noise` holds our 16 noises for the whole lesson, so that we see *the same* pictures get better.

# %%
fixed_noise = keras.random.normal((16, NOISE_DIM), seed=1)
generator = dcgan_generator()
untrained = generator(fixed_noise, training=False)
print(untrained.shape, f"{generator.count_params():,} parameters")
for layer in generator.layers:
    if isinstance(layer, layers.Conv2DTranspose):
        print("transposed convolution:", layer.output.shape)
cu.plotting.grid(untrained, columns=8)

# %% [markdown]
# Plain grey: it knows nothing yet. Why `training=False`? In training, batch normalization uses the mean of the present batch and updates a running average; otherwise it uses that average and changes nothing. Looking must not change the model.
#
# ### The discriminator
#
# A small classifier: two convolutions with stride 2, then one number. **Dropout** silences 30 % of the features at random in each training step, so that it cannot learn pictures by heart. The number is a **logit**: above 0 means "real", below 0 "fake"; a sigmoid would make it a probability.


# %%
def dcgan_discriminator(width=64):
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(width, 5, 2, "same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(0.3),
            layers.Conv2D(2 * width, 5, 2, "same"),
            layers.LeakyReLU(0.3),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1, dtype="float32"),
        ],
        name="discriminator",
    )


discriminator = dcgan_discriminator()
verdicts = discriminator(untrained, training=False)
print(verdicts.shape, f"{discriminator.count_params():,} parameters")
print(f"largest logit, either sign: {float(tf.reduce_max(tf.abs(verdicts))):.1f}")

# %% [markdown]
# One logit for each picture, all near 0: no opinion yet.
#
# ## Losses
#
# Both players use the **binary cross entropy**. For a logit $l$, the sigmoid $\sigma$ and the label 1 it is $-\log \sigma(l) = \log(1 + e^{-l})$; for the label 0 it is $\log(1 + e^{l})$. Worked by hand, for three logits that should all be "real":

# %%
logits = np.array([2.0, -1.0, 0.5])
each = np.log(1 + np.exp(-logits))
print("each:", each.round(3), " mean:", each.mean().round(3))

# %% [markdown]
# The confident right answer costs little, the wrong one most. Logits stay exact where a sigmoid would round to 0 or 1. Now as functions; the discriminator's loss has one term, sign turned, for each half of the formula.


# %%
def cross_entropy(labels, logits):
    losses = keras.ops.binary_crossentropy(labels, logits, from_logits=True)
    return keras.ops.mean(losses)


def discriminator_loss(real_logits, fake_logits):
    real_loss = cross_entropy(keras.ops.ones_like(real_logits), real_logits)
    fake_loss = cross_entropy(keras.ops.zeros_like(fake_logits), fake_logits)
    return real_loss + fake_loss


def generator_loss(fake_logits):
    return cross_entropy(keras.ops.ones_like(fake_logits), fake_logits)


three = tf.constant(logits, tf.float32)
print(f"by hand {each.mean():.3f}, by Keras {float(generator_loss(three)):.3f}")

# %% [markdown]
# ### What the formula says, and what the code does
#
# In the formula, $G$ minimises $\log(1 - D(G(z)))$; our `generator_loss` minimises $-\log D(G(z))$. Both want the same, but not with the same force. The slope of each, by a fake's logit: further from 0 pushes harder.

# %%
logit = np.linspace(-6, 6, 121)
probability = 1 / (1 + np.exp(-logit))
slopes = {"log(1 − D): formula": -probability, "−log D: code": probability - 1}
cu.plotting.lines(logit, slopes, xlabel="logit of a fake", ylabel="slope")

# %% [markdown]
# When the police are good, fakes get logits far below 0, on the left. There the formula's slope is nearly 0 (it *saturates*): the generator would learn nothing just when it has most to learn. The code's slope is strongest there, near −1. This is the **non-saturating loss**.
#
# ### Accuracy
#
# Losses of a GAN are hard to read, so we also count how often the discriminator is right, on real and on fake pictures separately. A logit says "real" above **0** (0.5 is for probabilities). The function, and its steps on four logits: compare, cast, take the mean.


# %%
def accuracy(logits, *, real):
    right = logits > 0 if real else logits < 0
    return keras.ops.mean(keras.ops.cast(right, "float32"))


four = tf.constant([2.0, -0.5, 0.3, -1.0])
compared = four > 0
as_numbers = tf.cast(compared, tf.float32)
print(compared.numpy(), as_numbers.numpy(), tf.reduce_mean(as_numbers).numpy())
assert accuracy(four, real=True) == 0.5

# %% [markdown]
# For a classifier, 1.0 is the goal. Here, both at 1.0 are an alarm: the generator fools nobody and gets no useful direction. *Towards 0.5* is better, if the discriminator has learned something: it must guess.
#
# ## One step
#
# First, speed: `tf.function` runs a Python function once for each input shape, with symbols for numbers, records what is computed, and then runs the recording, without Python.


# %%
def scale(pixels):
    print("Python gets a", type(pixels).__name__)
    return pixels / 127.5 - 1.0


recorded = tf.function(scale)
for function in (scale, recorded, recorded):
    print(function(tf.constant([0.0, 255.0])).numpy())

# %% [markdown]
# The recorded function saw a symbol, once; on its second call nothing was printed.
#
# Now the step itself, in ten numbered lines. Each network has an optimizer of its own: Adam with rate 2e-4 and momentum β₁ = 0.5, as in the DCGAN paper; with Keras's default, 0.9, the two swing more and learn more slowly.


# %%
def make_train_step(generator, discriminator, g_optimizer, d_optimizer, noise_source):
    @tf.function
    def train_step(real):
        noise = noise_source.normal((tf.shape(real)[0], NOISE_DIM))  # 1
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise, training=True)  # 2
            real_logits = discriminator(real, training=True)  # 3
            fake_logits = discriminator(fake, training=True)  # 4
            g_loss = generator_loss(fake_logits)  # 5
            d_loss = discriminator_loss(real_logits, fake_logits)  # 6
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)  # 7
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)  # 8
        g_optimizer.apply(g_gradients, generator.trainable_variables)  # 9
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)  # 10
        return {
            "d_loss": d_loss,
            "g_loss": g_loss,
            "real_accuracy": accuracy(real_logits, real=True),
            "fake_accuracy": accuracy(fake_logits, real=False),
        }

    return train_step


# %% [markdown]
# 1. New noise, as many as real pictures: the last batch is smaller.
# 2. The generator draws fakes.
# 3. The discriminator judges the real pictures…
# 4. …and the fakes. Tapes record what the block computes, for gradients.
# 5. Were the fakes taken for real?
# 6. Was each kind seen for what it is?
# 7. The generator's gradients run through the discriminator, not changing it.
# 8. The discriminator's gradients.
# 9. One optimizer moves the generator…
# 10. …the other the discriminator.
#
# One call, on 32 pictures. An undecided discriminator gives logits near 0, so expect about $\log 2$ for the generator and twice that for the discriminator.

# %%
first_step = make_train_step(
    generator,
    discriminator,
    keras.optimizers.Adam(2e-4, beta_1=0.5),
    keras.optimizers.Adam(2e-4, beta_1=0.5),
    tf.random.Generator.from_seed(0),  # random numbers, no network
)
values = first_step(real[:32])
print(f"generator {values['g_loss']:.1f}, expected {np.log(2):.1f}")
print(f"discriminator {values['d_loss']:.1f}, expected {2 * np.log(2):.1f}")

# %% [markdown]
# ## Training
#
# One cell makes networks, optimizers and step together: with new networks alone, the old step would go on training the old ones.

# %%
with cu.training.precision():
    generator, discriminator = dcgan_generator(WIDTH), dcgan_discriminator(WIDTH)
g_optimizer = cu.training.Adam(2e-4, beta_1=0.5)
d_optimizer = cu.training.Adam(2e-4, beta_1=0.5)
noise_source = tf.random.Generator.from_seed(0)
train_step = make_train_step(
    generator, discriminator, g_optimizer, d_optimizer, noise_source
)

# %% [markdown]
# `cu.training.fit` runs the step over all batches. At the start, every 50 steps and after each epoch it keeps a picture of the fixed noises, and we add a chart for each epoch. `state` names all that makes up this training; every five epochs, at the end, and when you press the stop button, it goes into a checkpoint. Run again, it goes on from there, up to `EPOCHS`; `fresh=True` starts anew.


# %% tags=["nbval-ignore-output"]
def draw_samples(path):
    samples = generator(fixed_noise, training=False)
    cu.plotting.save_picture(cu.plotting.tile(samples, columns=4), path)


def keep_chart(epoch, history):
    chart = run_folder / f"curves-epoch-{epoch:03d}.png"
    history.plot(["d_loss", "g_loss"], ["real_accuracy", "fake_accuracy"], path=chart)


history = cu.training.fit(
    train_step,
    batches,
    epochs=EPOCHS,
    state={
        "generator": generator,
        "discriminator": discriminator,
        "g_optimizer": g_optimizer,
        "d_optimizer": d_optimizer,
        "noise": noise_source,
    },
    folder=run_folder,
    snapshot=draw_samples,
    snapshot_every=50,
    on_epoch_end=keep_chart,
)

# %%
history.plot(["d_loss", "g_loss"], ["real_accuracy", "fake_accuracy"])

# %% [markdown]
# Neither loss falls as a classifier's would: each player's success is the other's failure.
#
# What was saved is found again: eight noises at four moments.

# %% tags=["nbval-ignore-output"]
saved = sorted((run_folder / "samples").glob("*.png"))
moments = np.linspace(0, len(saved) - 1, 4).round().astype(int)
tiled = {saved[i].stem: cu.plotting.read_picture(saved[i]) for i in moments}
rows = {name: cu.plotting.untile(tiled[name], height=28, width=28) for name in tiled}
cu.plotting.compare({name: row[:8] for name, row in rows.items()})

# %% tags=["recipe"]
known = pack.about(
    history,
    batches,
    data="Fashion-MNIST, 60,000 training pictures",
    licence="MIT; trained on Fashion-MNIST (Zalando SE, MIT)",
)
samples = run_folder / "samples"
pack.leave(
    "fashion_dcgan", generator, run_folder, known, history=history, samples=samples
)
pack.leave("fashion_dcgan_discriminator", discriminator, run_folder, known)

# %% [markdown]
# Brightness comes first, then bodies and outlines; details take longer: the finished weights below come from fifty passes over the data.
#
# ## Results
#
# From here on we use those weights: full width, the real Fashion-MNIST. The same noises:

# %% tags=["cover"]
finished = cu.weights.load_model("fashion_dcgan")
samples = finished(fixed_noise, training=False)
cu.plotting.grid(samples, columns=8)

# %% [markdown]
# You can name most of them. Still wrong: some lie between two kinds, and a faint grid, from uneven overlaps.
#
# ### How they grew
#
# Of the recipe's hundreds of pictures, the film keeps many from the beginning, where much happens, and few from the end.

# %% tags=["nbval-ignore-output"]
sheets = cu.weights.sheets("fashion_dcgan")
print(len(sheets["steps"]), "frames, the first at step", sheets["steps"][0])
print("the last at step", sheets["steps"][-1], "in epoch", sheets["epochs"][-1])
frames = np.stack([cu.plotting.tile(sheet, columns=4) for sheet in sheets["images"]])
film = cu.plotting.save_gif(frames, run_folder / "fashion_mnist_dcgan.gif")
cu.plotting.show_gif(film)

# %% [markdown]
# The whole training as curves. The losses do not fall, yet the pictures improve: in a GAN, look at the pictures.

# %%
full_history = cu.weights.history("fashion_dcgan")
full_history.plot(["d_loss", "g_loss"], ["real_accuracy", "fake_accuracy"])

# %% [markdown]
# ### Has it only memorised?
#
# A generator that returned training pictures would fool any discriminator. So we look for the training picture nearest to each sample, by squared distance, $|a - b|^2 = |a|^2 - 2\,a \cdot b + |b|^2$.

# %%
wanted = np.reshape(samples[:8], (8, -1))
known = images.reshape(len(images), -1) / np.float32(127.5) - 1.0
distances = (wanted**2).sum(1)[:, None] - 2 * wanted @ known.T + (known**2).sum(1)
nearest = distances.argmin(axis=1)
cu.plotting.compare({"generated": samples[:8], "nearest": images[nearest]})

# %% [markdown]
# On this page the lower row shows drawn miniatures, which the network never saw. With the real set you find garments of the same kind and outline, other in shade and pattern: related, not copied.
#
# ### Between two noises
#
# A second test: walk straight from one noise to another.

# %%
share = np.linspace(0, 1, 10, dtype="float32")[:, None]
path = (1 - share) * fixed_noise[0] + share * fixed_noise[2]
cu.plotting.grid(finished(path, training=False), columns=10)

# %% [markdown]
# Each step is a small change, and what lies between is a garment too. A network that had stored pictures would rather jump.
#
# ## What goes wrong
#
# We take the finished networks and train on for 240 small steps with one mistake: line 10 moves nothing, since the discriminator's learning rate is 0. (The generator's is 1e-3, to see it soon.)

# %% tags=["nbval-ignore-output"]
victim = cu.weights.load_model("fashion_dcgan")
police = cu.weights.load_model("fashion_dcgan_discriminator")
wrong_step = make_train_step(
    victim,
    police,
    keras.optimizers.Adam(1e-3),
    keras.optimizers.Adam(0.0),
    tf.random.Generator.from_seed(0),
)
few = cu.batches.make(images[:3_840], batch_size=16, seed=0)
cu.training.fit(wrong_step, few, epochs=1, state={})  # nothing to save
after = victim(fixed_noise, training=False)
cu.plotting.compare({"before": samples[:8], "after": after[:8]})
for name, pictures in {"before": samples, "after": after}.items():
    print(name, np.std(pictures, axis=0).mean().round(2))

# %% [markdown]
# Eight noises, always a bright blob: **mode collapse**. Here, police that never learn are fooled by one trick, so the generator draws that and forgets the rest. The number says how much all sixteen pictures differ, pixel by pixel.
#
# Two other failures: the discriminator wins (both accuracies at 1.0, the generator's loss climbs), or nobody learns (the losses stand still).
#
# ## Summary
#
# - A GAN is two networks: one draws from noise, one tells drawn from real.
# - Transposed convolution with stride 2 doubles a picture; stamps overlap and add up.
# - Both losses are cross entropies on logits; the generator's is non-saturating.
# - One step, two gradients, two optimizers.
# - Curves say whether the game is fair; pictures say whether it is any good.
#
# ## Exercises
#
# Each has a check. Solutions: folder `solutions`.
#
# ### Exercise 1: predict
#
# To draw larger pictures, `layers.Conv2DTranspose(32, 5, 2, "same", use_bias=False)` is put before the last layer, where it gets 14 × 14 × 64. What does this layer give out, and how many weights has it? Replace each `None`.

# %% tags=["exercise"]
prediction = {"height": None, "width": None, "channels": None, "weights": None}

lesson1.bigger_picture(prediction)

# %% [markdown]
# ### Exercise 2: change one thing
#
# **One-sided label smoothing** keeps the discriminator from becoming too sure: real pictures get the label 0.9, fakes keep 0. Change `smooth_loss`.


# %% tags=["exercise"]
def smooth_loss(real_logits, fake_logits):
    return discriminator_loss(real_logits, fake_logits)


lesson1.smooth_loss(smooth_loss)

# %% [markdown]
# ### Exercise 3: find the bug
#
# With this function, a noise's picture depends on the other noises in the batch; alone, all look the same; and looking changes the model. Find the reason, and make the rows agree.


# %% tags=["exercise"]
def look(model, noise):
    return model(noise, training=True)


patient = cu.weights.load_model("fashion_dcgan")
alone = np.concatenate([look(patient, fixed_noise[i : i + 1]) for i in range(8)])
cu.plotting.compare({"together": look(patient, fixed_noise)[:8], "alone": alone})
lesson1.looking(look)

# %% [markdown]
# ## Further reading
#
# - Goodfellow and others, *Generative Adversarial Nets* (2014)
# - Radford, Metz and Chintala, *Unsupervised Representation Learning with Deep Convolutional GANs* (2015)
# - Odena, Dumoulin and Olah, *Deconvolution and Checkerboard Artifacts* (2016)
# - Xiao, Rasul and Vollgraf, *Fashion-MNIST* (2017)
