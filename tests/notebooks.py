"""What a notebook's form is held to: each check returns complaints, empty if fine.

A check gets a notebook and the path of its source. Nothing here runs a notebook.
"""

import ast
import difflib
import itertools
import re
import statistics
from pathlib import Path

from build import code_cells, read_source
from nbformat import NotebookNode

PACKAGE = Path(__file__).resolve().parent.parent / "course_utils"
FIRST = [
    *("Idea", "Data", "Networks", "Losses", "One step", "Training", "Results"),
    *("What goes wrong", "Summary", "Exercises", *["Exercise"] * 3, "Further reading"),
]
SECOND = ["The idea", *FIRST[1:10], *["Exercise"] * 4, "Where to go on"]
IN_SECOND = {"01", "02", "03", "04"}  # lessons that have their second edition
HEADINGS = {False: FIRST, True: SECOND}
CELLS = {False: (35, 75), True: (70, 140)}
MARKDOWN_SHARE = {False: (0.45, 0.60), True: (0.50, 0.65)}
WORDS = {False: (900, 1800), True: (2500, 4500)}
MEDIAN_LINES, MOST_LINES = 8, 30
CONSTANTS = (4, 8)
COMPARED_SHARE, TEXT_SHARE = 0.60, 1 / 3
FIRST_CELL_LINES = 10
ALLOWED_TAGS = {"nbval-ignore-output", "cover", "exercise"}
FORBIDDEN_CODE = {
    r"[!%]\s*pip\b": "`pip`: nothing is installed by a lesson",
    r"\bclear_output\b": "`clear_output`: nbval does not understand it",
    r"\btime\.time\b|\bperf_counter\b": "a clock: only the progress bar shows times",
    r"#\s*(NBVAL_|PYTEST_VALIDATE_)\w+": "an nbval comment: use a cell tag",
    r"['\"](/(home|root|tmp|content|mnt)\b|~/|[A-Za-z]:[\\/])": "an absolute path",
}
PLUMBING = r"is_recipe|\bkeep\(|\badd_(scores|pictures)|\blicen[cs]e\b|not kept"
NAMES_NOT_USED = {"x", "G", "D", "dis"}
# a folder of one machine, unless it is the tail of an address such as site.org/home/
PERSONAL_PATH = r"(?<![\w./-])(/(home|root|Users|tmp|work)/|[A-Z]:\\+Users)"
FENCED = r"(?ms)^\s*(```|~~~).*?^\s*\1"
MIRRORED = {"blocks", "losses", "augment", "networks", "gan"}


def tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def markdown_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def output_texts(cell: NotebookNode) -> list[str]:
    """Return the texts among a cell's outputs: stdout, and results in plain text."""
    streams = [out.text for out in cell.outputs if out.output_type == "stream"]
    data = [out.get("data", {}).get("text/plain", "") for out in cell.outputs]
    return [text for text in streams + data if text.strip()]


def nodes(notebook: NotebookNode) -> list[tuple[str, ast.AST]]:
    """Return every node of the cells' syntax trees, with the cell's id."""
    cells = code_cells(notebook)
    return [
        (cell.id, node) for cell in cells for node in ast.walk(ast.parse(cell.source))
    ]


def outside(limits: tuple[float, float], value: float, what: str) -> list[str]:
    good = limits[0] <= value <= limits[1]
    return [] if good else [f"{value:.2f} is not between {limits}: {what}"]


# --- built, executed, the same as the source ------------------------------------------


