# %% [markdown]
# # 2 · GAN against cGAN: ask for the digit that you want
#
# ![Three rows of handwritten digits from 0 to 9, drawn by the conditional GAN of this lesson](pictures/02_mnist_gan_vs_cgan.png)
#
# Each column was *asked for*: a **conditional GAN** (cGAN) draws the digit that you name. Each row is one noise, and one hand.
#
# **You should know** lesson 1: generator, discriminator, logits, the training step.
#
# **You will be able to** tell a network what to generate, write networks by subclassing `keras.Model`, build Maxout, and say with numbers how good a generator is.
#
# **How long it takes**: an hour with short trainings of your own. Five minutes? Run all but *Training*; *Results* uses finished weights.

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
from keras import layers

# %% [markdown]
# ### Settings
#
# This lesson's trainings take about three minutes on two processor cores, and less on a GPU. The recipe, 500 epochs of each, took three hours for the GAN and four for the cGAN, on one core each.

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=110, recipe=500)  # passes over the images
LAZY_EPOCHS = cu.pick(quick=1, lesson=7, recipe=20)  # of the run that goes wrong
IMAGES = cu.pick(quick=1_280, lesson=8_000, recipe=60_000)  # how many to train on
SAMPLES = cu.pick(quick=2_000, lesson=2_000, recipe=10_000)  # for the report card
BATCH_SIZE = 128  # images in one step
NOISE_DIM = 100  # random numbers that make one picture
SNOW = 0.8  # how strong the snow is that the GAN's discriminator looks through

cu.setup(seed=0)
run_folder = cu.run_folder("02_mnist_gan_vs_cgan")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack

# %% [markdown]
# ## Idea
#
# Lesson 1's generator draws clothes, but which, is chance. Its objective has no place for a wish:
#
# $$\min_G \max_D \; \mathbb{E}_{x}[\log D(x)] + \mathbb{E}_{z}[\log(1 - D(G(z)))]$$
#
# $D(x)$ is the probability that $D$ gives to "$x$ is real", $G(z)$ the picture made of the noise $z$, and $\mathbb{E}$ the mean over many. $D$ wants the sum large, $G$ small. When $D$ plays perfectly, $D(x) = 1$ and $D(G(z)) = 0$: both terms are $\log 1 = 0$, the largest value that they can have. When $G$ plays perfectly, $D$ can only say ½, and the sum is $2 \log \tfrac{1}{2} \approx -1.39$. (In code, $G$ makes $\log D(G(z))$ large instead, as in lesson 1.)
#
# The objective of a cGAN differs by one symbol, the **condition** $y$:
#
# $$\min_G \max_D \; \mathbb{E}_{x, y}[\log D(x \mid y)] + \mathbb{E}_{z, y}[\log(1 - D(G(z \mid y) \mid y))]$$
#
# The bar means *given*. Here $y$ is the digit that is asked for; it may be anything, such as a sketch (lesson 3). $D$ now asks two things: is it real, *and does it match $y$*?
#
# Nobody tells $D$ what matching means. But real pictures come with their own label, fakes with the one that $G$ was given. If $G$ ignores it and draws a perfect 3 under the label 8, $D$ learns to spot that, since no real 8 looks so. $G$ must listen.

# %% [markdown]
# ![A GAN: noise of 100 numbers goes through the generator and becomes a fake picture of 28 × 28; the discriminator sees real and fake pictures and gives one logit for each.](pictures/gan.svg)
#
# ![A cGAN: the same, and a label of ten numbers goes into both the generator and the discriminator.](pictures/cgan.svg)
#
# The label $y$ is the only new box; it goes into both networks.

# %% [markdown]
# ## Data
#
# MNIST holds 60,000 handwritten digits. Where it cannot be had, `load` takes a miniature, 8,000 digits that we drew: so on this page, in the data *and* in the trainings. You train on 8,000 pictures of either set.

# %%
all_images, all_labels = cu.data.load("mnist")
images, labels = all_images[:IMAGES], all_labels[:IMAGES]
cu.plotting.grid(images[:20], columns=10, titles=labels[:20])

# %% [markdown]
# The GAN gets pictures only. The cGAN gets pairs: each label as a **one-hot** vector, ten numbers, all 0 but the one at the digit's place. Numbers from 0 to 9 would say that a 4 lies between a 3 and a 5; one-hot vectors are all equally far apart.

