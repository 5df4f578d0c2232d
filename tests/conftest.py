"""What all tests share: no network, no real data unless asked for, quiet TensorFlow."""

import logging
import os
import shutil

os.environ.setdefault("COURSE_DATA", "miniature")
os.environ.setdefault("MPLBACKEND", "agg")

import course_utils  # noqa: E402  (hides TensorFlow's greeting)
import lab as jupyterlab  # noqa: E402
import pytest  # noqa: E402


@pytest.fixture(autouse=True)
def nothing_that_autograph_cannot_transform():
    """Fail where a step would greet a learner with AutoGraph's warning."""
    said, handler = [], logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())
    logger = logging.getLogger("tensorflow")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    assert not [text for text in said if "AutoGraph could not transform" in text]


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the notebooks, in a browser: one for all tests."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(course_utils.runtime.ROOT / "notebooks", folder / "notebooks")
    with jupyterlab.start(folder) as lab:
        yield lab
