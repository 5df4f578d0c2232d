"""JupyterLab on a port of this machine, opened in Chromium, for the browser tests."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
from course_utils.runtime import ROOT
from nbformat.v4 import new_code_cell, new_notebook

CHROMIUM = Path("/usr/bin/chromium")
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KERNEL_IS_IDLE = """() => {
  const widget = window.jupyterapp && window.jupyterapp.shell.currentWidget;
  const session = widget && widget.sessionContext && widget.sessionContext.session;
  return session && session.kernel && session.kernel.status === 'idle';
}"""
RUN_ALL = """() => {
  window.ranAll = null;
  window.jupyterapp.commands.execute('notebook:run-all-cells').then(
    well => { window.ranAll = {well}; },
    fault => { window.ranAll = {fault: `${fault}`}; }
  );
}"""
ERRORS = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content.model.toJSON();
  const outputs = notebook.cells.flatMap(cell => cell.outputs || []);
  return outputs.filter(output => output.output_type === 'error').map(
    error => `${error.ename}: ${error.evalue}`
  );
}"""


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


def address(
    runtime: Path, server: subprocess.Popen, *, path: str = "/api/status"
) -> str:
    """Return the server's address, from the file that it writes when it listens."""
    while server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(ValueError, OSError):
                url = json.loads(file.read_text())["url"].rstrip("/")
                with urllib.request.urlopen(f"{url}{path}", timeout=5):
                    return url
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
    raise RuntimeError("JupyterLab did not start")


@contextlib.contextmanager
def browser_page(url: str):
    """Give a page that notes console errors and requests to other hosts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=OPTIONS
        )
        page = browser.new_page(viewport={"width": 1100, "height": 1400})
        page.errors, page.outside = [], []
        page.on(
            "console",
            lambda said: page.errors.append(said.text) if said.type == "error" else 0,
        )
        inside = (url, url.replace("http", "ws", 1), "data:", "blob:")
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(inside)
                else page.outside.append(request.url)
            ),
        )
        yield page
        browser.close()


def open_notebook(page, url: str, name: str) -> None:
    """Open a notebook, and wait until it is drawn and its kernel is idle."""
    page.goto(f"{url}/doc/tree/{name}")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function(KERNEL_IS_IDLE, timeout=60_000)


@contextlib.contextmanager
def notebook_page(folder: Path, cells: list[str], *, watch=lambda page: None):
    """Give the page of a notebook of these cells, all run; `watch` gets it empty."""
    (folder / "notebooks").mkdir()
    notebook = new_notebook(
        cells=[new_code_cell(source.strip()) for source in cells],
        metadata={"kernelspec": PYTHON},
    )
    nbformat.write(notebook, folder / "notebooks" / "widgets.ipynb")
    with jupyterlab(folder / "notebooks", folder) as url, browser_page(url) as page:
        watch(page)
        open_notebook(page, url, "widgets.ipynb")
        run_all(page)
        yield page


def run_all(page, *, seconds: float = 120) -> None:
    """Run all cells of the open notebook, and wait until the last one has ended."""
    page.evaluate(RUN_ALL)
    page.wait_for_function("window.ranAll", timeout=1000 * seconds)
    errors = page.evaluate(ERRORS)
    result = page.evaluate("window.ranAll")
    if errors or not result.get("well"):
        raise RuntimeError("\n".join(errors) or f"not all cells ran: {result}")


def complaints(page) -> list[str]:
    """Return what a page did wrong: errors in its console, requests to other hosts."""
    faults = [error for error in page.errors if "favicon" not in error]
    return faults + [f"asked for {url}" for url in page.outside]
