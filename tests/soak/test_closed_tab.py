"""A tab that is closed, then a kernel that is restarted: the training loses nothing."""

import threading
import time

import nbformat
import pytest
from lab import (
    CHROMIUM,
    KERNEL_IS_IDLE,
    PYTHON,
    RUN_ALL,
    browser_page,
    jupyterlab,
    open_notebook,
    run_all,
)
from often import LONG

KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
CELLS = [
    """
import os, pathlib, time
import course_utils as cu, numpy as np, tensorflow as tf

here = pathlib.Path(os.environ["COURSE_HOME"])

def wait(epoch, history):
    (here / f"at-{epoch}").touch()
    while not (here / f"go-{epoch}").exists():
        time.sleep(0.02)
""",
    """
steps = tf.Variable(0.0)
history = cu.training.fit(
    lambda batch: {"loss": steps.assign_add(1.0)},
    cu.data.batches(np.zeros((6, 4, 4, 1), np.uint8), batch_size=2),
    epochs=4,
    state={"steps": steps},
    folder=cu.run_folder("closed"),
    checkpoint_every=1,
    on_epoch_end=wait,
)
""",
    "print(int(steps.numpy()), 'steps:', *history['loss'].astype(int))",
]


def wait_for(path, *, seconds=120):
    """Return when the file is there; the kernel makes it."""
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"no {path.name}"
        threading.Event().wait(0.05)


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is missing")
@pytest.mark.skipif(not LONG, reason="two browsers, two kernels: part of make soak")
def test_a_closed_tab_and_a_restarted_kernel_lose_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": PYTHON})
    nbformat.write(notebook, tmp_path / "notebooks" / "long.ipynb")
    (tmp_path / "go-1").touch()
    with jupyterlab(tmp_path / "notebooks", tmp_path) as url:
        with browser_page(url) as page:
            open_notebook(page, url, "long.ipynb")
            page.evaluate(RUN_ALL)
            wait_for(tmp_path / "at-2")
        (tmp_path / "go-2").touch()  # the tab is closed, and the training goes on
        wait_for(tmp_path / "at-3")
        with browser_page(url) as page:
            page.goto(f"{url}/doc/tree/long.ipynb")
            page.wait_for_function(KERNEL)  # it is busy still
            page.evaluate(f"{KERNEL}.restart()")
            page.wait_for_function(KERNEL_IS_IDLE)
            for number in (3, 4):
                (tmp_path / f"go-{number}").touch()
            run_all(page)
            shown = page.inner_text(".jp-Notebook")
    assert "going on after epoch 2, step 6" in shown
    assert "12 steps: 1 2 3 4 5 6 7 8 9 10 11 12" in shown
