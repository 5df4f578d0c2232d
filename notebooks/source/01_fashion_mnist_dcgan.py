# %% [markdown]
# # 1 · Your first GAN: a network that draws clothes
#
# ![Sixteen grey clothes and shoes, drawn by the generator of this lesson](pictures/01_fashion_mnist_dcgan.png)
#
# None of these sixteen pieces of clothing exists. A neural network drew them from random numbers. In this lesson you build it, and the opponent that taught it.

# %% [markdown]
# **You should know** convolutions with padding and stride, cross entropy, and how to train a classifier with `model.fit`.
#
# **You will be able to** write the losses, the step and the whole loop of a GAN, read its curves, keep checkpoints, and see when it goes wrong.
#
# **How long it takes**: about two hours, of which five minutes are training. If you have no time, set `EPOCHS = 1`: the best pictures come from finished weights.

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
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from checks import lesson1
from keras import layers
from tqdm.auto import tqdm

# %% [markdown]
# ### Settings
#
# `cu.pick` chooses one of three values, by the environment variable `COURSE_RUN`. `lesson` is what you get now. `quick` is for automatic tests, and `recipe` made the finished weights.
#
# The last line says whether TensorFlow has found a GPU. You don't need one here. If you have one, for example in Colab, set `IMAGES = 60_000` and `WIDTH = 64`. (If you have trained before, delete the folder that `run_folder` names.)

# %% tags=["nbval-ignore-output"]
EPOCHS = cu.pick(quick=1, lesson=30, recipe=70)  # how often every image is seen
IMAGES = cu.pick(quick=1_280, lesson=8_000, recipe=60_000)  # how many to train on
WIDTH = cu.pick(quick=16, lesson=32, recipe=64)  # filters; the text builds 64
BATCH_SIZE = 256  # images in one step
NOISE_DIM = 100  # random numbers that make one picture
RATE = 5e-4  # how far one step of the optimizer goes

cu.setup(seed=0)
run_folder = cu.run_folder("01_fashion_mnist_dcgan")

# %% tags=["recipe"]
import sys

sys.path.append(str(cu.runtime.ROOT / "weights"))
import pack

# %% [markdown]
# ## The idea
#
# A classifier says which kind of thing a picture shows. It is called a **discriminative** model, because it tells things apart.
#
# A **generative** model does the opposite. It makes new pictures that look like those that it was trained on. A **generative adversarial network**, or GAN, is a generative model that is trained by a game between two networks.

# %% [markdown]
# ### The counterfeiter and the police
#
# Think of a counterfeiter who prints banknotes, and of a police officer who has to catch him. The counterfeiter is the **generator**. It turns **noise**, a list of random numbers, into a picture. The police officer is the **discriminator**. It sees real and generated pictures, and says how real each one looks.

# %% [markdown]
# The officer learns from every false note, and the counterfeiter from every note that was caught. If the game goes well, both get better, until the false notes look real.
#
# Blue stands for *real*, and orange for *generated*.

# %% [markdown]
# ![Noise goes through the generator G and becomes fake pictures. The discriminator D sees real and fake pictures, and two losses come from what it says: the gradients of d_loss move D, those of g_loss run back through D and move G.](pictures/training_loop.svg)

# %% [markdown]
# ### Play it yourself
#
# Before we draw clothes, here is the game with points in the plane. The real points lie on a ring. The generator turns noise into points of its own. The discriminator colours the plane: blue where it takes a point for real, and orange where it takes it for generated. White means ½, undecided.

# %%
cu.widgets.duel()

# %% [markdown]
# ![The duel after half a minute: real and generated points lie on the same ring. The plane is white or pale blue along the ring, and orange elsewhere. Both losses have come to their dashed lines.](pictures/duel.png)
#
# This is what it looks like after half a minute. In a running notebook, try this:

# %% [markdown]
# 1. Press *discriminator once* a few times. Only the colours change.
# 2. Press *generator once* a few times. The orange points move to where the plane is bluer.
# 3. Press *play*. The orange points settle around the ring, which turns white. Here the discriminator can't tell the points apart any more, and says ½.
# 4. Choose *eight spots*, set the generator's rate to 2.0e-2, and play again.

# %% [markdown]
# ![The duel on eight spots with a high rate for the generator: all generated points lie on one of the spots, and both losses swing.](pictures/duel_collapse.png)
#
# In this picture, the generator has put all its points on a single spot. While it plays, they jump to another one when the discriminator has noticed. This is the best-known failure of GANs, the **mode collapse**, and we will meet it again with clothes.

# %% [markdown]
# ### The game as a formula
#
# The paper that introduced GANs writes the game as one line:
#
# $$\min_G \max_D \; \mathbb{E}_{x \sim p_{\text{data}}}[\log D(x)] + \mathbb{E}_{z \sim p_z}[\log(1 - D(G(z)))]$$
#
# $G$ is the generator and $D$ the discriminator. $x$ is a real picture, $z$ is noise, and so $G(z)$ is a generated picture. $D(x)$ is a probability: how likely $D$ thinks it is that $x$ is real. $\mathbb{E}$ means the average over many pictures.

# %% [markdown]
# The first term is large when the discriminator gives real pictures a high probability. The second is large when it gives generated pictures a low one. The discriminator wants a large sum, which is the $\max_D$, and the generator a small one, which is the $\min_G$.
#
# Let's put in numbers, for a good discriminator and for an undecided one.

