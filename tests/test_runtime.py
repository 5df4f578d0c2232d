"""Start-up: light, quiet, and clear about what it was told."""

import subprocess
import sys

import course_utils as cu
import numpy as np
import pytest
import tensorflow as tf


def output_of(code):
    command = [sys.executable, "-c", f"import course_utils, {code}"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_the_package_is_light_to_import_and_tensorflow_starts_without_a_word():
    heavy = "{'keras', 'tensorflow', 'numpy'} & set(sys.modules)"
    assert output_of(f"sys; print({heavy}); import tensorflow, keras") == "set()\n"


def test_setup_seeds_the_networks_and_says_what_it_found_in_one_line(capsys):
    kernels = []
    for _ in range(2):
        cu.setup(seed=3)
        kernels.append(np.array(cu.networks.dcgan_generator(2).weights[0]))
    assert np.array_equal(*kernels)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and "TensorFlow" in lines[0]


def test_setup_goes_on_when_tensorflow_has_begun_on_the_gpu(monkeypatch, capsys):
    def fails(*_):
        raise RuntimeError("Physical devices cannot be modified")

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda *_: ["GPU:0"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", fails)
    cu.setup(seed=0)
    assert "1 GPU" in capsys.readouterr().out


@pytest.mark.parametrize("length", ["quick", "lesson", "recipe", ""])
def test_pick_follows_the_environment(monkeypatch, length):
    monkeypatch.setenv("COURSE_RUN", length)
    picked = cu.pick(quick="quick", lesson="lesson", recipe="recipe")
    assert picked == (length or "lesson")


def test_an_unknown_run_length_or_module_is_named_with_the_known_ones(monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "fast")
    with pytest.raises(ValueError, match="'fast'.*quick, lesson, recipe"):
        cu.pick(quick=1, lesson=2, recipe=3)
    with pytest.raises(AttributeError, match="'plots'.*plotting"):
        _ = cu.plots


def test_course_home_moves_the_runs_and_lengths_do_not_meet(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "my drive" / "과정"))
    folders = set()
    for length in ("quick", "recipe"):
        monkeypatch.setenv("COURSE_RUN", length)
        folders.add(cu.run_folder("01"))
    assert len(folders) == 2
    assert all(folder.is_dir() and tmp_path in folder.parents for folder in folders)


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "file"))
    with pytest.raises(OSError, match="file.*cannot be made.*COURSE_HOME"):
        cu.run_folder("01")
