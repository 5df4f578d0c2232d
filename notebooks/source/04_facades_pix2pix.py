# %% [markdown]
# # 4 · Facades: Pix2Pix builds a house from your plan
#
# ![Five coloured plans of house fronts in the upper row, and below each the photograph-like house that the network of this lesson makes of it](pictures/04_facades_pix2pix.png)
#
# The plans were given, the houses below *built* by a network that has seen 400 others. Later you paint a plan, and it builds yours.
#
# **You should know** lesson 3: U-Net, PatchGAN, the two losses of Pix2Pix.
#
# **You will be able to** write networks with the functional API, augment as the paper does, keep a long training and go on with it after a restart, watch it in TensorBoard, and read a GAN's curves.
#
# **How long it takes**: an hour, with a short training of your own. Five minutes? Run the cells up to *Training*, then go on at *Results*, with finished weights.

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
from datetime import datetime

import course_utils as cu
import keras
import numpy as np
import tensorflow as tf
from checks import lesson4
from keras import layers
from tensorboard import notebook, program

# %% [markdown]
# ### Settings
#
# Your own training takes about two minutes on two cores: 50 houses of 128 × 128 pixels. The recipe behind *Results* took two hours: 400 houses of 256 × 256.

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=2, lesson=20, recipe=120)  # passes over the pairs
CHECKPOINT_EVERY = cu.pick(quick=1, lesson=5, recipe=20)  # epochs
SIZE = cu.pick(quick=64, lesson=128, recipe=256)  # pixels, in both directions
PAIRS = cu.pick(quick=24, lesson=50, recipe=400)  # how many to train on
WIDTH = cu.pick(quick=8, lesson=32, recipe=32)  # filters; 64 in the paper
L1_WEIGHT = 100.0  # λ in the text

cu.setup(seed=0)
run_folder = cu.run_folder("04_facades_pix2pix")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack
import train_judges

# %% [markdown]
# ## Idea
#
# Lesson 3's method, **Pix2Pix**, cares little what its pairs show. Here the input is a plan, where each colour stands for a part of a house front, and the target its photograph. A plan says *what* is *where*, nothing of stone, light or paint: that, the generator has to invent.
#
# The networks are old friends; other things are new. A training of hours meets closed laptops and lost connections. Most of this lesson is about keeping it alive, and about reading its curves.

# %% [markdown]
# ## Data
#
# 400 pairs to train on, 100 **held out**, as in lesson 3; the published files show the photograph left, the plan right. Each of a plan's twelve colours stands for one **label**; similar colours do not mean similar parts. Without the files (see `data/README.md`) you get the **miniature**, houses that we drew, as here.

# %% tags=["nbval-ignore-output"]
fit = cu.data.load("facades", "fit", size=SIZE, limit=PAIRS)
heldout = cu.data.load("facades", "heldout", size=SIZE, limit=100)
cu.plotting.compare({"plan": fit.inputs[:2], "photo": fit.targets[:2]})
colours = np.uint8(list(cu.data.LABELS.values()))
swatches = np.tile(colours[:, None, None, :], (1, 32, 64, 1))
cu.plotting.grid(swatches, columns=6, titles=cu.data.LABELS)

# %% [markdown]
# ### Jitter
#
# 400 pairs are few, so each is shown a little changed every time, by the paper's **random jitter**: enlarge from 256 to 286 pixels (your 128 to 143), crop 256 at a random place, and mirror with a chance of ½. Enlarging takes the *nearest* pixel: the average of two labels' colours is another label, or none. Plan and photo, stacked on their channels, get the same crop; the second argument is a seed, two numbers that decide it.
#
# `batches` applies it in training, anew in each epoch. Held-out plans stay as they are, to compare. We will watch four.


# %% tags=["nbval-ignore-output"]
def jittered(pair, seed):
    larger = SIZE * 286 // 256
    return cu.augment.jitter(pair, seed, size=SIZE, larger=larger)


