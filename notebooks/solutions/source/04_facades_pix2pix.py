# %% [markdown]
# # 4 · Solutions
#
# One solution for each exercise of lesson 4, and why it is one. Try them yourself first: the checks in the lesson say what is still wrong.

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
from checks import lesson4

# %% [markdown]
# ## Exercise 1: predict
#
# Checkpoints come after epochs 20, 40, …, 140, and after the last one, 150. The three newest stay. In the middle of epoch 76, with 75 epochs done, the newest is that of epoch 60: sixteen epochs are to be done again. (The stop button does better: `fit` ends the running step, and writes a checkpoint.)

# %% tags=["exercise"]
prediction = {"kept": [120, 140, 150], "after_power_cut": 60}

lesson4.what_is_left(prediction)

# %% [markdown]
# ## Exercise 2: change one thing
#
# What happens to both must happen once, to both together: stack them on their channels, jitter, and part them again. (Giving both the same seed does it as well.)


# %% tags=["exercise"]
def jitter_both(plan, photo, seed):
    pair = np.concatenate([plan, photo], axis=-1)
    pair = cu.augment.jitter(pair, seed, size=64, larger=72)
    return pair[..., :3], pair[..., 3:]


lesson4.both_alike(jitter_both)

# %% [markdown]
# ## Exercise 3: find the bug
#
# The last block ends in a single pixel, and a single pixel minus its own mean is 0: the code is 0 for every plan. The innermost block must not be normalized.


# %% tags=["exercise"]
def encoder(size, width):
    plan = keras.Input((size, size, 3))
    features = plan
    every = cu.networks.encoder_filters(size, width)
    for number, count in enumerate(every):
        inner = 0 < number < len(every) - 1
        features = cu.networks.downsample(count, 4, norm=inner)(features)
    return keras.Model(plan, features)


lesson4.encoder(encoder)

# %% [markdown]
# Two plans, and how far apart their codes are now:

# %%
plans = np.random.default_rng(0).uniform(-1, 1, (2, 64, 64, 3))
codes = encoder(64, 4)(plans)
print(codes.shape, "apart:", bool(np.abs(codes[0] - codes[1]).max() > 0))
