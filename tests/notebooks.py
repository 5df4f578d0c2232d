"""What the form tests measure: each check returns a list of complaints, empty if fine.

A complaint names the cell and says what to do. Nothing here runs a notebook.
"""

import ast
import difflib
import io
import itertools
import re
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

from build import code_cells, read_source
from nbformat import NotebookNode

HEADINGS = [
    "Idea",
    "Data",
    "Networks",
    "Losses",
    "One step",
    "Training",
    "Results",
    "What goes wrong",
    "Summary",
    "Exercises",
    "Further reading",
]
CELLS, CELLS_OF = (35, 60), {"03": (35, 75)}
MARKDOWN_SHARE = (0.45, 0.60)
WORDS = (900, 1800)
MEDIAN_LINES, MOST_LINES = 8, 30
CONSTANTS = (4, 8)
EXERCISES = 3
COMPARED_SHARE, TEXT_SHARE = 0.60, 1 / 3
FIRST_CELL_LINES = 10
IGNORING_TAGS = {"nbval-ignore-output", "nbval-skip"}
ALLOWED_TAGS = {"nbval-ignore-output", "cover", "exercise"}
FORBIDDEN_CODE = {
    r"[!%]\s*pip\b": "`pip`: nothing is installed by a lesson",
    r"\bclear_output\b": "`clear_output`: nbval does not understand it",
    r"\btime\.time\b|\bperf_counter\b": "a clock: only the progress bar shows times",
    r"#\s*(NBVAL_|PYTEST_VALIDATE_)\w+": "an nbval comment: use a cell tag",
}
PLUMBING = r"is_recipe|\bkeep\(|\badd_(scores|pictures)|\blicen[cs]e\b|not kept"
NAMES_NOT_USED = {"x", "G", "D", "dis"}
# a folder of one machine, unless it is the tail of an address such as site.org/home/
PERSONAL_PATH = r"(?<![\w./-])(/(home|root|Users|tmp|work)/|[A-Z]:\\+Users)"
ABSOLUTE_PATH = r"/[\w.-]+/|/(home|root|tmp|content|mnt)$|~/|[A-Za-z]:[\\/]"
UNSAFE = r"\bpickle\b|allow_pickle\s*=\s*True|\beval\(|safe_mode\s*=\s*False|Lambda\("
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


def trees(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, ast.Module]]:
    """Yield each code cell with its syntax tree."""
    for cell in code_cells(notebook):
        yield cell, ast.parse(cell.source)


def outside(limits: tuple[float, float], value: float, what: str) -> list[str]:
    good = limits[0] <= value <= limits[1]
    return [] if good else [f"{value:.2f} is not between {limits}: {what}"]


# --- built, executed, the same as the source ------------------------------------------


def unlike_source(notebook: NotebookNode, source: Path) -> list[str]:
    """Complain of an edit after the build, in the source or in the notebook."""
    written = read_source(source)
    if notebook.metadata.get("course") != written.metadata["course"]:
        return [f"{source.name} was edited after the build: run `make notebooks`"]
    keys = ("cell_type", "id", "source", "metadata")
    pairs = itertools.zip_longest(notebook.cells, written.cells, fillvalue={})
    return [
        f"cell {number} is not as in {source.name}: edit there, then build"
        for number, pair in enumerate(pairs)
        if len({str([cell.get(key) for key in keys]) for cell in pair}) > 1
    ]


def execution(notebook: NotebookNode) -> list[str]:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    good = counts == list(range(1, len(counts) + 1))
    return [] if good else [f"executed in the order {counts}: run `make notebooks`"]


def outputs(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} shows an error, stderr, or a folder of one machine"
        for cell in code_cells(notebook)
        if any(output.output_type == "error" for output in cell.outputs)
        or any(output.get("name") == "stderr" for output in cell.outputs)
        or re.search(PERSONAL_PATH, "\n".join(output_texts(cell)))
    ]


def plumbing(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} has {found[0]!r}, which belongs into a cell tagged recipe"
        for cell in notebook.cells
        if (found := re.search(PLUMBING, f"{cell.source}\n{cell.get('outputs')}"))
    ]


def unknown_tags(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} has the tags {sorted(tags(cell))}; known: {sorted(ALLOWED_TAGS)}"
        for cell in notebook.cells
        if not tags(cell) <= ALLOWED_TAGS
    ]