# %%
one_hot = keras.utils.to_categorical(labels, 10)
image_batches = cu.batches.make(images, batch_size=BATCH_SIZE, seed=0)
pair_batches = cu.batches.make(images, one_hot, batch_size=BATCH_SIZE, seed=0)
real, real_labels = next(iter(pair_batches))
print(real.shape, "with labels", real_labels.shape, "such as", one_hot[0])
assert np.min(real) == -1 and np.max(real) == 1 and np.all(np.sum(real_labels, 1) == 1)
cu.plotting.grid(real[:10], columns=10, titles=np.argmax(real_labels[:10], axis=1))

# %% [markdown]
# ## Networks
#
# ### The GAN, by subclassing
#
# Lesson 1 stacked layers in a `Sequential`. A **subclass** of `keras.Model` is freer: `__init__` makes the layers, once; `call` says how data flows through them. Layers made inside `call` would be new, untrained ones at each call, and `tf.function` refuses them.
#
# No convolutions this time, as in the first GANs: four dense layers, then the shape of a picture. Without batch normalization or dropout they need no `training=False`.


# %%
class GanGenerator(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense_1 = layers.Dense(128, activation="relu")
        self.dense_2 = layers.Dense(256, activation="relu")
        self.dense_3 = layers.Dense(512, activation="relu")
        self.dense_4 = layers.Dense(784, activation="tanh", dtype="float32")
        self.to_picture = layers.Reshape((28, 28, 1), dtype="float32")

    def call(self, noise):
        features = self.dense_3(self.dense_2(self.dense_1(noise)))
        return self.to_picture(self.dense_4(features))


noise = keras.random.normal((10, NOISE_DIM), seed=1)
gan_generator = GanGenerator()
fake = gan_generator(noise)
print(fake.shape, f"{gan_generator.count_params():,} parameters")

# %% [markdown]
# A layer has no weights until its first call tells it the size of its input. By hand: 101 · 128 + 129 · 256 + 257 · 512 + 513 · 784 = 579,728; each layer has a weight for every pair of an input and an output, and a bias (the + 1) for each output.
#
# A loop can make layers too, if they are kept in a list, where Keras finds them:


# %%
class GanDiscriminator(keras.Model):
    def __init__(self):
        super().__init__()
        self.stack = [layers.Flatten()]
        for units in (512, 256, 128):
            self.stack.append(layers.Dense(units, activation="relu"))
        self.stack.append(layers.Dense(1, dtype="float32"))

    def call(self, images):
        features = images
        for layer in self.stack:
            features = layer(features)
        return features


gan_discriminator = GanDiscriminator()
logits = gan_discriminator(fake)
print(logits.shape, f"{gan_discriminator.count_params():,} parameters")

# %% [markdown]
# ### The generator of the cGAN
#
# Noise and label each get a layer of 256 units; joined they are 512 numbers, and from there it goes on as before: 512, then 784.


# %%
class CganGenerator(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense_z = layers.Dense(256, activation="relu")
        self.dense_y = layers.Dense(256, activation="relu")
        self.combined_dense = layers.Dense(512, activation="relu")
        self.final_dense = layers.Dense(784, activation="tanh", dtype="float32")
        self.to_picture = layers.Reshape((28, 28, 1), dtype="float32")

    def call(self, noise, labels):
        both = keras.ops.concatenate([self.dense_z(noise), self.dense_y(labels)], -1)
        return self.to_picture(self.final_dense(self.combined_dense(both)))


ten_digits = np.eye(10, dtype="float32")  # row 3 is the label of 3, and so on
cgan_generator = CganGenerator()
fake = cgan_generator(noise, ten_digits)
print(fake.shape, f"{cgan_generator.count_params():,} parameters")

# %% [markdown]
# ### Maxout
#
# For the discriminator, the cGAN's inventors took an activation that is *learned*. A **Maxout** unit computes several linear functions of its input, its **pieces**, and passes on the largest:
#
# $$h_i(x) = \max_{j = 1 \dots k} \left( w_{ij} \cdot x + b_{ij} \right)$$
#
# $i$ counts the units, $j$ the $k$ pieces. With two pieces, one of them always 0, this would be a ReLU. Suppose a dense layer gave these six numbers, two pieces for each of three units:

# %%
candidates = np.array([1.0, -2.0, 0.5, 3.0, -4.0, 0.2])
split = candidates.reshape(2, 3)  # (pieces, units)
largest = split.max(axis=0, keepdims=True)
cu.plotting.arrays({"candidates": candidates[None], "split": split, "maxout": largest})
print("maxout:", largest)

# %% [markdown]
# Each column is a unit. The −2 passes: there is no ReLU. In the layer, axis 1 has the pieces, since axis 0 counts the pictures. In training, dropout sets about half of the candidates to 0, which then may win, and doubles the others.


# %%
class Maxout(layers.Layer):
    def __init__(self, units, pieces, dropout=0.5, **kwargs):
        super().__init__(**kwargs)
        self.linear = layers.Dense(units * pieces)
        self.dropout = layers.Dropout(dropout)
        self.split = layers.Reshape((pieces, units))

    def call(self, inputs, training=False):
        candidates = self.dropout(self.linear(inputs), training=training)
        return keras.ops.max(self.split(candidates), axis=1)


maxout = Maxout(units=100, pieces=10)
features = maxout(keras.ops.reshape(real, (-1, 784)))
print(f"784 numbers, {maxout.linear.units:,} candidates, {features.shape[1]} units")

# %% [markdown]
# ### The discriminator of the cGAN
#
# 240 units of 5 pieces look at the picture, 50 at the label; joined they are 290 numbers, and 240 units of 4 pieces judge both together. One logit comes out: real *and* matching?


# %%
class CganDiscriminator(keras.Model):
    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.maxout_image = Maxout(240, 5)
        self.maxout_label = Maxout(50, 5)
        self.maxout_both = Maxout(240, 4)
        self.verdict = layers.Dense(1, dtype="float32")

    def call(self, images, labels, training=False):
        image = self.maxout_image(self.flatten(images), training=training)
        label = self.maxout_label(labels, training=training)
        both = keras.ops.concatenate([image, label], axis=-1)
        return self.verdict(self.maxout_both(both, training=training))


cgan_discriminator = CganDiscriminator()
logits = cgan_discriminator(fake, ten_digits)
print(logits.shape, f"{cgan_discriminator.count_params():,} parameters")
assert logits.shape == (10, 1)  # one number for each picture

# %% [markdown]
# ## Losses
#
# The cross entropies of lesson 1, from the package, with one change: **label smoothing** (lesson 1's exercise 2). The target for real pictures is 0.9, not 1, so that the discriminator loses by being too sure.


# %%
def smooth_discriminator_loss(real_logits, fake_logits):
    real_target = 0.9 * keras.ops.ones_like(real_logits)
    real_loss = cu.losses.cross_entropy(real_target, real_logits)
    fake_target = keras.ops.zeros_like(fake_logits)
    return real_loss + cu.losses.cross_entropy(fake_target, fake_logits)


for case, probability in {
    "undecided": (0.5, 0.5),
    "nearly perfect": (0.9, 0.01),
}.items():
    # The logit of a probability p is log(p / (1 - p)): the sigmoid makes p of it.
    real_logit, fake_logit = (tf.constant([np.log(p / (1 - p))]) for p in probability)
    d_loss = float(smooth_discriminator_loss(real_logit, fake_logit))
    g_loss = float(cu.losses.generator_loss(fake_logit))
    print(f"{case} discriminator: its loss {d_loss:.2f}, the generator's {g_loss:.2f}")

# %% [markdown]
# An undecided one costs 2 log 2 ≈ 1.39, and the generator log 2 ≈ 0.69, as in lesson 1. The best answer for real pictures is now 0.9, and costs 0.33: no discriminator can get below that.
#
# ## One step
#
# The GAN's step is that of lesson 1, with one addition. A discriminator that has learnt the 60,000 pictures by heart calls all others fake, and no longer tells the generator *where* it is wrong. So it sees all pictures, real and fake, through **snow**: normal random numbers with standard deviation `SNOW`, on every pixel, others each time. (Without it, half of what this GAN drew after 180 epochs were ones.)


# %%
def report(d_loss, g_loss, real_logits, fake_logits):
    return {
        "d_loss": d_loss,
        "g_loss": g_loss,
        "real_accuracy": cu.losses.accuracy(real_logits, real=True),
        "fake_accuracy": cu.losses.accuracy(fake_logits, real=False),
    }


def make_gan_step(generator, discriminator, g_optimizer, d_optimizer, noise_source):
    def snowy(pictures):
        return pictures + SNOW * noise_source.normal(tf.shape(pictures))

    @tf.function
    def train_step(real):
        noise = noise_source.normal((tf.shape(real)[0], NOISE_DIM))
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise)
            real_logits = discriminator(snowy(real))
            fake_logits = discriminator(snowy(fake))
            g_loss = cu.losses.generator_loss(fake_logits)
            d_loss = smooth_discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return report(d_loss, g_loss, real_logits, fake_logits)

    return train_step


# %% [markdown]
# The cGAN's step passes the labels on, three times. The fakes get the labels of the real batch. In place of snow it has dropout, which `training=True` turns on; forget it, and dropout is never used.


# %%
def make_cgan_step(generator, discriminator, g_optimizer, d_optimizer, noise_source):
    @tf.function
    def train_step(batch):
        real, labels = batch
        noise = noise_source.normal((tf.shape(real)[0], NOISE_DIM))
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise, labels)
            real_logits = discriminator(real, labels, training=True)
            fake_logits = discriminator(fake, labels, training=True)
            g_loss = cu.losses.generator_loss(fake_logits)
            d_loss = smooth_discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return report(d_loss, g_loss, real_logits, fake_logits)

    return train_step


