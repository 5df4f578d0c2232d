"""`make bench`: each lesson's training by the package, beside the usual way to run it.

Both run the lesson's own step on the same networks and batches. The usual way is
float32, Keras's Adam and a plain loop; the course's is `cu.training.fit`, with its own
Adam and precision. They take turns, an epoch each; what counts is the ratio of times.
`python tests/bench.py facades` measures one line of the table.
"""

import contextlib
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import course_utils as cu  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from lessons import from_lesson  # noqa: E402

ROUNDS = 5
WANTED = {"dcgan": 1.4, "gan": 1.3, "cgan": 1.3, "facades": 1.5, "cyclegan": 1.5}
PART_NAMES = ("generator", "discriminator", "g_optimizer", "d_optimizer", "noise")


def pictures(*shape) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def from_noise(number, make_step, networks, adam, arrays, batch_size):
    """Return step, batches and state of a lesson whose generator gets noise."""
    losses = ("discriminator_loss", "generator_loss", "accuracy")
    known = {name: getattr(cu.losses, name) for name in losses}
    (make,) = from_lesson(number, make_step, **known)
    parts = [*networks, adam(), adam(), tf.random.Generator.from_seed(0)]
    batches = cu.batches.make(*arrays, batch_size=batch_size)
    return make(*parts), batches, dict(zip(PART_NAMES, parts, strict=True))


def from_pairs(number, networks, adam, size, count, batch_size, *weights):
    """Return step, batches and state of a lesson whose generator gets pictures."""
    (make,) = from_lesson(number, "make_train_step", l1_loss=cu.losses.l1_loss)
    parts = [*networks, adam(), adam()]
    pairs = pictures(2, count, size, size, 3)
    batches = cu.batches.make(*pairs, batch_size=batch_size, augment=cu.augment.mirror)
    state = dict(zip(PART_NAMES, parts, strict=False))
    return make(*parts, *weights), batches, state


def dcgan(adam, small=False):
    width, count, size = (4, 48, 8) if small else (64, 256 * 8, 256)
    networks = (
        cu.networks.dcgan_generator(width),
        cu.networks.dcgan_discriminator(width),
    )
    images = [pictures(count, 28, 28, 1)]
    return from_noise("01", "make_train_step", networks, adam, images, size)


def gan(adam, small=False):
    count, size = (48, 8) if small else (60_000, 128)  # as MNIST
    networks = [
        kind() for kind in from_lesson("02", "GanGenerator", "GanDiscriminator")
    ]
    images = [pictures(count, 28, 28, 1)]
    return from_noise("02", "make_gan_step", networks, adam, images, size)


def cgan(adam, small=False):
    count, size = (48, 8) if small else (60_000, 128)  # as MNIST
    kinds = from_lesson("02", "CganGenerator", "CganDiscriminator")
    networks = [kind() for kind in kinds]
    labels = np.eye(10, dtype=np.float32)[np.arange(count) % 10]
    arrays = [pictures(count, 28, 28, 1), labels]
    return from_noise("02", "make_cgan_step", networks, adam, arrays, size)


def creatures(adam, small=False):
    size, width, count = (32, 4, 12) if small else (128, 32, 80)
    networks = (
        cu.networks.UNet(size, width, "instance"),
        cu.networks.PatchDiscriminator(width, "instance"),
    )
    return from_pairs("03", networks, adam, size, count, 2, (1.0, 100.0))


def facades(adam, small=False):
    size, width, count = (32, 4, 6) if small else (256, 64, 10)
    networks = (
        cu.networks.facades_generator(size, width),
        cu.networks.facades_discriminator(size, width),
    )
    return from_pairs("04", networks, adam, size, count, 1)


def cyclegan(adam, small=False):
    size, width, blocks, count = (32, 4, 1, 6) if small else (256, 64, 9, 3)
    names = "to_zebra", "to_horse", "is_zebra", "is_horse"
    networks = [cu.networks.ResNetGenerator(width, blocks) for _ in range(2)]
    networks += [cu.networks.PatchDiscriminator(width, "instance") for _ in range(2)]
    adams = [adam() for _ in names]
    pools = [cu.gan.ImagePool(4) for _ in range(2)]
    state = dict(zip(names, networks, strict=True))
    state |= {f"{name}_adam": each for name, each in zip(names, adams, strict=True)}
    state |= {"zebra_pool": pools[0], "horse_pool": pools[1]}
    (make,) = from_lesson("05", "make_train_step")
    losses = cu.losses.discriminator_loss, cu.losses.generator_loss
    batches = cu.batches.make(
        *pictures(2, count, size, size, 3), batch_size=1, paired=False
    )
    return make(networks, adams, pools, losses), batches, state


CASES = [dcgan, gan, cgan, creatures, facades, cyclegan]


def usual_epoch(step, batches) -> None:
    for batch in batches.epoch(0):
        values = step(batch)
    print({name: float(value) for name, value in values.items()}, file=sys.stderr)


def course_epoch(step, batches) -> None:
    with contextlib.redirect_stdout(sys.stderr):
        cu.training.fit(step, batches, epochs=1, state={})


def seconds(epoch, step, batches) -> float:
    started = time.perf_counter()
    epoch(step, batches)
    return (time.perf_counter() - started) / len(batches)


def compare(case) -> tuple[float, float, float]:
    """Return the medians of a step's seconds, usual and ours, and of their ratio."""
    keras.utils.set_random_seed(0)
    usual = (*case(lambda: keras.optimizers.Adam(2e-4, beta_1=0.5)),)
    with cu.training.precision():
        ours = (*case(lambda: cu.training.Adam(2e-4, beta_1=0.5)),)
    rounds = [
        (seconds(usual_epoch, *usual[:2]), seconds(course_epoch, *ours[:2]))
        for _ in range(ROUNDS + 1)
    ][1:]  # the first one traces
    before, after = map(statistics.median, zip(*rounds, strict=True))
    return before, after, statistics.median(one / other for one, other in rounds)


def main(only: list[str]) -> None:
    for case in CASES:
        name = case.__name__
        if only and name not in only:
            continue
        usual, ours, ratio = compare(case)
        wanted = f"wanted {WANTED[name]}" if name in WANTED else ""
        times = f"{usual * 1e3:8.0f} ms →{ours * 1e3:7.0f} ms"
        print(f"{name:10}{times}{ratio:6.2f} × {wanted}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
