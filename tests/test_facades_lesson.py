"""Lesson 4's own loop: stopped in one Python, gone on with in a new one."""

import os
import re
import subprocess
import sys

import numpy as np
from build import code_cells, read_source
from course_utils.runtime import ROOT

LESSON = ROOT / "notebooks/source/04_facades_pix2pix.py"
KEEP = """
import sys
for name in sys.argv[2:]:
    kept = globals()[name]  # a checkpoint
    numbers = [v for part in parts for v in getattr(kept, part)]
    numbers += [kept.epochs_done, *map(kept.history.__getitem__, kept.history.keys())]
    numbers = [np.asarray(v).ravel().astype("float64") for v in numbers]
    np.save(f"{sys.argv[1]}/{name}.npy", np.concatenate(numbers))
"""


def run_cells(folder, up_to: str, *names: str):
    """Return what a new Python prints, and all numbers of the trainings `names`.

    It runs the lesson's cells, from the first to the one that begins with `up_to`.
    """
    cells = [cell.source for cell in code_cells(read_source(LESSON))]
    (end,) = [number for number, cell in enumerate(cells) if cell.startswith(up_to)]
    script = folder / "cells.py"
    script.write_text("\n\n".join([*cells[: end + 1], KEEP]), "utf-8")
    place = os.pathsep.join(map(str, (ROOT, ROOT / "notebooks")))
    own = {"COURSE_RUN": "quick", "COURSE_DATA": "miniature", "PYTHONPATH": place}
    done = subprocess.run(
        [sys.executable, script, folder, *names],
        env=os.environ | own | {"COURSE_HOME": str(folder)},
        cwd=ROOT / "notebooks",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, *[np.load(folder / f"{name}.npy") for name in names]


def test_a_training_that_goes_on_in_a_new_python_loses_nothing(tmp_path):
    said, stopped = run_cells(tmp_path, "stopped = ", "stopped")
    assert "already: 0" in said and said.count("is done, written") == 2
    # After the restart, all cells above train nothing. The next one goes on, and the
    # one after it trains in one go, in a folder of its own.
    said, resumed, whole = run_cells(tmp_path, "whole = ", "resumed", "whole")
    assert re.findall(r"already: (\d)", said) == ["2", "2", "0"]
    assert re.findall(r"epoch (\d) is done, written", said) == list("341234")
    np.testing.assert_array_equal(resumed, whole)
    assert len(stopped) < len(whole)  # two epochs of history, not four
    # Another day, it begins anew, and compares no old files.
    said, *_ = run_cells(tmp_path, "whole = ")
    assert re.findall(r"already: (\d)", said) == ["0", "2", "0"]