plain = [keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(4)]
random_numbers = tf.random.Generator.from_seed(0)
gan_step = make_gan_step(gan_generator, gan_discriminator, *plain[:2], random_numbers)
cgan_step = make_cgan_step(
    cgan_generator, cgan_discriminator, *plain[2:], random_numbers
)
print(f"GAN: generator {gan_step(real)['g_loss']:.1f}")
print(f"cGAN: generator {cgan_step((real, real_labels))['g_loss']:.1f}")
both = np.concatenate([real[:5], gan_generator(noise)[:5]])
snow = SNOW * random_numbers.normal(both.shape)
cu.plotting.compare({"real, then fake": both, "through snow": both + snow})

# %% [markdown]
# Both losses are near log 2 ≈ 0.7, what an undecided discriminator gives. You still read the digits through the snow; by heart nobody can learn it.
#
# One function trains either pair of networks. The rate falls along a cosine, to 0 after the recipe's 500 epochs of 469 steps, so that those end calmly. (`cu.training.Adam` is Keras's Adam, its update compiled: the same numbers, sooner. β₁ = 0.5, as the DCGAN paper has it.) The generator is kept at some epochs, for later.


# %%
def adam(rate):
    falling = keras.optimizers.schedules.CosineDecay(rate, decay_steps=500 * 469)
    return cu.training.Adam(falling, beta_1=0.5)


