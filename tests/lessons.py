"""The functions of a lesson, as its source writes them."""

import ast
import contextlib

from course_utils.runtime import ROOT


def from_lesson(number: str, *names: str, **known) -> list:
    """Return a lesson's functions and classes, in its own constants' company.

    `known` are other names that they use, or constants that are to be different.
    """
    import course_utils as cu
    import keras
    import numpy as np
    import tensorflow as tf

    (source,) = (ROOT / "notebooks" / "source").glob(f"{number}_*.py")
    found = {"cu": cu, "keras": keras, "layers": keras.layers, "np": np, "tf": tf}
    found |= known
    for node in ast.parse(source.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) or is_constant(node):
            with contextlib.suppress(NameError):  # of a default that is made in a cell
                exec(compile(ast.Module([node], []), str(source), "exec"), found)
    found |= known
    return [found[name] for name in names]


def is_constant(node) -> bool:
    """Return whether this line gives a number or a word to a NAME in capitals."""
    is_plain = isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    return is_plain and ast.unparse(node.targets[0]).isupper()
