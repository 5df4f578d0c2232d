"""`make bench`: each lesson's training by the package, beside the usual way to run it.

Both run the lesson's own step on the same networks, batches and data. The usual way
is float32, Keras's Adam and a plain loop; the package's is `cu.training.fit` with its
Adam and its precision. They take turns, each in a process of its own, and what counts
is the ratio. `make bench JSON=path` keeps the table, `ONLY=facades` runs one line.
"""

import ast
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["COURSE_DATA"] = "miniature"
ROUNDS = 3
# name: lesson, steps of an epoch that are timed, examples of a step, ratio to reach
CASES = {
    "dcgan": ("01", 8, 256, 1.4),
    "gan": ("02", 469, 128, 1.3),
    "cgan": ("02", 469, 128, 1.4),
    "facades": ("04", 6, 1, 1.6),
    "cyclegan": ("05", 3, 1, 1.6),
}


def from_lesson(number: str, *names: str):
    """Return functions as a lesson's source defines them, with its constants."""
    import course_utils as cu
    import keras
    import numpy as np
    import tensorflow as tf

    (source,) = (ROOT / "notebooks" / "source").glob(f"{number}_*.py")
    kept, known = [], {"cu": cu, "keras": keras, "np": np, "tf": tf}
    for node in ast.parse(source.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            kept.append(node)
        constant = isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if constant and node.targets[0].id.isupper():
            kept.append(node)
    exec(compile(ast.Module(kept, []), str(source), "exec"), known)
    return [known[name] for name in names]


def adams(count: int, ours: bool) -> list:
    import course_utils as cu
    import keras

    kind = cu.training.Adam if ours else keras.optimizers.Adam
    return [kind(2e-4, beta_1=0.5) for _ in range(count)]


def noise_gan(case: str, steps: int, size: int, ours: bool):
    """Return step, batches and state of lesson 1's DCGAN, or of lesson 2's networks."""
    import course_utils as cu
    import numpy as np
    import tensorflow as tf

    made = {
        "dcgan": ("01", "make_train_step", "dcgan_generator", "dcgan_discriminator"),
        "gan": ("02", "make_gan_step", "GanGenerator", "GanDiscriminator"),
        "cgan": ("02", "make_cgan_step", "CganGenerator", "CganDiscriminator"),
    }
    number, step, generator, discriminator = made[case]
    (make,) = from_lesson(number, step)
    nets = [getattr(cu.networks, name)() for name in (generator, discriminator)]
    noise = tf.random.Generator.from_seed(0)
    rng = np.random.default_rng(0)
    arrays = [rng.integers(0, 256, (steps * size, 28, 28, 1), np.uint8)]
    if case == "cgan":
        arrays.append(np.eye(10, dtype="float32")[rng.integers(0, 10, steps * size)])
    batches = cu.data.batches(*arrays, batch_size=size, seed=0)
    optimizers = adams(2, ours)
    return make(*nets, *optimizers, noise), batches, [*nets, *optimizers, noise]


def facades(steps: int, ours: bool):
    import course_utils as cu

    (make,) = from_lesson("04", "make_train_step")
    nets = [cu.networks.facades_generator(), cu.networks.facades_discriminator()]
    pairs = cu.data.load("facades", "fit", limit=steps)
    batches = cu.data.batches(
        *pairs, batch_size=1, seed=0, augment=cu.data.augment.jitter
    )
    optimizers = adams(2, ours)
    return make(*nets, *optimizers), batches, [*nets, *optimizers]


def cyclegan(steps: int, ours: bool):
    import course_utils as cu

    (make,) = from_lesson("05", "make_train_step")
    nets = [cu.networks.ResNetGenerator() for _ in range(2)]
    nets += [cu.networks.PictureDiscriminator() for _ in range(2)]
    pools = [cu.gan.ImagePool(50) for _ in range(2)]
    scenes = cu.data.load("horse2zebra", "fit", limit=steps)
    batches = cu.data.batches(
        *scenes, batch_size=1, seed=0, augment=cu.data.augment.jitter, paired=False
    )
    optimizers = adams(4, ours)
    losses = cu.losses.discriminator_loss, cu.losses.generator_loss
    step = make(nets, optimizers, pools, losses)
    return step, batches, [*nets, *optimizers, *pools]


def measure(case: str, ours: bool) -> dict:
    """Return seconds a step, without the first epoch, and the peak of memory in MB."""
    import course_utils as cu

    _, steps, size, _ = CASES[case]
    cu.setup(seed=0, precision="auto" if ours else "float32")
    if case in ("facades", "cyclegan"):
        step, batches, parts = globals()[case](steps, ours)
    else:
        step, batches, parts = noise_gan(case, steps, size, ours)
    moments = []
    if ours:
        cu.training.fit(
            step,
            batches,
            epochs=4,
            state={str(number): part for number, part in enumerate(parts)},
            on_epoch_end=lambda *_: moments.append(time.perf_counter()),
        )
    else:
        for number in range(4):
            for batch in batches.epoch(number):
                losses = step(batch)
            print({name: float(value) for name, value in losses.items()})
            moments.append(time.perf_counter())
    epochs = [end - start for start, end in zip(moments, moments[1:], strict=False)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"seconds": statistics.median(epochs) / len(batches), "megabytes": peak}


def run_apart(case: str, ours: bool) -> dict:
    command = [sys.executable, __file__, "--one", case, "ours" if ours else "usual"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main(only: str, path: str) -> None:
    table = {}
    print(f"{'':10} {'usual':>9} {'ours':>9} {'ratio':>6} {'wanted':>6}  images/s  MB")
    for case in [only] if only else CASES:
        turns = [(run_apart(case, False), run_apart(case, True)) for _ in range(ROUNDS)]
        usual, ours = (
            {key: statistics.median(turn[key] for turn in side) for key in side[0]}
            for side in zip(*turns, strict=True)
        )
        ratio = statistics.median(
            one["seconds"] / other["seconds"] for one, other in turns
        )
        _, _, size, wanted = CASES[case]
        table[case] = {"usual": usual, "ours": ours, "ratio": ratio, "wanted": wanted}
        print(
            f"{case:10} {usual['seconds']:8.3f}s {ours['seconds']:8.3f}s {ratio:6.2f} "
            f"{wanted:6.2f} {size / ours['seconds']:9.1f}  "
            f"{usual['megabytes']:.0f} → {ours['megabytes']:.0f}",
            flush=True,
        )
    if path:
        Path(path).write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], sys.argv[3] == "ours")))
    else:
        main(os.environ.get("ONLY", ""), os.environ.get("JSON", ""))
