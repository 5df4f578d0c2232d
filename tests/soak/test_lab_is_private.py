"""JupyterLab, started as `make lab` starts it, lets nobody in."""

import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from course_utils.runtime import ROOT
from lab import address

OPEN_TO_ALL = "c.ServerApp.ip = '0.0.0.0'\n"  # as somebody may have in a config file


def listening(port: int) -> set[str]:
    """Return the addresses, in hexadecimal, at which this machine listens there."""
    rows = []
    for table in ("tcp", "tcp6"):
        path = Path("/proc/net") / table
        rows += path.read_text().splitlines()[1:] if path.exists() else []
    found = [row.split() for row in rows]
    at = [row[1].split(":") for row in found if row[3] == "0A"]
    return {host for host, number in at if int(number, 16) == port}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's /proc")
def test_it_listens_on_this_machine_only_and_asks_for_a_token(tmp_path):
    told = subprocess.run(
        ["make", "-n", "-o", ".venv/.ready", "lab", "BROWSER=no", "PORT=0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.replace("\\\n", " ")
    (line,) = [line for line in told.splitlines() if "-m jupyterlab" in line]
    options = shlex.split(line.split("-m jupyterlab")[1])
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(OPEN_TO_ALL)
    folders = {
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
    }
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env={**os.environ, **folders},
            cwd=ROOT,
            stderr=log,
            stdout=log,
        )
    try:
        url = address(tmp_path / "runtime", server, path="/api")
        port = int(url.split(":")[2].split("/")[0])
        assert listening(port) == {"0100007F"}  # 127.0.0.1
        for asked in ("api/contents", "api/kernels", "api/terminals"):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(f"{url}/{asked}", timeout=20)
        assert "?token=" in (tmp_path / "log").read_text()
    finally:
        server.terminate()
        server.wait(20)