pair = np.concatenate([fit.inputs[0], fit.targets[0]], axis=-1)  # (h, w, 6)
four = np.stack([jittered(pair, (0, number)) for number in range(4)])
four = four[:, ::2, ::2]  # half the size is enough to see it
cu.plotting.compare({"plan": four[..., :3], "photo": four[..., 3:]})
batches = cu.batches.make(*fit, batch_size=1, seed=0, augment=jittered)
watched = heldout.inputs[:4] / np.float32(127.5) - 1

# %% [markdown]
# ## Networks
#
# Lessons 2 and 3 wrote classes. In the **functional API** you begin with `keras.Input`, a tensor with a shape and no numbers yet, call layers on it, and hand the first and the last tensor to `keras.Model`. Keras finds a wrong shape while you build.
#
# `downsample` returns a block that halves, `upsample` one that doubles; `keras.Sequential` is a plain chain. The paper trains with *one* pair in a batch. Then batch normalization takes mean and spread of a single picture, which is what instance normalization (`groups=-1`) always does. We use that, so that normalization is the same in training and in use.


# %%
def start():
    return keras.initializers.RandomNormal(0.0, 0.02)


def downsample(filters, size, norm=True):
    options = {"use_bias": False, "kernel_initializer": start()}
    block = keras.Sequential()
    block.add(layers.Conv2D(filters, size, 2, "same", **options))
    if norm:
        block.add(layers.GroupNormalization(groups=-1))
    block.add(layers.LeakyReLU(0.2))
    return block


image = keras.random.uniform((1, 256, 256, 3), -1, 1, seed=0)
print(downsample(3, 4)(image).shape)


# %%
def upsample(filters, size, dropout=0.0):
    options = {"use_bias": False, "kernel_initializer": start()}
    block = keras.Sequential()
    block.add(layers.Conv2DTranspose(filters, size, 2, "same", **options))
    block.add(layers.GroupNormalization(groups=-1))
    if dropout:
        block.add(layers.Dropout(dropout))
    block.add(layers.ReLU())
    return block


print(upsample(3, 4)(downsample(3, 4)(image)).shape)

# %% [markdown]
# ### The generator
#
# Lesson 3's U-Net. `skips` remembers what each block down gave; `skips[-2 - number]` walks back through it, from the last but one. The first and the innermost block are not normalized (Exercise 3). The only randomness is dropout in three blocks, all that is left of the noise $z$.
#
# We assert that its weights have the shapes of lesson 3's `UNet` and print what each block gives; on the way up, `Concatenate` joins the skip. The diagram below shows the same. (The paper's size; you train half the width at 128 pixels.)


# %%
def facades_generator(size=256, width=64):
    filters = [width * min(2**number, 8) for number in range(size.bit_length() - 1)]
    plan = keras.Input((size, size, 3), name="plan")
    features, skips = plan, []
    for number, count in enumerate(filters):
        inner = 0 < number < len(filters) - 1
        features = downsample(count, 4, norm=inner)(features)
        skips.append(features)
    for number, count in enumerate(filters[-2::-1]):
        dropout = 0.5 if number < 3 else 0.0
        features = upsample(count, 4, dropout)(features)
        features = layers.Concatenate()([features, skips[-2 - number]])
    photo = layers.Conv2DTranspose(
        3,
        4,
        2,
        "same",
        activation="tanh",
        kernel_initializer=start(),
        dtype="float32",
    )(features)
    return keras.Model(plan, photo, name="generator")


full = facades_generator()
print(full.output_shape, f"{full.count_params():,} parameters")

# %%
unet = cu.networks.UNet(256, 64, "instance")
unet(image)
shapes = [[weight.shape for weight in model.weights] for model in (full, unet)]
assert shapes[0] == shapes[1]