def source(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain of an edit after the build, in the source or in the notebook."""
    written = read_source(path)
    if notebook.metadata.get("course") != written.metadata["course"]:
        return [f"{path.name} was edited after the build: run `make notebooks`"]
    keys = ("cell_type", "id", "source", "metadata")
    pairs = itertools.zip_longest(notebook.cells, written.cells, fillvalue={})
    return [
        f"cell {number} is not as in {path.name}: edit there, then build"
        for number, pair in enumerate(pairs)
        if len({str([cell.get(key) for key in keys]) for cell in pair}) > 1
    ]


def execution(notebook: NotebookNode, path: Path) -> list[str]:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    good = counts == list(range(1, len(counts) + 1))
    return [] if good else [f"executed in the order {counts}: run `make notebooks`"]


def outputs(notebook: NotebookNode, path: Path) -> list[str]:
    return [
        f"{cell.id} shows an error, stderr, or a folder of one machine"
        for cell in code_cells(notebook)
        if any(output.output_type == "error" for output in cell.outputs)
        or any(output.get("name") == "stderr" for output in cell.outputs)
        or re.search(PERSONAL_PATH, "\n".join(output_texts(cell)))
    ]


def plumbing(notebook: NotebookNode, path: Path) -> list[str]:
    return [
        f"{cell.id} has {found[0]!r}, which belongs into a cell tagged recipe"
        for cell in notebook.cells
        if (found := re.search(PLUMBING, f"{cell.source}\n{cell.get('outputs')}"))
    ]


def unknown_tags(notebook: NotebookNode, path: Path) -> list[str]:
    return [
        f"{cell.id} has the tags {sorted(tags(cell))}; known: {sorted(ALLOWED_TAGS)}"
        for cell in notebook.cells
        if not tags(cell) <= ALLOWED_TAGS
    ]


# --- length and rhythm ----------------------------------------------------------------


def text_length(notebook: NotebookNode, path: Path) -> list[str]:
    count, texts = len(notebook.cells), markdown_cells(notebook)
    is_second = path.name[:2] in IN_SECOND
    return [
        *outside(CELLS[is_second], count, "cells"),
        *outside(MARKDOWN_SHARE[is_second], len(texts) / count, "share of text cells"),
        *outside(WORDS[is_second], words(notebook), "words of prose"),
    ]


def words(notebook: NotebookNode) -> int:
    """Return the number of words that one reads: what has a letter in it.

    Left out: fenced code, formulas, pictures with their alt text, addresses, HTML tags.
    """
    text = re.sub(FENCED, " ", "\n".join(c.source for c in markdown_cells(notebook)))
    text = re.sub(r"(?s)\$\$.*?\$\$|\$[^$\n]+\$|!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"</?\w[^>]*>|https?://\S+", " ", text)
    return sum(any(map(str.isalpha, word)) for word in re.findall(r"[\w'’.-]+", text))


def code_length(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain of long cells; blank lines and lines with only a comment are free."""
    line = re.compile(r"(?m)^\s*[^\s#]")
    counts = {cell.id: len(line.findall(cell.source)) for cell in code_cells(notebook)}
    long = [name for name, count in counts.items() if count > MOST_LINES]
    complaints = [f"{name} has more than {MOST_LINES} lines: split it" for name in long]
    if "ccc" in "".join(cell.cell_type[0] for cell in notebook.cells):
        complaints.append("three code cells in a row: say why")
    middle = statistics.median(counts.values())
    return complaints + outside((0, MEDIAN_LINES), middle, "lines of the median cell")


def headings(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain where a section is missing, or the exercises are not in theirs."""
    text = "\n".join(cell.source for cell in markdown_cells(notebook))
    text = re.sub(FENCED, " ", text)
    found = re.findall(r"(?m)^(?:## |### (?=Exercise))\s*(.+?)\s*$", text)
    titles = [re.sub(r"^Exercise \d.*", "Exercise", title) for title in found]
    wanted = HEADINGS[path.name[:2] in IN_SECOND]
    return list(difflib.unified_diff(wanted, titles, "wanted", "found", lineterm=""))


# --- code -----------------------------------------------------------------------------


def settings(notebook: NotebookNode, path: Path) -> list[str]:
    cells = [cell for cell in code_cells(notebook) if "cu.setup(" in cell.source]
    if len(cells) != 1:
        return [f"{len(cells)} cells call cu.setup, one Settings cell should"]
    lines = cells[0].source.splitlines()
    constants = {
        node.targets[0].id: lines[node.lineno - 1 : node.end_lineno]
        for node in ast.parse(cells[0].source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).isupper()
    }
    bare = [name for name, its in constants.items() if "#" not in "".join(its)]
    complaints = [f"{name} in Settings has no comment on its line" for name in bare]
    return complaints + outside(CONSTANTS, len(constants), "constants in Settings")


def imports(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain of imports in more than one cell; the first cell has its own."""
    kinds, first = ast.Import | ast.ImportFrom, code_cells(notebook)[0].id
    found = [(name, node) for name, node in nodes(notebook) if isinstance(node, kinds)]
    importing = {name for name, _ in found} - {first}
    if len(importing) != 1:
        return [f"the cells {sorted(importing)} import: one cell does it"]
    has_it = "import course_utils as cu" in [ast.unparse(node) for _, node in found]
    return [] if has_it else ["nowhere `import course_utils as cu`"]


def forbidden_code(notebook: NotebookNode, path: Path) -> list[str]:
    return [
        f"{cell.id} has {what}"
        for cell in code_cells(notebook)
        for pattern, what in FORBIDDEN_CODE.items()
        if re.search(pattern, cell.source)
    ]


def house_style(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain of docstrings, type hints and names that say nothing."""
    complaints = []
    for name, node in nodes(notebook):
        kinds = ast.FunctionDef | ast.ClassDef
        if isinstance(node, kinds) and ast.get_docstring(node):
            complaints.append(f"{name}: {node.name} has a docstring: use a text cell")
        if getattr(node, "returns", None) or getattr(node, "annotation", None):
            complaints.append(f"{name}, line {node.lineno} has a type hint")
        if isinstance(node, ast.Assign | ast.For):
            targets = getattr(node, "targets", None) or [node.target]
            for target in {ast.unparse(each) for each in targets} & NAMES_NOT_USED:
                complaints.append(f"{name} assigns {target}: spell out what it is")
    return complaints


def first_cell(notebook: NotebookNode, path: Path) -> list[str]:
    first = code_cells(notebook)[0]
    folded = first.metadata.get("jupyter", {}).get("source_hidden") is True
    complaints = [] if folded else ["the first code cell is not folded away"]
    lines = len(first.source.splitlines())
    return complaints + outside((1, FIRST_CELL_LINES), lines, "lines of the first cell")


# --- pictures, and what nbval compares ------------------------------------------------


def pictures(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain of a picture without alt text, or that is no file of the repository."""
    complaints, folder = [], path.parent.parent
    for cell in markdown_cells(notebook):
        found = re.findall(r"!\[([^\]]*)\]\(\s*<?([^\s)>]*)", cell.source)
        for tag in re.findall(r"(?is)<img\b[^>]*>", cell.source):
            values = dict(re.findall(r"""(?is)\b(alt|src)\s*=\s*["']([^"']*)""", tag))
            found.append((values.get("alt", ""), values.get("src", "")))
        for alt, address in found:
            if not alt.strip():
                complaints.append(f"{cell.id} shows {address} without alt text")
            if ":" in address or not (folder / address).is_file():
                complaints.append(f"{cell.id} shows {address}, which is no file here")
    return complaints


def compared_share(notebook: NotebookNode, path: Path) -> list[str]:
    """Complain where nbval compares few cells, or few with more than a `<Figure …>`."""
    cells = code_cells(notebook)
    ignoring = {"nbval-ignore-output", "nbval-skip"}
    compared = [cell for cell in cells if not tags(cell) & ignoring]
    telling = [
        cell
        for cell in compared
        if any(not re.fullmatch(r"<.*>", text) for text in output_texts(cell))
    ]
    share, text_share = (len(some) / len(cells) for some in (compared, telling))
    complaints = outside((COMPARED_SHARE, 1), share, "the share that nbval compares")
    return complaints + outside((TEXT_SHARE, 1), text_share, "the share with text")


# --- the mirror rule ------------------------------------------------------------------


class _Bare(ast.NodeTransformer):
    """Takes docstrings and annotations away, and keeps everything that runs."""

    def visit_AnnAssign(self, node):
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.visit_ClassDef(node)

    def visit_ClassDef(self, node):
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def definitions(source: str) -> dict[str, str]:
    """Return the top-level functions and classes, spelled in one way, by name."""
    return {
        node.name: ast.unparse(ast.fix_missing_locations(_Bare().visit(node)))
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def drift(notebook: NotebookNode, path: Path, package: Path = PACKAGE) -> list[str]:
    """Return a diff for every definition that differs between lesson and package."""
    taught, complaints = definitions(path.read_text()), []
    for module in sorted(package.rglob("*.py")):
        place = module.relative_to(package).with_suffix("")
        if not MIRRORED & set(place.parts):
            continue
        for name, code in definitions(module.read_text()).items():
            lines = taught.get(name, code).splitlines(), code.splitlines()
            label = f"{place}: {name}"
            complaints += difflib.unified_diff(*lines, path.name, label, lineterm="")
    return complaints
