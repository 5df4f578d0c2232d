"""Lesson 4's own loop: stopped in one Python, gone on with in a new one."""

import os
import subprocess
import sys

import numpy as np
from build import code_cells, read_source
from course_utils.runtime import ROOT

LESSON = ROOT / "notebooks/source/04_facades_pix2pix.py"
KEEP = """
import sys
numbers = [np.asarray(v).ravel() for part in {} for v in part.variables]
np.save(sys.argv[1], np.concatenate([n.astype("float64") for n in numbers]))
"""


def run_cells(folder, up_to: str, name: str):
    """Return what a new Python prints, and all numbers of the training `name`.

    It runs the lesson's cells, from the first to the one that makes `name`; those
    after `up_to` are what a learner runs when all cells above have run.
    """
    cells = [cell.source for cell in code_cells(read_source(LESSON))]
    end = [number for number, cell in enumerate(cells) if cell.startswith(up_to)]
    script = folder / f"{name}.py"
    code = "\n\n".join(cells[: end[0] + 1])
    script.write_text(code + KEEP.format(f"{name}.values()"), "utf-8")
    place = os.pathsep.join(map(str, (ROOT, ROOT / "notebooks")))
    own = {"COURSE_RUN": "quick", "COURSE_DATA": "miniature", "PYTHONPATH": place}
    done = subprocess.run(
        [sys.executable, script, folder / f"{name}.npy"],
        env=os.environ | own | {"COURSE_HOME": str(folder)},
        cwd=ROOT / "notebooks",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, np.load(folder / f"{name}.npy")


def test_a_training_that_goes_on_in_a_new_python_loses_nothing(tmp_path):
    said, stopped = run_cells(tmp_path, "stopped = train_by_hand", "stopped")
    assert "already: 0" in said and "epoch 2 is done" in said
    assert "epoch 3 is done" not in said
    # after the restart: "run all cells above" trains nothing, the next cell goes on
    said, resumed = run_cells(tmp_path, "resumed = train_by_hand", "resumed")
    assert said.count("already: 2") == 2 and "already: 0" not in said
    assert said.count("is done, written") == 2 and "epoch 4 is done" in said
    (tmp_path / "other").mkdir()
    said, whole = run_cells(tmp_path / "other", "whole = train_by_hand", "whole")
    assert said.count("already: 0") == 2 and said.count("already: 2") == 1
    np.testing.assert_array_equal(resumed, whole)
    assert np.any(stopped != whole)
