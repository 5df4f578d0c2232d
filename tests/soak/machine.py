"""A machine on which trainings are killed: `python machine.py < jobs > results`.

TensorFlow is imported once; each training runs in a fork of its own, which starts as
a fresh process would, since nothing has been computed before.
"""

import hashlib
import json
import os
import signal
import sys
from pathlib import Path

import course_utils as cu
import numpy as np
import trainings
from course_utils.training import checkpoints

RESULT = "result.json"


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Fate:
    """Kills this process in a step, or at a share of what happens in a `save`."""

    def __init__(self, kill, happens: dict, done: int):
        self.kind, self.at, self.share = kill or ("never", 0, 0.0)
        self.happens = happens  # how much in the save of each epoch, without a kill
        self.done = done  # steps

    def watch(self, step, snapshot):
        """Return both functions, which kill when their time has come."""
        write, checkpoints.save = checkpoints.save, self.save
        self.write = write
        return self.killing(step, "step"), self.killing(snapshot, "snapshot")

    def killing(self, act, kind):
        def acts(*values):
            done = act(*values)
            if kind == self.kind and self.at == self.moment(kind, values):
                die()
            return done

        return acts

    def moment(self, kind, values):
        if kind == "snapshot":
            return int(values[0].stem[-6:])
        self.done += 1
        return self.done

    def save(self, folder, step, *rest, **options):
        """Write a checkpoint; count every call in it, and die at the chosen one."""
        epoch, count = str(step // 3), 0
        last = self.share * self.happens.get(epoch, 1)

        def count_calls(*_):
            nonlocal count
            count += 1
            if self.kind == "save" and self.at == int(epoch) and count > last:
                die()

        sys.setprofile(count_calls)
        try:
            self.write(folder, step, *rest, **options)
        finally:
            sys.setprofile(None)
        self.happens[epoch] = count


def train(name, folder, kill, happens):
    """Train, or go on, to the end; leave behind what came out."""
    cu.setup(seed=0, precision="float32")
    step, batches, state = trainings.TRAININGS[name]()
    saved = checkpoints.find_checkpoints(folder / "checkpoints")
    fate = Fate(kill, happens, done=int(saved[-1].stem[-8:]) if saved else 0)
    draw = cu.plotting.save_picture
    step, snapshot = fate.watch(step, lambda path: draw(np.zeros((9, 9, 3)), path))
    history = cu.training.fit(
        step,
        batches,
        epochs=trainings.EPOCHS,
        state=state,
        folder=folder,
        snapshot=snapshot,
        snapshot_every=1,
        checkpoint_every=1,
        keep=2,
    )
    digest = hashlib.sha256()
    for part, held in state.items():
        for variable in checkpoints.variables_of(part, held):
            digest.update(np.asarray(variable).tobytes())
    result = {
        "numbers": digest.hexdigest(),
        "history": {key: history[key].tolist() for key in history.keys()},
        "happens": fate.happens,
    }
    (folder / RESULT).write_text(json.dumps(result), encoding="utf-8")


def forked(*arguments) -> int:
    """Return the number of a process that trains."""
    if number := os.fork():
        return number
    try:
        train(*arguments)
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def ended(number: int) -> str:
    """Return how a process ended: "well", "killed", or "badly"."""
    code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    return {0: "well", -signal.SIGKILL: "killed"}.get(code, "badly")


def found(folder: Path) -> dict:
    """Return what lies in a training's folder, and what is broken in it."""
    whole = checkpoints.find_checkpoints(folder / "checkpoints")
    kept = sorted(path.name for path in (folder / "checkpoints").glob("*"))
    return {
        "broken": list(filter(None, map(checkpoints.damage, whole))),
        "kept": kept,
        "samples": len(list((folder / "samples").glob("*.png"))),
    }


def run(job: dict) -> dict:
    """Return how a chain of kills, and at last no kill, went and what it left."""
    folder = cu.run_folder(job["folder"])
    chain = []
    for kill in [*job["kills"], None]:
        count = 2 if job.get("twice") else 1
        arguments = (job["training"], folder, kill, job["happens"])
        several = [forked(*arguments) for _ in range(count)]
        chain.append({"ends": list(map(ended, several)), **found(folder)})
    result = folder / RESULT
    last = json.loads(result.read_text(encoding="utf-8")) if result.exists() else {}
    return {"chain": chain, **last}


if __name__ == "__main__":
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    happens: dict = {}
    for line in sys.stdin:
        job = json.loads(line)
        result = run(job | {"happens": happens.get(job["training"], {})})
        happens.setdefault(job["training"], result.get("happens", {}))
        print(json.dumps(result), file=out, flush=True)
