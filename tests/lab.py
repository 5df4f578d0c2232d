"""JupyterLab on a port of this machine, opened in Chromium, for the browser tests."""

import contextlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from course_utils.runtime import ROOT
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
NEEDS_BROWSER = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"
)
OPTIONS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
OPTIONS += " --disable-background-networking --disable-component-update"
KERNEL_IS_IDLE = """() =>
  window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status
    === 'idle'"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
SHUT_DOWN = "() => window.jupyterapp.serviceManager.sessions.shutdownAll()"
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
  .flatMap(cell => cell.outputs || [])
  .filter(output => output.output_type === 'error')
  .map(error => `${error.ename}: ${error.evalue}`)"""


class Lab:
    """A JupyterLab on `notebooks/` in a folder, and a browser."""

    def __init__(self, folder: Path, url: str, browser: Browser):
        self.notebooks, self.url, self.browser = folder / "notebooks", url, browser

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Page]:
        """Give the page of a notebook, whose kernel is idle; nothing has run yet.

        `page.faults` gets console errors and requests to other hosts.
        """
        inside = (self.url, self.url.replace("http", "ws", 1), "data:", "blob:")
        page = self.browser.new_page(viewport={"width": 1100, "height": 1400})
        page.faults = []

        def hear(said):
            if said.type == "error" and "favicon" not in said.text:
                page.faults.append(said.text)

        def see(request):
            if not request.url.startswith(inside):
                page.faults.append(f"asked for {request.url}")

        page.on("console", hear)
        page.on("request", see)
        page.goto(f"{self.url}/doc/tree/{name}")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
        page.wait_for_function(KERNEL_IS_IDLE, timeout=60_000)
        yield page
        page.evaluate(SHUT_DOWN)
        page.close()


def run_all(page: Page) -> None:
    """Run all cells of the open notebook, and wait until the last one has ended."""
    page.evaluate(RUN_ALL)
    errors = page.evaluate(ERRORS)
    assert not errors, errors


@contextlib.contextmanager
def start(folder: Path) -> Iterator[Lab]:
    """Give a JupyterLab whose files, and those of the course's runs, go to `folder`."""
    environment = dict(
        os.environ,
        COURSE_RUN="quick",
        COURSE_HOME=str(folder),
        JUPYTER_CONFIG_DIR=str(folder / "config"),
        JUPYTER_CONFIG_PATH=str(ROOT / "course_utils"),  # as `make lab` sets it
        JUPYTERLAB_SETTINGS_DIR=str(folder / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(folder / "workspaces"),
        JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
        PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    )
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", "--port=0", "--IdentityProvider.token="),
        "--LabApp.expose_app_in_browser=True",
        f"--ServerApp.root_dir={folder / 'notebooks'}",
    ]
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stderr=log, stdout=log)
    try:
        url = address(folder / "runtime", server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=str(CHROMIUM), args=OPTIONS.split()
            )
            yield Lab(folder, url, browser)
            browser.close()
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
