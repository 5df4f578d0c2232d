"""Installs what a lesson needs and this machine lacks; run by the first cell."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path


def missing_requirements(pyproject: Path) -> list[str]:
    """Return the requirements in a pyproject.toml that are not installed at all.

    What is installed stays as it is, whatever its version: a Colab machine has its
    own TensorFlow, made for its GPU.
    """
    wanted = tomllib.loads(pyproject.read_text("utf-8"))["project"]["dependencies"]
    installed = {
        re.sub(r"[-_.]+", "-", name).lower()
        for package in metadata.distributions()
        if (name := package.metadata["Name"])
    }
    if installed & {"opencv-python", "opencv-contrib-python"}:
        installed.add("opencv-python-headless")
    if installed & {"tensorflow-cpu", "tf-nightly"}:
        installed.add("tensorflow")
    names = {re.match(r"[\w.-]+", text)[0]: text for text in wanted}
    return [
        text
        for name, text in names.items()
        if re.sub(r"[-_.]+", "-", name).lower() not in installed
    ]


def main() -> None:
    """Install the missing requirements with pip, and say so."""
    missing = missing_requirements(
        Path(__file__).resolve().parent.parent / "pyproject.toml"
    )
    if missing:
        print(f"installing {', '.join(missing)}")
        command = [sys.executable, "-m", "pip", "install", "--quiet", *missing]
        sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
