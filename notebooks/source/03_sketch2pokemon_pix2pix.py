# %% [markdown]
# # 3 · Sketch2Pokemon: Pix2Pix colours a sketch
#
# ![Five sketches of creatures, their colourings by the network of this lesson, and the true ones](pictures/03_sketch2pokemon_pix2pix.png)
#
# The first row was given, a network coloured the second, and the third is the truth. **Pix2Pix** learns from pairs how to turn one picture into another. At the end, you draw a sketch yourself and watch it being coloured.

# %% [markdown]
# **You should know** lessons 1 and 2: the training step, conditions, subclassing.
#
# **You will be able to** prepare pairs, build a U-Net and a PatchGAN, and say what each part of Pix2Pix is good for.
#
# **How long it takes**: two hours. If you have no time to train, set both numbers of epochs to 1.

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
import cv2
import keras
import numpy as np
import tensorflow as tf
from checks import lesson3
from keras import layers

# %% [markdown]
# ### Settings
#
# Each network is built once at the paper's size and counted. You train a smaller one, with half the pixels along each side and a quarter of the filters. That takes about four minutes on two processor cores. We haven't measured the paper's size on a GPU.

# %% tags=["nbval-ignore-output"]
SIZE = cu.pick(quick=64, lesson=128, recipe=128)  # pixels; with a GPU: 256
WIDTH = cu.pick(quick=8, lesson=16, recipe=16)  # first filters; with a GPU: 64
PAIRS = cu.pick(quick=24, lesson=800, recipe=800)  # pairs to train on
EPOCHS = cu.pick(quick=1, lesson=6, recipe=6)  # with a GPU: 200 (not measured)
VARIANT_EPOCHS = cu.pick(quick=1, lesson=6, recipe=24)  # of each variant
BATCH_SIZE = 1  # pairs in one step
AUGMENTED = cu.pick(quick=True, lesson=False, recipe=False)  # change the pairs or not
L1_WEIGHT = 100.0  # called λ in the text

cu.setup(seed=0)
run_folder = cu.run_folder("03_sketch2pokemon_pix2pix")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack

# %% [markdown]
# ## The idea
#
# In lesson 2 the condition was a label, one of ten. Here it is a whole picture, a sketch. The answer is a picture too, and each of its pixels belongs to the pixel of the sketch at the same place. Hence the name: *pix*els *to pix*els.
#
# ![The generator colours a sketch x, and L1 compares the result with the truth y. The discriminator gets the sketch with one of the two](pictures/pix2pix.svg)

# %% [markdown]
# The blue boxes are given: a **pair** of a sketch $x$ and its true colouring $y$. The discriminator gets the sketch with one of the two colourings, and asks whether it is good *and* belongs to this sketch. The L1 loss and the map of logits are new.
#
# Nothing here is about sketches. The same code works for any pictures that match pixel by pixel: labels and a street, a grey picture and a coloured one, a plan and a house front (lesson 4).

# %% [markdown]
# ### Why convolutions
#
# The cGAN of lesson 2 was **fully connected**: in a dense layer, every output has a weight for every input. What would a single dense layer from picture to picture cost, at 256 × 256 pixels in three colours?

# %%
numbers = 256 * 256 * 3  # in one picture
dense = numbers * numbers + numbers  # weights and biases
print(f"dense: {dense:,} parameters, {4 * dense / 1e9:.0f} GB")
print(f"a convolution, 4 × 4, from 3 to 64 channels: {4 * 4 * 3 * 64:,}")

# %% [markdown]
# Hardly any computer holds that. A convolution uses the same few weights at every place, since a line is a line wherever it runs.

# %% [markdown]
# ### Why not just measure the difference?
#
# We know the truth. So why not train the generator alone, with the difference to the true colouring as its loss? Because a sketch doesn't say which colour is right.
#
# Suppose that one pixel has three equally likely values: −0.9, −0.5, and 0.8. What does each answer cost on average, with the squared difference (**L2**) and with the absolute one (**L1**)?

# %%
truths = np.array([-0.9, -0.5, 0.8])
answer = np.linspace(-1, 1, 201)
difference = answer[:, None] - truths  # (201, 3)
cost = {"L2": (difference**2).mean(axis=1), "L1": np.abs(difference).mean(axis=1)}
cu.plotting.lines(answer, cost, xlabel="answer", ylabel="mean loss")
for name, values in cost.items():
    print(f"{name}: lowest at {answer[values.argmin()]:.2f}")
print(f"mean {truths.mean():.2f}, median {np.median(truths):.2f}")

# %% [markdown]
# L2 is lowest at the mean, −0.2, which is none of the three values. L1 is lowest at the **median**, −0.5, the one in the middle when they are sorted.
#
# A colour has three numbers, and the loss treats each of them alone. Suppose that a creature is red, green, or blue, each equally often:

# %%
colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], "uint8")
mean, median = colours.mean(axis=0), np.median(colours, axis=0)
swatches = np.uint8([*colours, mean, median])  # (5, 3)
print("mean", mean.astype(int), "and median", median.astype(int))
names = "red", "green", "blue", "L2: mean", "L1: median"
squares = np.broadcast_to(swatches[:, None, None], (5, 128, 128, 3))
cu.plotting.grid(squares, columns=5, titles=names)

# %% [markdown]
# The mean is a dark grey and the median is black, and neither is one of the three. Wherever the sketch leaves something open, these losses choose something in the middle. Over an area that gives a dull colour, and at an edge whose place is uncertain, a blur.
#
# A discriminator rejects this, since real creatures are rarely grey all over. But it would accept *any* plausible colouring. Pix2Pix uses both.

# %% [markdown]
# ### The objective
#
# The discriminator makes the first two terms large, and the generator makes the whole sum small:
#
# $$\min_G \max_D \; \mathbb{E}_{x, y}[\log D(x, y)] + \mathbb{E}_{x}[\log(1 - D(x, G(x)))] + \lambda \, \mathbb{E}_{x, y}\big[\,|y - G(x)|\,\big]$$
#
# $x$ is the sketch, $y$ the true colouring, and $G(x)$ the generated one. $D(x, y)$ is the probability that the discriminator gives to "this pair is real". $|y - G(x)|$ is the mean absolute difference, and λ (lambda) says how much it counts. $\mathbb{E}$ is the mean over many pairs.