def train(name, generator, discriminator, make_step, batches, epochs, optimizers):
    noise_source = tf.random.Generator.from_seed(0)
    train_step = make_step(generator, discriminator, *optimizers, noise_source)

    def keep_snapshot(epoch, history):
        if epoch in (1, 10, 20, 100):
            generator.save_weights(run_folder / name / f"{epoch}.weights.h5")

    return cu.training.fit(
        train_step,
        batches,
        epochs=epochs,
        state={
            "generator": generator,
            "discriminator": discriminator,
            "g_optimizer": optimizers[0],
            "d_optimizer": optimizers[1],
            "noise": noise_source,
        },
        folder=run_folder / name,
        on_epoch_end=keep_snapshot,
    )


# %% [markdown]
# ## Training
#
# First the GAN: new networks, trained up to `EPOCHS`, or on from the last checkpoint. Its generator's rate is higher, 5e-4: at 2e-4 it needed more epochs for the same pictures.

# %% tags=["nbval-ignore-output"]
with cu.training.precision():
    gan_generator, gan_discriminator = GanGenerator(), GanDiscriminator()
players = gan_generator, gan_discriminator
optimizers = adam(5e-4), adam(2e-4)
gan_history = train("gan", *players, make_gan_step, image_batches, EPOCHS, optimizers)
cu.plotting.grid(gan_generator(noise), columns=10)