for layer in full.layers:
    if isinstance(layer, (keras.Sequential, layers.Concatenate)):
        print(type(layer).__name__, *layer.output.shape[1:])

# %% [markdown]
# ![A U-Net. On the left the plan is halved eight times, from 256 × 256 × 3 to 1 × 1 × 512. On the right it is doubled eight times, up to the photo of 256 × 256 × 3. Seven skips join the features of the left to those of the right, which doubles the channels there.](pictures/unet_plan.svg)
#
# ### The discriminator
#
# It gets *two* inputs, plan and photograph, and asks if they belong together. Three halvings, then two convolutions with stride 1, each of which makes the map one smaller, 32 → 31 → 30: verdicts on 30 × 30 patches of 70 × 70 pixels (your 128 pixels: 14 × 14 patches).


# %%
def facades_discriminator(size=256, width=64):
    plan = keras.Input((size, size, 3), name="plan")
    photo = keras.Input((size, size, 3), name="photo")
    features = layers.Concatenate()([plan, photo])
    features = downsample(width, 4, norm=False)(features)
    features = downsample(2 * width, 4)(features)
    features = downsample(4 * width, 4)(features)
    features = layers.ZeroPadding2D()(features)
    wide = layers.Conv2D(8 * width, 4, use_bias=False, kernel_initializer=start())
    features = wide(features)
    features = layers.GroupNormalization(groups=-1)(features)
    features = layers.LeakyReLU(0.2)(features)
    features = layers.ZeroPadding2D()(features)
    last = layers.Conv2D(1, 4, kernel_initializer=start(), dtype="float32")
    logits = last(features)
    return keras.Model([plan, photo], logits, name="discriminator")


patchgan = facades_discriminator()
patches = cu.networks.PatchDiscriminator(64, "instance")
patches(image, image)
print(patchgan.output_shape, f"{patchgan.count_params():,} parameters")
assert patchgan.count_params() == patches.count_params()

# %% [markdown]
# ## Losses
#
# Lesson 3's two sums. The generator wants $G(x)$ to be taken for real, and is tied to the true photograph $y$, with λ = 100. All logs are means over the patches, |·| over the pixels:
#
# $$\mathcal{L}_G = -\log D(x, G(x)) + \lambda \, |y - G(x)| \qquad \mathcal{L}_D = -\log D(x, y) - \log(1 - D(x, G(x)))$$
#
# In code, they come from logits (`cu.losses`).
#
# ## One step
#
# As in lesson 3, with $x$ the `plans` and $y$ the `photos`. It also returns the generator's total, which TensorBoard will show.


# %% tags=["nbval-ignore-output"]
def make_train_step(generator, discriminator, g_optimizer, d_optimizer):
    @tf.function
    def train_step(batch):
        plans, photos = batch
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(plans, training=True)
            real_logits = discriminator([plans, photos], training=True)
            fake_logits = discriminator([plans, fake], training=True)
            gan_loss = cu.losses.generator_loss(fake_logits)
            l1 = cu.losses.l1_loss(photos, fake)
            g_loss = gan_loss + L1_WEIGHT * l1
            d_loss = cu.losses.discriminator_loss(real_logits, fake_logits)
        g_gradients = g_tape.gradient(g_loss, generator.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, discriminator.trainable_variables)
        g_optimizer.apply(g_gradients, generator.trainable_variables)
        d_optimizer.apply(d_gradients, discriminator.trainable_variables)
        losses = {"g_loss": g_loss, "g_gan_loss": gan_loss, "g_l1_loss": l1}
        return {"d_loss": d_loss, **losses}

    return train_step


example = next(iter(batches))
tiny = facades_generator(SIZE, 8), facades_discriminator(SIZE, 8)
optimizers = [cu.training.Adam(2e-4, beta_1=0.5) for _ in range(2)]
values = make_train_step(*tiny, *optimizers)(example)
print(*[f"{name} {float(value):.2f}" for name, value in values.items()], sep=", ")