# %% [markdown]
# The paper uses λ = 100. If a colouring is off by 0.1 on average, the L1 term is 100 · 0.1 = 10. The generator's adversarial loss is near log 2 ≈ 0.7 when the discriminator is undecided. With λ = 0 you get a plain cGAN. With a very large λ, L1 decides alone.
#
# Where is the noise? The authors found that the generator ignored it and kept dropout instead, even for the results. We use dropout in training only, so a sketch always gets the same colouring.

# %% [markdown]
# ## Data
#
# Sketch2Pokemon has 830 pairs. Each is one file of 256 × 512 pixels, with the sketch on the left. Our miniature has 830 creatures that we drew, in files of the same kind and half the size. We read those by hand, so that you can read pairs of your own: put the given picture on the left and the wanted one on the right. (`cu.data.from_folder` reads a folder of such files.)

# %%
folder = cu.data.MINIATURES / "creatures" / "train"
wide = cv2.imread(str(folder / "2.jpg"))
print(wide.shape, wide.dtype, "from", wide.min(), "to", wide.max())

# %% [markdown]
# `cv2` is OpenCV. Its channels are blue, green, red (**BGR**), and everything else here expects red, green, blue (**RGB**). What if you forget that? `[..., ::-1]` reverses the last axis:

# %%
cu.plotting.compare({"as read": wide[None], "reversed": wide[None, ..., ::-1]}, zoom=1)

# %% [markdown]
# In the upper row red and blue are swapped. The sketch looks right in both, because a grey has the same number in all channels.
#
# `np.split` cuts the picture into two halves. Axis 1 is the width.


# %%
def read_pair(path):
    rgb = cv2.imread(str(path))[..., ::-1]
    return np.split(rgb, 2, axis=1)


sketch, colouring = read_pair(folder / "2.jpg")
print("sketch", sketch.shape, "and colouring", colouring.shape)

# %% [markdown]
# As text, "10.jpg" comes before "2.jpg", so we sort by the number in the name. The last 30 pairs are **held out**: the networks never train on them. `cu.data.load` does the same:

# %%
files = sorted(folder.glob("*.jpg"), key=lambda path: int(path.stem))
pairs = [read_pair(path) for path in files]
sketches = np.stack([pair[0] for pair in pairs])
colourings = np.stack([pair[1] for pair in pairs])
print(sketches[:800].shape, "to train on,", len(sketches[800:]), "held out")
known = cu.data.load("creatures", "fit")
assert np.array_equal(known.inputs, sketches[:800])
assert np.array_equal(known.targets, colourings[:800])

# %% [markdown]
# The name `sketch2pokemon` stands for the real pairs, if you have them or can download them, and otherwise for the drawn creatures, as on this page.

# %% tags=["nbval-ignore-output"]
fit = cu.data.load("sketch2pokemon", "fit", size=SIZE, limit=PAIRS)
heldout = cu.data.load("sketch2pokemon", "heldout", size=SIZE)
chosen = np.random.default_rng(0).choice(len(fit.inputs), 6, replace=False)
cu.plotting.compare(
    {"sketch": fit.inputs[chosen], "colouring": fit.targets[chosen]}, zoom=1
)

# %% tags=["recipe"]
fit = cu.data.load("creatures", "fit", size=SIZE)  # these are what is drawn later on
heldout = cu.data.load("creatures", "heldout", size=SIZE)

# %% [markdown]
# Could you have told the colours? Most lines say little.
#
# ### Augmentation
#
# 800 pairs are few. With **augmentation**, the network sees each pair a little changed every time. Both sides must change alike, because L1 compares pixel with pixel. So we **stack** them along the channel axis, 3 + 3 = 6, and change this one picture.


# %%
def to_floats(pictures):
    return pictures / np.float32(127.5) - 1


def sides(pairs):
    pairs = np.stack(pairs)
    return {"sketch": pairs[..., :3], "colouring": pairs[..., 3:]}


pair = to_floats(np.concatenate([sketch, colouring], axis=-1))
print("stacked:", pair.shape)

# %% [markdown]
# First, a white border goes around the picture: 30 pixels at a size of 256, and so 15 here. (White is 1.0. The two zeros add no channels.) Then a piece of the old size is cut out at a random place and mirrored, or not. Both functions are *stateless*: the same seed always gives the same result.

# %%
border = 30 * len(pair) // 256
around = [[border, border], [border, border], [0, 0]]
padded = tf.pad(pair, around, constant_values=1.0)
crop_seed, mirror_seed = tf.unstack(tf.random.split((0, 4)))
cropped = tf.image.stateless_random_crop(padded, pair.shape, crop_seed)
mirrored = tf.image.stateless_random_flip_left_right(cropped, mirror_seed)
print(pair.shape, "padded:", padded.shape, "cropped:", cropped.shape)

# %% [markdown]
# `tf.random.split` makes two seeds out of one. With the same seed, the place of the crop could decide whether the picture is mirrored. Here is all of it in one function:


# %%
def shift(picture, seed, *, border=30):
    crop_seed, mirror_seed = tf.unstack(tf.random.split(seed))
    around = [[border, border], [border, border], [0, 0]]
    padded = tf.pad(picture, around, constant_values=1.0)
    cropped = tf.image.stateless_random_crop(padded, picture.shape, crop_seed)
    return tf.image.stateless_random_flip_left_right(cropped, mirror_seed)


changed = [shift(pair, (4, number), border=border) for number in range(5)]
cu.plotting.compare(sides([pair, *changed]), zoom=1)

# %% [markdown]
# The first column is unchanged. In the others, both sides have moved alike. What if they had not? Here sketch and colouring get different seeds:

# %%
moved_apart = [shift(pair, (3, number), border=border) for number in range(5)]
apart = {"sketch": np.stack(changed)[..., :3]}
apart["colouring"] = np.stack(moved_apart)[..., 3:]
cu.plotting.compare(apart, zoom=1)

# %% [markdown]
# Each picture is fine by itself, but most no longer match. L1 would compare a wing with white paper.
#
# ### Which changes are fair?
#
# Elsewhere you may find padding by reflection, and pictures that are flipped upside down or turned by quarters.

# %%
reflected = tf.pad(pair, around, mode="REFLECT")
corner = reflected[-len(pair) :, -len(pair) :]  # the crop at the lower right
quarter = np.rot90(pair)
cu.plotting.compare(sides([pair, corner, pair[::-1], quarter]), zoom=1)

