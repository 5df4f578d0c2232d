"""JupyterLab on a port of this machine, opened in Chromium, for the browser tests."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest
from course_utils.runtime import ROOT
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
NEEDS_BROWSER = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
OPTIONS = [
    *(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
]
KERNEL_IS_IDLE = """() =>
  window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status
    === 'idle'"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .flatMap(cell => cell.outputs || [])
  .filter(output => output.output_type === 'error')
  .map(error => `${error.ename}: ${error.evalue}`)"""


@contextlib.contextmanager
def jupyterlab(folder: Path, scratch: Path):
    """Give the address of a JupyterLab on `folder`; its own files go to `scratch`."""
    environment = dict(
        os.environ,
        JUPYTER_CONFIG_DIR=str(scratch / "config"),
        JUPYTER_CONFIG_PATH=str(ROOT / "course_utils"),  # as `make lab` sets it
        JUPYTERLAB_SETTINGS_DIR=str(scratch / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(scratch / "workspaces"),
        JUPYTER_RUNTIME_DIR=str(scratch / "runtime"),
        PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    )
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", "--port=0", "--IdentityProvider.token="),
        *("--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}"),
    ]
    with open(scratch / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
    try:
        yield address(scratch / "runtime", server)
    finally:
        server.terminate()
        server.wait(20)


def address(runtime: Path, server: subprocess.Popen) -> str:
    """Return the server's address, from the file that it writes when it listens."""
    while server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(ValueError, OSError):  # half written, or too early
                url = json.loads(file.read_text())["url"].rstrip("/")
                with urllib.request.urlopen(f"{url}/api/status", timeout=5):
                    return url
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
    raise RuntimeError("JupyterLab did not start")


@contextlib.contextmanager
def browser_page(url: str):
    """Give a page; `page.faults` gets console errors and requests to other hosts."""
    inside = (url, url.replace("http", "ws", 1), "data:", "blob:")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=OPTIONS
        )
        page = browser.new_page(viewport={"width": 1100, "height": 1400})
        page.faults = []

        def hear(said):
            if said.type == "error" and "favicon" not in said.text:
                page.faults.append(said.text)

        def see(request):
            if not request.url.startswith(inside):
                page.faults.append(f"asked for {request.url}")

        page.on("console", hear)
        page.on("request", see)
        yield page
        browser.close()


@contextlib.contextmanager
def notebook_page(folder: Path, cells: list[str]):
    """Give the page of a notebook of these cells, all of which have run."""
    (folder / "notebooks").mkdir()
    notebook = new_notebook(
        cells=[new_code_cell(source.strip()) for source in cells],
        metadata={"kernelspec": PYTHON},
    )
    nbformat.write(notebook, folder / "notebooks" / "widgets.ipynb")
    with jupyterlab(folder / "notebooks", folder) as url, browser_page(url) as page:
        open_notebook(page, url, "widgets.ipynb")
        run_all(page)
        yield page


def open_notebook(page, url: str, name: str) -> None:
    """Open a notebook, and wait until it is drawn and its kernel is idle."""
    page.goto(f"{url}/doc/tree/{name}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function(KERNEL_IS_IDLE, timeout=60_000)


def run_all(page) -> None:
    """Run all cells of the open notebook, and wait until the last one has ended."""
    page.evaluate(RUN_ALL)
    errors = page.evaluate(ERRORS)
    assert not errors, errors