# %% [markdown]
# log 2 ≈ 0.69 for `g_gan_loss` and 2 log 2 ≈ 1.39 for `d_loss` mean that nobody knows anything yet. Remember them.
#
# ## Training
#
# ### What is written down
#
# A training is more than weights. A **checkpoint** holds all of it: networks, Adams with their running means, the seeds of dropout, the history, the place in the data. `cu.training.fit` writes one every few epochs, one at the end and one when you press stop, and keeps the newest three; those of the recipe have 172 MB each.
#
# For people there is **TensorBoard**, which draws what stands in a log folder: here the means of each epoch, and one picture. Each run has a folder with its date and time.


# %%
def make_log(folder, generator):
    moment = datetime.now().strftime("%Y%m%d-%H%M%S")
    writer = tf.summary.create_file_writer(str(folder / "logs" / "fit" / moment))
    rows = [watched, heldout.targets[:4] / np.float32(127.5) - 1]

    def log(epoch, history):
        tiled = cu.plotting.tile(np.concatenate([*rows, generator(watched)]), columns=4)
        with writer.as_default(step=epoch):
            for name in history.keys():
                recent = history[name][-history.steps_per_epoch :]
                tf.summary.scalar(name, recent.mean())
            tf.summary.image("plan, photo, generated", tiled[None])
        writer.flush()

    return log


# %% [markdown]
# ### Train, stop, go on
#
# `train` makes everything anew, as a fresh kernel does. Adam begins with the paper's 2e-4 and β₁ 0.5; in the second half the rate falls to 0, which calms the last details. The fall is planned for all `EPOCHS`, also when we train for fewer at first. Half of the way, then, as if something came up:


