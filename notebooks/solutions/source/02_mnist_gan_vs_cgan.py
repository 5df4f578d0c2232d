# %% [markdown]
# # 2 · Solutions
#
# One solution for each exercise of lesson 2, and why it is one. Try them yourself first: the checks in the lesson say what is still wrong.

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
from checks import lesson2

# %% [markdown]
# ## Exercise 1: predict
#
# `dense_y` has one weight for each pair of an input and a unit, and one bias for each unit: (26 + 1) · 256 = 6,912. It had (10 + 1) · 256 = 2,816 before. Nothing else in the generator sees the label, so the rest stays: 693,520 − 2,816 + 6,912 = 697,616.

# %% tags=["exercise"]
prediction = {"dense_y": 27 * 256, "generator": 693_520 - 11 * 256 + 27 * 256}

lesson2.more_labels(prediction)

# %% [markdown]
# Keras agrees. A subclassed network takes its sizes from its first call, so the same class serves for letters:

# %%
letters = cu.networks.CganGenerator()
pictures = letters(keras.ops.zeros((1, 100)), keras.ops.eye(26)[:1])
print(f"{letters.dense_y.count_params():,}, {letters.count_params():,}")

# %% [markdown]
# ## Exercise 2: write a function
#
# As many rows of noise as there are digits, all the same; and a one-hot row for each digit. The order of the rows is the order of the pictures.


# %% tags=["exercise"]
def write(generator, text, noise):
    digits = [int(character) for character in text]
    labels = keras.utils.to_categorical(digits, 10)
    return generator(np.repeat(noise, len(digits), axis=0), labels)


lesson2.one_hand(write)

# %% [markdown]
# Two hands write the same number. What the label leaves open, the noise decides: each row keeps its stroke and its slant.

# %%
cgan = cu.weights.load_model("mnist_cgan")
noise = keras.random.normal((2, 100), seed=3)
rows = {f"hand {i + 1}": write(cgan, "2718281828", noise[i : i + 1]) for i in (0, 1)}
cu.plotting.compare(rows)

# %% [markdown]
# ## Exercise 3: find the bug
#
# The stray 1 makes four axes: (pictures, 1, pieces, units). The maximum over axis 1 is taken over a single number, so it changes nothing, and the pieces survive: a dense layer after it gives one number for *each piece*. The loss then takes the mean over all of them, and nobody complains. Without the 1, axis 1 is the pieces.


# %% tags=["exercise"]
def maxout_of(candidates, units, pieces):
    split = keras.ops.reshape(candidates, (-1, pieces, units))
    return keras.ops.max(split, axis=1)


lesson2.maxout(maxout_of)

# %% [markdown]
# A `Reshape((pieces, units))` layer, as in the lesson, keeps the axis of the pictures by itself, so that this mistake cannot happen; and an `assert` on the shape of the logits finds it at once.

# %%
candidates = np.arange(24.0).reshape(2, 12)
print(np.asarray(maxout_of(candidates, units=3, pieces=4)))
