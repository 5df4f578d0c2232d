# %% [markdown]
# # 5 · CycleGAN: horses to zebras, without pairs
#
# ![Five drawn horses in the upper row; below each the zebra that the network of this lesson makes of it, and the horse that comes back](pictures/05_horse2zebra_cyclegan.png)
#
# Nobody has a photograph of a horse and of the *same* animal as a zebra. **CycleGAN** needs none: two heaps of pictures are enough. And since our drawn savannah knows each horse's zebra, this lesson can do what others cannot: mark the result.
#
# **You should know** lessons 3 and 4: Pix2Pix, instance normalization, checkpoints.
#
# **You will be able to** train four networks in one step, say what each term of CycleGAN's loss is for, and spot what only looks right.
#
# **How long it takes**: an hour and a half, with a short training of your own. Five minutes? Run all but *Training*; *Results* uses finished weights.

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
from checks import lesson5
from keras import layers

# %% [markdown]
# ### Settings
#
# You train on the drawn savannah, 64 × 64 pixels, about three minutes on two cores. The recipe took longer, and went on to photographs. (Memory with `SIZE` 256: 2.2 GB; with the paper's networks, 3.6 GB.)

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=10, recipe=30)  # on the savannah
SCENES = cu.pick(quick=8, lesson=800, recipe=None)  # at most, of each animal
SIZE = 64  # pixels, in both directions; the finished weights are for 64
WIDTH = cu.pick(quick=8, lesson=16, recipe=16)  # filters; 64 in the paper
GENERATOR = "unet"  # or "resnet"
LEAST_SQUARES = True  # False: cross entropy, as in the lessons before

cu.setup(seed=0)
run_folder = cu.run_folder("05_horse2zebra_cyclegan")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack

# %% [markdown]
# ## Idea
#
# Say $x$ is a horse, $y$ a zebra, and a generator $G$ turns $x$ into a zebra. A discriminator $D_Y$ checks that $G(x)$ looks like one. That is not enough: *any* zebra would do, even the same one for every horse. In Pix2Pix, L1 to the truth tied the answer to the question. Here there is no truth.
#
# CycleGAN's way out: a second generator, $F$, from zebras to horses, and **cycle consistency**: who goes there and back should arrive at the start: $F(G(x)) \approx x$ and $G(F(y)) \approx y$. From a zebra that has nothing to do with the horse, it is hard to find the way back.

# %% [markdown]
# ![Two cycles. A real horse x goes through G and becomes a fake zebra, which goes through F and becomes a horse again; the cycle loss compares that with x. The discriminator D_Y sees fake zebras and real zebras y. The other way round, a real zebra y goes through F and then through G, and the discriminator D_X sees fake horses and real horses x.](pictures/cycle.svg)
#
# Both generators work in both cycles; each discriminator sees one animal, real and fake.
#
# | | input | what the generator must please |
# |---|---|---|
# | GAN | noise | a discriminator |
# | cGAN | noise and a label | a discriminator that knows the label |
# | Pix2Pix | a picture | a discriminator that knows the picture; L1 to the truth |
# | CycleGAN | a picture | a discriminator that knows nothing else; L1 after a cycle |
#
# In the last two, L1 takes care of the coarse (where something is, and its colour), the discriminator of the fine. CycleGAN is harder: its L1 never says what a zebra looks like.
#
# ## Data
#
# The recipe trains on photographs, 967 of horses and 1,234 of zebras; 100 more of each are **held out**. You train on the **miniature**, a savannah that we drew.

# %% tags=["nbval-ignore-output"]
larger = SIZE * 9 // 8
fit = cu.data.load("savannah", "fit", size=larger, limit=SCENES)
cu.plotting.compare({"horses": fit.horses[:5], "zebras": fit.zebras[:5]})

# %% [markdown]
# Photographs are jittered as in lesson 4. Our small drawings, of 72 pixels, are only mirrored and cropped to 64: enlarging would double every eighth line, and a discriminator sees that before any stripe.
#
# There are no pairs, so each heap is shuffled separately. `zip` would stop at the end of the shorter one and leave zebras unseen; with `paired=False` the shorter one starts again. The paper shows one picture at a time; four make better use of two cores.