# %% [markdown]
# The second column is a crop of the reflected padding. A second pair of feet has grown at the bottom, and a scrap of the wing hangs at the right. In the other two columns the creature is upside down or lies on its side.
#
# Such things may turn up in what is generated: augmentation can **leak**. So ask whether each result could stand in the data. A shifted creature nearly could, although a foot may be cut off. So could a mirrored one, although in our drawings the light always comes from the upper left. Scraps and headstands could not. We shift and mirror, no more.


# %% tags=["nbval-ignore-output"]
def moved(pair, seed):
    return shift(pair, seed, border=30 * SIZE // 256)


def make_batches(augment):
    return cu.batches.make(*fit, batch_size=BATCH_SIZE, seed=0, augment=augment)


batches = make_batches(moved if AUGMENTED else None)
one_sketch, one_target = next(iter(batches))
print(len(batches), "batches, each", one_sketch.shape, "and", one_target.shape)

# %% [markdown]
# With `augment`, `cu.batches.make` stacks each pair, gives it to `moved` with a new seed in every epoch, and splits it again. A batch has just one pair.
#
# Augmentation keeps a long training from learning the pairs by heart, but it also gives the network more to learn. After 24 epochs with unchanged pairs, held-out creatures had colours of their own. With shifted and mirrored ones, they were nearly grey. So we augment only for a long training with the 800 real pairs.

# %% [markdown]
# ## Networks
#
# ### The encoder-decoder
#
# The first generator squeezes the sketch to one pixel and unfolds it again:
#
# ![Boxes get smaller, from 256 pixels to 1, the code, and larger again](pictures/encoder_decoder.svg)
#
# The left half is the **encoder**. Its output is the **code**, and the narrow place in the middle is the **bottleneck**. The right half is the **decoder**.

# %% [markdown]
# Papers write **C64** for a block with 64 filters: a 4 × 4 convolution with stride 2, which halves height and width, then a normalization, then a LeakyReLU with slope 0.2. **CD512** has dropout in it as well. The encoder is C64-C128-C256-C512-C512-C512-C512-C512. Kernels start at random, with a standard deviation of 0.02.


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


# %% [markdown]
# *Batch normalization* (lesson 1) takes the mean and the spread of a channel over all pictures of the batch. **Instance normalization** takes them over one picture alone. Take a batch of two pictures with one channel and two pixels each, a dark and a bright one:

# %%
dark_and_bright = np.float32([[1, 3], [11, 13]]).reshape(2, 1, 2, 1)
for norm in ("batch", "instance"):
    normalized = normalization(norm)(dark_and_bright, training=True)
    print(f"{norm:8}", np.asarray(normalized, float).round(1).reshape(2, 2).tolist())

# %% [markdown]
# With batch normalization, the dark picture gets two numbers below 0, because a bright one is in its batch. With instance normalization each gets −1 and 1.
#
# We train with one pair at a time, as in the paper. Then both compute the same in training. But for new pictures, batch normalization takes its running means, and those are a poor match for a single creature. In a trial with batch normalization and batches of four, L1 on held-out pairs jumped between 0.16 and 0.32 from epoch to epoch. So we train with `"instance"`. The paper's networks, which we count, have `"batch"`.


# %%
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
print("C64:", picture.shape, "becomes", EncodeBlock(64)(picture).shape)

# %% [markdown]
# The block halves 256 to 128. It has no bias, since a normalization would subtract it again.
#
# 256 is 2⁸, so eight blocks lead to one pixel. Two of them get no normalization. In the first, it would erase how dark the sketch is. The last makes a map of 1 × 1, whose mean is the number itself, and a number minus itself is 0.


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


features = Encoder()(picture)
print(*[f"{each.shape[1]}² × {each.shape[-1]}" for each in features], sep=", ")

# %% [markdown]
# In `first, *middle, last`, the star takes everything that is left of the list. `call` gives the outputs of all blocks.
#
# ### The way back
#
# A decoder block doubles the size with a transposed convolution (lesson 1). Then come the normalization, in some blocks dropout, and a ReLU.


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


code = features[-1]
print("CD512:", code.shape, "becomes", DecodeBlock(512, dropout=0.5)(code).shape)

# %% [markdown]
# The decoder is CD512-CD512-CD512-C512-C256-C128-C64, the encoder's filters backwards. One more transposed convolution makes three colours of them, and `tanh` keeps these between −1 and 1. The `skips` come later.


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


# %% [markdown]
# Both together are the first generator. `*_, code` keeps only the last of the encoder's outputs.


# %%
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
# ### The U-Net
#
# The 512 numbers of the code can't say where every pencil line runs. But the colouring needs the same lines, so we hand them over, around the bottleneck:
#
# ![A U-Net: an encoder-decoder whose seven skips join features of the left to those of the right](pictures/unet_sketch.svg)
#
# Each dashed arrow is a **skip connection**, and the whole is a **U-Net**, after its shape. A skip joins two stacks of features of the same height and width along the channel axis. For example, 200 and 400 channels make 600:

# %%
left, right = np.zeros((1, 16, 16, 200)), np.zeros((1, 16, 16, 400))
print(keras.ops.concatenate([left, right], axis=-1).shape)

# %% [markdown]
# In our network, 512 ⊕ 512 channels make 1,024. (⊕ means "joined with".) `call` changes in two places:


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

# %% [markdown]
# `*skips, code` takes the last output as the code and the seven before it as skips. The last output is no skip because it is the decoder's own input, and so it is handed over already.
#
# `[::-1]` reverses the list. The encoder goes from large to small and the decoder from small to large, so its first block needs the encoder's last skip:

# %%
*skips, code = unet.encoder(picture)
for skip, block in zip(skips[::-1], unet.decoder.blocks, strict=True):
    own, handed = block.convolution.filters, skip.shape[-1]
    print(f"{skip.shape[1]:3} pixels: {own} ⊕ {handed} = {own + handed} channels")

# %% [markdown]
# Why 15 million more? A skip has no parameters. But the layer *after* each joint gets twice as many channels, and its kernel has 4 · 4 numbers for each pair of an incoming and an outgoing channel:

# %%
handed = [512, 512, 512, 512, 256, 128, 64]  # channels of the seven skips
after = [512, 512, 512, 256, 128, 64, 3]  # filters of the layer that follows
more = sum(4 * 4 * a * b for a, b in zip(handed, after, strict=True))
print(f"{more:,} more")
assert more == unet.count_params() - encoder_decoder.count_params()

# %% [markdown]
# ### What untrained networks show
#
# Do the skips make a visible difference? Untrained, both networks output an almost uniform grey, so we raise the contrast:


# %%
def raise_contrast(pictures):
    pictures = np.asarray(pictures)
    return (pictures - pictures.mean()) / (2 * pictures.std())


large = cu.data.load("creatures", "heldout", size=256, limit=9)
one = to_floats(large.inputs[:1])
answers = [raise_contrast(network(one)) for network in (encoder_decoder, unet)]
titles = "sketch", "encoder-decoder", "U-Net"
cu.plotting.grid(np.concatenate([one, *answers]), columns=3, titles=titles, zoom=0.6)

# %% [markdown]
# The encoder-decoder answers with noise, in which you find no trace of the sketch. In the U-Net's answer you can see the whole creature, though none of its weights has learned anything yet.

# %% [markdown]
# ### The discriminator: PatchGAN
#
# The discriminator of lesson 1 gave one logit for the whole picture. This one gives a map:
#
# ![Above, a picture becomes one logit. Below, a pair becomes a map of 30 × 30 logits](pictures/verdicts.svg)
#
# Each logit depends on one part of the picture, its **patch** of 70 × 70 pixels, and so the network is called a **PatchGAN**. The map can say *where* something looks wrong, and L1 takes care of the whole.

# %% [markdown]
# Its blocks are C64-C128-C256 with stride 2, then C512 and a convolution to one logit, both with stride 1. As in the paper's code, these two pad by one pixel on each side. How large is their output?
#
# $$\Big\lfloor \frac{n + 2p - k}{s} \Big\rfloor + 1$$
#
# $n$ is the number of pixels along a side, $p$ the padding on each side, $k$ the kernel, and $s$ the stride. ⌊ ⌋ means "rounded down". With $n$ = 128, $p$ = 1, $k$ = 4, and $s$ = 1 that is (128 + 2 − 4) / 1 + 1 = 127: the layer loses one pixel.


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


print("128 pixels:", DiscBlock(64, stride=1)(keras.ops.zeros((1, 128, 128, 32))).shape)

# %% [markdown]
# The whole discriminator stacks the two pictures along the channel axis. `halvings` is the number of blocks with stride 2.


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
print("logits:", paper_discriminator(picture, picture).shape)

# %% [markdown]
# 256 pixels become 128, 64, and 32 in the three blocks with stride 2. The padded layers make 31 and then 30 of them. `summary` lists the layers:

# %%
paper_discriminator.summary()

# %% [markdown]
# The first block has 4 · 4 · 6 · 64 = 6,144 parameters, where 6 counts the stacked channels. The second has 4 · 4 · 64 · 128 = 131,072, and four more for each of its 128 channels in the batch normalization. Two of these four are running means without a gradient ("non-trainable").

# %% [markdown]
# ### What one logit sees
#
# Why 70? The part of a picture on which one output depends is its **receptive field**. We go back from the logit, layer by layer:
#
# ![From one logit back to 70 × 70 pixels, layer by layer](pictures/receptive_field.svg)
#
# One output of a 4 × 4 kernel needs 4 positions along each side. With stride 1 each further output adds one, so 4 outputs need 4 + 3 = 7. With stride 2 each adds two: 7 outputs need 4 + 6 · 2 = 16.
#
# Let's check. The gradient of a logit is 0 at every pixel that it doesn't depend on:


# %%
def influence(discriminator):
    seen = tf.Variable(picture)
    with tf.GradientTape() as tape:
        logit = discriminator(seen, seen)[0, 15, 15, 0]  # in the middle of the map
    return np.abs(tape.gradient(logit, seen)[0]).sum(axis=-1)  # (256, 256)


depends = influence(paper_discriminator)
rows = np.flatnonzero(depends.any(axis=1))
print("rows", rows[0], "to", rows[-1], "are", len(rows), "pixels")
cu.plotting.maps({"what one logit sees": depends > 0}, label="seen")

# %% [markdown]
# The blue square is the patch. It is also smaller than your pictures of 128 pixels, whose map has 14 × 14 logits.
#
# Instance normalization lets some of the rest in, because it takes mean and spread over the whole picture:

# %%
leaking = influence(PatchDiscriminator(8, "instance"))
patch = leaking[rows[0] : rows[-1] + 1, rows[0] : rows[-1] + 1]
print("all pixels count:", leaking.all())
print("most of it from the patch:", bool(patch.sum() > 0.7 * leaking.sum()))

# %% [markdown]
# Now every pixel of the picture counts, but more than 70 % of the gradient still comes from the patch.
#
# With one halving a patch has 16 pixels. With five it has 286, more than the picture. For 128 pixels, that leaves a map of 2 × 2 logits, and each sees everything.

# %% [markdown]
# ## Losses
#
# The adversarial losses are those of lesson 1. They take the mean over all logits, so a map is no problem. New is L1. If two values should be 0.5 and −1, and are 0.1 and −0.4, it is (0.4 + 0.6) / 2 = 0.5. What would the sketch itself get as an answer, and what a white sheet?


# %%
def l1_loss(targets, fake):
    return keras.ops.mean(keras.ops.abs(targets - fake))


drawn = cu.data.load("creatures", "heldout")
drawn_sketches, drawn_truths = to_floats(drawn.inputs), to_floats(drawn.targets)
white = np.ones_like(drawn_truths)
print(f"the sketch {l1_loss(drawn_truths, drawn_sketches):.2f}")
print(f"white paper {l1_loss(drawn_truths, white):.2f}")

# %% [markdown]
# More than half of each picture is white paper, so these numbers are small. A useful network is well below the sketch's 0.24.
#
# Later we also want to know how colourful a picture is. Our **colourfulness** is, for each pixel, the largest of its three channels minus the smallest, on a scale from 0 (grey) to 1 (pure red, for example). Then we take the mean over all pixels.


# %%
def colourfulness(pictures):
    channels = cu.plotting.to_uint8(pictures) / 255.0
    return float((channels.max(axis=-1) - channels.min(axis=-1)).mean())


print(f"the true creatures: {colourfulness(drawn_truths):.2f}")

# %% [markdown]
# ## One step
#
# Two things are new: the discriminator looks at pairs, and the generator's loss has two terms, each with a weight.


# %%
def make_train_step(generator, discriminator, g_optimizer, d_optimizer, weights):
    gan_weight, l1_weight = weights

    @tf.function
    def train_step(batch):
        sketches, targets = batch
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(sketches, training=True)  # 1
            real_logits = discriminator(sketches, targets, training=True)  # 2
            fake_logits = discriminator(sketches, fake, training=True)
            gan_loss = cu.losses.generator_loss(fake_logits)  # 3
            l1 = l1_loss(targets, fake)
            g_loss = gan_weight * gan_loss + l1_weight * l1
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)  # 4
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)  # 5
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        return {"d_loss": d_loss, "g_gan_loss": gan_loss, "g_l1_loss": l1}

    return train_step


