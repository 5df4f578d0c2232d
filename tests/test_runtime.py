"""Start-up: light, quiet, and clear about what it was told."""

import subprocess
import sys

import course_utils as cu
import pytest
import tensorflow as tf
from course_utils import runtime


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**runtime.os.environ, **environment},
        cwd=runtime.ROOT,
    )


def test_importing_the_package_does_not_import_tensorflow():
    found = run(
        "import course_utils, sys; print({'keras', 'tensorflow', 'numpy'} "
        "& set(sys.modules))"
    )
    assert found.stdout.strip() == "set()"


def test_tensorflow_starts_without_a_word():
    found = run("import course_utils, keras, tensorflow; print('ready')")
    assert (found.stdout, found.stderr) == ("ready\n", "")


def test_setup_says_what_it_found_in_one_line(capsys):
    cu.setup(seed=0)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "TensorFlow" in out


def test_setup_goes_on_when_tensorflow_has_begun_on_the_gpu(monkeypatch, capsys):
    def fails(*_):
        raise RuntimeError(
            "Physical devices cannot be modified after being initialized"
        )

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda *_: ["GPU:0"])
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", fails)
    cu.setup(seed=0)
    assert "1 GPU" in capsys.readouterr().out


def test_setup_seeds_the_networks():
    import numpy as np

    kernels = []
    for _ in range(2):
        cu.setup(seed=3)
        kernels.append(np.array(cu.networks.dcgan_generator(2).weights[0]))
    np.testing.assert_array_equal(*kernels)


@pytest.mark.parametrize("length", ["quick", "lesson", "recipe"])
def test_pick_follows_the_environment(monkeypatch, length):
    monkeypatch.setenv("COURSE_RUN", length)
    assert cu.pick(quick="quick", lesson="lesson", recipe="recipe") == length


def test_a_run_is_a_lesson_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("COURSE_RUN", raising=False)
    assert cu.pick(quick=1, lesson=2, recipe=3) == 2


def test_an_unknown_run_length_is_named_with_the_known_ones(monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "fast")
    with pytest.raises(ValueError, match="'fast'.*quick, lesson, recipe"):
        cu.pick(quick=1, lesson=2, recipe=3)


def test_an_unknown_module_is_named_with_the_known_ones():
    with pytest.raises(AttributeError, match="'plots'.*plotting"):
        _ = cu.plots


def test_course_home_moves_the_runs_and_lengths_do_not_meet(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "my drive" / "과정"))
    monkeypatch.setenv("COURSE_RUN", "quick")
    quick = cu.run_folder("lesson")
    monkeypatch.setenv("COURSE_RUN", "recipe")
    recipe = cu.run_folder("lesson")
    assert quick.is_dir() and recipe.is_dir() and quick != recipe
    assert tmp_path in quick.parents


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "file"))
    with pytest.raises(OSError, match="file.*cannot be made.*COURSE_HOME"):
        cu.run_folder("lesson")
