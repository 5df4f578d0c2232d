# %% [markdown]
# # 5 · CycleGAN: horses to zebras, without pairs
#
# ![Five drawn horses in the upper row; below each the zebra that the network of this lesson makes of it, and the horse that comes back](pictures/05_horse2zebra_cyclegan.png)
#
# Nobody has a photograph of a horse and of the *same* animal as a zebra. **CycleGAN** needs none: two heaps of pictures are enough. And since our drawn savannah knows each horse's zebra, this lesson can do what others cannot: mark the result.
#
# **You should know** lessons 3 and 4: Pix2Pix, instance normalization, checkpoints.
#
# **You will be able to** train four networks in one step, say what each term of CycleGAN's loss is for, and see through what looks right.
#
# **How long it takes**: an hour and a half, with a short training of your own. Five minutes? Run all but *Training*; *Results* uses finished weights.

# %% jupyter={"source_hidden": true}
# Finds the course above this notebook or in Drive, else clones it from COURSE_REPO.
import os, pathlib, subprocess, sys  # noqa: E401, I001

COURSE_REPO = os.environ.get("COURSE_REPO", "https://example.org/gan-course.git")
above, drive = pathlib.Path("_").absolute().parents, "/content/drive/MyDrive/gan-course"
places = [*above, pathlib.Path(drive), here := pathlib.Path("gan-course").absolute()]
root = next((p for p in places if (p / "course_utils").is_dir()), here)
root.exists() or subprocess.run(["git", "clone", COURSE_REPO, root], check=True)
sys.path.insert(0, str(root))
_ = subprocess.run([sys.executable, root / "course_utils/install.py"], check=True)

# %%
import course_utils as cu
import keras
import numpy as np
import tensorflow as tf
from keras import layers

# %% [markdown]
# ### Settings
#
# You train on the drawn savannah, 64 × 64 pixels, for some ten minutes on two cores. The recipe goes on to photographs. (At 256 × 256 with the paper's networks, a step needs PEAK_MEMORY of memory.)

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=10, recipe=40)  # on the savannah
SCENES = cu.pick(quick=8, lesson=200, recipe=400)  # horses, and as many zebras
PHOTO_EPOCHS = cu.pick(quick=0, lesson=0, recipe=15)  # on photographs
SIZE = 64  # pixels, in both directions; 128 for the photographs
WIDTH = cu.pick(quick=8, lesson=16, recipe=32)  # filters; 64 in the paper
CYCLE_WEIGHT = 10.0  # λ in the text
GENERATOR = "resnet"  # or "unet"
LEAST_SQUARES = True  # False: cross entropy, as in the lessons before

cu.setup(seed=0)
run_folder = cu.run_folder("05_horse2zebra_cyclegan")
is_recipe = cu.runtime.run_length() == "recipe"

# %% [markdown]
# ## Idea
#
# Say $x$ is a horse, $y$ a zebra, and a generator $G$ turns $x$ into a zebra. A discriminator $D_Y$ checks that $G(x)$ looks like one. That is not enough: *any* zebra would do, even the same one for every horse. In Pix2Pix, L1 to the truth tied the answer to the question. Here there is no truth.
#
# CycleGAN's way out: a second generator, $F$, from zebras to horses, and the wish that whoever goes there and back arrives where they started, **cycle consistency**: $F(G(x)) \approx x$ and $G(F(y)) \approx y$. From a zebra that has nothing to do with the horse, nobody could find the way back.

# %%
places = {
    "real horse x\npicture": (0, 1),
    "G": (1, 1),
    "fake zebra G(x)\npicture": (2, 1),
}
places |= {"D_Y": (3, 1), "F": (1, 0), "fake horse F(G(x))\npicture": (0, 0)}
arrows = ["real horse x > G", "G > fake zebra G(x)", "fake zebra G(x) > D_Y"]
arrows += ["fake zebra G(x) > F", "F > fake horse F(G(x))"]
cu.plotting.diagram(places, arrows, title="one of two cycles; the other begins with y")

# %% [markdown]
# | | input | what the generator must please |
# |---|---|---|
# | GAN | noise | a discriminator |
# | cGAN | noise and a label | a discriminator that knows the label |
# | Pix2Pix | a picture | a discriminator that knows the picture; L1 to the truth |
# | CycleGAN | a picture | a discriminator that knows nothing else; L1 after a cycle |
#
# ## Data
#
# 967 photographs of horses and 1,234 of zebras, after 100 of each are **held out**. You train on the **miniature**, a drawn savannah.