# %% [markdown]
# The generator colours the sketch (1). The discriminator gets the same sketch twice, with the truth and with the fake (2). The generator wants high logits *and* a small difference (3). The rest (4, 5) is as usual. As in lesson 1, the code has −log D instead of log(1 − D), since it pushes harder at the start.
#
# We call the step once, with small networks and pictures of 32 pixels:

# %%
small = UNet(32, 8, "instance"), PatchDiscriminator(8, "instance")
optimizers = [keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)]
first_pair = drawn_sketches[:1, ::4, ::4], drawn_truths[:1, ::4, ::4]
values = make_train_step(*small, *optimizers, (1.0, L1_WEIGHT))(first_pair)
print(*[f"{name} {float(value):.1f}" for name, value in values.items()], sep=", ")

# %% [markdown]
# An undecided discriminator costs 2 log 2 ≈ 1.4 and gives the generator log 2 ≈ 0.7, which is about what you read. The L1 of 0.8, times 100, is far larger. But it soon falls, and where several colours are possible, it reaches a floor. There the discriminator decides.

# %% [markdown]
# ## Training
#
# One function trains any two networks. Both use Adam with the rate 2e-4 and β₁ = 0.5. In the second half the rate falls linearly to 0. `measure` notes both marks of the held-out pairs. `fit` writes a checkpoint into `folder` at every fifth epoch and at the end. If you stop a cell and run it again, it goes on from there. After changing a setting, take another name than "pix2pix".