# %%
def train(name, epochs, batches=batches, width=WIDTH, fresh=False):
    steps = EPOCHS * len(batches)
    rate = cu.training.LinearDecay(2e-4, steps, start=steps // 2)
    with cu.training.precision():
        state = {
            "generator": facades_generator(SIZE, width),
            "discriminator": facades_discriminator(SIZE, width),
            "g_optimizer": cu.training.Adam(rate, beta_1=0.5),
            "d_optimizer": cu.training.Adam(rate, beta_1=0.5),
        }

    def draw_samples(path):
        drawn = state["generator"](watched[:2])
        half = tf.image.resize(drawn, 2 * [SIZE // 2], "area")
        cu.plotting.save_picture(cu.plotting.tile(half, columns=2), path)

    history = cu.training.fit(
        make_train_step(**state),
        batches,
        epochs=epochs,
        state=state,
        folder=run_folder / name,
        snapshot=draw_samples,
        checkpoint_every=CHECKPOINT_EVERY,
        on_epoch_end=make_log(run_folder / name, state["generator"]),
        fresh=fresh,
    )
    return state, history


# %% tags=["nbval-ignore-output"]
_, begun = train("pix2pix", EPOCHS // 2)

# %% [markdown]
# Now restart the kernel (*Kernel → Restart Kernel*, in Colab *Runtime → Restart session*), run all cells above, and then the next. Or just run it: `train` makes new networks either way, finds the checkpoint, and goes on. (After changing a setting, pass `fresh=True` above: it forgets the checkpoints.)

# %% tags=["nbval-ignore-output"]
state, history = train("pix2pix", EPOCHS)
generator, discriminator = state["generator"], state["discriminator"]

# %% [markdown]
# "Going on after epoch …" is what you want to read. Was anything *lost*? Two tiny trainings will tell, of two epochs with eight pairs: one in a single piece, the other stopped halfway and resumed.

# %% tags=["nbval-ignore-output"]
few = cu.batches.make(*[side[:8] for side in fit], batch_size=1, augment=jittered)
keras.utils.set_random_seed(1)
whole, one = train("whole", 2, few, width=4, fresh=True)
keras.utils.set_random_seed(1)
train("parts", 1, few, width=4, fresh=True)
parts, two = train("parts", 2, few, width=4)

# %%
print("same history:", all(np.array_equal(one[key], two[key]) for key in one.keys()))
for name, part in whole.items():
    both = zip(part.variables, parts[name].variables, strict=True)
    print(name, max(np.abs(np.subtract(a, b)).max() for a, b in both))

# %% [markdown]
# Nothing was lost: no number of any network or optimizer differs (on a GPU, sums may be taken in another order). For that, the order of the pairs and their jitter must follow from seed and epoch, not from how often you stopped.
#
# Here is your generator on plans it has not seen:

# %% tags=["nbval-ignore-output"]
rows = {"plan": watched[:2], "generated": generator(watched[:2])}
cu.plotting.compare(rows | {"photo": heldout.targets[:2]})

# %% tags=["recipe"]
known = pack.about(
    history,
    batches,
    data="CMP facades, 400 pairs of 256 × 256",
    licence="for learning only: trained on the CMP Facade Database",
)
pack.leave(
    "facades_pix2pix",
    generator,
    run_folder,
    known,
    history=history,
    samples=run_folder / "pix2pix" / "samples",
    sample_size=SIZE // 2,
)
pack.leave("facades_pix2pix_discriminator", discriminator, run_folder, known)

# %% [markdown]
# After a thousand steps, windows stand where the plan has them; doors and shops are guesses. The stone is nearly the same for all: for L1, the middle colour is the safest. And there is a grid over everything, of which more below.
#
# ### The curves, drawn and live

# %%
history.plot(["d_loss"], ["g_gan_loss"], ["g_l1_loss"])

# %% [markdown]
# L1 falls quickly, then hardly; since step 200 the discriminator is ahead. The next cell starts TensorBoard on this machine, no internet needed, and shows it in the notebook: *Scalars* has the four losses, a line for each part of the training; *Images* has plan, photograph and house, ten epochs of each part, on a slider. It stops when the kernel does.

# %% tags=["nbval-ignore-output"]
board = program.TensorBoard()
board.configure(logdir=str(run_folder / "pix2pix" / "logs"), load_fast="false")
port = int(board.launch().strip("/").split(":")[-1])
notebook.display(port=port, height=640)

# %% [markdown]
# ## Results
#
# The recipe's generator, half the paper's width, has trained for 120 epochs with the 400 real pairs, two hours on two cores. Five drawn plans:

# %% tags=["cover"]
builder = cu.weights.load_model("facades_pix2pix")
drawn = cu.data.load("facades", "heldout", source="miniature")
plans = drawn.inputs / np.float32(127.5) - 1
houses = builder.predict(plans[:5], verbose=0)
cu.plotting.compare({"plan": plans[:5], "house": houses})

# %% [markdown]
# The plan decides what stands where; stone and light are the network's. Skies, one flat label, come out torn.
#
# ### Your own plan
#
# Choose a label, and drag a rectangle onto the plan. Click a rectangle to select it; then move it with the mouse or the arrow keys, or delete it. The house follows.

# %%
cu.widgets.plan_editor(builder, plans=drawn.inputs[:6])

# %% [markdown]
# ### How it grew
#
# Houses for two plans of the real held-out set, and the curves.

# %%
sheets = cu.weights.arrays("facades_pix2pix", "sheets")
grown = dict(zip(sheets["epochs"].tolist(), sheets["images"], strict=True))
cu.plotting.compare({f"epoch {n}": grown[n] for n in (1, 19, 120)})
cu.widgets.time_machine(grown, columns=2)

# %%
long = cu.weights.history("facades_pix2pix")
long.plot(["d_loss"], ["g_gan_loss"], ["g_l1_loss"])
print(cu.gan.diagnose(long))

# %% [markdown]
# Windows are there after one epoch. Then the grid fades; frames, stone and shadows come.
#
# Now the curves, together. `d_loss` falls from an undecided 1.39 to about 0.5 within an epoch, and ends below 0.3: a blurred house is easily told from a photograph. With `g_gan_loss` above 2, far from 0.69, the discriminator is ahead, but has not won: with `d_loss` near 0, nothing would be left to learn from it. Neither curve tells if pictures get better, since both opponents improve. `g_l1_loss` falls nearly all the time, on its own pairs. On others? See below.
#
# ### Through the discriminator's eyes

# %%
critic = cu.weights.load_model("facades_pix2pix_discriminator")
plan, truth = plans[:1], drawn.targets[:1] / np.float32(127.5) - 1
seen = {"drawn by us": truth, "generated": houses[:1]}
verdicts = {name: keras.ops.sigmoid(critic([plan, it])) for name, it in seen.items()}
verdicts = {name: verdict[0, ..., 0] for name, verdict in verdicts.items()}
cu.plotting.maps(verdicts, label="held to be real")


def verdict_on(plans, photos, training=False):
    return critic([plans, photos], training=training)


cu.widgets.patch_lens(verdict_on, {name: (plan[0], it[0]) for name, it in seen.items()})

# %% [markdown]
# Our drawing, crisp, is held to be real nearly everywhere, the generated house almost nowhere. The lens shows what a verdict is about: 70 × 70 pixels, never a whole house.
#
# ### The report card
#
# How good is a house? L1 to the photograph rewards blur: one and the same picture for every plan, the median of all photographs, has 0.356 on the real held-out set, as good as ours. So we ask a **reader** (`facades_judge`), which has learnt from the 400 pairs to name the label of every pixel of a photograph.

# %%
reader = cu.weights.load_model("facades_judge")


def read_labels(photos):
    small = tf.image.resize(photos, (128, 128), "area")
    return reader.predict(small, verbose=0).argmax(axis=-1)


found = read_labels(houses)
cu.plotting.compare({"plan": plans[:4], "read": colours[found[:4]]})

# %% [markdown]
# Read from four of the houses above: windows are windows, nearly everywhere; pillars get lost, and shops are half read as doors.

# %% tags=["nbval-ignore-output"]
for name, values in cu.weights.card("facades_pix2pix")["scores"].items():
    print(name, *(f"{key}: {value:.3f}" for key, value in values.items()), sep=", ")

# %% tags=["recipe"]
early, _ = train("early", 10)
small = cu.data.load("facades", "heldout", size=128, source="real")
truths = train_judges.labels_of(small.inputs)
real_plans, photos = (side / np.float32(127.5) - 1 for side in heldout)
answers = {"photographs": photos}
networks = {"10 epochs": early["generator"], f"{EPOCHS} epochs": generator}
for name, network in networks.items():
    answers[name] = network.predict(real_plans, batch_size=4, verbose=0)
agree = {
    name: float((read_labels(it) == truths).mean()) for name, it in answers.items()
}
l1 = {name: float(np.abs(it - photos).mean()) for name, it in answers.items()}
pack.score("facades_pix2pix", run_folder, {"read as planned": agree, "L1": l1})

# %% [markdown]
# *Read as planned* is the share of pixels, on all 100 held-out plans of the real set, that the reader names as the plan does. Generated houses beat the photographs: on photographs there are trees, cars and shadows, of which no plan knows. The L1 to the photograph has not fallen since epoch 10: what fell in the curves was learnt by heart.
#
# ## What goes wrong
#
# ### The checkerboard
#
# A transposed convolution stamps its kernel at every second pixel. Where stamps overlap unevenly, a pattern appears that was in no data. Here are stamps of ones: kernels of 3, 4 and 5 pixels, stride 2.

# %%
ones = np.ones((1, 8, 1), "float32")
for size in (3, 4, 5):
    stamp = layers.Conv1DTranspose(1, size, 2, use_bias=False)
    stamp.build(ones.shape)
    stamp.kernel.assign(np.ones((size, 1, 1)))
    print(f"kernel {size}:", *np.int32(stamp(ones)[0, 4:-4, 0]))

# %% [markdown]
# With 4, a multiple of the stride, every pixel gets equally many. That only makes evenness *possible*: kernels whose even and odd parts differ still draw a grid, as young ones do. Training has to learn it away; the falling rate helps.
#
# ### Looking with `training=True`
#
# The paper keeps dropout on even for its results, as its only noise. Two houses of one plan:

# %%
keras.utils.set_random_seed(0)  # of the dropout in a network that is made now
dropping = cu.weights.load_model("facades_pix2pix")
first, second = (dropping(plans[:1], training=True) for _ in range(2))
shown = np.concatenate([first, 3 * (first - second)])
cu.plotting.grid(shown, columns=2, titles=["once", "3 × difference to another"])
print(f"mean difference: {np.abs(first - second).mean():.2f}")

# %% [markdown]
# Grey is no difference. They differ a little, most in the sky: with L1 so heavy, the generator has learnt to ignore most of the noise. So we look without. With batch normalization, looking with `training=True` would also *change* the network's running means.
#
# ### A jitter that is never applied
#
# Forget to pass `augment`, and a training runs and looks just the same. So look at what it really sees:

# %%
for name, augment in {"forgotten": None, "applied": jittered}.items():
    first = [side[:1] for side in fit]
    one_pair = cu.batches.make(*first, batch_size=1, augment=augment)
    views = [next(iter(one_pair.epoch(number)))[0] for number in range(10)]
    views = {np.asarray(view).tobytes() for view in views}
    print(f"{name}: different views in 10 epochs: {len(views)}")

# %% [markdown]
# ## Summary
#
# - The functional API calls layers on a tensor without numbers; the networks are those of lesson 3.
# - Jitter both sides alike, enlarge labels by the nearest pixel, and look at what training really sees.
# - A checkpoint holds everything: networks, optimizers, seeds, history, place in the data.
# - The adversarial losses say who is ahead; pictures, and a reader, say how good the houses are.
#
# ## Exercises
#
# ### Exercise 1: predict
#
# A training of 150 epochs writes a checkpoint every 20 epochs and one at the end, and keeps three. Of which epochs are the ones that are left (a list of numbers)? And if the power fails in the middle of epoch 76, after which epoch does it go on?

# %% tags=["exercise"]
prediction = {"kept": None, "after_power_cut": None}

lesson4.what_is_left(prediction)

# %% [markdown]
# ### Exercise 2: change one thing
#
# This function jitters a plan and its photo, each by itself. What comes out does not belong together. Change it so that both are jittered alike; keep the nearest pixel.


# %% tags=["exercise"]
def jitter_both(plan, photo, seed):
    number, place = seed
    plan = cu.augment.jitter(plan, (number, place), size=64, larger=72)
    photo = cu.augment.jitter(photo, (number + 1, place), size=64, larger=72)
    return plan, photo


lesson4.both_alike(jitter_both)

# %% [markdown]
# ### Exercise 3: find the bug
#
# This encoder gives the same output, its innermost 1 × 1 features, for every plan. Mend it.


# %% tags=["exercise"]
def encoder(size, width):
    plan = keras.Input((size, size, 3))
    features = plan
    for number, count in enumerate(cu.networks.encoder_filters(size, width)):
        features = downsample(count, 4, norm=number > 0)(features)
    return keras.Model(plan, features)


lesson4.encoder(encoder)

# %% [markdown]
# ## Further reading
#
# - Isola and others, *Image-to-Image Translation with Conditional Adversarial Networks* (2017)
# - Tyleček and Šára, *Spatial Pattern Templates for Recognition of Objects with Regular Structure* (2013): the facades
# - Odena and others, *Deconvolution and Checkerboard Artifacts* (2016)
