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
# ## Exercise 2: change one thing
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
# `training=True` makes batch normalization use the mean and variance of the batch at hand. So a noise looks different in other company; worse, every look moves the running averages, and the model is no longer the one that was trained. For looking, say `training=False`.


# %% tags=["exercise"]
def look(model, noise):
    return model(noise, training=False)


lesson1.looking(look)

# %%
fixed_noise = keras.random.normal((16, 100), seed=1)
patient = cu.weights.load_model("fashion_dcgan")
alone = np.concatenate([look(patient, fixed_noise[i : i + 1]) for i in range(8)])
cu.plotting.compare({"together": look(patient, fixed_noise)[:8], "alone": alone})
