"""Trains each kind of network shortly, in float32 and in bfloat16, and marks both.

`python tests/precisions.py [gan …]` takes up to an hour on two cores. Each training has
three seeds: what these change by themselves is the noise that a difference between
the precisions has to stand out from.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import course_utils as cu  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from lessons import from_lesson  # noqa: E402

SEEDS = 3
PRECISIONS = ("float32", "mixed_bfloat16")
LOSSES = cu.losses.discriminator_loss, cu.losses.generator_loss


def trained(make, nets, batches, epochs, *others, last=()):
    """Train networks by the step that `make` makes of them and their optimizers."""
    adams = [cu.training.Adam(2e-4, beta_1=0.5) for _ in nets]
    parts = [*nets, *adams, *others]
    state = {str(number): part for number, part in enumerate(parts)}
    cu.training.fit(make(*parts, *last), batches, epochs=epochs, state=state)


def noise(count=2000):
    return np.random.default_rng(9).normal(size=(count, 100)).astype("float32")


def dcgan():
    names = ("discriminator_loss", "generator_loss")
    known = dict(zip(names, LOSSES, strict=True))
    (make,) = from_lesson("01", "make_train_step", **known)
    nets = cu.networks.dcgan_generator(32), cu.networks.dcgan_discriminator(32)
    fit = cu.data.load("fashion_mnist", "train", limit=6000)
    batches = cu.data.batches(fit.images, batch_size=64)
    trained(make, nets, batches, 6, tf.random.Generator.from_seed(1))
    made = nets[0].predict(noise(), verbose=0)
    return {"distance": cu.metrics.judge("fashion").distance(made)}


def gan():
    (make,) = from_lesson("02", "make_gan_step")
    nets = cu.networks.GanGenerator(), cu.networks.GanDiscriminator()
    fit = cu.data.load("mnist", "train")
    batches = cu.data.batches(fit.images, batch_size=128)
    trained(make, nets, batches, 10, tf.random.Generator.from_seed(1))
    made = nets[0](noise()).numpy()
    return {"distance": cu.metrics.judge("mnist").distance(made)}


def cgan():
    (make,) = from_lesson("02", "make_cgan_step")
    nets = cu.networks.CganGenerator(), cu.networks.CganDiscriminator()
    fit = cu.data.load("mnist", "train")
    one_hot = np.eye(10, dtype="float32")
    batches = cu.data.batches(fit.images, one_hot[fit.labels], batch_size=128)
    trained(make, nets, batches, 10, tf.random.Generator.from_seed(1))
    asked = np.arange(2000) % 10
    made = nets[0](noise(), one_hot[asked]).numpy()
    judge = cu.metrics.judge("mnist")
    share = cu.metrics.asked_share(judge.labels(made), asked)
    return {"distance": judge.distance(made), "as asked": float(share)}


def pairs(name, size, limit):
    """Return fit and held-out pairs of drawn pictures, of every n-th pixel."""
    found = []
    for part, count in (("fit", limit), ("heldout", 32)):
        drawn = cu.data.load(name, part, limit=count, source="miniature")
        every = drawn[0].shape[1] // size
        found.append([pictures[:, ::every, ::every] for pictures in drawn])
    return found


def away(network, inputs, targets):
    """Return the L1 of what a network makes of pictures to those it should make."""
    inputs, targets = [part.astype("float32") / 127.5 - 1 for part in (inputs, targets)]
    made = np.concatenate([network(picture[None]) for picture in inputs])
    return float(np.abs(made - targets).mean())


def creatures():
    (make,) = from_lesson("03", "make_train_step", l1_loss=cu.losses.l1_loss)
    nets = cu.networks.UNet(64, 16, "batch"), cu.networks.PatchDiscriminator(16)
    fit, heldout = pairs("sketch2pokemon", 64, 200)
    batches = cu.data.batches(*fit, batch_size=4)
    trained(make, nets, batches, 10, last=[(1.0, 100.0)])
    return {"L1": away(nets[0], *heldout)}


def facades():
    (make,) = from_lesson("04", "make_train_step")
    kinds = cu.networks.facades_generator, cu.networks.facades_discriminator
    nets = [kind(128, 32) for kind in kinds]
    fit, heldout = pairs("facades", 128, 100)
    trained(make, nets, cu.data.batches(*fit, batch_size=1), 5)
    return {"L1": away(nets[0], *heldout)}


def cyclegan():
    (make,) = from_lesson("05", "make_train_step")
    nets = [cu.networks.UNet(64, 16, "instance") for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator(16) for _ in range(2)]
    drawn = {"size": 64, "source": "miniature"}
    fit = cu.data.load("horse2zebra", "fit", limit=400, **drawn)
    batches = cu.data.batches(*fit, batch_size=4, paired=False)
    pools = [cu.gan.ImagePool(50) for _ in range(2)]

    def step(*parts):
        return make(parts[:4], parts[4:8], parts[8:], LOSSES)

    trained(step, nets, batches, 5, *pools)
    horses, zebras = cu.data.truth("horse2zebra", "heldout", size=64)
    return {"L1": (away(nets[0], horses, zebras) + away(nets[1], zebras, horses)) / 2}


def main(*names) -> None:
    print(f"{'':22}{'float32':>30}{'bfloat16':>30}")
    for train in (dcgan, gan, cgan, creatures, facades, cyclegan):
        if names and train.__name__ not in names:
            continue
        cards = {}
        for precision in PRECISIONS:
            for seed in range(SEEDS):
                with open(os.devnull, "w") as quiet:
                    printed, sys.stdout = sys.stdout, quiet
                    cu.setup(seed=seed, precision=precision)
                    keras.utils.clear_session()
                    keras.utils.set_random_seed(seed)
                    card = train()
                    sys.stdout = printed
                for mark, value in card.items():
                    cards.setdefault(mark, {}).setdefault(precision, []).append(value)
        for mark, found in cards.items():
            rows = ["".join(f"{v:10.3f}" for v in found[name]) for name in PRECISIONS]
            print(f"{train.__name__ + ', ' + mark:22}{''.join(rows)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
