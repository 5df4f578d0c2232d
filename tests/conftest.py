"""What all tests share: no network, no real data unless asked for, quiet TensorFlow."""

import os

os.environ.setdefault("COURSE_DATA", "miniature")
os.environ.setdefault("MPLBACKEND", "agg")

import course_utils  # noqa: E402, F401  (hides TensorFlow's greeting)
import pytest  # noqa: E402


@pytest.fixture(scope="session")
def real_root(tmp_path_factory):
    """A folder whose cache of the real sets is shared by all tests of one run."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):  # each worker has a folder in the run's
        folder = folder.parent
    return folder / "real-data"
