# %% [markdown]
# # 5 · Solutions
#
# One solution for each exercise of lesson 5, and why it is one. Try them yourself first: the checks in the lesson say what is still wrong.

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
from checks import lesson5

# %% [markdown]
# ## Exercise 1: predict
#
# A term moves $G$ if $G$ has drawn something in it. That is so in $D_Y(G(x))$, in both cycles, first or second, and in its own identity $|G(y) - y|$. What $F$ draws for $D_X$, and $F$'s identity, are none of its business.

# %% tags=["exercise"]
prediction = {"D_Y(G(x))": True, "D_X(F(y))": False}
prediction |= {"F(G(x)) - x": True, "G(F(y)) - y": True}
prediction |= {"G(y) - y": True, "F(x) - x": False}

lesson5.who_is_moved(prediction)

# %% [markdown]
# ## Exercise 2: write a function
#
# Horses go through $G$, then $F$; zebras through $F$, then $G$. Each is compared with where it began.


# %% tags=["exercise"]
def cycle_loss(horses, zebras, to_zebra, to_horse):
    horses_again = to_horse(to_zebra(horses))
    zebras_again = to_zebra(to_horse(zebras))
    there = cu.losses.l1_loss(horses, horses_again)
    return there + cu.losses.l1_loss(zebras, zebras_again)


lesson5.cycle_both(cycle_loss)

# %% [markdown]
# ## Exercise 3: find the bug
#
# $G$ makes zebras. Asked to leave *horses* as they are, it is asked not to do its work. It is to leave *zebras* alone, and $F$ horses.


# %% tags=["exercise"]
def identity_loss(horses, zebras, to_zebra, to_horse):
    same_zebras = cu.losses.l1_loss(zebras, to_zebra(zebras))
    same_horses = cu.losses.l1_loss(horses, to_horse(horses))
    return same_zebras + same_horses


lesson5.identity(identity_loss)

# %% [markdown]
# A generator that changes nothing has an identity loss of 0, and so has its cycle. Only the discriminators ask for a change:

# %%
pictures = keras.random.uniform((2, 8, 8, 3), -1, 1, seed=0)
nothing = (pictures, pictures, lambda x: x, lambda x: x)
print(float(identity_loss(*nothing)), float(cycle_loss(*nothing)))
