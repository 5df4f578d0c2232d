# %% [markdown]
# # 3 · Sketch2Pokemon: Pix2Pix colours a sketch
#
# ![Five sketches of creatures in the upper row, and the same creatures coloured by the network of this lesson below](pictures/03_sketch2pokemon_pix2pix.png)
#
# The upper row was given, the lower one was *drawn*: **Pix2Pix** learns from pairs how to turn one picture into another. At the end you draw a sketch yourself, and it is coloured while you watch.
#
# **You should know** lessons 1 and 2: the training step, conditions, subclassing.
#
# **You will be able to** build an encoder-decoder, a U-Net and a PatchGAN from blocks, read an architecture table in a paper, and say what L1 and adversarial losses each do.
#
# **How long it takes**: ninety minutes with a short training of your own. Five minutes? Run all but *Training*; *Results* uses finished weights.

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
from keras import layers

# %% [markdown]
# ### Settings
#
# The training below takes minutes on two cores. Each network is built once at the paper's size, and counted. You train half its width, a quarter of the parameters, on 64 × 64 pixels, where a patch is nearly the whole picture; the recipe on 256 × 256.

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=10, recipe=60)  # passes over the pairs
SIZE = cu.pick(quick=64, lesson=64, recipe=256)  # pixels, in both directions
PAIRS = cu.pick(quick=24, lesson=800, recipe=800)  # how many to train on
WIDTH = cu.pick(quick=8, lesson=32, recipe=32)  # filters; 64 in the text
BATCH_SIZE = 4  # pairs in one step
L1_WEIGHT = 100.0  # λ in the text
VARIANT_EPOCHS = cu.pick(quick=1, lesson=2, recipe=6)  # of the small runs

cu.setup(seed=0)
run_folder = cu.run_folder("03_sketch2pokemon_pix2pix")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack

# %% [markdown]
# ## Idea
#
# In lesson 2 the condition was one of ten labels. Here it is a whole picture, a sketch, which the paper calls $x$; the generator answers with another one, the colouring $y$. The same recipe, **Pix2Pix**, turns maps into photographs, grey into colour, day into night, if there are pairs to learn from.
#
# Why not simply ask for a small difference to the true colouring? Suppose a sketch could be red or blue, each half of the time, and the network has to give one number between −1 (blue) and 1 (red):

# %%
answer = np.linspace(-1, 1, 201)
square = ((answer - 1) ** 2 + (answer + 1) ** 2) / 2  # the mean over both truths
absolute = (np.abs(answer - 1) + np.abs(answer + 1)) / 2
losses = {"L2: squared": square, "L1: absolute": absolute}
cu.plotting.lines(answer, losses, xlabel="answer", ylabel="mean loss")
print("L2 is smallest at", answer[square.argmin()].round(2))

# %% [markdown]
# L2 asks for the mean, a grey that is never right. L1 asks for a median: here it does not care, and with a third colour it takes the middle one. Wherever the sketch leaves something open, both end in the middle, a *blur* or a grey. A discriminator does not let that pass: few creatures are grey all over, so grey looks fake. But it is content with *any* plausible colouring, and teaches slowly. Pix2Pix takes both:
#
# $$\min_G \max_D \; \mathbb{E}_{x, y}[\log D(x, y)] + \mathbb{E}_{x}[\log(1 - D(x, G(x)))] + \lambda \, \mathbb{E}_{x, y}[\,|y - G(x)|\,]$$
#
# Where is the noise $z$? The paper found that the generator ignores it. What is left of chance is dropout; the paper leaves it on when it draws, we do not.

# %% [markdown]
# ## Data
#
# 830 pairs: a sketch, and the same creature in colour, 256 × 256. The sketches were drawn by a model from the coloured pictures, so some are not clean. The last 30 pairs are **held out**: never trained on, only looked at. Without the published files you train on the **miniature**, creatures that we drew, as this page does.

# %% tags=["nbval-ignore-output"]
fit = cu.data.load("sketch2pokemon", "fit", size=SIZE, limit=PAIRS)
chosen = np.random.default_rng(0).choice(len(fit.inputs), 6, replace=False)
cu.plotting.compare({"sketch": fit.inputs[chosen], "colouring": fit.targets[chosen]})