# %%
for real_probability, fake_probability in [(0.9, 0.2), (0.5, 0.5)]:
    value = np.log(real_probability) + np.log(1 - fake_probability)
    print(f"D says {real_probability} and {fake_probability}: the sum is {value:.2f}")

# %% [markdown]
# The good discriminator comes closer to 0, which is the limit, because the logarithm of a probability is never above 0.
#
# If the generator's pictures look exactly like real ones, the best discriminator says ½ for all of them. The sum is then $2 \log \tfrac{1}{2} = -\log 4 \approx -1.39$. Remember 1.39 and half of it, $\log 2 \approx 0.69$. These are the dashed lines in the plots of the losses, above and later on.

# %% [markdown]
# ## Data
#
# Fashion-MNIST is a set of 60,000 small pictures of clothes. A GAN does not need to know which is which, so we ignore the labels.
#
# `cu.data.load` takes the real set if it can be downloaded. If not, it takes a **miniature** that comes with the course: 8,000 pictures that we drew in the style of the real ones. **The data on this page are miniatures.** The finished weights, further down, were trained on the real set.

# %%
images, labels = cu.data.load("fashion_mnist")
print(images.shape, images.dtype, "from", images.min(), "to", images.max())
plt.imshow(images[0], cmap="gray")
plt.colorbar(label="pixel value")
plt.show()

# %% [markdown]
# The first number of the shape counts the pictures. Each has 28 rows, 28 columns and one **channel**, where a coloured picture would have three. The values go from 0, which is black, to 255, which is white.
#
# Here are the first ten pictures, and then 25 that were chosen at random.

# %%
cu.plotting.grid(images[:10], columns=10, titles=range(10))
chosen = np.random.default_rng(0).choice(len(images), 25, replace=False)
cu.plotting.grid(images[chosen], columns=5)

# %% [markdown]
# ### From 0…255 to −1…1
#
# The last layer of our generator will be a `tanh`, which gives numbers between −1 and 1. The real pictures need the same range. Otherwise the discriminator could tell them apart at once.


# %%
def to_floats(pixels):
    return tf.cast(pixels, tf.float32) / 127.5 - 1.0


print(to_floats([0, 100, 255]).numpy().round(2))
assert to_floats(0) == -1 and to_floats(255) == 1

# %% [markdown]
# ### How shuffling works
#
# Training should see its pictures in a different order in every **epoch**, that is, in every pass over the data. `tf.data` shuffles with a **buffer**. It fills the buffer with the first elements, gives out one of them at random, and puts the next in its place:

# %%
numbers = tf.data.Dataset.range(10)
for size in (1, 3, 10):
    shuffled = numbers.shuffle(size, seed=0)
    print(f"buffer of {size}:", *shuffled.as_numpy_iterator())

# %% [markdown]
# With a buffer of 1 the order stays as it was. With a buffer of 3, no number can come more than two places early. With a buffer as large as the data, every order is possible.
#
# Many sets are sorted by kind. A small buffer would then give you batches of nothing but boots.

# %% [markdown]
# ### The pipeline
#
# A **pipeline** is a chain of such operations, which makes batches while the training runs. Ours has five parts.

# %% [markdown]
# 1. `from_tensor_slices` makes a data set that gives out one picture at a time.
# 2. `shuffle` gets a buffer for all of them. The epoch's number is the seed, so that each epoch has an order of its own.
# 3. `batch` puts 256 pictures together.
# 4. `map` converts each batch to floats. With `AUTOTUNE`, TensorFlow decides how many at a time.
# 5. `prefetch` prepares the next batch while the present one is used.


# %%
def one_epoch(number):
    dataset = tf.data.Dataset.from_tensor_slices(images[:IMAGES])  # 1
    dataset = dataset.shuffle(IMAGES, seed=number)  # 2
    dataset = dataset.batch(BATCH_SIZE)  # 3
    dataset = dataset.map(to_floats, num_parallel_calls=tf.data.AUTOTUNE)  # 4
    return dataset.prefetch(tf.data.AUTOTUNE)  # 5


real = next(iter(one_epoch(0)))
print(real.shape, real.dtype.name, f"from {np.min(real):.0f} to {np.max(real):.0f}")
assert real.shape == (BATCH_SIZE, 28, 28, 1)

# %% [markdown]
# ## Networks
#
# ### Transposed convolution
#
# A convolution with stride 2 halves the height and the width. The generator needs a layer that doubles them, the **transposed convolution**.
#
# It works like a rubber stamp. Each number of the input multiplies the kernel, and stamps the result into the output. With stride 2, the stamps stand two cells apart. Here are the four stamps of a 2 × 2 input.

# %%
small = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
kernel = np.ones((3, 3, 1, 1), "float32")


def stamp(numbers, kernel=kernel):
    batch = numbers[None, :, :, None]  # with axes for batch and channels
    return keras.ops.conv_transpose(batch, kernel, 2, "valid")[0, :, :, 0]


alone = {
    f"the {n:.0f} alone": stamp(np.where(small == n, small, 0)) for n in (1, 2, 3, 4)
}
cu.plotting.arrays(alone)

# %% [markdown]
# Where the stamps overlap, their numbers are added. The sum of the four pictures above is the output of the layer:

# %%
cu.plotting.arrays({"input": small, "output": stamp(small)})
assert np.array_equal(stamp(small), sum(alone.values()))

