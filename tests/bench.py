"""`make bench`: each lesson's training by the package, beside the usual way to run it.

Both run the lesson's own step on the same networks, batches and pictures. The usual way
is float32, Keras's Adam and a plain loop; the package's is `cu.training.fit`, with its
own Adam and precision. A third way gives `fit` one batch again and again: what the
input costs. Each has a process of its own; they take turns, two epochs each, of which
the second is timed, and what counts is the ratio. `make bench JSON=path` keeps the
table, `ONLY=facades` measures one line of it.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
ROUNDS = 5
EPOCHS = 2 * ROUNDS + 1
WAYS = ("usual", "ours", "one batch")
WANTED = {
    "dcgan": 1.4,
    "gan": 1.3,
    "cgan": 1.4,
    "creatures": None,
    "facades": 1.6,
    "cyclegan": 1.6,
}
FROM_COLD = {
    "python alone": "pass",
    "import course_utils": "import course_utils",
    "import tensorflow, keras": "import course_utils, tensorflow, keras",
    "first digit": """
import course_utils as cu
import numpy as np
generator = cu.weights.load_model("mnist_cgan")
picture = generator(np.zeros((1, 100), "float32"), np.eye(10, dtype="float32")[:1])
assert picture.shape == (1, 28, 28, 1)
""",
}


class OneBatch:
    """Batches that are all the first one: an input that costs nothing."""

    def __init__(self, batches):
        self.batch, self.length = next(iter(batches)), len(batches)
        self.batch_size = batches.batch_size
        self.examples = self.length * self.batch_size

    def __len__(self):
        return self.length

    def epoch(self, number, start=0):
        import tensorflow as tf

        options = tf.data.Options()
        options.autotune.enabled = False  # as in our own batches
        dataset = tf.data.Dataset.from_tensors(self.batch).repeat(self.length - start)
        return dataset.with_options(options)


def train(case: str, way: str) -> None:
    """Train for one epoch whenever a line comes in, and say how long it took."""
    answers, sys.stdout = sys.stdout, sys.stderr
    import bench_cases
    import course_utils as cu
    import keras

    cu.setup(seed=0, precision="float32" if way == "usual" else "auto")
    kind = keras.optimizers.Adam if way == "usual" else cu.training.Adam
    step, batches, parts = getattr(bench_cases, case)(lambda: kind(2e-4, beta_1=0.5))
    if way == "one batch":
        batches = OneBatch(batches)
    started = time.perf_counter()

    def end(*_):
        nonlocal started
        each = (time.perf_counter() - started) / len(batches)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        found = {"seconds": each, "pictures": batches.batch_size / each, "MB": peak}
        print(json.dumps(found), file=answers, flush=True)
        sys.stdin.readline()
        started = time.perf_counter()

    if way == "usual":
        for number in range(EPOCHS):
            for batch in batches.epoch(number):
                losses = step(batch)
            print({name: float(value) for name, value in losses.items()})
            end()
    else:
        state = {str(number): part for number, part in enumerate(parts)}
        cu.training.fit(step, batches, epochs=EPOCHS, state=state, on_epoch_end=end)


def compare(case: str) -> dict:
    """Return the medians of all rounds, and those of their ratios."""
    quiet = {"COURSE_DATA": "miniature"} | os.environ
    trainings = {
        way: subprocess.Popen(
            [sys.executable, __file__, case, way],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=quiet,
        )
        for way in WAYS
    }

    def answer(way):
        line = trainings[way].stdout.readline()
        if not line:
            sys.exit(f"{case}, {way}: it broke off; run tests/bench.py {case} '{way}'")
        return json.loads(line)

    def epoch(way):
        for _ in range(2):  # the first one wakes it up, with its memory and its caches
            trainings[way].stdin.write("\n")
            trainings[way].stdin.flush()
            found = answer(way)
        return found

    for way in WAYS:
        answer(way)  # of the first epoch, which traces
    rounds = []
    for number in range(ROUNDS):  # each time, another one begins
        turn = number % len(WAYS)
        rounds.append({way: epoch(way) for way in WAYS[turn:] + WAYS[:turn]})
    for training in trainings.values():
        training.communicate("\n")

    def middle(value):
        return statistics.median(map(value, rounds))

    return {
        "ratio": middle(lambda r: r["usual"]["seconds"] / r["ours"]["seconds"]),
        "wanted": WANTED[case],
        "input": middle(lambda r: r["one batch"]["seconds"] / r["ours"]["seconds"]),
    } | {
        way: {key: middle(lambda r, k=key, w=way: r[w][k]) for key in rounds[0][way]}
        for way in WAYS
    }


def starting_up() -> dict:
    """Return the seconds from a cold start of Python, the median of all rounds."""

    def seconds(code):
        start = time.perf_counter()
        quiet = subprocess.DEVNULL
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, stderr=quiet)
        return time.perf_counter() - start

    return {
        name: statistics.median(seconds(code) for _ in range(ROUNDS))
        for name, code in FROM_COLD.items()
    }


def loading() -> dict:
    """Return the seconds that each weight file takes to become a network."""
    import course_utils as cu

    def seconds(name):
        start = time.perf_counter()
        cu.weights.load_model(name)
        return time.perf_counter() - start

    names = [card.stem for card in sorted((ROOT / "weights").glob("*.json"))]
    return {
        name: statistics.median(seconds(name) for _ in range(ROUNDS)) for name in names
    }


def _short(number: float) -> str:
    return f"{number:,.{2 if number < 10 else 0}f}"


def main(only: str, path: str) -> None:
    table = {}
    print("usual: float32, Keras's Adam, a plain loop. input: 1.00 = it never waits.\n")
    print(f"{'':10}{'ratio':>6}{'wanted':>7}{'input':>7}   pictures/s          MB")
    for case in [only] if only else WANTED:
        table[case] = line = compare(case)
        usual, ours = line["usual"], line["ours"]
        print(
            f"{case:10}{line['ratio']:6.2f}{line['wanted'] or '':>7}"
            f"{line['input']:7.2f}"
            f"{_short(usual['pictures']):>9} →{_short(ours['pictures']):>8}"
            f"{usual['MB']:9.0f} → {ours['MB']:.0f}",
            flush=True,
        )
    if not only:
        table["from a cold start"] = starting_up()
        table["loading weights"] = loading()
        for title in ("from a cold start", "loading weights"):
            print(f"\n{title}")
            for name, seconds in table[title].items():
                print(f"  {name:40}{seconds:6.2f} s")
    if path:
        Path(path).write_text(json.dumps(table, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:]:
        train(*sys.argv[1:])
    else:
        main(os.environ.get("ONLY", ""), os.environ.get("JSON", ""))