# %%
def train(
    name, networks, batches, epochs, weights=(1.0, L1_WEIGHT), rate=2e-4, **options
):
    generator, discriminator = networks
    steps = epochs * len(batches)
    rate = cu.training.LinearDecay(rate, steps, start=steps // 2)
    g_optimizer, d_optimizer = [cu.training.Adam(rate, beta_1=0.5) for _ in range(2)]
    state = {
        "generator": generator,
        "discriminator": discriminator,
        "g_optimizer": g_optimizer,
        "d_optimizer": d_optimizer,
    }
    return cu.training.fit(
        make_train_step(generator, discriminator, g_optimizer, d_optimizer, weights),
        batches,
        epochs=epochs,
        state=state,
        folder=run_folder / name,
        **options,
    )


def measure(generator, history):
    coloured = generator(to_floats(heldout.inputs))
    l1 = l1_loss(to_floats(heldout.targets), coloured)
    history.append({"L1": l1, "colourfulness": colourfulness(coloured)})


# %% [markdown]
# Now train:

# %% tags=["nbval-ignore-output"]
keras.utils.set_random_seed(0)
with cu.training.precision():
    generator = UNet(SIZE, WIDTH, "instance")
    discriminator = PatchDiscriminator(WIDTH, "instance")
history = train(
    "pix2pix",
    (generator, discriminator),
    batches,
    EPOCHS,
    on_epoch_end=lambda epoch, history: measure(generator, history),
)
watched = to_floats(heldout.inputs[:6])
rows = {"sketch": watched, "coloured": generator(watched)}
cu.plotting.compare(rows | {"truth": heldout.targets[:6]}, zoom=1)

# %% tags=["recipe"]
# What ships: many more drawn pairs, sixteen at a time, and first with L1 alone.
sys.path.append(str(cu.runtime.ROOT / "data" / "draw"))
import creatures as artist

many = [np.stack(side) for side in zip(*artist.draw(4_800, seed=1), strict=True)]
many_batches = cu.batches.make(*many, batch_size=16, seed=0)
keras.utils.set_random_seed(0)
with cu.training.precision():
    creatures = UNet(128, 32, "instance")
    first, second = [PatchDiscriminator(32, "instance") for _ in range(2)]
alone = train("L1", (creatures, first), many_batches, 12, (0.0, 100.0), rate=1e-3)
both = train("both", (creatures, second), many_batches, 12, (1.0, 300.0))
known = pack.about(
    both,
    many_batches,
    data="4,800 drawn creatures of 128 × 128; before, 12 epochs of them with L1 alone",
    licence="MIT",
)
known["hours"] = round((alone.seconds + both.seconds) / 3600, 2)
pack.leave("creatures_pix2pix", creatures, run_folder, known, history=both)

# The real pairs, at their full size; the learner's cells see only what ships.
real = cu.data.load("sketch2pokemon", "fit", size=256)
real_heldout = cu.data.load("sketch2pokemon", "heldout", size=256)
real_watched = to_floats(real_heldout.inputs[:4])


def moved_by_30(pair, seed):
    return shift(pair, seed, border=30)


def draw_real_samples(path):
    pictures = tf.image.resize(real_generator(real_watched), (128, 128), "area")
    cu.plotting.save_picture(cu.plotting.tile(pictures, columns=4), path)


# batches of four, as in the source article
real_batches = cu.batches.make(*real, batch_size=4, seed=0, augment=moved_by_30)
with cu.training.precision():
    real_generator = UNet(256, 32, "instance")
    real_discriminator = PatchDiscriminator(32, "instance")
real_history = train(
    "real pairs",
    (real_generator, real_discriminator),
    real_batches,
    128,
    snapshot=draw_real_samples,
)
known = pack.about(
    real_history,
    real_batches,
    data="Sketch2Pokemon, 800 pairs of 256 × 256",
    licence="for learning only: trained on Sketch2Pokemon",
)
pack.leave(
    "sketch2pokemon_pix2pix",
    real_generator,
    run_folder,
    known,
    history=real_history,
    samples=run_folder / "real pairs" / "samples",
    sample_size=128,
)
pack.leave(
    "sketch2pokemon_pix2pix_discriminator", real_discriminator, run_folder, known
)

# %% [markdown]
# After six epochs the outlines are sharp and in their places, and the paper stays nearly white. But the colours are blotches of blue-green, brown, and orange that run across the parts of the body, with a fine grid in them.
#
# ### The curves
#
# The dashed lines mark an undecided discriminator, and in the third panel a white sheet.

# %%
white_level = float(l1_loss(drawn_truths, white))
levels = {"2 log 2": 2 * np.log(2)}, {"log 2": np.log(2)}, {"white": white_level}
history.plot(["d_loss"], ["g_gan_loss"], ["g_l1_loss"], levels=levels)

# %% [markdown]
# The discriminator is ahead: the mean of its loss stays far below 2 log 2, and the generator's adversarial loss far above log 2. L1 quickly falls below that of a white sheet, and then slowly to about 0.14. On held-out pairs it is 0.15, so this network hasn't learned its pairs by heart.
#
# ### The parts of Pix2Pix
#
# What is each part good for? We take away or change one thing at a time. In `weights`, the adversarial loss comes first and L1 second.

# %%
VARIANTS = {
    "all of Pix2Pix": {},
    "no skips": {"network": EncoderDecoder},
    "L1 alone": {"weights": (0.0, 100.0)},
    "GAN alone": {"weights": (1.0, 0.0)},
    "patch of 1": {"halvings": 0},
    "whole picture": {"halvings": 5},
    "λ = 10": {"weights": (1.0, 10.0)},
}

# %% [markdown]
# For "patch of 1" we need the paper's **PixelGAN**. All its kernels are 1 × 1, so each logit sees one pixel of the sketch and one of the colouring.


# %%
class PixelDiscriminator(keras.Model):
    def __init__(self, width=64):
        super().__init__()
        self.blocks = [
            layers.Conv2D(filters, 1, kernel_initializer=start())
            for filters in (width, 2 * width)
        ]
        self.last = layers.Conv2D(1, 1, kernel_initializer=start(), dtype="float32")

    def call(self, inputs, targets, training=False):
        features = keras.ops.concatenate([inputs, targets], axis=-1)
        for block in self.blocks:
            features = keras.ops.leaky_relu(block(features), 0.2)
        return self.last(features)


print("one logit for each pixel:", PixelDiscriminator()(picture, picture).shape)

# %% [markdown]
# `train_variant` makes new networks and trains them:


# %%
def train_variant(
    epochs=VARIANT_EPOCHS, network=UNet, halvings=3, weights=(1.0, L1_WEIGHT)
):
    keras.utils.set_random_seed(0)
    with cu.training.precision():
        colourer = network(SIZE, 16, "instance")
        discriminator = PatchDiscriminator(16, "instance", halvings)
        if halvings == 0:
            discriminator = PixelDiscriminator(16)

    def note(epoch, history):
        measure(colourer, history)

    name = f"{network.__name__} {halvings} {weights} {epochs}"
    networks = colourer, discriminator
    history = train(name, networks, batches, epochs, weights, on_epoch_end=note)
    return colourer, history


# %% [markdown]
# Choose a variant. It differs from your training above in one thing only:

# %% tags=["nbval-ignore-output"]
VARIANT = "L1 alone"  # one of VARIANTS

variant, variant_history = train_variant(**VARIANTS[VARIANT])
shown = {"all of Pix2Pix": generator(watched), VARIANT: variant(watched)}
cu.plotting.compare(shown | {"truth": heldout.targets[:6]}, zoom=1)
for name, marks in {"all of Pix2Pix": history, VARIANT: variant_history}.items():
    last = {key: round(float(marks[key][-1]), 2) for key in ("L1", "colourfulness")}
    print(name, last)

# %% tags=["recipe"]
pictures, scores = {}, {}
for name in VARIANTS:
    colourer, noted = train_variant(**VARIANTS[name])
    pictures[name] = colourer(to_floats(heldout.inputs[:4]))
    marks = "L1", "colourfulness"
    scores[name] = {mark: round(float(noted[mark][-1]), 3) for mark in marks}
pack.score("creatures_pix2pix", run_folder, {"parts": scores})
pack.variants("creatures_pix2pix", run_folder, pictures)

# %% [markdown]
# *L1 alone* paints all creatures in the same grey, the median of our many colours, and leaves their bellies white. Its L1 is even a little better than that of all of Pix2Pix, 0.14 against 0.15, but its colourfulness is 0.02 against 0.05. So here the adversarial loss brings some colour.
#
# ### All seven, trained longer
#
# We trained all seven for 24 epochs on the drawn creatures, with the same seed, 128 pixels, and width 16. It is one run of each, so small differences mean nothing. Here are four held-out creatures:

# %%
kept = cu.weights.arrays("creatures_pix2pix", "variants")
above, below = {"sketch": drawn.inputs[:4]}, {"truth": drawn.targets[:4]}
some = "all of Pix2Pix", "no skips", "L1 alone", "GAN alone"
cu.plotting.compare(above | {name: kept[name] for name in some} | below, zoom=1)

# %% [markdown]
# - *All of Pix2Pix*: most creatures have one main colour, such as a light blue or a grey-green. Over it lies a fine grid, with dark specks in the eyes.
# - *No skips*: only a grey blob of about the right outline came through the bottleneck.
# - *L1 alone*: clean lines, and a dull brown with blue patches that run across the parts.
# - *GAN alone*: lilac everywhere, in coarse dots, and the paper isn't quite white. No L1 ties it to the truth.

# %%
others = "patch of 1", "whole picture", "λ = 10"
cu.plotting.compare(above | {name: kept[name] for name in others} | below, zoom=1)
scores = cu.weights.card("creatures_pix2pix")["scores"]["parts"]
for name, values in scores.items():
    print(f"{name:15}", *[f"{mark} {value:.2f}" for mark, value in values.items()])


# %% [markdown]
# - *Patch of 1*: the paper says that it makes colours bolder and nothing sharper. Here too: the second and the third creature are bluer than with *L1 alone*, and the lines are the same. There is no grid, so on our flat drawings this row is among the best.
# - *Whole picture*: each creature has a single colour, and the first is orange, as its flames suggest. But there are white specks in eyes and bellies, and pink strips on the paper.
# - *λ = 10*: pale, with a strong grid, and with an L1 of 0.18 instead of 0.13.
#
# The marks are means over all 30 held-out pairs. Colourful doesn't mean right, as the lilac of *GAN alone* shows.

# %% [markdown]
# ## Results
#
# From here on we use finished weights. Your network paints blotches, because it can't yet tell what kind of creature it sees. What helps? We compared trainings with L1 alone, four minutes on one core each, by their L1 on held-out pairs. With 800 pairs, one at a time, it was 0.130. With 4,800 pairs it was 0.127, with a rate of 1e-3 as well 0.124, and in batches of 16 as well 0.117.

# %% [markdown]
# So the first network, of width 32, learned from 4,800 *other* drawn creatures in batches of 16: 12 epochs with L1 alone at a rate of 1e-3, then 12 with λ = 300 at 2e-4. That took about 40 minutes on two cores. Here are five new sketches, its colourings, and the truth:

# %% tags=["cover"]
creatures = cu.weights.load_model("creatures_pix2pix")
coloured = creatures.predict(drawn_sketches, verbose=0)
rows = {"sketch": drawn_sketches[:5], "coloured": coloured[:5]}
cu.plotting.compare(rows | {"truth": drawn_truths[:5]}, zoom=1.1)

# %% [markdown]
# Flames mean orange, and bolts yellow: this network knows the kinds. But the third and the fifth are bluer than they should be, and the fourth has brown bolts instead of violet ones. The white specks in the eyes come from the adversarial loss: with L1 alone there were none, and with λ = 100 more.
#
# ### Draw your own sketch
#
# Draw with the pen, or upload a sketch with dark lines on white.

# %%
COLOURED_BY = "creatures_pix2pix"  # or "sketch2pokemon_pix2pix", the real pairs'

colourer = cu.weights.load_model(COLOURED_BY)
side = 128 if COLOURED_BY == "creatures_pix2pix" else 256


def colour(images, training=False):  # the canvas has 256 pixels
    resized = tf.image.resize(images, (side, side), "area")
    return colourer(resized, training=training)


cu.widgets.sketch_pad(colour, sketches=large.inputs[5:9])

# %% [markdown]
# ![The sketch pad: a canvas, four sketches to start from, and the coloured creature](pictures/sketch_pad.png)
#
# In the still, flames became orange, as they should. The network learned from pencil sketches of creatures with a face, so similar drawings work best.

# %% [markdown]
# ### With real pairs
#
# The second network learned from the 800 real pairs, at 256 × 256 pixels, with width 32, for 60 epochs. That took four hours on two cores. This page can't show that set, whose pictures belong to others, only what the network makes of it. First our drawn sketches, enlarged from 128 pixels:

# %%
real_colourer = cu.weights.load_model("sketch2pokemon_pix2pix")
four_drawn = to_floats(large.inputs[:4])
by_real_pairs = real_colourer(four_drawn)
cu.plotting.compare({"sketch": four_drawn, "coloured": by_real_pairs}, zoom=0.6)

# %% [markdown]
# Its colours are soft blotches. Some follow the parts, such as the third creature's blue coil, and others don't: its head is pink above and white below. The eyes are smeared. Our drawings look different from those that it learned from.
#
# Here are four real held-out sketches, as it coloured them at four moments.

# %%
sheets = cu.weights.arrays("sketch2pokemon_pix2pix", "sheets")
grown = dict(zip(sheets["epochs"].tolist(), sheets["images"], strict=True))
moments = sorted(grown)[1], sorted(grown)[3], sorted(grown)[8], sorted(grown)[-1]
cu.plotting.compare({f"epoch {n}": grown[n] for n in moments}, zoom=1)
cu.widgets.time_machine(grown, columns=4)

# %% [markdown]
# ![The time machine: a slider, and four creatures after 4 epochs](pictures/creatures_grow.png)
#
# After one epoch everything is in its place and grey, as L1 alone would have it. After four, all creatures have the same orange and blue-green. After 19 there are more colours, and after 60 they are strong. But they run across the parts: the first two creatures are magenta above and blue below.
#
# ### Through the discriminator's eyes
#
# We also kept the discriminator of the real pairs. It gets one sketch with three colourings: the true one, the generated one, and that of another creature.

# %%
trained_discriminator = cu.weights.load_model("sketch2pokemon_pix2pix_discriminator")
one, two = to_floats(large.targets[0]), to_floats(large.targets[1])
answers = {"its own": one, "generated": by_real_pairs[0], "another's": two}
cu.plotting.grid(
    np.stack([four_drawn[0], *answers.values()]), columns=4, titles=["sketch", *answers]
)
lens_pairs = {name: (four_drawn[0], answer) for name, answer in answers.items()}
verdicts = {}
for name, (sketch, answer) in lens_pairs.items():
    logits = trained_discriminator(sketch[None], answer[None])
    verdicts[name] = keras.ops.sigmoid(logits)[0, ..., 0]
other_pair = keras.ops.sigmoid(trained_discriminator(four_drawn[1:2], two[None]))
for name, verdict in (verdicts | {"the other's own pair": other_pair}).items():
    print(f"{name}: {np.mean(verdict):.2f} on average")
cu.plotting.maps(verdicts, label="probability of real")

# %% [markdown]
# The true pair is taken for real in many places, and the other two almost nowhere. Is that because the third colouring doesn't belong to this sketch? No: with its own sketch, it gets 0.03 as well. So on drawings, which it never saw before, this discriminator even rejects a true pair. It seems to judge mostly the colouring.
#
# In the patch lens you choose a cell, and see the 70 × 70 pixels that its verdict is mostly about:

# %%
cu.widgets.patch_lens(trained_discriminator, lens_pairs)

# %% [markdown]
# ![The patch lens: three pictures, their maps, and a framed patch of each](pictures/patch_lens.png)
#
# The still shows a cell near the middle. The probabilities there are 0.62, 0.05, and 0.01.
#
# ### How far from the truth?
#
# We compare with two trivial answers: the sketch itself, and always the same picture, the median of 100 true colourings. The last line is about the real pairs.

# %%
hundred = to_floats(cu.data.load("creatures", "fit", limit=100).targets)
median_picture = np.broadcast_to(np.median(hundred, axis=0), drawn_truths.shape)
answers = {"same picture": median_picture, "the sketch": drawn_sketches}
answers |= {"coloured": coloured, "truth": drawn_truths}
for name, pictures in answers.items():
    l1, colour_mark = l1_loss(drawn_truths, pictures), colourfulness(pictures)
    print(f"{name:12} L1 {l1:.2f}, colourfulness {colour_mark:.2f}")
print("with real pairs:", cu.weights.card("sketch2pokemon_pix2pix")["scores"]["L1"])

# %% tags=["recipe"]
# These are scores of the weights that ship: pack the new ones first, then run again.
scores = {
    name: round(float(l1_loss(drawn_truths, p)), 3) for name, p in answers.items()
}
pack.score("creatures_pix2pix", run_folder, {"L1": scores})

some = to_floats(cu.data.load("sketch2pokemon", "fit", limit=100).targets)
inputs, truths = to_floats(real_heldout.inputs), to_floats(real_heldout.targets)
answers = {"the same picture": np.median(some, axis=0), "the sketch": inputs}
answers["coloured"] = real_colourer.predict(inputs, verbose=0)
scores = {name: round(float(l1_loss(truths, p)), 3) for name, p in answers.items()}
pack.score("sketch2pokemon_pix2pix", run_folder, {"L1": scores})

# %% [markdown]
# The drawn creatures' network is well below both trivial answers. But L1 can't judge colour. Suppose that a pixel should be red, (1, −1, −1). Blue, (−1, −1, 1), has the L1 (2 + 0 + 2) / 3 = 1.33. Black, −1 in all channels, has (2 + 0 + 0) / 3 = 0.67. So black wins, although blue would look more real.

# %% [markdown]
# ## What goes wrong
#
# ### Brighter than white
#
# Without `tanh`, a generator can give values above 1. A byte can't hold the 280 that 1.2 would become. It wraps around to 24:

# %%
too_bright = 1.3 * drawn_sketches[:3]
wrapped = ((too_bright + 1) * 127.5).astype("int32").astype("uint8")
clipped = np.clip((too_bright + 1) * 127.5, 0, 255).astype("uint8")
cu.plotting.compare({"wrapped": wrapped, "clipped": clipped}, zoom=1)

# %% [markdown]
# In the upper row, white paper has become nearly black. The lower row was clipped to 0 … 255 before the cast.
#
# ### The dead bottleneck
#
# It's an easy mistake to normalize the last block of the encoder as well. Here are the codes of two sketches:

# %%
codes = creatures.encoder(drawn_sketches[:2])[-1]  # (2, 1, 1, channels)
for name, norm in {"as they are": None, "normalized": "instance"}.items():
    values = np.asarray(normalization(norm)(codes))
    differ = np.abs(values[0] - values[1]).max() > 0
    print(f"{name}: all zero: {not values.any()}, the two sketches differ: {differ}")

# %% [markdown]
# Normalized, the codes are 0 for every sketch. No error comes, and as the skips carry so much, the pictures needn't look broken. With batch normalization and a batch of one, the same happens in training.

# %% [markdown]
# ## Summary
#
# - Pix2Pix is a cGAN whose condition is a picture. It needs pairs that match pixel by pixel.
# - Change both sides of a pair alike, by stacking them. Augmentation can leak.
# - L1 asks for the median of the colours that a sketch allows, and the discriminator for one that looks real.
# - Skips carry the lines around the bottleneck, and join channels. A map of 1 × 1 is never normalized.
# - A PatchGAN gives one verdict for each patch.

# %% [markdown]
# ## Exercises
#
# Each has a check that gives a hint. The solutions are in the folder `solutions`.
#
# ### Exercise 1: predict
#
# A `PatchDiscriminator` with *four* halving blocks gets pictures of 256 pixels. How many pixels wide is the patch of one logit, and how many cells wide is the map?

# %% tags=["exercise"]
prediction = {"patch": None, "map": None}

lesson3.larger_patches(prediction)

# %% [markdown]
# ### Exercise 2: write a function
#
# Compute the receptive field of one output for any stack of convolutions. `kernels` and `strides` are lists, with the layer next to the picture first.


# %% tags=["exercise"]
def receptive_field(kernels, strides):
    return 1


print("our discriminator:", receptive_field([4, 4, 4, 4, 4], [2, 2, 2, 1, 1]))
lesson3.receptive_field(receptive_field)

# %% [markdown]
# ### Exercise 3: find the bug
#
# This function moves a pair. Look at the picture, find out what is wrong, and fix it.
#
# And why would a network that is trained with it do badly? Answer with a number: in the long run, in which share of the steps does the *faulty* function give the colouring as the input?


# %% tags=["exercise"]
def move_pair(sketch, colouring, seed):
    both = tf.concat([sketch, colouring], axis=1)
    both = shift(both, seed, border=15)
    return tf.split(both, 2, axis=1)


pair_sides = pair[..., :3], pair[..., 3:]
results = [move_pair(*pair_sides, (4, number)) for number in range(5)]
inputs, targets = (np.stack(side) for side in zip(*results, strict=True))
cu.plotting.compare({"input": inputs, "target": targets}, zoom=1)
lesson3.moved_alike({"move_pair": move_pair, "share": None})

# %% [markdown]
# ### Exercise 4: an experiment
#
# Choose a λ that isn't in the table, such as 1 or 1000. On paper, write down what you expect of the L1 and of the colourfulness. Then replace `None` with a call to `train_variant`, train for about four minutes, and compare with the marks of *all of Pix2Pix* above, which had as many epochs and λ = 100.

# %% tags=["exercise"]
l1_weight = 100.0
mine = None  # train_variant(weights=(1.0, l1_weight)) goes here

lesson3.another_weight({"l1_weight": l1_weight, "trained": mine})

# %% [markdown]
# ## Where to go on
#
# In lesson 4 Pix2Pix builds houses from plans, in a training that you can stop and resume.
#
# - Isola and others, [Pix2Pix](https://arxiv.org/abs/1611.07004) (2017)
# - Ronneberger and others, [U-Net](https://arxiv.org/abs/1505.04597) (2015)
# - Ulyanov and others, [Instance Normalization](https://arxiv.org/abs/1607.08022) (2016)
# - Araujo and others, [Computing Receptive Fields](https://distill.pub/2019/computing-receptive-fields/) (2019)
# - The data: [Sketch2Pokemon](https://www.kaggle.com/datasets/norod78/sketch2pokemon)
# - TensorFlow, [pix2pix tutorial](https://www.tensorflow.org/tutorials/generative/pix2pix)