# %% [markdown]
# All four stamps meet in the middle, and 1 + 2 + 3 + 4 = 10.
#
# How large is the output? The last stamp begins at $(n - 1) \cdot s$ and is $k$ cells wide, where $n$ is the size of the input, $s$ the stride and $k$ the size of the kernel. Here $(n - 1) \cdot s + k = 5$. With `padding="same"`, Keras cuts this down to $n \cdot s = 4$. So with this padding, **stride 2 doubles the size**.

# %% [markdown]
# ### Why checkerboards appear
#
# Our generator will use kernels of 5 with stride 2. Let's stamp a 4 × 4 input of ones with such a kernel, and beside it with a kernel of 4. Each number counts the stamps in that cell.

# %%
ones = np.ones((4, 4), "float32")
counts = {
    f"kernel {size}, stride 2": stamp(ones, np.ones((size, size, 1, 1), "float32"))
    for size in (5, 4)
}
cu.plotting.arrays(counts)

# %% [markdown]
# Look at the middle. With kernel 4, every cell gets four stamps. With kernel 5, the numbers 9, 6 and 4 alternate, because 2 does not divide 5. Neighbouring cells are treated differently, and this can show in the pictures as a fine grid, the **checkerboard** pattern.

# %% [markdown]
# ### The generator
#
# The generator turns 100 random numbers, drawn from a normal distribution, into a picture. A dense layer makes 7 × 7 × 256 numbers of them. The first transposed convolution has stride 1 and keeps the size, and the other two double it: 7 → 7 → 14 → 28.
#
# Two other kinds of layers stand between them.

# %% [markdown]
# **Batch normalization** shifts and scales every channel so that its mean over the batch is 0 and its variance is 1. (After the dense layer, each number is a channel.) Then it multiplies by a scale and adds an offset, both learned, so the layer before needs no bias.
#
# **LeakyReLU** keeps positive numbers and multiplies negative ones by 0.3. A plain ReLU would make them 0, and a unit that always gives 0 can't learn. (`dtype="float32"` will be explained before the training.)


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
                1, 5, 2, "same", use_bias=False, activation="tanh", dtype="float32"
            ),
        ],
        name="generator",
    )


# %%
generator = dcgan_generator()
generator.summary()

# %% [markdown]
# `None` stands for the number of pictures in a batch. The dense layer has 100 · 12,544 = 1,254,400 weights, more than half of all. The first transposed convolution has a 5 × 5 kernel for every pair of channels: 5 · 5 · 256 · 128 = 819,200.
#
# The non-trainable parameters are the running means and variances of batch normalization.

# %% [markdown]
# `fixed_noise` holds 16 noise vectors that we keep for the whole lesson, to watch the *same* pictures get better.

# %%
fixed_noise = keras.random.normal((16, NOISE_DIM), seed=1)
untrained = generator(fixed_noise, training=False)
print(untrained.shape, f"{generator.count_params():,} parameters")
cu.plotting.grid(untrained, columns=8)

# %% [markdown]
# All are plain grey: the generator has not learned anything.
#
# Why `training=False`? During training, batch normalization uses the mean of the present batch, and updates its running averages. With `training=False` it uses these averages and changes nothing. When we only look at pictures, the network must stay as it is.

# %% [markdown]
# ### The discriminator
#
# The discriminator is a small classifier. Two convolutions make the picture smaller, 28 → 14 → 7, and a dense layer turns the rest into one number, the **logit**. Above 0 it means "real", and below 0 "fake". A sigmoid would make a probability of it.
#
# **Dropout** sets 30 % of the numbers to 0 in every training step, at random, so that the real pictures are harder to learn by heart.


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
logits = discriminator(untrained, training=False)
print(logits.shape, f"{discriminator.count_params():,} parameters")
print(f"the largest logit is {np.max(np.abs(logits)):.1f}")

# %% [markdown]
# All logits are close to 0: the discriminator has no opinion yet.

# %% [markdown]
# ## Losses
#
# ### Cross entropy, by hand
#
# Both players use the **binary cross entropy**, as classifiers with two classes do. Let $l$ be a logit and $\sigma(l)$ the probability that the sigmoid makes of it. If the right answer is "real", the loss is $-\log \sigma(l) = \log(1 + e^{-l})$. If it is "fake", the loss is $\log(1 + e^{l})$.
#
# Here it is for the logits of three real pictures.

# %%
three_logits = np.array([2.0, -1.0, 0.5])
each = np.log(1 + np.exp(-three_logits))
print("each:", each.round(3), " mean:", each.mean().round(3))

# %% [markdown]
# The first answer is right and confident, so it costs little. The second is wrong and costs most.

# %% [markdown]
# ### The two losses
#
# Now as functions. The discriminator's loss has two terms: real pictures should get the label 1, and fake ones the label 0. The generator wants its fakes to be taken for real, so it uses the label 1 for them.
#
# `from_logits=True` tells Keras to apply the sigmoid itself. That stays exact for very large logits, where a separate sigmoid would round to 1 or 0.


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


by_keras = float(generator_loss(tf.constant(three_logits, tf.float32)))
print(f"by hand {each.mean():.3f}, by Keras {by_keras:.3f}")

# %% [markdown]
# What do the losses say for an undecided discriminator, whose logits are all 0?

# %%
undecided = keras.ops.zeros((8, 1))
print(f"generator {float(generator_loss(undecided)):.2f} (log 2 is {np.log(2):.2f})")
d_loss = float(discriminator_loss(undecided, undecided))
print(f"discriminator {d_loss:.2f} (2 log 2 is {2 * np.log(2):.2f})")

# %% [markdown]
# You know both numbers. The sum in the formula was −1.39 because the discriminator wants it to be large. A loss should be small, so its sign is flipped.

