# %% [markdown]
# # 3 · Solutions
#
# One solution for each exercise of lesson 3, and why it is one. Try them yourself first: the checks in the lesson say what is still wrong.

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
from checks import lesson3

# %% [markdown]
# ## Exercise 1: predict
#
# Back from one logit: 4 pixels of the map before it; stride 1 and kernel 4 make 4 + 3 = 7; each of the two halvings doubles and adds 2: 16, then 34. Forward: 256 become 128, then 64; the next block pads to 66 and makes 66 − 4 + 1 = 63 of them, the last layer 62.

# %% tags=["exercise"]
prediction = {"patch": 34, "map": 62}

lesson3.smaller_patches(prediction)

# %% [markdown]
# The network agrees:

# %%
pictures = keras.ops.zeros((1, 256, 256, 3))
network = cu.networks.PatchDiscriminator(width=8, halvings=2)
print(network(pictures, pictures).shape)

# %% [markdown]
# ## Exercise 2: write a function
#
# One output needs `kernel` inputs. `n` outputs, `stride` apart, need $(n - 1) \cdot s + k$. Begin with one pixel after the last layer, and walk back.


# %% tags=["exercise"]
def receptive_field(kernels, strides):
    size = 1
    for kernel, stride in zip(kernels[::-1], strides[::-1], strict=True):
        size = (size - 1) * stride + kernel
    return size


for halvings in (1, 2, 3, 4, 5):
    strides = [2] * halvings + [1, 1]
    print(
        f"{halvings} halvings:", receptive_field([4] * len(strides), strides), "pixels"
    )
lesson3.receptive_field(receptive_field)

# %% [markdown]
# ## Exercise 3: find the bug
#
# A byte holds 0 to 255, and what is larger begins again at 0. So clip first, then cast.


# %% tags=["exercise"]
def to_pixels(pictures):
    return np.clip((pictures + 1) * 127.5, 0, 255).astype("uint8")


print(to_pixels(np.array([-1.3, 0.0, 1.2])))
lesson3.to_pixels(to_pixels)

# %% [markdown]
# `cu.plotting.to_uint8` also rounds, since a cast only cuts off: 254.9 would be 254. With `tanh` as its last activation a generator cannot leave [−1, 1] at all.
