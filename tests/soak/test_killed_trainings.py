"""Trainings that are killed at any moment end as if nothing had happened.

They run on an unlucky machine: no HOME, no UTF-8, and a COURSE_HOME on a mounted drive
with a space and Korean letters in its name.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from course_utils.runtime import ROOT
from often import LONG, often

MACHINE = Path(__file__).with_name("machine.py")
NAMES = ("dcgan", "gan", "cgan", "pix2pix", "cyclegan")
CHAINS = often(short=0, long=3)  # of two kills each, for every training
SHORT = {
    "gan": [("step", 2, 0.0), ("save", 2, 0.5)],
    "cyclegan": [("snapshot", 2, 0.0)],
}


def moments(rng) -> list[tuple]:
    """Return when to kill: once in the first epoch, once in the second, by chance."""
    kills = []
    for epoch in (1, 2):
        kind = rng.choice(["step", "snapshot", "save", "save"])
        at = epoch if kind == "save" else rng.integers(3 * epoch - 2, 3 * epoch + 1)
        kills.append((str(kind), int(at), float(rng.uniform())))
    return kills


def plan() -> list[dict]:
    """Return the trainings to run; of each kind, the first one is not disturbed."""
    rng = np.random.default_rng(0)
    jobs = []
    for name in NAMES:
        chains = [moments(rng) for _ in range(CHAINS)] if LONG else []
        chains = chains or [SHORT.get(name, [])]
        jobs += [{"training": name, "kills": kills} for kills in ([], *chains)]
    jobs.append({"training": "gan", "kills": [], "twice": True})
    return [job | {"folder": f"{n:02d}"} for n, job in enumerate(jobs)]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """All jobs, each with what came of it, by the training's name."""
    drive = tmp_path_factory.mktemp("drive") / "내 드라이브 (my drive)"
    environment = {key: os.environ[key] for key in os.environ if key != "HOME"}
    environment |= {
        "COURSE_HOME": str(drive),
        "COURSE_RUN": "quick",
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        # TensorFlow's libraries do not load without UTF-8 from such a folder either
        "PYTHONUTF8": "0" if str(ROOT).isascii() else "1",
        "PYTHONPATH": str(ROOT),
    }
    jobs = plan()
    done = subprocess.run(
        [sys.executable, MACHINE],
        input="\n".join(map(json.dumps, jobs)),
        env=environment,
        capture_output=True,
        text=True,
        cwd=drive.parent,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(jobs), done.stderr[-3000:]
    by_name = {name: [] for name in NAMES}
    for job, result in zip(jobs, results, strict=True):
        by_name[job["training"]].append((job, result))
    print(done.stderr[-3000:])  # pytest shows it when a test fails
    return by_name


@pytest.mark.parametrize("name", NAMES)
def test_a_killed_training_ends_with_the_same_numbers(ran, name):
    (_, straight), *others = ran[name]
    for job, result in others:
        for key in ("numbers", "history"):
            assert result[key] == straight[key], job


@pytest.mark.parametrize("name", NAMES)
def test_every_kill_leaves_whole_checkpoints_and_samples(ran, name):
    for job, result in ran[name]:
        ends = [end for part in result["chain"] for end in part["ends"]]
        last = ["well", "well"] if job.get("twice") else ["well"]
        assert ends == ["killed"] * len(job["kills"]) + last, job
        assert [part["broken"] for part in result["chain"]] == [[]] * len(
            result["chain"]
        )
        assert result["chain"][-1]["samples"] == 7  # one before the first step


@pytest.mark.parametrize("name", NAMES)
def test_what_kills_leave_behind_does_not_pile_up(ran, name):
    for job, result in ran[name]:
        kept = result["chain"][-1]["kept"]
        names = [file for file in kept if file.endswith(".npz")]
        assert names == ["step-00000003.npz", "step-00000006.npz"]
        saves = sum(kind == "save" for kind, *_ in job["kills"])
        assert len(kept) <= 2 + saves, job