# %% [markdown]
# ### What the formula says, and what the code does
#
# In the formula, the generator makes $\log(1 - D(G(z)))$ small. Our `generator_loss` makes $-\log D(G(z))$ small. Both aim at a high $D(G(z))$, but they don't push equally hard.
#
# The plot shows the push for every logit that a fake might get. The further a curve is from 0, the stronger it is.

# %%
logit = np.linspace(-6, 6, 121)
probability = 1 / (1 + np.exp(-logit))
slopes = {"log(1 − D): formula": -probability, "−log D: code": probability - 1}
cu.plotting.lines(logit, slopes, xlabel="logit of a fake", ylabel="slope of the loss")

# %% [markdown]
# When the discriminator is ahead, fakes have logits far below 0, on the left of the plot. The slope of the formula is almost 0 there, so the generator would learn hardly anything just when it has most to learn. The slope of our loss is close to −1.
#
# The formula's loss is said to **saturate**. Ours is called the **non-saturating loss**, and nearly everybody uses it.

# %% [markdown]
# ### Accuracy
#
# The losses of a GAN are hard to read. So we also count how often the discriminator is right, for real and for fake pictures. The threshold is a logit of 0. (0.5 is the threshold for probabilities. Using it for logits is a common mistake.)


# %%
def accuracy(logits, *, real):
    right = logits > 0 if real else logits < 0
    return keras.ops.mean(keras.ops.cast(right, "float32"))


four_logits = tf.constant([2.0, -0.5, 0.3, -1.0])
print((four_logits > 0).numpy(), "→", accuracy(four_logits, real=True).numpy())

# %% [markdown]
# For a classifier, an accuracy of 1.0 is the goal. In a GAN it is an alarm: the generator fools nobody, and the discriminator has won. Against a perfect generator it could only guess, and the mean of the two accuracies would be ½.

# %% [markdown]
# ## One step
#
# ### Gradients
#
# `model.fit` computes gradients for you. With two players we ask for them ourselves, by a **`GradientTape`**. The tape writes down everything that is computed while it runs. Afterwards it can give the gradient of a result with respect to a variable.

# %%
number = tf.Variable(3.0)
with tf.GradientTape() as tape:
    square = number**2
print("gradient of the square at 3:", tape.gradient(square, number).numpy())

# %% [markdown]
# The derivative of $x^2$ is $2x$, and at 3 that is 6. An optimizer moves the variable a small step in the opposite direction.

# %% [markdown]
# Now with two players of one weight each. The generator multiplies its noise by its weight, and the discriminator multiplies the fake by its own. We use two tapes for the two losses, because a tape answers only once.

# %%
g_weight, d_weight = tf.Variable(2.0), tf.Variable(3.0)
noise = 5.0
with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
    fake = g_weight * noise
    fake_logit = d_weight * fake
    g_loss = -fake_logit  # the generator wants a high logit
    d_loss = fake_logit  # the discriminator wants a low one
print("generator:", g_tape.gradient(g_loss, g_weight).numpy())
print("discriminator:", d_tape.gradient(d_loss, d_weight).numpy())

# %% [markdown]
# The generator's gradient, −15, is the noise, 5, times the discriminator's weight, 3, with a minus sign. So it *ran through the discriminator* on its way back: it tells the generator which way to change its fakes so that the discriminator finds them more real.
#
# The discriminator's weight took part in this, but it was not changed. Something changes only when an optimizer applies a gradient, and we decide to which variables.

# %% [markdown]
# ### `tf.function`
#
# Our training step will be called thousands of times, and `tf.function` makes it faster. It runs the Python function once for each shape of the inputs, with symbols instead of numbers, and records what is computed. From then on, it plays back the recording.


# %%
def scale(pixels):
    print("Python gets a", type(pixels).__name__)
    return pixels / 127.5 - 1.0


recorded = tf.function(scale)
for function in (scale, recorded, recorded):
    print(function(tf.constant([0.0, 255.0])).numpy())

# %% [markdown]
# At its first call, the recorded function got a symbol. At its second, Python was not needed any more, and nothing was printed.

# %% [markdown]
# ### The step in ten lines
#
# Here is one round of the game. Compare the numbers with the list below.


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
# 1. Draw new noise, one vector for each real picture.
# 2. The generator makes fakes. Now we write `training=True`, because we are training.
# 3. The discriminator looks at the real pictures.
# 4. It looks at the fakes as well, and both tapes are running.
# 5. How well did the fakes pass for real?
# 6. How well did the discriminator tell the two kinds apart?
# 7. The generator's gradients run back through the discriminator, as in the small example.
# 8. The discriminator's gradients.
# 9. The first optimizer moves the generator.
# 10. The second one moves the discriminator.

# %% [markdown]
# Why as many noise vectors as real pictures? The last batch of an epoch is smaller: 60,000 = 234 · 256 + 96. Our two terms are means of their own, so nothing would break. But many programs take one mean over all. If there are 96 real pictures and 256 fakes that look just like them, the best answer is not ½ any more, but the share of the real ones:

# %%
print(f"the best answer: {96 / (96 + 256):.2f}")

# %% [markdown]
# Let's call the step once. Both players are untrained, so we expect about $\log 2$ for the generator and twice that for the discriminator.
#
# Each player has its own optimizer, Adam with a momentum of β₁ = 0.5, as in the DCGAN paper. Keras's default, 0.9, remembers older gradients for longer.