# %%
def jittered(picture, seed):
    size = picture.shape[0]
    return cu.augment.jitter(picture, seed, size=size, larger=size * 286 // 256)


horse = fit.horses[0]
views = [horse, *(jittered(horse, (0, number)) for number in range(3))]
titles = ["as it is", *3 * ["jittered"]]
cu.plotting.grid(np.stack(views), columns=4, titles=titles)


def cropped(picture, seed):
    part = cu.augment.random_crop(picture, seed, size=SIZE)
    return cu.augment.mirror(part, seed)


batches = cu.batches.make(*fit, batch_size=4, seed=0, augment=cropped, paired=False)
horses, zebras = next(iter(batches))
print(horses.shape, zebras.shape)

# %% [markdown]
# ### The truth, for marking only
#
# Each of our horses was drawn a second time, as a zebra in the same place. No training sees these. The **marks** are the L1 to this truth, and **SSIM**, which compares the structure of small windows and is 1 for equal pictures. Most of a picture is savannah, and stays; so we also take the L1 on the *animals* alone, where horse and zebra differ, and that *around* them.


# %%
def to_floats(pictures):
    return pictures / np.float32(127.5) - 1


tests = cu.data.load("savannah", "heldout", size=SIZE)
test_horses, test_zebras = map(to_floats, tests)
is_animal = np.abs(test_zebras - test_horses).max(-1) > 0.02


def marks(pictures, truths):
    away = np.abs(pictures - truths).mean(-1)
    ssim = tf.image.ssim(pictures, truths, max_val=2.0).numpy().mean()
    found = {"L1": away.mean(), "SSIM": ssim}
    found |= {"animals": away[is_animal].mean(), "around": away[~is_animal].mean()}
    return {name: round(float(value), 3) for name, value in found.items()}


cu.plotting.compare({"horse": test_horses[:5], "its zebra": test_zebras[:5]})
print("doing nothing:", marks(test_horses, test_zebras))

# %% [markdown]
# ## Networks
#
# ### The ResNet generator
#
# You will train lesson 4's U-Net with instance norm. The paper has another generator, for photographs. It halves only twice; between stand six **residual blocks** (nine for 256 pixels), whose output is *added* to their input: a block need only learn what to change. In them, and at the first and last convolution, borders are mirrored. The paper writes c7s1-64, d128, d256, R256 six times, u128, u64, c7s1-3 (c7s1: kernel 7, stride 1; d: stride 2; R: residual; u: transposed, stride 2; then the filters).


# %%
start, normalization = cu.blocks.start, cu.blocks.normalization


def reflect(images, border):
    sides = [border, border]
    return keras.ops.pad(images, [[0, 0], sides, sides, [0, 0]], mode="reflect")


class ResidualBlock(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.convolutions = [
            layers.Conv2D(filters, 3, use_bias=False, kernel_initializer=start())
            for _ in range(2)
        ]
        self.normalize = [normalization("instance") for _ in range(2)]

    def call(self, inputs):
        features = self.convolutions[0](reflect(inputs, 1))
        features = keras.ops.relu(self.normalize[0](features))
        features = self.convolutions[1](reflect(features, 1))
        return inputs + self.normalize[1](features)


print(ResidualBlock(8)(keras.ops.zeros((1, 16, 16, 8))).shape)


# %% [markdown]
# All other convolutions but the last are followed by instance norm and ReLU, so they get a block as well:


# %%
class ReluBlock(layers.Layer):
    def __init__(self, convolution, filters, kernel_size, **options):
        super().__init__()
        options |= {"use_bias": False, "kernel_initializer": start()}
        self.convolution = convolution(filters, kernel_size, **options)
        self.normalize = normalization("instance")

    def call(self, inputs):
        return keras.ops.relu(self.normalize(self.convolution(inputs)))


# %%
class ResNetGenerator(keras.Model):
    def __init__(self, width=64, blocks=9):
        super().__init__()
        twice = {"strides": 2, "padding": "same"}
        self.first = ReluBlock(layers.Conv2D, width, 7)  # c7s1-64
        self.blocks = [
            ReluBlock(layers.Conv2D, 2 * width, 3, **twice),  # d128
            ReluBlock(layers.Conv2D, 4 * width, 3, **twice),  # d256
            *[ResidualBlock(4 * width) for _ in range(blocks)],  # R256
            ReluBlock(layers.Conv2DTranspose, 2 * width, 3, **twice),  # u128
            ReluBlock(layers.Conv2DTranspose, width, 3, **twice),  # u64
        ]
        self.last = layers.Conv2D(  # c7s1-3
            3, 7, activation="tanh", kernel_initializer=start(), dtype="float32"
        )

    def call(self, images):
        features = self.first(reflect(images, 3))
        for block in self.blocks:
            features = block(features)
        return self.last(reflect(features, 3))


# %% [markdown]
# The discriminator is lesson 4's, but sees *one* picture: is this a real zebra? All three networks at the paper's size; and by how much an untrained generator's output changes when its input gets redder:

# %%
image = keras.random.uniform((1, 256, 256, 3), -1, 1, seed=0)
networks = {
    "ResNet": ResNetGenerator(),
    "U-Net": cu.networks.UNet(256, 64, "instance"),
    "discriminator": cu.networks.PatchDiscriminator(64, "instance"),
}
for name, network in networks.items():
    print(f"{name}: {network(image).shape}, {network.count_params():,} parameters")

redder = image + np.float32([0.3, 0, -0.3])
for name in ("ResNet", "U-Net"):
    one, other = networks[name](image), networks[name](redder)
    change = np.abs(one - other).mean() / np.abs(one).mean()
    print(f"{name}: redder, and the output changes by {change:.1%}")

# %% [markdown]
# The ResNet has five times fewer parameters, and is slower: its blocks work at a quarter of the picture's height and width, with 256 channels.
#
# And it does not see a tint at all. No training can mend that: instance norm, right after the first convolution, takes away the mean of what it finds in the picture, and with it the tint. It has to *guess* it: easy for a meadow, hopeless where grounds of any colour have the same grass, as ours. The U-Net's first block has no norm, and its skip hands the colours over.
#
# Untrained, the ResNet makes a grey with a faint noise; here it is louder. And the untrained discriminators, on the first horse: is this a real zebra, a real horse?

# %%
keras.utils.set_random_seed(0)
grey = ResNetGenerator(32, blocks=6)(test_horses[:3])
cu.plotting.compare({"horse": test_horses[:3], "louder": grey / np.abs(grey).max()})
opinions = {}
for question in ("a zebra?", "a horse?"):
    logits = cu.networks.PatchDiscriminator(32, "instance")(test_horses[:1])
    opinions[question] = keras.ops.sigmoid(logits)[0, ..., 0]
cu.plotting.maps(opinions, label="real")

# %% [markdown]
# ## Losses
#
# $$\mathcal{L}_G = \ell(D_Y(G(x)), 1) + \lambda \left( |F(G(x)) - x| + |G(F(y)) - y| \right) + \tfrac{\lambda}{2} |G(y) - y|$$
#
# with $\lambda = 10$, and the same for $F$, with the horses' discriminator, $D_X(F(y))$, and $|F(x) - x|$. The cycle belongs to both: each of them can spoil it. The last term is the **identity** loss: $G$ should leave a zebra alone; without it, nothing says that the savannah keeps its colours. $\ell$ was cross entropy so far. The paper takes squares (LSGAN), $(D - 1)^2$ for real and $D^2$ for fake, which pull all logits to 1 or 0, even those on the right side, which satisfy cross entropy. It also halves the discriminators' loss, to slow them down; under Adam, which divides by the gradient's size, that changes nothing.


# %%
def least_squares_discriminator_loss(real_logits, fake_logits):
    real_loss = keras.ops.mean(keras.ops.square(real_logits - 1))
    fake_loss = keras.ops.mean(keras.ops.square(fake_logits))
    return real_loss + fake_loss


def least_squares_generator_loss(fake_logits):
    return keras.ops.mean(keras.ops.square(fake_logits - 1))


bce = cu.losses.discriminator_loss, cu.losses.generator_loss
squares = least_squares_discriminator_loss, least_squares_generator_loss
gan_losses = squares if LEAST_SQUARES else bce
for logit in (-2.0, 0.0, 2.0):
    one, other = (kind[1](np.float32([logit])) for kind in (bce, squares))
    print(f"generator at {logit}: cross entropy {one:.2f}, least squares {other:.2f}")

# %% [markdown]
# The discriminators also meet older fakes: an **image pool** fills with fifty; then, half of the time, it gives back one of them and keeps the fresh one in its place. An old trick should not work again. A pool of two, with numbers as pictures:

# %%
pool = cu.gan.ImagePool(2, seed=1)
for number in range(1, 7):
    given = pool(tf.fill((1, 1, 1, 1), float(number)))
    print(f"{number} in, {int(given[0, 0, 0, 0])} out", end="; ")

# %% [markdown]
# ## One step
#
# Six pictures are drawn: there and back for both animals, and both identities. One tape watches all, and is asked four times (`persistent`); each network is moved by its own loss alone.


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
# In the paper all learn at 2e-4. On the savannah the discriminators won that way, so ours learn at 1e-4, and the generators at 8e-4. Both rates are constant for the first half, then fall to 0. A checkpoint holds four networks, four Adams, two pools.


# %%
def make_generator(size, width, kind):
    if kind == "unet":
        return cu.networks.UNet(size, width, "instance")
    return ResNetGenerator(width, blocks=9 if size > 128 else 6)


def make_state(size, width, kind, rates):
    names = "to_zebra", "to_horse", "is_zebra", "is_horse"
    nets = [make_generator(size, width, kind) for _ in range(2)]
    nets += [cu.networks.PatchDiscriminator(width, "instance") for _ in range(2)]
    state = dict(zip(names, nets, strict=True))
    for number, name in enumerate(names):
        rate = rates[number // 2]
        state[f"{name}_adam"] = cu.training.Adam(rate, beta_1=0.5)
    pools = {name: cu.gan.ImagePool(50) for name in ("zebra_pool", "horse_pool")}
    return state | pools


# %%
def train(name, batches, watched, epochs, width, kind, rates, **parts):
    keras.utils.set_random_seed(0)  # the same start for all that we compare
    steps = epochs * len(batches)
    falling = [cu.training.LinearDecay(rate, steps, start=steps // 2) for rate in rates]
    with cu.training.precision():
        state = make_state(watched.shape[1], width, kind, falling)
    in_turn = list(state.values())
    nets, adams, pools = in_turn[:4], in_turn[4:8], in_turn[8:]

    def draw_samples(path):
        tiled = cu.plotting.tile(state["to_zebra"](watched), columns=len(watched))
        cu.plotting.save_picture(tiled, path)

    history = cu.training.fit(
        make_train_step(nets, adams, pools, gan_losses, **parts),
        batches,
        epochs=epochs,
        state=state,
        folder=run_folder / name,
        snapshot=draw_samples,
        checkpoint_every=5,
        keep=5,
    )
    return state["to_zebra"], state["to_horse"], history


# %% [markdown]
# ### Your training

# %% tags=["nbval-ignore-output"]
savannah = {"epochs": EPOCHS, "width": WIDTH, "kind": GENERATOR, "rates": (8e-4, 1e-4)}
to_zebra, to_horse, history = train("all", batches, test_horses[:4], **savannah)

# %% tags=["recipe"]
known = pack.about(
    history,
    batches,
    data="the drawn savannah, 800 horses and 800 zebras, 64 × 64",
    licence="MIT",
)
pack.leave(
    "savannah_cyclegan",
    to_zebra,
    run_folder,
    known,
    history=history,
    samples=run_folder / "all" / "samples",
    sample_size=SIZE,
)
pack.leave("savannah_cyclegan_back", to_horse, run_folder, known)

# %% tags=["nbval-ignore-output"]
made = to_zebra(test_horses).numpy()
print("yours:", marks(made, test_zebras))
rows = {"horse": test_horses[:3], "yours": made[:3]}
cu.plotting.compare(rows | {"truth": test_zebras[:3]})
history.plot(["zebra_d_loss"], ["zebra_g_loss"], ["cycle"])

# %% [markdown]
# Three minutes, and stripes stand upright on the horses; the savannah is nearly left alone. Coats still show through. By your marks, you have beaten *doing nothing* on the animals only, and only just. Of the curves, the cycle's (both ways added) falls; the others soon keep a balance.
#
# ## Results
#
# ### There and back
#
# The recipe's savannah generators, on horses and zebras that they have not seen:

# %% tags=["cover"]
forth = cu.weights.load_model("savannah_cyclegan")
back = cu.weights.load_model("savannah_cyclegan_back")
zebras_made = forth(test_horses).numpy()
horses_again = back(zebras_made).numpy()
rows = {"horse": test_horses[:5], "as zebra": zebras_made[:5]}
cu.plotting.compare(rows | {"and back": horses_again[:5]})

horses_made = back(test_zebras[5:10])
zebras_again = forth(horses_made)
rows = {"zebra": test_zebras[5:10], "as horse": horses_made}
cu.plotting.compare(rows | {"and back": zebras_again})


def grown(name):
    sheets = cu.weights.arrays(name, "sheets")
    return dict(zip(sheets["epochs"].tolist(), sheets["images"], strict=True))


cu.widgets.time_machine(grown("savannah_cyclegan"), columns=4)

# %% [markdown]
# Most necks and bodies get stripes; legs, heads and second animals keep much of their coat, and some stripes stick out above a back. The horses come back in about *their* coats. Zebras become horses in some coat or other: nothing in a zebra says which.
#
# ### What is each part good for?
#
# Leave one out, and mark. The recipe has trained three savannahs, some ten minutes each.

# %% tags=["recipe"]
VARIANTS = {"all": {}, "no cycle": {"cycle": 0.0}, "no identity": {"identity": 0.0}}
untrained = make_generator(SIZE, WIDTH, GENERATOR)
made_zebras = {"doing nothing": test_horses, "untrained": untrained(test_horses)}
made_horses = {"doing nothing": test_zebras, "untrained": untrained(test_zebras)}
for name, parts in VARIANTS.items():
    there, again, _ = train(name, batches, test_horses[:4], **savannah, **parts)
    made_zebras[name], made_horses[name] = there(test_horses), again(test_zebras)
scores = {
    "zebras": {name: marks(it, test_zebras) for name, it in made_zebras.items()},
    "horses": {name: marks(it, test_horses) for name, it in made_horses.items()},
}
pack.score("savannah_cyclegan", run_folder, scores)
shown = {name: made_zebras[name][:5] for name in VARIANTS}
pack.variants("savannah_cyclegan", run_folder, shown)

# %%
for kind, rows in cu.weights.card("savannah_cyclegan")["scores"].items():
    for name, values in rows.items():
        print(kind, f"{name:13}", *(f"{key} {x:.3f} " for key, x in values.items()))
variants = cu.weights.arrays("savannah_cyclegan", "variants")
shown = {name: pictures[:4] for name, pictures in variants.items()}
cu.plotting.compare(shown | {"truth": test_zebras[:4]})

# %% [markdown]
# By L1 and SSIM, nothing beats doing nothing: most of a picture is right as it is, and each touch costs. Marks that reward laziness need another one beside them. On the animals, *all* and *no identity* beat it, in both directions, though as zebras only just.
#
# Without the cycle, skips and identity still hand the picture over, but nothing asks for it back: speckle. Without identity, the animals are nearly as good, and what is around them suffers. (One seed each: small differences may be chance.)
#
# ### Photographs
#
# For photographs there is no truth. A small classifier, which has learnt from the real ones, reads what the recipe's generators (128 × 128) make of the held-out ones.

# %% tags=["recipe"]
animals = cu.data.load("savannah", "heldout", limit=3)
settings = {"epochs": 15, "width": 32, "kind": "resnet", "rates": (2e-4, 2e-4)}
photos = cu.data.load("horse2zebra", "fit", size=128)
photo_batches = cu.batches.make(
    *photos, batch_size=1, seed=0, augment=jittered, paired=False
)
photo_zebra, photo_horse, run = train(
    "photographs", photo_batches, to_floats(animals.horses[:1]), **settings
)
known = pack.about(
    run,
    photo_batches,
    data="horse2zebra, 967 horses and 1,234 zebras, 128 × 128",
    licence="for learning only: trained on photographs from ImageNet",
)
pack.leave(
    "horse2zebra_cyclegan",
    photo_zebra,
    run_folder,
    known,
    history=run,
    samples=run_folder / "photographs" / "samples",
    sample_size=128,
)
pack.leave("zebra2horse_cyclegan", photo_horse, run_folder, known)

# %% tags=["recipe"]
heldout = cu.data.load("horse2zebra", "heldout", size=128)
judge = cu.weights.load_model("horse2zebra_judge")
real = {"horses": to_floats(heldout.horses), "zebras": to_floats(heldout.zebras)}
ways = {"horses": (photo_zebra, photo_horse), "zebras": (photo_horse, photo_zebra)}
scores = {}
for number, (kind, given) in enumerate(real.items()):
    there, again = ways[kind]
    made = there(given).numpy()
    change = np.abs(made - given).mean(-1)
    found = {
        "read as such": judge(given).numpy().argmax(-1) == number,
        "translated: as the other": judge(made).numpy().argmax(-1) != number,
        "cycle L1": np.abs(again(made) - given),
        "change": change,
        "tint": np.abs(np.mean(made - given, axis=(1, 2))),
        "at the rim": np.r_[change[:, :12], change[:, -12:]],
    }
    scores[kind] = {name: round(float(np.mean(x)), 3) for name, x in found.items()}
pack.score("horse2zebra_cyclegan", run_folder, scores)

# %%
for kind, values in cu.weights.card("horse2zebra_cyclegan")["scores"].items():
    print(kind, *(f"{key}: {value:.3f}" for key, value in values.items()), sep=", ")

# %% [markdown]
# 84 of 100 held-out horses are read as zebras, 89 of the zebras as horses. But the *rim*, upper and lower edge, where hardly an animal stands, changes nearly as much as the whole picture. Much of the change is a *tint*: the mean colour shifts by 0.11, since this generator has to guess it.
#
# Those photographs may not be shown here. So here are drawn animals through the same generators:

# %%
photo_zebra = cu.weights.load_model("horse2zebra_cyclegan")
photo_horse = cu.weights.load_model("zebra2horse_cyclegan")
animals = cu.data.load("savannah", "heldout", limit=3)
shown = {"horse": animals.horses}
shown["as zebra"] = photo_zebra(to_floats(animals.horses))
cu.plotting.compare(shown | {"and back": photo_horse(shown["as zebra"])})
made = photo_horse(to_floats(animals.zebras))
cu.plotting.compare({"zebra": animals.zebras, "as horse": made})
cu.widgets.time_machine(grown("horse2zebra_cyclegan"), columns=1)

# %% [markdown]
# What was learnt from photographs, on drawings: fine stripes on the two red-brown horses, next to none on the black and on the large brown one, and ground of another colour. On the way back, coats come out patchy. The zebras keep most of their stripes, two with some brown between them. The tints are guesses.
#
# ### Your own photograph
#
# Upload one of a horse, of any size. The network has learnt from ImageNet's horses and zebras, mostly in meadows and savannahs, at 128 × 128 pixels; on anything else it does something, and we cannot say what. You may also draw on it.

# %%
cu.widgets.sketch_pad(photo_zebra, size=128, sketches=animals.horses)

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
# ### A striped background
#
# $D_Y$ likes stripes, and a cycle can be kept with stripes in the grass as well. Only the discriminator is against them. Without identity, our grass gets dark blades and speckle.

# %%
grass = {name: variants[name][1:, 40:] for name in ("all", "no identity")}
cu.plotting.compare({"horse": test_horses[1:5, 40:]} | grass)

# %% [markdown]
# ### The hidden message
#
# How does $F$ know that a horse was black? A picture has room for more than we see. Here is a $G$ that gives each horse the zebra of *another* one, rounded, and hides the horse in what rounding has cut off; and an $F$ that reads it there:


# %%
def hide(horses, zebras):
    return np.round(zebras * 10) / 10 + 0.04 * horses


def find(pictures):
    return (pictures - np.round(pictures * 10) / 10) / 0.04


hidden = hide(test_horses[:4], 0.9 * test_zebras[4:8])
noisy = hidden + np.random.default_rng(0).normal(0, 0.03, hidden.shape)
shown = {"horse": test_horses[:4], "G": hidden, "F": find(hidden)}
cu.plotting.compare(shown | {"noisy": noisy, "F, noisy": find(noisy)})

# %% [markdown]
# A perfect cycle through the wrong zebra, until barely visible noise breaks it. Do our networks whisper like that? The same noise for them; and the animals' colours taken away, which a finished zebra would not miss:

# %%
zebras = zebras_made[:3]
noisy = zebras + np.random.default_rng(0).normal(0, 0.03, zebras.shape)
grey = np.where(is_animal[:3, ..., None], zebras.mean(-1, keepdims=True), zebras)
shown = {"horse": test_horses[:3], "grey": grey}
for name, changed in {"F": zebras, "F, noisy": noisy, "F, grey": grey}.items():
    shown[name] = back(np.float32(changed)).numpy()
    print(f"{name}: cycle {np.abs(shown[name] - test_horses[:3]).mean():.3f}")
cu.plotting.compare(shown)

# %% [markdown]
# No whisper: the noise changes next to nothing. But without colour, the coats come back wrong: the black one brown, the red-brown ones dull. So $F$ reads colours that $G$ has left on the animals: the cycle asks for a way back. (Chu and others found one that no eye sees.) A good cycle may mean a good zebra, or a good hiding place.
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
# Which of these six terms of the generators' losses move the weights of $G$ (`to_zebra`)? Put True or False.

# %% tags=["exercise"]
prediction = {"D_Y(G(x))": None, "D_X(F(y))": None}
prediction |= {"F(G(x)) - x": None, "G(F(y)) - y": None}
prediction |= {"G(y) - y": None, "F(x) - x": None}

lesson5.who_is_moved(prediction)

# %% [markdown]
# ### Exercise 2: write a function
#
# This is half of the cycle loss. Write all of it, without $\lambda$: the sum of both ways round.


# %% tags=["exercise"]
def cycle_loss(horses, zebras, to_zebra, to_horse):
    return cu.losses.l1_loss(horses, to_horse(to_zebra(horses)))


lesson5.cycle_both(cycle_loss)

# %% [markdown]
# ### Exercise 3: find the bug
#
# This identity loss keeps horses from becoming zebras. Mend it.


# %% tags=["exercise"]
def identity_loss(horses, zebras, to_zebra, to_horse):
    same_horses = cu.losses.l1_loss(horses, to_zebra(horses))
    same_zebras = cu.losses.l1_loss(zebras, to_horse(zebras))
    return same_horses + same_zebras


lesson5.identity(identity_loss)

# %% [markdown]
# ## Further reading
#
# - Zhu and others, *Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks* (2017)
# - Chu and others, *CycleGAN, a Master of Steganography* (2017)
# - Mao and others, *Least Squares Generative Adversarial Networks* (2017)
