"""`make bench`: each lesson's training by the package, beside the usual way to run it.

Both run the lesson's own step on the same networks, batches and pictures. The usual way
is float32, Keras's Adam and a plain loop; the package's is `cu.training.fit`, with its
own Adam and precision. They take turns, each in a process of its own, and what counts
is the ratio. A third way gives `fit` one batch again and again: what the input costs.
`make bench JSON=path` keeps the table, `ONLY=facades` measures one line of it.
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
os.environ["COURSE_DATA"] = "miniature"
ROUNDS, EPOCHS = 3, 4  # the first epoch is not timed: it traces
WAYS = ("usual", "ours", "one batch")
WANTED = {
    "dcgan": 1.4,
    "gan": 1.3,
    "cgan": 1.4,
    "creatures": None,
    "facades": 1.6,
    "cyclegan": 1.6,
}
CELLS = {
    "import course_utils": "import course_utils",
    "first digit, cold": """
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
        self.batch_size, self.identity = batches.batch_size, batches.identity

    def __len__(self):
        return self.length

    def epoch(self, number, start=0):
        return [self.batch] * (self.length - start)


def measure(case: str, way: str) -> dict:
    """Return seconds of a step, pictures a second, and the peak of memory in MB."""
    import bench_cases
    import course_utils as cu
    import keras

    cu.setup(seed=0, precision="float32" if way == "usual" else "auto")
    kind = keras.optimizers.Adam if way == "usual" else cu.training.Adam
    step, batches, parts = getattr(bench_cases, case)(lambda: kind(2e-4, beta_1=0.5))
    size = batches.batch_size
    if way == "one batch":
        batches = OneBatch(batches)
    moments = []
    if way == "usual":
        for number in range(EPOCHS):
            for batch in batches.epoch(number):
                losses = step(batch)
            print({name: float(value) for name, value in losses.items()})
            moments.append(time.perf_counter())
    else:
        cu.training.fit(
            step,
            batches,
            epochs=EPOCHS,
            state={str(number): part for number, part in enumerate(parts)},
            on_epoch_end=lambda *_: moments.append(time.perf_counter()),
        )
    epochs = [end - start for start, end in zip(moments, moments[1:], strict=False)]
    seconds = statistics.median(epochs) / len(batches)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"seconds": seconds, "pictures": size / seconds, "megabytes": peak}


def run_apart(*arguments: str) -> dict:
    """Return what `measure` finds in a new process."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def compare(case: str) -> dict:
    """Return the medians of all rounds, and those of their ratios."""
    rounds = [{way: run_apart(case, way) for way in WAYS} for _ in range(ROUNDS)]

    def middle(value):
        return statistics.median(map(value, rounds))

    line = {"ratio": middle(lambda r: r["usual"]["seconds"] / r["ours"]["seconds"])}
    line |= {"wanted": WANTED[case]}
    line["input"] = middle(lambda r: r["one batch"]["seconds"] / r["ours"]["seconds"])
    for way in WAYS:
        keys = rounds[0][way]
        line[way] = {key: middle(lambda r, k=key, w=way: r[w][k]) for key in keys}
    return line


def starting_up() -> dict:
    """Return the seconds from a cold start of Python, the median of all rounds."""

    def seconds(code):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
        return time.perf_counter() - start

    return {
        name: statistics.median(seconds(code) for _ in range(ROUNDS))
        for name, code in ({"python alone": "pass"} | CELLS).items()
    }


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
            f"{usual['pictures']:9.1f} →{ours['pictures']:8.1f}"
            f"{usual['megabytes']:9.0f} → {ours['megabytes']:.0f}",
            flush=True,
        )
    if not only:
        table["starting up"] = starting_up()
        for name, seconds in table["starting up"].items():
            print(f"{name}: {seconds:.2f} s")
    if path:
        Path(path).write_text(json.dumps(table, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measure(*sys.argv[1:])))
    else:
        main(os.environ.get("ONLY", ""), os.environ.get("JSON", ""))