# --- length and rhythm ----------------------------------------------------------------


def cell_count(notebook: NotebookNode, name: str) -> list[str]:
    return outside(CELLS_OF.get(name[:2], CELLS), len(notebook.cells), "cells")


def markdown_share(notebook: NotebookNode) -> list[str]:
    share = len(markdown_cells(notebook)) / max(1, len(notebook.cells))
    return outside(MARKDOWN_SHARE, share, "the share of text cells")


def prose(text: str) -> str:
    """Return a markdown text without what is not read as a sentence.

    Left out: fenced code, formulas, pictures with their alt text, addresses, HTML tags.
    Inline code, headings, tables and the text of a link stay: one reads over them.
    """
    text = re.sub(r"(?ms)^\s*(```|~~~).*?^\s*\1", " ", text)
    text = re.sub(r"(?s)\$\$.*?\$\$|\$[^$\n]+\$", " ", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"</?\w[^>]*>|https?://\S+", " ", text)


def words(notebook: NotebookNode) -> int:
    """Return the number of words of prose: runs of characters with a letter in them."""
    text = "\n".join(prose(cell.source) for cell in markdown_cells(notebook))
    return sum(any(map(str.isalpha, word)) for word in re.findall(r"[\w'’.-]+", text))


def word_count(notebook: NotebookNode) -> list[str]:
    return outside(WORDS, words(notebook), "words of prose")


