"""The helper package of the GAN course; `import course_utils as cu`."""

import importlib

from course_utils.runtime import hide_tensorflow_greeting, pick, run_folder, setup

__version__ = "0.1.0"
_MODULES = "augment batches blocks data gan losses metrics networks plotting".split()
_MODULES += "runtime training weights widgets".split()
__all__ = ["pick", "run_folder", "setup", *_MODULES]

hide_tensorflow_greeting()


def __getattr__(name: str):
    """Import a module of the package when it is first used: `cu.plotting`."""
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(
        f"course_utils has no {name!r}; it has: {', '.join(sorted(__all__))}"
    )


def __dir__() -> list[str]:
    return sorted(__all__)
