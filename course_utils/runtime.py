"""Start-up: seeds, the length of a run, and where its results are kept."""

import contextlib
import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LENGTHS = ("quick", "lesson", "recipe")


def run_length() -> str:
    """Return the length of this run: "quick", "lesson" or "recipe"."""
    length = os.environ.get("COURSE_RUN") or "lesson"
    if length not in LENGTHS:
        raise ValueError(f"COURSE_RUN is {length!r}; known: {', '.join(LENGTHS)}")
    return length


def pick(*, quick, lesson, recipe):
    """Return the one of the three values that fits the length of this run."""
    return {"quick": quick, "lesson": lesson, "recipe": recipe}[run_length()]


def run_folder(name: str) -> Path:
    """Return the folder for what this lesson's runs produce, made if needed.

    It lies in `runs/` in the repository, or in the folder that `COURSE_HOME` names,
    with one folder for each run length, so that a quick run never meets a long one.
    """
    home = Path(os.environ.get("COURSE_HOME") or ROOT / "runs").expanduser()
    folder = home / name / run_length()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"the folder {folder} cannot be made ({error.strerror}); set COURSE_HOME "
            "to a folder that you can write to"
        ) from None
    return folder


def setup(seed: int) -> None:
    """Seed every random generator, and say what is there."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        with contextlib.suppress(RuntimeError):  # TensorFlow is at work already
            tf.config.experimental.set_memory_growth(gpu, True)
    device = f"{len(gpus)} GPU" if gpus else f"no GPU, {os.cpu_count()} CPU cores"
    print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}; {device}")


def has_bfloat16() -> bool:
    """Return whether the GPU, or without one the CPU, computes with bfloat16."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return details.get("compute_capability", (0, 0)) >= (8, 0)
    cpu = Path("/proc/cpuinfo")  # Linux has it
    flags = cpu.read_text().split() if cpu.exists() else []
    return "avx512_bf16" in flags or "amx_bf16" in flags


class _QuietFinder:
    """Hides the lines that TensorFlow writes to fd 2 while it is imported, once."""

    def find_spec(self, name, path=None, target=None):
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def execute_quietly(module):
            kept = os.dup(2)
            with open(os.devnull, "w") as null:
                os.dup2(null.fileno(), 2)
            try:
                execute(module)
            finally:
                os.dup2(kept, 2)
                os.close(kept)

        spec.loader.exec_module = execute_quietly
        return spec


def hide_tensorflow_greeting() -> None:
    """Keep TensorFlow's start-up lines out of the notebooks; imports nothing."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _QuietFinder())