# %% [markdown]
# In the published files each pair is one wide picture, sketch left, colouring right. `load` has split it already; this is how:

# %%
first = cu.data.load("sketch2pokemon", "fit", limit=1)  # at its full size
wide = np.concatenate([first.inputs[0], first.targets[0]], axis=1)
left, right = np.split(wide, 2, axis=1)
print(wide.shape, "splits into", left.shape, "and", right.shape)
assert np.array_equal(left, first.inputs[0])
assert np.array_equal(right, first.targets[0])

# %% [markdown]
# ### Augmentation, both at once
#
# 800 pairs are few. **Augmentation** shows the network each one a little changed every time. Whatever is done to the sketch must be done to the colouring too, so the two are stacked on their channels, 3 + 3 = 6, and changed as one picture. `creature` pads by 30 of 256 pixels (reflected, or white), crops at random, turns over in each direction, and turns by quarters:


# %%
def to_floats(pictures):
    return pictures / np.float32(127.5) - 1


pair = to_floats(np.concatenate([left, right], axis=-1))
seeds = [(0, number) for number in range(6)]
border = 30 * len(pair) // 256
changed = np.stack([cu.augment.creature(pair, seed, border=border) for seed in seeds])
print("stacked:", pair.shape)
rows = {"sketch": changed[..., :3], "colouring": changed[..., 3:]}
cu.plotting.compare(rows)

# %% [markdown]
# Both always agree. But is all of it *fair*? A creature may look to the left or to the right. It does not stand on its head: a network that has seen such pictures may shade from below. What augmentation makes likely **leaks** into what is generated. So we pad, crop and mirror, no more.


