"""TensorBoard in a notebook: it opens, shows the logs, and ends."""

import subprocess
import sys
import urllib.request

import course_utils as cu
import pytest
import tensorflow as tf

NOBODY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy


def page(url):
    with NOBODY.open(url, timeout=30) as answer:
        return answer.read().decode()


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "fit" / "20260101-000000"
    writer = tf.summary.create_file_writer(str(folder))
    with writer.as_default():
        tf.summary.scalar("g_loss", 0.5, step=1)
    writer.close()
    return folder.parent


def test_the_panel_shows_the_logs_until_it_is_closed(logs):
    board = cu.tensorboard.panel(logs)
    assert board.url.startswith("http://127.0.0.1:") and board.url in board.value
    assert "<title>TensorBoard" in page(board.url)
    assert "20260101-000000" in page(f"{board.url}data/runs")
    board.close()
    with pytest.raises(OSError):  # refused, or reset if the server was just leaving
        page(board.url)
    board.stop()


def test_two_panels_do_not_meet_and_look_the_same_in_a_notebook(logs):
    boards = [cu.tensorboard.panel(logs) for _ in range(2)]
    assert boards[0].url != boards[1].url
    assert (
        repr(boards[0])
        == repr(boards[1])
        == ("TensorBoard on fit: run this cell to use it")
    )
    for board in boards:
        board.close()


def test_where_it_cannot_open_one_line_says_so(tmp_path, capsys, monkeypatch, logs):
    assert cu.tensorboard.panel(tmp_path / "nothing") is None
    assert "there is no log in" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    assert cu.tensorboard.panel(logs) is None
    assert "history.plot" in capsys.readouterr().out


def test_a_process_with_an_open_panel_ends(logs):
    script = (
        f"import course_utils as cu; print(cu.tensorboard.panel({str(logs)!r}).url)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    with pytest.raises(urllib.error.URLError):
        page(done.stdout.strip().splitlines()[-1])