# %% tags=["recipe"]
known = pack.about(
    gan_history,
    image_batches,
    data="MNIST, 60,000 training pictures",
    licence="MIT; trained on MNIST (LeCun, Cortes, Burges)",
)
snapshots = {n: run_folder / "gan" / f"{n}.weights.h5" for n in (1, 10, 100)}
pack.leave(
    "mnist_gan",
    gan_generator,
    run_folder,
    known,
    history=gan_history,
    snapshots=snapshots,
)

# %% [markdown]
# Then the cGAN, 2e-4 for both networks. After the training it is asked for 0 to 9, one each.

# %% tags=["nbval-ignore-output"]
with cu.training.precision():
    cgan_generator, cgan_discriminator = CganGenerator(), CganDiscriminator()
players = cgan_generator, cgan_discriminator
optimizers = adam(2e-4), adam(2e-4)
cgan_history = train("cgan", *players, make_cgan_step, pair_batches, EPOCHS, optimizers)
cu.plotting.grid(cgan_generator(noise, ten_digits), columns=10)

# %% tags=["recipe"]
known = pack.about(
    cgan_history,
    pair_batches,
    data="MNIST, 60,000 training pictures",
    licence="MIT; trained on MNIST (LeCun, Cortes, Burges)",
)
snapshots = {n: run_folder / "cgan" / f"{n}.weights.h5" for n in (1, 10, 20, 100)}
pack.leave(
    "mnist_cgan",
    cgan_generator,
    run_folder,
    known,
    history=cgan_history,
    snapshots=snapshots,
)

# %%
gan_history.plot(["d_loss", "g_loss"], ["real_accuracy", "fake_accuracy"])
cgan_history.plot(["d_loss", "g_loss"], ["real_accuracy", "fake_accuracy"])

# %% [markdown]
# Above, the GAN; below, the cGAN. After some hundred steps both discriminators win: they find out nearly all fakes, and the generators' losses climb. Then the generators catch up, and the losses draw near each other. Both discriminators call fewer and fewer real pictures real: they are in doubt, and with a target of 0.9 they say "fake" when in doubt. (An accuracy that *stays* at 1 would be an alarm, as in lesson 1.)
#
# ## Results
#
# From here on we use the weights that the recipe made, with 500 epochs on the real MNIST. First the GAN. A **judge**, a small classifier that reads 99.3 % of the real test pictures right, says what it has drawn:

# %%
gan = cu.weights.load_model("mnist_gan")
judge = cu.metrics.judge("mnist")
samples = gan(noise)
cu.plotting.grid(samples, columns=10, titles=judge.labels(samples))
many_noises = keras.random.normal((SAMPLES, NOISE_DIM), seed=2)
shares = np.bincount(judge.labels(gan(many_noises)), minlength=10) / SAMPLES
print(*[f"{digit}: {share:.0%}" for digit, share in enumerate(shares)], sep="  ")

# %% [markdown]
# Which digits come is chance. The line says how often each came in many: none is missing, but they are not equally frequent.
#
# ### Ask for a digit
#
# The cGAN, with three noises and ten labels each. Below, a widget: choose a digit, and ten noises draw it. *New noise* takes ten others; another digit keeps them.

# %% tags=["cover"]
cgan = cu.weights.load_model("mnist_cgan")
three_noises = np.repeat(noise[:3], 10, axis=0)  # each of them ten times
thirty_digits = np.tile(ten_digits, (3, 1))  # 0 to 9, three times
cu.plotting.grid(cgan(three_noises, thirty_digits), columns=10)
cu.widgets.digit_picker(cgan, digit=7)

# %% [markdown]
# Look along a row: the noise holds what the label leaves open, the slant above all. The same hand writes all ten.
#
# ### Between two digits
#
# A label need not be one-hot. Half a 3 and half an 8 was never trained, and yet:

# %%
share = np.linspace(0, 1, 10, dtype="float32")[:, None]
blended = (1 - share) * ten_digits[3] + share * ten_digits[8]
one_noise = np.repeat(noise[:1], 10, axis=0)
cu.plotting.grid(cgan(one_noise, blended), columns=10)
cu.widgets.class_blend(cgan, start=3, end=8)

# %% [markdown]
# ### What 500 epochs buy
#
# The same noises after 1, 10, 100 and 500 epochs: first the GAN, then the cGAN, asked for 0 to 9 with one noise. The slider goes through the latter.