# %%
first_step = make_train_step(
    generator,
    discriminator,
    keras.optimizers.Adam(RATE, beta_1=0.5),
    keras.optimizers.Adam(RATE, beta_1=0.5),
    tf.random.Generator.from_seed(0),
)
values = first_step(real[:32])
print(f"generator {values['g_loss']:.1f}, expected {np.log(2):.1f}")
print(f"discriminator {values['d_loss']:.1f}, expected {2 * np.log(2):.1f}")

# %% [markdown]
# ## Training
#
# ### New players
#
# One cell makes everything that belongs to a training. If you made only new networks, the old step would go on training the old ones.
#
# The learning rate stays the same for the first half of the steps, and then falls to 0 in a straight line. `build` creates the optimizers' variables right away, so that a checkpoint can hold them.

# %%
steps = EPOCHS * len(one_epoch(0))
with cu.training.precision():
    generator, discriminator = dcgan_generator(WIDTH), dcgan_discriminator(WIDTH)
rates = [cu.training.LinearDecay(RATE, steps, start=steps // 2) for _ in range(2)]
g_optimizer = cu.training.Adam(rates[0], beta_1=0.5)
d_optimizer = cu.training.Adam(rates[1], beta_1=0.5)
g_optimizer.build(generator.trainable_variables)
d_optimizer.build(discriminator.trainable_variables)
noise_source = tf.random.Generator.from_seed(0)
train_step = make_train_step(
    generator, discriminator, g_optimizer, d_optimizer, noise_source
)

# %% [markdown]
# `cu.training.Adam` is Keras's Adam, whose update is compiled to run faster.
#
# `cu.training.precision()` lets the networks compute with **bfloat16** where the hardware can do it. These numbers have 16 bits, and only two or three digits. Often that is quicker, and exact enough inside a network. The weights and the last layers stay in float32.

# %% [markdown]
# ### An average of the weights
#
# The weights of a GAN keep moving back and forth. A **moving average** of them moves less. It is a second generator, whose weights move a little towards those of the first after each step. It covers about the last ninth of the steps so far, and never more than about a thousand.

# %%
average = dcgan_generator(WIDTH)
average.set_weights(generator.get_weights())
averaged = tf.Variable(0.0)  # how many steps


@tf.function
def update_average():
    decay = tf.minimum(0.999, (1 + averaged) / (10 + averaged))
    for own, new in zip(average.weights, generator.weights, strict=True):
        own.assign(decay * own + (1 - decay) * new)
    averaged.assign_add(1)


# %% [markdown]
# ### Checkpoints
#
# A long training should survive a closed laptop. For that we need **checkpoints**: files that hold *everything* that changes. Besides the weights these are the optimizers' variables, the state of the random numbers, the number of epochs that are done, and the curves.

# %% [markdown]
# `tf.train.Checkpoint` takes what belongs in it under names that we choose. The variables of the networks and of the optimizers go in as one list. `history` is an object of the course that collects what the steps return.
#
# `CheckpointManager` numbers the files and keeps the newest three. `restore` fills everything from the newest file. The first time there is none, and nothing happens.

# %% tags=["nbval-ignore-output"]
epochs_done = tf.Variable(0)
history = cu.training.History(steps_per_epoch=len(one_epoch(0)))
parts = [generator, discriminator, average, g_optimizer, d_optimizer]


def make_manager(parts):
    checkpoint = tf.train.Checkpoint(
        numbers=[variable.value for part in parts for variable in part.variables],
        noise_source=noise_source,
        averaged=averaged,
        epochs_done=epochs_done,
        history=history,
    )
    return tf.train.CheckpointManager(checkpoint, run_folder / "checkpoints", 3)


manager = make_manager(parts)
manager.checkpoint.restore(manager.latest_checkpoint)
print("epochs that are done already:", int(epochs_done))

# %% [markdown]
# ### The loop
#
# The outer loop goes over the epochs that are still missing, and the inner one over the batches. `tqdm` shows a progress bar.


# %%
def draw_samples(name):
    samples = generator(fixed_noise, training=False)
    folder = run_folder / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    cu.plotting.save_picture(
        cu.plotting.tile(samples, columns=4), folder / f"{name}.png"
    )


# %% tags=["recipe"]
import time

started = time.monotonic()

# %% tags=["nbval-ignore-output"]
curves = ["d_loss", "g_loss"], ["real_accuracy", "fake_accuracy"]
levels = [{"2 log 2": 2 * np.log(2), "log 2": np.log(2)}, {"½": 0.5}]

for epoch in range(int(epochs_done), EPOCHS):
    for real in tqdm(one_epoch(epoch), f"epoch {epoch + 1}", leave=False):
        if len(history) % 50 == 0:
            draw_samples(f"step-{len(history):06d}")
        values = train_step(real)
        update_average()
        history.append(values)
    epochs_done.assign(epoch + 1)
    history.plot(
        *curves, levels=levels, path=run_folder / f"curves-{epoch + 1:03d}.png"
    )
    if (epoch + 1) % 5 == 0 or epoch + 1 == EPOCHS:
        draw_samples(f"step-{len(history):06d}")
        manager.save(epoch + 1)
        print(f"epoch {epoch + 1}: g_loss {values['g_loss']:.2f}, checkpoint written")

# %% [markdown]
# Every 50 steps, and with every checkpoint, the loop saves the pictures of the fixed noise. After every epoch it draws the curves, and after every fifth one it writes a checkpoint. If you stop it, run the cells from *New players* on again: it goes on after the newest checkpoint.

# %% [markdown]
# From the next lesson on we use `cu.training.fit`, which is this loop in a function.
#
# Do the networks and the optimizers really come back? Let's make new ones, as after a restart, and let the manager fill them.

# %% tags=["nbval-ignore-output"]
with cu.training.precision():
    new_generator, new_discriminator = (
        dcgan_generator(WIDTH),
        dcgan_discriminator(WIDTH),
    )
new_parts = [new_generator, new_discriminator, dcgan_generator(WIDTH)]
for rate, network in zip(rates, new_parts[:2], strict=True):
    new_parts.append(cu.training.Adam(rate, beta_1=0.5))
    new_parts[-1].build(network.trainable_variables)


def are_equal():
    both = zip(parts, new_parts, strict=True)
    return [
        bool(np.all(a == b))
        for old, new in both
        for a, b in zip(old.variables, new.variables, strict=True)
    ]


print("numbers that agree before:", f"{np.mean(are_equal()):.0%}")
again = make_manager(new_parts)
again.checkpoint.restore(again.latest_checkpoint).assert_consumed()
print("and after:", f"{np.mean(are_equal()):.0%}")

# %% [markdown]
# All variables are those of the old ones, to the last bit. `assert_consumed` would have raised an error if the file and the networks had not matched.
#
# To keep only the generator: `generator.save_weights("generator.weights.h5")`.

# %% [markdown]
# ### Reading the curves
#
# The thick lines are moving averages of the thin ones.

# %%
history.plot(*curves, levels=levels)

# %% [markdown]
# A classifier's loss falls. Here, each player works against the other, so compare the curves with the dashed lines, the values of an undecided discriminator. On this page, both losses soon come near their lines. Then the discriminator slowly gets ahead.
#
# At first, the discriminator takes nearly everything for real, and so it is right about the real pictures and wrong about the fakes. Then the accuracies swing against each other, until the falling learning rate calms them.

# %% [markdown]
# ### Your own film
#
# Here are the pictures of four noise vectors at a few moments of your training.

# %% tags=["nbval-ignore-output"]
saved = sorted((run_folder / "samples").glob("step-*.png"))
tiles = [cv2.imread(path, cv2.IMREAD_GRAYSCALE)[..., np.newaxis] for path in saved]
moments = np.linspace(0, len(saved) - 1, 4).round().astype(int)
cu.plotting.compare({saved[i].stem: tiles[i][np.newaxis, :32] for i in moments})

# %% [markdown]
# On this page, the generator first finds out where pictures are bright, and draws rows of dots there. Then come the blurred outlines of a top and of shoes. Put together, every second picture makes a film:

# %% tags=["nbval-ignore-output"]
film = cu.plotting.save_gif(tiles[::2], run_folder / "my_own_film.gif")
cu.plotting.show_gif(film)

# %% [markdown]
# And this is what the average of the weights does. Above are pictures from the last weights, and below from the average, with the same noise.

# %% tags=["nbval-ignore-output"]
averages = average(fixed_noise, training=False)
last = generator(fixed_noise, training=False)
cu.plotting.compare({"last": last[:8], "average": averages[:8]})

# %% [markdown]
# You can hardly see a difference. At the end the learning rate is nearly 0, and the last weights have stopped moving as well. In the middle of the long training, the average was clearly better.

# %% tags=["recipe"]
# After the 70 epochs, smaller batches: four times as many steps for each picture.
import types

history.seconds += time.monotonic() - started
smaller = cu.batches.make(images, batch_size=64, seed=1)
for name, more, rate in (("second", 12, 2e-4), ("third", 24, 3e-4)):
    steps, before = more * len(smaller), len(history)
    falling = [cu.training.LinearDecay(rate, steps, start=0) for _ in range(2)]
    adams = [cu.training.Adam(schedule, beta_1=0.5) for schedule in falling]
    move = make_train_step(generator, discriminator, *adams, noise_source)

    @tf.function
    def move_and_average(real, move=move):
        values = move(real)
        update_average()
        return values

    def draw_on(path, before=before):
        draw_samples(f"step-{before + int(path.stem[-6:]):06d}")

    state = [generator, discriminator, average, *adams, noise_source, averaged]
    found = cu.training.fit(
        move_and_average,
        smaller,
        epochs=more,
        state={str(number): part for number, part in enumerate(state)},
        folder=run_folder / name,
        snapshot=draw_on,
    )
    for row in range(len(found)):
        history.append({key: found[key][row] for key in found.keys()})
    history.seconds += found.seconds
history.finished = True
known = pack.about(
    history,
    types.SimpleNamespace(examples=IMAGES, batch_size=BATCH_SIZE, seed=0),
    data="Fashion-MNIST, 60,000 training pictures",
    licence="MIT; trained on Fashion-MNIST (Zalando SE, MIT)",
)
known |= {"epochs": EPOCHS + 36, "images_seen": (EPOCHS + 36) * IMAGES}
samples_folder = run_folder / "samples"
pack.leave(
    "fashion_dcgan",
    average,
    run_folder,
    known,
    history=history,
    samples=samples_folder,
)
pack.leave("fashion_dcgan_discriminator", discriminator, run_folder, known)

# %% [markdown]
# ## Results
#
# From here on we use the finished weights that come with the course, in the full width. After 70 epochs, they were trained for 36 more with batches of 64.

# %% tags=["cover"]
finished = cu.weights.load_model("fashion_dcgan")
card = cu.weights.card("fashion_dcgan")
print(f"{card['epochs']:.0f} epochs on {card['data']}")
cu.plotting.grid(finished(fixed_noise, training=False), columns=8)

# %% [markdown]
# This is the average. You can name most of them: tops, dresses, trousers, boots and sandals. But trousers show through the seventh, and in the second row the trousers have a sleeve, and the first boot is ragged.

# %% tags=["nbval-ignore-output"]
many_noises = keras.random.normal((500, NOISE_DIM), seed=2)
many = finished(many_noises, training=False)
cu.plotting.grid(many[:40], columns=10)

# %% [markdown]
# Here are forty more, which nobody chose. Most tops, trousers and boots look right. A few are mottled or ragged, or half a boot and half a coat. None of them is clearly a bag, although a tenth of the real pictures are bags.

# %% [markdown]
# ### The film of the long training
#
# The film shows the same sixteen noise vectors, with more pictures from the beginning.

# %% tags=["nbval-ignore-output"]
sheets = cu.weights.arrays("fashion_dcgan", "sheets")
frames = [cu.plotting.tile(images, columns=4) for images in sheets["images"]]
long_film = cu.plotting.save_gif(frames, run_folder / "long_film.gif")
cu.plotting.show_gif(long_film)

# %%
full_history = cu.weights.history("fashion_dcgan")
full_history.plot(*curves, levels=levels)

# %% [markdown]
# Around step 1,000 the discriminator is far ahead, and near 5,700 once more. Then both losses creep towards their dashed lines. At step 16,450 the batches become smaller, and the thin curves swing more.
#
# From step 10,000 on the thick curves hardly move. Yet the pictures got better: a distance to the real ones, which lesson 2 explains, fell from 81 at step 16,450 to 60. So don't judge a GAN by its losses.

# %% [markdown]
# ### Has it only memorised?
#
# A generator that returned pictures from the training set would fool every discriminator. So we look for the training picture nearest to each one of *your* averaged generator. The distance is the root of the mean squared difference of all pixels.

# %% tags=["nbval-ignore-output"]
own = average(many_noises[:300], training=False)
places, distances = cu.metrics.nearest(own, images[:IMAGES])
cu.plotting.compare({"generated": own[:8], "nearest": images[places[:8]]})
test_images, _ = cu.data.load("fashion_mnist", "test", limit=300)
_, test_distances = cu.metrics.nearest(test_images, images[:IMAGES])
print(
    f"generated: {np.median(distances):.2f}, new ones: {np.median(test_distances):.2f}"
)

# %% tags=["recipe"]
seeds = range(100, 120)
noises = [keras.random.normal((500, NOISE_DIM), seed=seed) for seed in seeds]
drawn = np.concatenate([average(noise, training=False) for noise in noises])
scores = {
    "Fréchet distance": round(cu.metrics.judge("fashion").distance(drawn), 1),
    "nearest training picture": {
        "generated": round(float(np.median(distances)), 3),
        "new ones": round(float(np.median(test_distances)), 3),
    },
}
pack.score("fashion_dcgan", run_folder, scores)

# %% [markdown]
# Copies would have a distance of 0. The second number is the distance of *new* pictures, from the test set. (Both are medians.) What the generator draws here is even further from the training set. There is no sign of copying.
#
# The same for the finished weights and the real set:

# %%
for kind, distance in card["scores"]["nearest training picture"].items():
    print(f"{kind}: {distance:.2f}")

# %% [markdown]
# ### From a coat to a boot
#
# What lies *between* two noise vectors? A small classifier of real clothes finds the noise with the clearest coat, and the one with the clearest ankle boot. Then we walk from one to the other in a straight line.

# %%
reader = cu.weights.load_model("fashion_judge")  # column 4: coat, 9: ankle boot
coat, boot = (many_noises[np.argmax(reader(many)[:, kind])] for kind in (4, 9))
share = np.linspace(0, 1, 10, dtype="float32")[:, None]
walk = finished((1 - share) * coat + share * boot, training=False)
cu.plotting.grid(walk, columns=10)

# %% [markdown]
# The coat keeps its shape for five pictures, while something like a toe appears at its lower left. The sixth picture is half a coat and half a boot, and the last four are boots. There are few steps between the two kinds, but each kind changes little by little.

# %% [markdown]
# ## What goes wrong
#
# ### A collapse
#
# One wrong setting can make a generator draw the same thing again and again. We train small networks for 600 steps: once at the DCGAN paper's rate of 2e-4, once with 20 times this rate for the generator, and once for the discriminator.
#
# Can a number see a collapse? We average the standard deviations of all pixels over the pictures, and call it the spread.


# %%
SHORT = cu.pick(quick=20, lesson=600, recipe=600)  # steps


def play(g_rate=2e-4, d_rate=2e-4, steps=SHORT):
    keras.utils.set_random_seed(0)
    networks = dcgan_generator(16), dcgan_discriminator(16)
    adams = [keras.optimizers.Adam(rate, beta_1=0.5) for rate in (g_rate, d_rate)]
    step = make_train_step(*networks, *adams, tf.random.Generator.from_seed(0))
    batches = tf.data.Dataset.from_tensor_slices(images[:8_000]).shuffle(8_000, seed=0)
    game = cu.training.History()
    for real in batches.repeat().batch(64).map(to_floats).take(steps):
        game.append(step(real))
    pictures = networks[0](many_noises[:200], training=False)
    return {
        "history": game,
        "pictures": np.asarray(pictures),
        "spread": float(np.std(pictures, axis=0).mean()),
    }


# %% tags=["nbval-ignore-output"]
games = {"usual": play(), "G × 20": play(g_rate=4e-3), "D × 20": play(d_rate=4e-3)}
cu.plotting.compare({name: game["pictures"][:10] for name, game in games.items()})
for name, game in games.items():
    last = game["history"]["fake_accuracy"][-50:].mean()
    print(f"{name}: spread {game['spread']:.2f}, fakes caught {last:.0%}")

# %% [markdown]
# The first row is the usual game. Its pictures are still rough after so few steps, but they differ.
#
# In the second row the generator's rate is 20 times as high. This is mode collapse, as on the eight spots: whatever the noise, the generator draws one picture. The spread is only a fraction of the first. The share of fakes that are caught does not warn us.

# %% [markdown]
# ### A discriminator that wins
#
# In the third row the discriminator's rate is 20 times as high, and it catches four of five fakes. The generator still learns something. But if both accuracies stay at 1.0, stop, and give the discriminator a lower rate, more dropout or fewer filters.

# %% [markdown]
# ## Summary
#
# - In a GAN, the generator makes pictures from noise, and the discriminator tells real ones from fakes.
# - At the best point of the game the discriminator says ½. The generator's loss is then $\log 2$, and the discriminator's $2 \log 2$.
# - One step takes two gradients and two optimizers. The generator's gradient runs through the discriminator without changing it.
# - A checkpoint holds everything that changes.
# - The curves say whether the game is fair, and not whether the pictures are good.

# %% [markdown]
# ## Exercises
#
# Each has a check that says what is still wrong. The solutions are in the folder `solutions`.
#
# ### Exercise 1: predict
#
# Someone puts `layers.Conv2DTranspose(32, 5, 2, "same", use_bias=False)` before the last layer of the full-size generator, where it gets 14 × 14 × 64. What is the shape of its output, and how many weights has it?

# %% tags=["exercise"]
prediction = {"height": None, "width": None, "channels": None, "weights": None}

lesson1.bigger_picture(prediction)

# %% [markdown]
# ### Exercise 2: write a loss
#
# A discriminator can become too sure of itself. **One-sided label smoothing** prevents that: real pictures get the label 0.9 instead of 1, while fakes keep the label 0. Change `smooth_loss`.


# %% tags=["exercise"]
def smooth_loss(real_logits, fake_logits):
    return discriminator_loss(real_logits, fake_logits)


lesson1.smooth_loss(smooth_loss)

# %% [markdown]
# ### Exercise 3: find the bug
#
# Someone wrote `look` to look at pictures. Each noise vector is drawn twice: above together with the others, below alone. The rows should be equal, but below, all eight pictures are the same. Choose the explanation, and repair `look`.
#
# - `"a"`: A single picture is too little for a network that was trained on batches.
# - `"b"`: Batch normalization takes the mean over the batch away. In a batch of one, nothing of the noise is left after the first one.
# - `"c"`: Dropout removes what makes the pictures different.
# - `"d"`: Each call changes the running averages, until all pictures are the same.


# %% tags=["exercise"]
def look(model, noise):
    return model(noise, training=True)


why = None

patient = cu.weights.load_model("fashion_dcgan")
alone = np.concatenate([look(patient, fixed_noise[i : i + 1]) for i in range(8)])
cu.plotting.compare({"together": look(patient, fixed_noise)[:8], "alone": alone})
lesson1.looking(look, why)

# %% [markdown]
# ### Exercise 4: an experiment
#
# How high may the generator's rate be? 2e-4 works, and 4e-3 collapses. Run `play` with at least two rates in between, which takes half a minute each, and look at the spreads. Keep 2e-4 in the list, to compare with. Then write down the highest rate that you tried whose spread is still at least half of that at 2e-4.


# %% tags=["exercise", "nbval-ignore-output"]
rates_to_try = [2e-4]
spreads = {rate: play(g_rate=rate)["spread"] for rate in rates_to_try}
for rate, spread in spreads.items():
    print(f"{rate:g}: {spread:.2f}")
highest = None

lesson1.highest_rate(spreads, highest)

# %% [markdown]
# ## Where to go on
#
# In lesson 2 you ask the generator for a 7, and it draws a 7. In lessons 3 and 4, **Pix2Pix** turns sketches into creatures and plans into houses. In lesson 5, **CycleGAN** turns horses into zebras without seeing a pair of them, and could turn photographs into Monets. **Neural style transfer** does such things for one picture, without a discriminator.
#
# GANs are not the only generative models. A **variational autoencoder** squeezes pictures through a narrow code and unfolds codes again. An **autoregressive** model draws one pixel after the other. A **diffusion model** takes noise away step by step.

# %% [markdown]
# ### Further reading
#
# - Goodfellow and others, [Generative Adversarial Nets](https://arxiv.org/abs/1406.2661) (2014), the paper with the formula
# - Radford and others, [Deep Convolutional GANs](https://arxiv.org/abs/1511.06434) (2015), the DCGAN
# - Odena and others, [Checkerboard Artifacts](https://distill.pub/2016/deconv-checkerboard/) (2016)
# - Kahng and others, [GAN Lab](https://poloclub.github.io/ganlab/), the game on points in the plane
# - TensorFlow's tutorial [Deep Convolutional GAN](https://www.tensorflow.org/tutorials/generative/dcgan)
# - Xiao and others, [Fashion-MNIST](https://arxiv.org/abs/1708.07747) (2017), the data