def line_count(source: str) -> int:
    """Return the lines of code: blank lines and lines with only a comment are free."""
    lines = (line.strip() for line in source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def code_length(notebook: NotebookNode) -> list[str]:
    counts = {cell.id: line_count(cell.source) for cell in code_cells(notebook)}
    long = [name for name, count in counts.items() if count > MOST_LINES]
    middle = statistics.median(counts.values() or [0])
    complaints = [f"{name} has more than {MOST_LINES} lines: split it" for name in long]
    return complaints + outside((0, MEDIAN_LINES), middle, "lines of the median cell")


def code_in_a_row(notebook: NotebookNode) -> list[str]:
    kinds = "".join(cell.cell_type[0] for cell in notebook.cells)
    return ["three code cells in a row: say why"] if "ccc" in kinds else []


def headings(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return level and text of every heading, in order."""
    text = "\n".join(cell.source for cell in markdown_cells(notebook))
    text = re.sub(r"(?ms)^\s*(```|~~~).*?^\s*\1", " ", text)
    found = re.findall(r"(?m)^(#+)\s+(.+?)\s*$", text)
    return [(len(hashes), title) for hashes, title in found]


def section_headings(notebook: NotebookNode) -> list[str]:
    found = [title for level, title in headings(notebook) if level == 2]
    return list(difflib.unified_diff(HEADINGS, found, "wanted", "found", lineterm=""))


def exercises(notebook: NotebookNode) -> list[str]:
    section, places = "", []
    for level, title in headings(notebook):
        section = title if level == 2 else section
        if level == 3 and title.startswith("Exercise"):
            places.append(section)
    good = places == ["Exercises"] * EXERCISES
    return [] if good else [f"exercises stand below {places}: {EXERCISES} are wanted"]


# --- code -----------------------------------------------------------------------------


def plain_python(notebook: NotebookNode) -> list[str]:
    try:
        return [] if list(trees(notebook)) else ["there is no code cell"]
    except SyntaxError as error:
        return [f"{error.text!r} is no plain Python, but the source is a script too"]


def settings(notebook: NotebookNode) -> list[str]:
    cells = [cell for cell in code_cells(notebook) if "cu.setup(" in cell.source]
    if len(cells) != 1:
        return [f"{len(cells)} cells call cu.setup, one Settings cell should"]
    lines = cells[0].source.splitlines()
    constants = {
        target.id: any("#" in line for line in lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(cells[0].source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    bare = [name for name, has_comment in constants.items() if not has_comment]
    complaints = [f"{name} in Settings has no comment on its line" for name in bare]
    return complaints + outside(CONSTANTS, len(constants), "constants in Settings")


def imports(notebook: NotebookNode) -> list[str]:
    """Complain of imports in more than one cell; the first cell has its own."""
    kinds = ast.Import | ast.ImportFrom
    found = {
        cell.id: [ast.unparse(n) for n in ast.walk(tree) if isinstance(n, kinds)]
        for cell, tree in list(trees(notebook))[1:]
    }
    importing = [name for name, lines in found.items() if lines]
    complaints = [f"{name} imports too: one cell does it" for name in importing[1:]]
    if "import course_utils as cu" not in itertools.chain(*found.values()):
        complaints.append("nowhere `import course_utils as cu`")
    return complaints


def forbidden_code(notebook: NotebookNode) -> list[str]:
    complaints = [
        f"{cell.id} has {what}"
        for cell in code_cells(notebook)
        for pattern, what in FORBIDDEN_CODE.items()
        if re.search(pattern, cell.source)
    ]
    for cell in code_cells(notebook):
        tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
        if any(token.string == ";" for token in tokens):
            complaints.append(f"{cell.id} has a `;`: one statement a line, none hidden")
    return complaints


def absolute_paths(notebook: NotebookNode) -> list[str]:
    """Complain of absolute paths in strings; an f-string counts from its start."""
    complaints = []
    for cell, tree in trees(notebook):
        f_strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        later = {part for node in f_strings for part in node.values[1:]}
        for node in set(ast.walk(tree)) - later:
            text = getattr(node, "value", None)
            if isinstance(text, str) and re.match(ABSOLUTE_PATH, text):
                complaints.append(f"{cell.id} has an absolute path, {text!r}")
    return complaints


def docstrings_and_hints(notebook: NotebookNode) -> list[str]:
    complaints = []
    for cell, tree in trees(notebook):
        for node in ast.walk(tree):
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if named and ast.get_docstring(node):
                complaints.append(f"{cell.id}: {node.name} has a docstring: use a cell")
            hint = getattr(node, "returns", None) or getattr(node, "annotation", None)
            if hint:
                complaints.append(f"{cell.id}, line {node.lineno} has a type hint")
    return complaints


def top_level_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell leaves behind, not those inside its functions."""
    inner = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif not isinstance(node, inner):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            yield from top_level_names(node)


def names(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} assigns {name}: spell out what it is"
        for cell, tree in trees(notebook)
        for name in sorted(set(top_level_names(tree)) & NAMES_NOT_USED)
    ]


def first_cell(notebook: NotebookNode) -> list[str]:
    first = code_cells(notebook)[0]
    folded = first.metadata.get("jupyter", {}).get("source_hidden") is True
    complaints = [] if folded else ["the first code cell is not folded away"]
    lines = len(first.source.splitlines())
    return complaints + outside((1, FIRST_CELL_LINES), lines, "lines of the first cell")


# --- pictures, and what nbval compares ------------------------------------------------


def pictures(notebook: NotebookNode, folder: Path) -> list[str]:
    """Complain of a picture without alt text, or that is no file of the repository."""
    complaints = []
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


def says_something(cell: NotebookNode) -> bool:
    """Return whether nbval has text to compare, more than `<Figure size …>`."""
    return any(not re.fullmatch(r"<.*>", text) for text in output_texts(cell))


def compared_share(notebook: NotebookNode) -> list[str]:
    cells = code_cells(notebook)
    compared = [cell for cell in cells if not tags(cell) & IGNORING_TAGS]
    telling = [cell for cell in compared if says_something(cell)]
    share, text_share = (len(some) / max(1, len(cells)) for some in (compared, telling))
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


def mirrored_files(package: Path) -> list[Path]:
    """Return the modules whose functions a lesson may write out."""
    return [
        path
        for path in sorted(package.rglob("*.py"))
        if MIRRORED & set(path.relative_to(package).with_suffix("").parts)
    ]


def drift(lesson: Path, modules: list[Path]) -> list[str]:
    """Return a diff for every definition that differs between lesson and package."""
    taught = definitions(lesson.read_text())
    complaints = []
    for module in modules:
        for name, code in definitions(module.read_text()).items():
            if taught.get(name, code) != code:
                lines = taught[name].splitlines(), code.splitlines()
                label = f"{module.parent.name}/{module.name}: {name}"
                diff = difflib.unified_diff(*lines, lesson.name, label, lineterm="")
                complaints.append("\n".join(diff))
    return complaints