# %%
moments = {1: "@1", 10: "@10", 100: "@100", 500: ""}  # 500 are the finished ones
gan_at = {n: cu.weights.load_model(f"mnist_gan{moments[n]}") for n in moments}
cgan_at = {n: cu.weights.load_model(f"mnist_cgan{moments[n]}") for n in moments}
cu.plotting.compare({f"GAN, {n}": gan_at[n](noise) for n in moments})
cu.plotting.compare({f"cGAN, {n}": cgan_at[n](one_noise, ten_digits) for n in moments})
cu.widgets.time_machine(
    {n: cgan_at[n](one_noise, ten_digits) for n in moments}, columns=5
)

# %% [markdown]
# After ten epochs the cGAN draws nearly the same scribble whatever is asked. After a hundred it writes all ten digits. The GAN writes digits too, some torn; four hundred more epochs mend most, and some noises change their digit on the way. What they do for the cGAN the eye hardly sees; the numbers below do. (Yours, trained for as many steps as 15 of these epochs have, may look better than these ten: the miniature is simpler.)
#
# ### The report card
#
# The share of pictures that the judge reads *as asked* says nothing about variety: ten perfect pictures, repeated, would score 100 %. So we look at whole clouds. Of each picture the judge's last hidden layer makes 64 numbers, a point. The **Fréchet distance** compares the cloud of generated pictures with that of real ones, by their places (means $m$) and their widths (covariances $C$, the standard deviations of many dimensions):
#
# $$|m_1 - m_2|^2 + \operatorname{tr}\left(C_1 + C_2 - 2 (C_1 C_2)^{1/2}\right)$$
#
# In one dimension, with standard deviations $s$, it is $(m_1 - m_2)^2 + (s_1 - s_2)^2$: for means 0 and 1 and widths 1 and 3, 1 + 4 = 5. Equal clouds have distance 0; smaller is better.

# %%
asked = np.arange(SAMPLES) % 10
wishes = keras.utils.to_categorical(asked, 10)
scores = {}
print("epoch  GAN: distance  cGAN: distance  as asked")
for n in moments:
    drawn = cgan_at[n](many_noises, wishes)
    read = judge.labels(drawn)
    distances = judge.distance(gan_at[n](many_noises)), judge.distance(drawn)
    scores[n] = [*distances, cu.metrics.asked_share(read, asked)]
    print("{:5} {:14.0f} {:15.0f} {:9.0%}".format(n, *scores[n]))
print(f"{'real':>5} {judge.scale:14.1f} {judge.scale:15.1f}")

# %%
by_digit = cu.metrics.asked_share(read, asked, by_class=True)
print(*[f"{digit}: {share:.0%}" for digit, share in enumerate(by_digit)], sep="  ")

# %% tags=["recipe"]
# These are scores of the weights that ship: pack the new ones first, then run again.
table = {n: np.round(scores[n], 4).tolist() for n in scores}
pack.score("mnist_gan", run_folder, {"table": table, "digits": shares.tolist()})
pack.score("mnist_cgan", run_folder, {"table": table, "as asked": by_digit.tolist()})

# %% [markdown]
# The line *real* is the floor: other real pictures, against the same test pictures. The ten shares are those as asked for each digit, after 500 epochs.
#
# ### Has it only memorised?
#
# The nearest training pictures; and, for a scale, how near real *test* pictures come.

# %%
places, gaps = cu.metrics.nearest(drawn[:300], all_images)
cu.plotting.compare({"generated": drawn[:10], "nearest": all_images[places[:10]]})
test_images = cu.data.load("mnist", "test", limit=300).images
_, test_gaps = cu.metrics.nearest(test_images, all_images)
print(f"distance: generated {np.median(gaps):.2f}, test {np.median(test_gaps):.2f}")

# %% [markdown]
# The lower row shows drawn miniatures here, which the network never saw. (The torn 5 lies nearest to a 6.) With the real set the neighbours differ in slant, loops and thickness, and the distances are 0.29 and 0.32: what is generated lies hardly nearer than real pictures do. Copies would lie at 0.
#
# ## What goes wrong
#
# This lesson is often taught with another optimizer: Adam at 1e-4, with Keras's default β₁ = 0.9. All else is the same here:

# %% tags=["nbval-ignore-output"]
with cu.training.precision():
    lazy_generator, lazy_discriminator = CganGenerator(), CganDiscriminator()
lazy_history = train(
    "lazy",
    lazy_generator,
    lazy_discriminator,
    make_cgan_step,
    pair_batches,
    LAZY_EPOCHS,
    (cu.training.Adam(1e-4), cu.training.Adam(1e-4)),
)
cu.plotting.grid(lazy_generator(one_noise, ten_digits), columns=10)

# %% tags=["recipe"]
known = pack.about(
    lazy_history,
    pair_batches,
    data="MNIST, 60,000 training pictures",
    licence="MIT; trained on MNIST (LeCun, Cortes, Burges)",
)
pack.leave("mnist_cgan_lazy", lazy_generator, run_folder, known, history=lazy_history)

# %% [markdown]
# Yours, after `LAZY_EPOCHS`, draws one thing whatever is asked. So does any cGAN at first. Below, the recipe's run after 20 epochs, and ours after as many, asked for the ten digits with one noise:

# %%
names = {"lazy": "mnist_cgan_lazy", "ours": "mnist_cgan@20"}
networks = {key: cu.weights.load_model(name) for key, name in names.items()}
cu.plotting.compare({key: f(one_noise, ten_digits) for key, f in networks.items()})
for key, network in networks.items():
    heard = cu.metrics.asked_share(judge.labels(network(many_noises, wishes)), asked)
    found = cu.weights.history(names[key].split("@")[0])["fake_accuracy"]
    by_epoch = found[: 20 * 469].reshape(20, 469).mean(axis=1)
    print(f"{key}: {heard:.0%} as asked; found out:", by_epoch[::2].round(2))

# %% [markdown]
# Chance is 10 %: the lazy one does not listen. *Found out* is the share of fakes that the discriminator saw through, in every second epoch. Ours wins at first too, but then its generator catches up; the lazy one's does not, in this time. No error comes; only asking for all ten digits shows the fault.
#
# ## Summary
#
# - A cGAN gives both players the same condition; the discriminator asks "real?" and "matching?".
# - A subclass makes its layers in `__init__`, once, and uses them in `call`.
# - Maxout passes on the largest of several linear pieces, one number for each unit.
# - Noise holds the style, the label the content.
# - Numbers see what eyes miss: the share as asked, the Fréchet distance, the nearest training picture.
#
# ## Exercises
#
# ### Exercise 1: predict
#
# Suppose there were 26 letters instead of ten digits. How many parameters has `dense_y` of the cGAN's generator then, and how many has the whole generator (693,520 now)?

# %% tags=["exercise"]
prediction = {"dense_y": None, "generator": None}

lesson2.more_labels(prediction)

# %% [markdown]
# ### Exercise 2: write a function
#
# Write a number in one hand: from a `text` of digits and one `noise`, shape (1, 100), make one picture for each digit, all with that noise. `int("7")` is 7, and `keras.utils.to_categorical(digits, 10)` makes labels.


# %% tags=["exercise"]
def write(generator, text, noise):
    return generator(noise, ten_digits[:1])


cu.plotting.grid(write(cgan, "2718281828", noise[:1]), columns=10)
lesson2.one_hand(write)

# %% [markdown]
# ### Exercise 3: find the bug
#
# This Maxout is found in copies of the network. It runs without an error; as the last Maxout of our discriminator it gives *four* logits for each picture, and the loss takes the mean of whatever comes. Find the reason, and mend it. (The candidates come as pieces, units: first piece of all units, then the second.)


# %% tags=["exercise"]
def maxout_of(candidates, units, pieces):
    split = keras.ops.reshape(candidates, (-1, 1, pieces, units))
    return keras.ops.max(split, axis=1)


two_pictures = np.arange(24.0).reshape(2, 12)  # twelve candidates each
print("three units, four pieces:", maxout_of(two_pictures, 3, 4).shape)
lesson2.maxout(maxout_of)

# %% [markdown]
# ## Further reading
#
# - Goodfellow and others, *Generative Adversarial Nets* (2014)
# - Mirza and Osindero, *Conditional Generative Adversarial Nets* (2014)
# - Goodfellow and others, *Maxout Networks* (2013)
# - Heusel and others, *GANs Trained by a Two Time-Scale Update Rule* (2017), for the Fréchet distance