# %%
def moved(pair, seed):
    padded = cu.augment.pad(pair, seed, border=30 * SIZE // 256)
    cropped = cu.augment.random_crop(padded, seed, size=SIZE)
    return cu.augment.mirror(cropped, seed)


batches = cu.batches.make(*fit, batch_size=BATCH_SIZE, seed=0, augment=moved)
sketches, targets = next(iter(batches))
print(sketches.shape, targets.shape)
cu.plotting.compare({"sketch": sketches, "colouring": targets})

# %% [markdown]
# ## Networks
#
# ### One block down
#
# Papers write **C64** for a block with 64 filters: a convolution of 4 × 4 with stride 2, which halves height and width, batch normalization, LeakyReLU with slope 0.2. A **CD512** has dropout in it as well. Kernels start from a normal distribution with standard deviation 0.02. (`"instance"` comes under *Training*.)


# %%
def start():
    return keras.initializers.RandomNormal(0.0, 0.02)


def normalization(norm):
    if norm == "batch":
        return layers.BatchNormalization()
    if norm == "instance":
        return layers.GroupNormalization(groups=-1)  # each channel by itself
    if norm is None:
        return layers.Identity()
    raise ValueError(f"norm is {norm!r}; known: 'batch', 'instance', None")


class EncodeBlock(layers.Layer):
    def __init__(self, filters, norm="batch"):
        super().__init__()
        self.convolution = layers.Conv2D(
            filters, 4, 2, "same", use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)

    def call(self, inputs, training=False):
        features = self.normalize(self.convolution(inputs), training=training)
        return keras.ops.leaky_relu(features, 0.2)


picture = keras.random.uniform((1, 256, 256, 3), -1, 1, seed=0)
print("C64:", EncodeBlock(64)(picture).shape)

# %% [markdown]
# ### The encoder
#
# Eight such blocks: C64-C128-C256-C512-C512-C512-C512-C512. Each halves the picture, so 256 = 2⁸ pixels become one: the **bottleneck**, 512 numbers that must say all about the sketch. The first block is not normalized, since the picture's own brightness matters. Nor is the last: normalized by itself, a single pixel minus its mean is always 0.


# %%
def encoder_filters(size, width):
    filters = [width, 2 * width, 4 * width]
    while 2 ** len(filters) < size:
        filters.append(8 * width)
    return filters


class Encoder(layers.Layer):
    def __init__(self, size=256, width=64, norm="batch"):
        super().__init__()
        first, *middle, last = encoder_filters(size, width)
        self.blocks = [EncodeBlock(first, norm=None)]
        self.blocks += [EncodeBlock(filters, norm) for filters in middle]
        self.blocks.append(EncodeBlock(last, norm=None))

    def call(self, images, training=False):
        outputs = [images]
        for block in self.blocks:
            outputs.append(block(outputs[-1], training=training))
        return outputs[1:]


for features in Encoder()(picture):
    print(*features.shape[1:], sep=" × ")

# %% [markdown]
# ### One block up
#
# The way back: a transposed convolution (lesson 1) doubles, then normalization, dropout in the first three, ReLU.


# %%
class DecodeBlock(layers.Layer):
    def __init__(self, filters, norm="batch", dropout=0.0):
        super().__init__()
        self.convolution = layers.Conv2DTranspose(
            filters, 4, 2, "same", use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)
        self.dropout = layers.Dropout(dropout)

    def call(self, inputs, training=False):
        features = self.normalize(self.convolution(inputs), training=training)
        return keras.ops.relu(self.dropout(features, training=training))


code = Encoder()(picture)[-1]
print("CD512:", DecodeBlock(512, dropout=0.5)(code).shape)

# %% [markdown]
# ### The decoder, and the whole
#
# CD512-CD512-CD512-C512-C256-C128-C64, and a last transposed convolution to three colours, with bias and `tanh`. It may also be given **skips**, of which more below.


# %%
class Decoder(layers.Layer):
    def __init__(self, size=256, width=64, norm="batch"):
        super().__init__()
        *filters, _ = encoder_filters(size, width)
        self.blocks = [
            DecodeBlock(count, norm, dropout=0.5 if number < 3 else 0.0)
            for number, count in enumerate(reversed(filters))
        ]
        options = {"activation": "tanh", "kernel_initializer": start()}
        self.last = layers.Conv2DTranspose(3, 4, 2, "same", dtype="float32", **options)

    def call(self, features, skips=(), training=False):
        for number, block in enumerate(self.blocks):
            features = block(features, training=training)
            if skips:
                features = keras.ops.concatenate([features, skips[number]], -1)
        return self.last(features)


class EncoderDecoder(keras.Model):
    def __init__(self, size=256, width=64, norm="batch"):
        super().__init__()
        self.encoder = Encoder(size, width, norm)
        self.decoder = Decoder(size, width, norm)

    def call(self, images, training=False):
        *_, code = self.encoder(images, training=training)
        return self.decoder(code, training=training)


encoder_decoder = EncoderDecoder()
print(encoder_decoder(picture).shape, f"{encoder_decoder.count_params():,} parameters")

# %% [markdown]
# ### U-Net
#
# 512 numbers cannot say where each pencil line runs, and the lines are needed again. A **U-Net** hands them over: each decoder block's output is joined, on the channels, with the encoder's features *of the same size*. The code itself is no skip; the other seven are handed over in reverse.


# %%
class UNet(keras.Model):
    def __init__(self, size=256, width=64, norm="batch"):
        super().__init__()
        self.encoder = Encoder(size, width, norm)
        self.decoder = Decoder(size, width, norm)

    def call(self, images, training=False):
        *skips, code = self.encoder(images, training=training)
        return self.decoder(code, skips[::-1], training=training)


unet = UNet()
print(unet(picture).shape, f"{unet.count_params():,} parameters")
*skips, code = unet.encoder(picture)
for skip, block in zip(skips[::-1], unet.decoder.blocks, strict=True):
    filters = block.convolution.filters
    print(f"{skip.shape[1]:3} pixels: {filters} ⊕ {skip.shape[-1]} channels")

# %% [markdown]
# ![A U-Net. On the left the sketch is halved eight times, from 256 × 256 × 3 to 1 × 1 × 512. On the right it is doubled eight times, up to the colouring of 256 × 256 × 3. Seven skips join the features of the left to those of the right, which doubles the channels there.](pictures/unet_sketch.svg)
#
# On the right, each box counts its own channels and those of its skip.
#
# Fifteen million parameters more than before, though a skip has none: the block after it gets twice the channels, and its kernels grow with them, 4 × 4 × 1024 × 512 instead of 4 × 4 × 512 × 512.
#
# ### The discriminator: PatchGAN
#
# It sees *two* pictures, sketch and colouring, stacked on channels, and asks if they belong together. It does not give one verdict but a map of them, one for each **patch** of 70 × 70 pixels: whether a claw is well drawn hardly depends on the tail.
#
# Its blocks are C64-C128-C256 with stride 2, then C512 with stride 1, then one logit, stride 1. Here the code of the paper pads by one pixel itself. Without `same`, a convolution makes $\lfloor (n + 2p - k) / s \rfloor + 1$ of $n$ pixels, with padding $p$, kernel $k$, stride $s$. Of 128 pixels, with a border of 1, that is 130 − 4 + 1 = 127. In our discriminator, 32 become 31, and 31 become 30.


# %%
class DiscBlock(layers.Layer):
    def __init__(self, filters, stride=2, norm="batch"):
        super().__init__()
        self.pad = layers.ZeroPadding2D() if stride == 1 else layers.Identity()
        border = "valid" if stride == 1 else "same"
        self.convolution = layers.Conv2D(
            filters, 4, stride, border, use_bias=False, kernel_initializer=start()
        )
        self.normalize = normalization(norm)

    def call(self, inputs, training=False):
        features = self.convolution(self.pad(inputs))
        features = self.normalize(features, training=training)
        return keras.ops.leaky_relu(features, 0.2)


features = keras.ops.zeros((1, 128, 128, 32))
print("padded to 130 pixels, then:", DiscBlock(64, stride=1)(features).shape)


# %%
class PatchDiscriminator(keras.Model):
    def __init__(self, width=64, norm="batch", halvings=3):
        super().__init__()
        filters = [width * min(2**number, 8) for number in range(halvings + 1)]
        self.blocks = [DiscBlock(filters[0], norm=None)]
        self.blocks += [DiscBlock(count, norm=norm) for count in filters[1:-1]]
        self.blocks.append(DiscBlock(filters[-1], stride=1, norm=norm))
        self.pad = layers.ZeroPadding2D()
        self.last = layers.Conv2D(1, 4, kernel_initializer=start(), dtype="float32")

    def call(self, inputs, targets=None, training=False):
        features = inputs
        if targets is not None:  # lesson 5 has no pairs: one picture
            features = keras.ops.concatenate([inputs, targets], axis=-1)
        for block in self.blocks:
            features = block(features, training=training)
        return self.last(self.pad(features))


paper_discriminator = PatchDiscriminator()
logits = paper_discriminator(picture, picture)
print(logits.shape, f"{paper_discriminator.count_params():,} parameters")
untrained = keras.ops.sigmoid(logits)[0, ..., 0]
cu.plotting.maps({"untrained": untrained}, label="held to be real")

# %% [markdown]
# How large is the patch of one logit, its **receptive field**? The gradient of the middle logit is 0 wherever it cannot see.

# %%
seen = tf.Variable(picture)
with tf.GradientTape() as tape:
    logit = paper_discriminator(seen, seen)[0, 15, 15, 0]
moved_by = np.abs(tape.gradient(logit, seen)[0]).sum(axis=-1)
seen_rows = np.flatnonzero(moved_by.any(axis=1))
print("rows", seen_rows[0], "to", seen_rows[-1], "are", len(seen_rows), "pixels")
assert len(seen_rows) == 70
cu.plotting.maps({"what one logit sees": moved_by > 0})

# %% [markdown]
# By hand, from the last layer back: one logit sees 4 pixels of the map before; stride 1 and kernel 4 make 4 + 3 = 7; each stride 2 doubles and adds 2: 16, 34, **70**. Other numbers of halving blocks give other patches, and other maps:

# %%
other = {halvings: PatchDiscriminator(8, halvings=halvings) for halvings in (1, 3, 5)}
for halvings, network in other.items():
    print(f"{halvings} halvings: a map of", *network(picture, picture).shape[1:3])

# %% [markdown]
# One halving has patches of 16 pixels; five have 286, and the middle cells see nearly all.
#
# ## Losses
#
# The adversarial losses are those of lesson 1, with a map of logits where there was one: they take the mean over it. New is the third term, which the generator gets with its weight:


# %% tags=["nbval-ignore-output"]
def l1_loss(targets, fake):
    return keras.ops.mean(keras.ops.abs(targets - fake))


white = keras.ops.ones_like(targets)
print(f"instead of the colouring, the sketch: L1 {l1_loss(targets, sketches):.2f}")
print(f"instead of the colouring, white paper: L1 {l1_loss(targets, white):.2f}")

# %% [markdown]
# ## One step
#
# Two things are new: the discriminator looks at pairs, and the generator's loss has two terms, each with a weight.


# %% tags=["nbval-ignore-output"]
def make_train_step(generator, discriminator, g_optimizer, d_optimizer, weights):
    gan_weight, l1_weight = weights

    @tf.function
    def train_step(batch):
        sketches, targets = batch
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(sketches, training=True)
            real_logits = discriminator(sketches, targets, training=True)
            fake_logits = discriminator(sketches, fake, training=True)
            gan_loss = cu.losses.generator_loss(fake_logits)
            l1 = l1_loss(targets, fake)
            g_loss = gan_weight * gan_loss + l1_weight * l1
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return {"d_loss": d_loss, "g_gan_loss": gan_loss, "g_l1_loss": l1}

    return train_step


tiny = UNet(SIZE, 8, "instance"), PatchDiscriminator(8, "instance")
optimizers = [cu.training.Adam(2e-4, beta_1=0.5) for _ in range(2)]
values = make_train_step(*tiny, *optimizers, (1.0, L1_WEIGHT))((sketches, targets))
print(*[f"{name} {float(value):.1f}" for name, value in values.items()], sep=", ")

# %% [markdown]
# An undecided discriminator costs 2 log 2 ≈ 1.4, and the generator log 2 ≈ 0.7. With λ = 100, L1 weighs far more, and yet the verdict makes the colours bold, as you will see.
#
# ## Training
#
# One function trains any pair of networks, and saves after each epoch how it colours the held-out sketches in `watched`.


# %%
def train(name, networks, batches, epochs, watched, weights=(1.0, L1_WEIGHT)):
    generator, discriminator = networks
    g_optimizer = cu.training.Adam(2e-4, beta_1=0.5)
    d_optimizer = cu.training.Adam(2e-4, beta_1=0.5)

    def draw_samples(path):
        half = tf.image.resize(generator(watched), 2 * [watched.shape[1] // 2], "area")
        cu.plotting.save_picture(cu.plotting.tile(half, columns=4), path)

    return cu.training.fit(
        make_train_step(generator, discriminator, g_optimizer, d_optimizer, weights),
        batches,
        epochs=epochs,
        state={
            "generator": generator,
            "discriminator": discriminator,
            "g_optimizer": g_optimizer,
            "d_optimizer": d_optimizer,
        },
        folder=run_folder / name,
        snapshot=draw_samples,
    )


# %% [markdown]
# With batch normalization, the colouring of one sketch depends on the others in its batch, and what you look at later goes by running averages. **Instance normalization** treats each picture by itself, always. We tried both, at 128 × 128 for eight epochs: with batch normalization, the L1 on held-out pairs jumped between 0.24 and 0.47 from epoch to epoch; with instance normalization it stayed near 0.24.

# %% tags=["nbval-ignore-output"]
heldout = cu.data.load("sketch2pokemon", "heldout", size=SIZE)
watched = to_floats(heldout.inputs[:4])
with cu.training.precision():
    generator = UNet(SIZE, WIDTH, "instance")
    discriminator = PatchDiscriminator(WIDTH, "instance")
history = train("pix2pix", (generator, discriminator), batches, EPOCHS, watched)
rows = {"sketch": watched, "coloured": generator(watched)}
cu.plotting.compare(rows | {"truth": heldout.targets[:4]})

# %% tags=["recipe"]
known = pack.about(
    history,
    batches,
    data="Sketch2Pokemon, 800 pairs of 256 × 256",
    licence="for learning only: trained on Sketch2Pokemon",
)
pack.leave(
    "sketch2pokemon_pix2pix",
    generator,
    run_folder,
    known,
    history=history,
    samples=run_folder / "pix2pix" / "samples",
    sample_size=SIZE // 2,
)
pack.leave("sketch2pokemon_pix2pix_discriminator", discriminator, run_folder, known)

# %%
history.plot(["d_loss"], ["g_gan_loss"], ["g_l1_loss"])

# %% [markdown]
# Yours: lines in place, colours in patches. Ten epochs are few.
#
# ### What is each part good for?
#
# Leave one out, and see. The recipe has trained seven variants for the same time, 128 × 128 pixels and a quarter of the width, on our own drawn creatures. `VARIANT` is the one that you train now, at half that size and for a shorter time.

# %% tags=["nbval-ignore-output"]
VARIANTS = {
    "all of Pix2Pix": {},
    "no skips": {"network": EncoderDecoder},
    "L1 alone": {"weights": (0.0, L1_WEIGHT)},
    "GAN alone": {"weights": (1.0, 0.0)},
    "patch of 1": {"halvings": 0},
    "patch of 16": {"halvings": 1},
    "whole picture": {"halvings": 4},
}
small_size = cu.pick(quick=64, lesson=64, recipe=128)
small_fit = cu.data.load("creatures", "fit", size=small_size, limit=PAIRS)
small_heldout = cu.data.load("creatures", "heldout", size=small_size, limit=4)
small_batches = cu.batches.make(*small_fit, batch_size=1, seed=0)

# %% tags=["nbval-ignore-output"]
VARIANT = "L1 alone"


class PixelDiscriminator(keras.Model):  # 1 × 1 convolutions only
    def __init__(self, width):
        super().__init__()
        self.blocks = [
            layers.Conv2D(filters, 1, kernel_initializer=start())
            for filters in (width, 2 * width)
        ]
        self.last = layers.Conv2D(1, 1, kernel_initializer=start(), dtype="float32")

    def call(self, inputs, targets):
        features = keras.ops.concatenate([inputs, targets], axis=-1)
        for block in self.blocks:
            features = keras.ops.leaky_relu(block(features), 0.2)
        return self.last(features)


def train_variant(
    name, epochs=VARIANT_EPOCHS, network=UNet, halvings=3, weights=(1.0, L1_WEIGHT)
):
    with cu.training.precision():
        patches = PatchDiscriminator(16, "instance", halvings)
        if halvings == 0:
            patches = PixelDiscriminator(16)
        networks = network(small_size, 16, "instance"), patches
    examples = to_floats(small_heldout.inputs)
    history = train(name, networks, small_batches, epochs, examples, weights)
    return networks[0], history


colourer, _ = train_variant(VARIANT, **VARIANTS[VARIANT])
cu.plotting.compare({VARIANT: colourer(to_floats(small_heldout.inputs))})

# %% tags=["recipe"]
pictures = {}
for name in VARIANTS:
    colourer, _ = train_variant(name, **VARIANTS[name])
    pictures[name] = colourer(to_floats(small_heldout.inputs))
pack.variants("sketch2pokemon_pix2pix", run_folder, pictures)
# For *Results*, on the drawn creatures, longer:
creatures, creatures_history = train_variant("creatures", epochs=7 * VARIANT_EPOCHS)
known = pack.about(
    creatures_history,
    small_batches,
    data="the drawn creatures, 800 pairs of 128 × 128",
    licence="MIT",
)
pack.leave("creatures_pix2pix", creatures, run_folder, known, history=creatures_history)

# %% [markdown]
# The recipe's:

# %%
examples = {"sketch": small_heldout.inputs, "truth": small_heldout.targets}
shown = examples | cu.weights.arrays("sketch2pokemon_pix2pix", "variants")
cu.plotting.compare(shown)

# %% [markdown]
# Without skips, only the blob is left that a bottleneck can hold. L1 alone puts everything in place, and paints it grey, the middle of all colours. The GAN alone dares a colour, the same for all, and invents a fringe that nothing forbids. Patches decide too: judged pixel by pixel, grey will do, for there are grey pixels; patches of 16 and of 70 dare colours, in stains across the parts; with the whole picture in view, one green suits all.
#
# ## Results
#
# The recipe has trained two generators. `small` learnt from our drawn creatures, at 128 × 128 for 42 epochs. Here are five that it never saw:

# %% tags=["cover"]
small = cu.weights.load_model("creatures_pix2pix")
drawn_heldout = cu.data.load("creatures", "heldout")
inputs = to_floats(drawn_heldout.inputs)
coloured = small.predict(inputs, verbose=0)
cu.plotting.compare({"sketch": inputs[:5], "coloured": coloured[:5]})

# %% [markdown]
# Creatures inside their lines, each in its colour, rarely the true one: a pencil line has none.
#
# ### Your own sketch
#
# Draw on the canvas, or upload a sketch with dark lines on white. It is coloured whenever you stop.


# %%
def colour(images, training=False):  # the canvas has 256 pixels, the network 128
    return small(tf.image.resize(images, (128, 128), "area"), training=training)


drawings = cu.data.load("creatures", "heldout", size=256, limit=9)
cu.widgets.sketch_pad(colour, sketches=drawings.inputs[5:9])

# %% [markdown]
# ### With real pairs
#
# `large` is the other one: 256 × 256 and twice the width, 60 epochs with the 800 real pairs, four hours on two cores. The slider goes through its epochs, always the same four held-out sketches:

# %%
large = cu.weights.load_model("sketch2pokemon_pix2pix")
grown = cu.weights.arrays("sketch2pokemon_pix2pix", "sheets")
grown = dict(zip(grown["epochs"].tolist(), grown["images"], strict=True))
cu.plotting.compare({f"epoch {n}": grown[n][:2] for n in (1, 4, 15, 60)})
cu.widgets.time_machine(grown, columns=4)

# %% [markdown]
# After one epoch L1 alone has spoken: grey, in place. Then all share the same colours; only late do creatures and parts differ. *Which* colour keeps changing, since no pencil line tells. The curves:

# %%
long = cu.weights.history("sketch2pokemon_pix2pix")
undecided = {"undecided": 2 * np.log(2)}
long.plot(["d_loss"], ["g_gan_loss"], ["g_l1_loss"], levels=[undecided])

# %% [markdown]
# After the tenth epoch L1 falls from 0.22 to 0.19 on its own pairs, but on held-out ones only from 0.25 to 0.24 (below): much of it was learnt by heart. `d_loss` stays near 0.6, far below an undecided 1.4: the discriminator tells most colourings from real ones.
#
# ### Through the discriminator's eyes
#
# Here are the verdicts of the discriminator that was trained with `large`, over a drawn pair, and over its sketch as `large` colours it:

# %%
critic = cu.weights.load_model("sketch2pokemon_pix2pix_discriminator")
sketch, truth = to_floats(drawings.inputs[:1]), to_floats(drawings.targets[:1])
pairs = {"real": (sketch, truth), "generated": (sketch, large(sketch))}
verdicts = {name: keras.ops.sigmoid(critic(*pair)) for name, pair in pairs.items()}
verdicts = {name: verdict[0, ..., 0] for name, verdict in verdicts.items()}
cu.plotting.maps(verdicts, label="held to be real")
cu.widgets.patch_lens(critic, {name: (a[0], b[0]) for name, (a, b) in pairs.items()})

# %% [markdown]
# The real pair, enlarged from 128 pixels, is believed in most places, the colouring hardly anywhere. Click a cell: the lens shows the patch that its verdict is about. (Instance normalization also lets in the mean and spread of all the rest.)
#
# ### The report card
#
# L1 to the truth on 30 held-out pairs, and for a scale, of the sketch itself, and of always the same picture, the median of 100 colourings.


# %%
def marks(pairs, some, answers):
    truths = to_floats(pairs.targets)
    median = np.median(to_floats(some.targets), axis=0)
    known = {"the same picture": median, "the sketch": to_floats(pairs.inputs)}
    scores = {name: l1_loss(truths, given) for name, given in (known | answers).items()}
    return {name: round(float(score), 3) for name, score in scores.items()}


some = cu.data.load("creatures", "fit", limit=100)
scores = {"L1": marks(drawn_heldout, some, {"coloured": coloured})}
print("small, on drawn pairs:", scores)
print("large, on real pairs:", cu.weights.card("sketch2pokemon_pix2pix")["scores"])

# %% tags=["recipe"]
answers = {"coloured": creatures.predict(inputs, verbose=0)}
scores = {"L1": marks(drawn_heldout, some, answers)}
pack.score("creatures_pix2pix", run_folder, scores)

some = cu.data.load("sketch2pokemon", "fit", limit=100)
with cu.training.precision():
    early = UNet(SIZE, WIDTH, "instance"), PatchDiscriminator(WIDTH, "instance")
train("early", early, batches, 10, watched)
networks = {"10 epochs": early[0], f"{EPOCHS} epochs": generator}
real = to_floats(heldout.inputs)
answers = {name: each.predict(real, verbose=0) for name, each in networks.items()}
scores = {"L1": marks(heldout, some, answers)}
pack.score("sketch2pokemon_pix2pix", run_folder, scores)

# %% [markdown]
# Smaller is better. Fifty more epochs brought `large` little by this mark, which asks for the *true* colours; bold ones it cannot see.
#
# ## What goes wrong
#
# ### Brighter than white
#
# Leave out `tanh`, and values above 1 occur. As bytes, 1.2 would be 280, but a byte that is full begins again at 0: brighter than white becomes nearly black.

# %%
overshooting = 1.3 * inputs[:2]
wrapped = ((overshooting + 1) * 127.5).astype("int32").astype("uint8")
clipped = cu.plotting.to_uint8(overshooting)
cu.plotting.compare({"wrapped": wrapped, "clipped": clipped})

# %% [markdown]
# ### The dead bottleneck
#
# Many copies of this network normalize the last encoder block as well. Here are the codes of two sketches, and the same codes normalized:

# %%
codes = large.encoder(to_floats(drawings.inputs[:2]))[-1]  # (2, 1, 1, 256)
normalized = normalization("instance")(codes)
for name, values in {"as they are": codes, "normalized": normalized}.items():
    print(f"{name}: from {np.min(values):.1f} to {np.max(values):.1f}")

# %% [markdown]
# All 0, whatever the sketch. No error comes; the skips hide it, and the innermost layers of a U-Net carry nothing at all.
#
# ## Summary
#
# - Pix2Pix is a cGAN whose condition is a picture; it needs pairs.
# - L1 puts everything in its place, in the middle of all colours; the discriminator dares one.
# - Skips carry the lines past the bottleneck, which is never normalized.
# - A PatchGAN gives a map of verdicts, one for each patch.
# - Augment both sides alike; what is augmented leaks.
#
# ## Exercises
#
# ### Exercise 1: predict
#
# A `PatchDiscriminator` with two halving blocks instead of three gets pictures of 256 pixels. How many pixels wide is its patch, and how many cells wide its map?

# %% tags=["exercise"]
prediction = {"patch": None, "map": None}

lesson3.smaller_patches(prediction)

# %% [markdown]
# ### Exercise 2: write a function
#
# Compute what one output sees, from the `kernels` and `strides` of any stack of convolutions, first layer first. A patch of `n` pixels needs `(n - 1) * stride + kernel` pixels before a layer.


# %% tags=["exercise"]
def receptive_field(kernels, strides):
    return 1


print("our discriminator:", receptive_field([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]))
lesson3.receptive_field(receptive_field)

# %% [markdown]
# ### Exercise 3: find the bug
#
# This function makes bytes of pictures in [−1, 1], and wraps. Mend it.


# %% tags=["exercise"]
def to_pixels(pictures):
    return ((pictures + 1) * 127.5).astype("int32").astype("uint8")


lesson3.to_pixels(to_pixels)

# %% [markdown]
# ## Further reading
#
# - Isola and others, *Image-to-Image Translation with Conditional Adversarial Networks* (2017)
# - Ronneberger and others, *U-Net: Convolutional Networks for Biomedical Image Segmentation* (2015)
# - Ulyanov and others, *Instance Normalization: The Missing Ingredient for Fast Stylization* (2016)