# %% tags=["nbval-ignore-output"]
drawn = {"size": SIZE, "source": "miniature"}
fit = cu.data.load("horse2zebra", "fit", limit=SCENES, **drawn)
cu.plotting.compare({"horses": fit.horses[:6], "zebras": fit.zebras[:6]})

# %% [markdown]
# There are no pairs, and so each heap is shuffled for itself. `zip` would stop at the shorter one, and leave zebras unseen; `paired=False` goes through the shorter heap again. Jitter as in lesson 4.


# %%
def jittered(picture, seed):
    size = picture.shape[0]
    return cu.data.augment.jitter(picture, seed, size=size, larger=size * 286 // 256)


batches = cu.data.batches(*fit, batch_size=1, seed=0, augment=jittered, paired=False)
horses, zebras = next(iter(batches))
print(horses.shape, zebras.shape, len(batches), "batches an epoch")

# %% [markdown]
# ### The truth, for marking only
#
# Each of our horses was drawn a second time, as a zebra in the same place. No training sees these. The **marks** are the L1 to this truth, and **SSIM**, which compares the structure of small windows and is 1 for equal pictures.


# %%
def marks(pictures, truths):
    l1 = np.abs(pictures - truths).mean()
    ssim = tf.image.ssim(pictures, truths, max_val=2.0).numpy().mean()
    return {"L1": round(float(l1), 3), "SSIM": round(float(ssim), 3)}


def to_floats(pictures):
    return pictures / np.float32(127.5) - 1


tests = cu.data.truth("horse2zebra", "heldout", size=SIZE)
test_horses, test_zebras = map(to_floats, tests)
cu.plotting.compare({"horse": test_horses[:6], "its zebra": test_zebras[:6]})
print("doing nothing:", marks(test_horses, test_zebras))

# %% [markdown]
# That is the mark to beat: most of a picture is savannah, and stays.
#
# ## Networks
#
# ### The ResNet generator
#
# Lesson 4's U-Net with instance norm would do, and you may choose it in *Settings*. The paper has another one. It halves twice only, and between stand six **residual blocks** (nine for 256 pixels), whose output is *added* to their input: a block that does nothing is the identity, a good start for a network that should change little. Borders are mirrored, not zero. In the paper's notation: c7s1-64, d128, d256, R256 six times, u128, u64, c7s1-3.


# %%
start, normalization = cu.blocks.start, cu.blocks.normalization


class ResidualBlock(layers.Layer):
    def __init__(self, filters, norm="instance", **kwargs):
        super().__init__(**kwargs)
        self.convolutions = [
            layers.Conv2D(filters, 3, use_bias=False, kernel_initializer=start())
            for _ in range(2)
        ]
        self.normalize = [normalization(norm) for _ in range(2)]

    def call(self, inputs, training=False):
        border = [[0, 0], [1, 1], [1, 1], [0, 0]]
        features = inputs
        for number in range(2):
            padded = keras.ops.pad(features, border, mode="reflect")
            features = self.convolutions[number](padded)
            features = self.normalize[number](features, training=training)
            if number == 0:
                features = keras.ops.relu(features)
        return keras.ops.add(inputs, features)


print(ResidualBlock(8)(keras.ops.zeros((1, 16, 16, 8))).shape)


# %% [markdown]
# All other convolutions are followed by instance norm and ReLU, so they get a block as well:


# %%
def reflect(images, border):
    sides = [border, border]
    return keras.ops.pad(images, [[0, 0], sides, sides, [0, 0]], mode="reflect")


class ReluBlock(layers.Layer):
    def __init__(self, convolution, filters, kernel_size, **options):
        super().__init__()
        self.convolution = convolution(
            filters,
            kernel_size,
            use_bias=False,
            kernel_initializer=start(),
            **options,
        )
        self.normalize = normalization("instance")

    def call(self, inputs, training=False):
        features = self.normalize(self.convolution(inputs), training=training)
        return keras.ops.relu(features)


# %%
class ResNetGenerator(keras.Model):
    def __init__(self, size=256, width=64, blocks=None):
        super().__init__()
        if blocks is None:
            blocks = 9 if size > 128 else 6
        twice = {"strides": 2, "padding": "same"}
        self.first = ReluBlock(layers.Conv2D, width, 7)  # c7s1-64
        self.blocks = [
            ReluBlock(layers.Conv2D, 2 * width, 3, **twice),  # d128
            ReluBlock(layers.Conv2D, 4 * width, 3, **twice),  # d256
        ]
        self.blocks += [ResidualBlock(4 * width) for _ in range(blocks)]  # R256
        self.blocks += [
            ReluBlock(layers.Conv2DTranspose, 2 * width, 3, **twice),  # u128
            ReluBlock(layers.Conv2DTranspose, width, 3, **twice),  # u64
        ]
        self.last = layers.Conv2D(  # c7s1-3
            3, 7, activation="tanh", kernel_initializer=start()
        )

    def call(self, images, training=False):
        features = self.first(reflect(images, 3), training=training)
        for block in self.blocks:
            features = block(features, training=training)
        return self.last(reflect(features, 3))


# %% [markdown]
# The discriminator is lesson 4's, but sees *one* picture: is this a real zebra? All three networks at the paper's size:

# %%
image = keras.random.uniform((1, 256, 256, 3), -1, 1, seed=0)
networks = {
    "ResNet": ResNetGenerator(),
    "U-Net": cu.networks.UNet(256, 64, "instance"),
    "discriminator": cu.networks.PictureDiscriminator(),
}
for name, network in networks.items():
    print(f"{name}: {network(image).shape}, {network.count_params():,} parameters")

# %% [markdown]
# Five times fewer than the U-Net, and slower: its residual blocks work on a quarter of the picture's height and width, with 256 channels each.
#
# What does an untrained generator make of a horse? A grey; with the contrast raised, a noise that knows the horse's outline at best. The untrained discriminator's opinion is by chance:

# %%
keras.utils.set_random_seed(0)
grey = ResNetGenerator(SIZE, 32)(test_horses[:3])
loud = grey / np.abs(grey).max()
cu.plotting.compare({"horse": test_horses[:3], "contrast raised": loud})
opinion = cu.networks.PictureDiscriminator(32)(test_horses[:1])
cu.plotting.maps({"a zebra?": keras.ops.sigmoid(opinion)[0, ..., 0]}, label="real")

# %% [markdown]
# ## Losses
#
# $$\mathcal{L}_G = \ell(D_Y(G(x)), 1) + \lambda \left( |F(G(x)) - x| + |G(F(y)) - y| \right) + \tfrac{\lambda}{2} |G(y) - y|$$
#
# and the same for $F$, with $D_X(F(y))$ and $|F(x) - x|$. The cycle belongs to both: each of them can spoil it. The last term is the **identity** loss: a zebra is to stay as it is in $G$; without it, nothing says that the savannah keeps its colours. $\ell$ was cross entropy so far. The paper takes squares (LSGAN), $(D - 1)^2$ for real and $D^2$ for fake, which keep pushing where a sigmoid is flat already. The discriminators' loss is halved, so that they learn more slowly.

# %%
gan_losses = cu.losses.discriminator_loss, cu.losses.generator_loss
if LEAST_SQUARES:
    gan_losses = (
        cu.losses.least_squares_discriminator_loss,
        cu.losses.least_squares_generator_loss,
    )
logits = np.float32([-2, 0.5, 1])
print("cross entropy:", f"{cu.losses.generator_loss(logits):.2f}")
print("squares:", f"{cu.losses.least_squares_generator_loss(logits):.2f}")

# %% [markdown]
# The discriminators also meet older fakes: an **image pool** keeps fifty, and gives back one of them instead of the fresh one, half of the time. A trick that fooled them last week should not work again today. Here is a pool of two, fed with numbers as pictures:

# %%
pool = cu.gan.ImagePool(2, seed=1)
for number in range(1, 7):
    given = pool(tf.fill((1, 1, 1, 1), float(number)))
    print(f"{number} in, {int(given[0, 0, 0, 0])} out", end="; ")

# %% [markdown]
# ## One step
#
# Six pictures are drawn: there and back for both animals, and both identities. One tape watches all; each network is moved by its own loss alone.


# %%
def make_train_step(nets, adams, pools, gan_losses, cycle=10.0, identity=5.0):
    to_zebra, to_horse, is_zebra, is_horse = nets
    zebra_pool, horse_pool = pools
    d_loss, g_loss = gan_losses
    away = cu.losses.l1_loss

    @tf.function
    def train_step(batch):
        horses, zebras = batch
        with tf.GradientTape(persistent=True) as tape:
            fake_zebras = to_zebra(horses, training=True)
            fake_horses = to_horse(zebras, training=True)
            cycles = away(horses, to_horse(fake_zebras, training=True))
            cycles += away(zebras, to_zebra(fake_horses, training=True))
            same_zebras = away(zebras, to_zebra(zebras, training=True))
            same_horses = away(horses, to_horse(horses, training=True))
            zebra_g = g_loss(is_zebra(fake_zebras))
            horse_g = g_loss(is_horse(fake_horses))
            old_zebras, old_horses = zebra_pool(fake_zebras), horse_pool(fake_horses)
            losses = [
                zebra_g + cycle * cycles + identity * same_zebras,
                horse_g + cycle * cycles + identity * same_horses,
                d_loss(is_zebra(zebras), is_zebra(old_zebras)) / 2,
                d_loss(is_horse(horses), is_horse(old_horses)) / 2,
            ]
        for net, adam, loss in zip(nets, adams, losses, strict=True):
            gradients = tape.gradient(loss, net.trainable_variables)
            adam.apply(gradients, net.trainable_variables)
        shown = {"zebra_d_loss": losses[2], "horse_d_loss": losses[3], "cycle": cycles}
        return shown | {"zebra_g_loss": zebra_g, "horse_g_loss": horse_g}

    return train_step


# %% [markdown]
# ## Training
#
# `make_state` gives everything that a checkpoint must hold: four networks, four Adams, two pools. The rate is constant for the first half, then falls to 0, as in the paper.


# %%
def make_generator(size=SIZE, width=WIDTH):
    if GENERATOR == "unet":
        return cu.networks.UNet(size, width, "instance")
    return ResNetGenerator(size, width)


def make_state(steps, size=SIZE):
    rate = cu.training.LinearDecay(2e-4, steps, start=steps // 2)
    names = "to_zebra", "to_horse", "is_zebra", "is_horse"
    nets = [make_generator(size) for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator(WIDTH) for _ in range(2)]
    adams = [cu.training.Adam(rate, beta_1=0.5) for _ in range(4)]
    state = dict(zip(names, nets, strict=True))
    state |= {f"{name}_adam": adam for name, adam in zip(names, adams, strict=True)}
    return state | {
        "zebra_pool": cu.gan.ImagePool(50),
        "horse_pool": cu.gan.ImagePool(50),
    }


# %%
def train(name, batches, epochs, watched, **weights):
    state = make_state(epochs * len(batches), watched.shape[1])
    nets, adams, pools = (
        list(state.values())[a:b] for a, b in ((0, 4), (4, 8), (8, 10))
    )

    def draw_samples(path):
        sheet = cu.plotting.tile(state["to_zebra"](watched), columns=len(watched))
        cu.plotting.save_picture(sheet, path)

    history = cu.training.fit(
        make_train_step(nets, adams, pools, gan_losses, **weights),
        batches,
        epochs=epochs,
        state=state,
        folder=run_folder / name,
        snapshot=draw_samples,
        checkpoint_every=5,
        keep=5,
    )
    return state["to_zebra"], state["to_horse"], history


# %% tags=["nbval-ignore-output"]
to_zebra, to_horse, history = train("savannah", batches, EPOCHS, test_horses[:4])
print("yours:", marks(to_zebra(test_horses).numpy(), test_zebras))
rows = {"horse": test_horses[:4], "yours": to_zebra(test_horses[:4])}
cu.plotting.compare(rows | {"truth": test_zebras[:4]})

# %% [markdown]
# CAPTION_OWN

# %%
history.plot(["zebra_d_loss"], ["zebra_g_loss"], ["cycle"])

# %% [markdown]
# ### What is each part good for?
#
# Leave one out, and mark. The recipe has trained three savannahs for 40 epochs each, on 400 horses and as many zebras. *Background* is the mean change outside of the animals, where nothing should happen.

# %% tags=["nbval-ignore-output"]
VARIANTS = {
    "all of CycleGAN": {},
    "no cycle": {"cycle": 0.0},
    "no identity": {"identity": 0.0},
}
is_animal = np.abs(test_zebras - test_horses).max(-1, keepdims=True) > 0.02


def all_marks(pictures):
    changes = np.abs(pictures - test_horses).mean(-1, keepdims=True)
    background = changes[~is_animal].mean()
    return marks(pictures, test_zebras) | {"background": round(float(background), 3)}


if is_recipe:
    keras.utils.set_random_seed(0)
    untrained = ResNetGenerator(SIZE, WIDTH)(test_horses).numpy()
    pictures = {"nothing done": test_horses, "untrained": untrained}
    for name, weights in VARIANTS.items():
        there, back, run = train(name, batches, EPOCHS, test_horses[:4], **weights)
        pictures[name] = there.predict(test_horses, verbose=0)
        if name == "all of CycleGAN":
            kept = {"savannah_cyclegan": there, "savannah_cyclegan_back": back}
            about = {"data": "the miniature savannah", "licence": "MIT"}
            cu.weights.keep(kept, history=run, batches=batches, **about)
    scores = {name: all_marks(some) for name, some in pictures.items()}
    cu.weights.add_scores("savannah_cyclegan", scores)
    cu.weights.add_pictures(
        "savannah_cyclegan", {name: some[:5] for name, some in pictures.items()}
    )

# %%
for name, values in cu.weights.card("savannah_cyclegan")["scores"].items():
    print(f"{name:16}", *(f"{key} {value:.3f}" for key, value in values.items()))
cu.plotting.compare(
    {"truth": test_zebras[:5]} | cu.weights.pictures("savannah_cyclegan")
)

# %% [markdown]
# CAPTION_VARIANTS
#
# ## Results
#
# ### There and back
#
# The recipe's savannah generators, on horses and zebras that they have not seen:

# %% tags=["cover"]
there = cu.weights.load_model("savannah_cyclegan")
back = cu.weights.load_model("savannah_cyclegan_back")
zebras_made = there.predict(test_horses, verbose=0)
horses_again = back.predict(zebras_made, verbose=0)
rows = {"horse": test_horses[:5], "as zebra": zebras_made[:5]}
cu.plotting.compare(rows | {"and back": horses_again[:5]})

# %% [markdown]
# CAPTION_THERE
#
# ### Photographs
#
# With the photographs there is no truth to mark against. The recipe trains on them at 128 × 128, and a small classifier, which has learnt horses and zebras from the real training photographs, reads the translations of the 100 held-out horses.

# %% tags=["nbval-ignore-output"]
if is_recipe:
    photos = cu.data.load("horse2zebra", "fit", size=128)
    photo_batches = cu.data.batches(
        *photos, batch_size=1, seed=0, augment=jittered, paired=False
    )
    ours = cu.data.load("horse2zebra", "test", size=128, limit=4, source="miniature")
    to_zebra, to_horse, run = train(
        "photographs", photo_batches, PHOTO_EPOCHS, to_floats(ours.horses)
    )
    cu.weights.keep(
        {"horse2zebra_cyclegan": to_zebra, "zebra2horse_cyclegan": to_horse},
        history=run,
        batches=photo_batches,
        samples=run_folder / "photographs" / "samples",
        data="horse2zebra, 967 horses and 1,234 zebras, 128 × 128",
        licence="for learning only: trained on photographs from ImageNet",
    )

# %% tags=["nbval-ignore-output"]
if is_recipe:
    heldout = cu.data.load("horse2zebra", "heldout", size=128)
    classifier = cu.weights.load_model("horse2zebra_judge")
    real = to_floats(heldout.horses)
    fake = to_zebra.predict(real, verbose=0)
    again = to_horse.predict(fake, verbose=0)
    found = [classifier.predict(some, verbose=0).argmax(-1) for some in (real, fake)]
    names = "horses read as zebras", "translated horses read as zebras"
    scores = {name: float(kind.mean()) for name, kind in zip(names, found, strict=True)}
    scores["cycle L1"] = round(float(np.abs(again - real).mean()), 3)
    scores["mean change"] = round(float(np.abs(fake - real).mean()), 3)
    cu.weights.add_scores("horse2zebra_cyclegan", scores)
print(cu.weights.card("horse2zebra_cyclegan")["scores"])

# %% [markdown]
# CAPTION_PHOTO_SCORES
#
# This page must not show the photographs, so here are drawn animals at 128 × 128 through the generators that have learnt from photographs; and how the first two grew.

# %%
photo_zebra = cu.weights.load_model("horse2zebra_cyclegan")
photo_horse = cu.weights.load_model("zebra2horse_cyclegan")
animals = cu.data.load("horse2zebra", "test", size=128, limit=5, source="miniature")
for kind, given, one, other in (
    ("horse", to_floats(animals.horses), photo_zebra, photo_horse),
    ("zebra", to_floats(animals.zebras), photo_horse, photo_zebra),
):
    there, again = one(given), other(one(given))
    cu.plotting.compare({kind: given, "translated": there, "and back": again})

# %%
grown = cu.weights.sheets("horse2zebra_cyclegan")
grown = dict(zip(grown["epochs"].tolist(), grown["images"], strict=True))
cu.widgets.time_machine(grown, columns=4)

# %% [markdown]
# ### Your own photograph
#
# Upload one of a horse, of any size. The network knows savannahs and meadows with animals seen from the side, as in ImageNet, at 128 × 128 pixels; on anything else it does something, and we cannot say what. You may also paint on the picture.


# %%
def translated(images, training=False):
    return photo_zebra(tf.image.resize(images, (128, 128), "area"), training=training)


large = cu.data.load("horse2zebra", "test", limit=4, source="miniature")
cu.widgets.sketch_pad(translated, sketches=large.horses)

# %% [markdown]
# ## What goes wrong
#
# ### Inverted colours
#
# What can a cycle not see? Here is a $G$ that makes a negative, and an $F$ that makes a negative again:

# %%
negative = -test_horses
cycle = np.abs(-negative - test_horses).mean()
identity = np.abs(-test_zebras - test_zebras).mean()
print(f"cycle {cycle:.2f}, identity {identity:.2f}")
cu.plotting.compare({"horse": test_horses[:3], "G": negative[:3], "F": test_horses[:3]})

# %% [markdown]
# A perfect cycle. Only the discriminator can object, and early in a training it knows little about colours. The identity loss objects at once.
#
# ### The hidden message
#
# How does $F$ know which horse it was? Add a noise to the zebra that you can hardly see, before it goes back:

# %%
noise = np.random.default_rng(0).normal(0, 0.03, zebras_made.shape)
noisy = np.clip(zebras_made + noise, -1, 1).astype("float32")
moved = back.predict(noisy, verbose=0)
print(f"zebra changed by {np.abs(noisy - zebras_made).mean():.3f}")
print(f"cycle {np.abs(horses_again - test_horses).mean():.3f}", end=" ")
print(f"becomes {np.abs(moved - test_horses).mean():.3f}")
cu.plotting.compare({"back": horses_again[:4], "back, with noise": moved[:4]})

# %% [markdown]
# CAPTION_NOISE
#
# ## Summary
#
# - Without pairs, a discriminator alone accepts any zebra; the cycle asks that the horse can be found again.
# - Identity keeps what need not change: zebras in $G$, horses in $F$, and the colours of the ground.
# - Both generators are moved by both cycles; the pool reminds the discriminators of older fakes.
# - A small loss is no proof: a negative has a perfect cycle. Where there is a truth, mark against it.
#
# ## Exercises
#
# ### Exercise 1: predict
#
# Which of these six terms move the weights of $G$ (`to_zebra`)? Put True or False.

# %% tags=["exercise"]
prediction = {
    "D_Y(G(x))": None,
    "D_X(F(y))": None,
    "F(G(x)) - x": None,
    "G(F(y)) - y": None,
    "G(y) - y": None,
    "F(x) - x": None,
}

cu.exercises.lesson5.who_is_moved(prediction)

# %% [markdown]
# ### Exercise 2: write a function
#
# This is half of the cycle loss. Write all of it: the sum of both ways round.


# %% tags=["exercise"]
def cycle_loss(horses, zebras, to_zebra, to_horse):
    return cu.losses.l1_loss(horses, to_horse(to_zebra(horses)))


cu.exercises.lesson5.cycle_both(cycle_loss)

# %% [markdown]
# ### Exercise 3: find the bug
#
# This identity loss makes zebras of horses *harder*. Mend it.


# %% tags=["exercise"]
def identity_loss(horses, zebras, to_zebra, to_horse):
    same_horses = cu.losses.l1_loss(horses, to_zebra(horses))
    same_zebras = cu.losses.l1_loss(zebras, to_horse(zebras))
    return same_horses + same_zebras


cu.exercises.lesson5.identity(identity_loss)

# %% [markdown]
# ## Further reading
#
# - Zhu and others, *Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks* (2017)
# - Chu and others, *CycleGAN, a Master of Steganography* (2017)
# - Mao and others, *Least Squares Generative Adversarial Networks* (2017)
