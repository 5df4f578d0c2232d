"""A plugin for nbval: a failing cell shows what it wrote to stderr.

nbval itself says only that there was something.
"""

from nbval.plugin import IPyNbCell

compare_outputs = IPyNbCell.compare_outputs


def compare_and_show(cell, test, ref, skip_compare=None):
    same = compare_outputs(cell, test, ref, skip_compare)
    if not same:
        errors = [output for output in test if output.get("name") == "stderr"]
        cell.comparison_traceback += [f"stderr:\n{each['text']}" for each in errors]
    return same


def pytest_configure():
    IPyNbCell.compare_outputs = compare_and_show
