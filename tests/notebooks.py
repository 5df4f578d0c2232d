"""What the form tests measure: each check returns a list of complaints, empty if fine.

A complaint names the cell and says what to do. Nothing here runs a notebook.
"""

import ast
import difflib
import hashlib
import io
import itertools
import re
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

from course_utils.build import read_source
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
CELLS = (35, 60)
CELLS_OF = {"03": (35, 75)}
MARKDOWN_SHARE = (0.45, 0.60)
WORDS = (900, 1800)
MEDIAN_LINES, MOST_LINES = 8, 30
CODE_CELLS_IN_A_ROW = 2
CONSTANTS = (4, 8)
EXERCISES = 3
COMPARED_SHARE = 0.60
TEXT_SHARE = 1 / 3
FIRST_CELL_LINES = 10
BYTES = 1_500_000
IGNORING_TAGS = {"nbval-ignore-output", "nbval-skip"}
ALLOWED_TAGS = {"nbval-ignore-output", "cover", "exercise"}
MARKERS = r"#\s*(NBVAL_|PYTEST_VALIDATE_)\w+"
FORBIDDEN_CODE = {
    r"[!%]\s*pip\b": "`pip`: nothing is installed by a lesson",
    r"\bclear_output\b": "`clear_output`: nbval does not understand it",
    r"\bplt\.": "`plt`: pictures come from cu.plotting",
    r"^\s*(import|from)\s+matplotlib": "Matplotlib: pictures come from cu.plotting",
    r"\btime\.time\b|\bperf_counter\b": "a clock: only the progress bar shows times",
    MARKERS: "an nbval comment: use a cell tag, which no learner sees",
}
NAMES_NOT_USED = {"x", "G", "D", "dis"}
# a folder of one machine, unless it is the tail of an address such as site.org/home/
PERSONAL_PATH = re.compile(r"(?<![\w./-])(/(home|root|Users|tmp)/|[A-Z]:\\+Users)")
ABSOLUTE_PATH = re.compile(r"/[\w.-]+/|/(home|root|tmp|content|mnt)$|~/|[A-Za-z]:[\\/]")
FORBIDDEN_IN_PACKAGE = {
    r"\bpickle\b": "pickle runs what it reads",
    r"\ballow_pickle\s*=\s*True": "pickle runs what it reads",
    r"\beval\(": "eval runs what it reads",
    r"\bsafe_mode\s*=\s*False": "unsafe loading runs what it reads",
    r"\bLambda\(": "a Lambda layer is saved as code",
    PERSONAL_PATH.pattern: "a folder of one machine",
}
MIRRORED = {"blocks", "losses", "networks", "gan", "data"}
FILE_LINES, PACKAGE_LINES = 200, 2900  # without what the lessons write out or check


# --- cells ----------------------------------------------------------------------------


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def trees(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, ast.Module]]:
    """Yield each code cell that is Python with its syntax tree."""
    for cell in code_cells(notebook):
        try:
            yield cell, ast.parse(cell.source)
        except SyntaxError:
            continue  # `plain_python` complains of these


def tokens(cell: NotebookNode) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(cell.source).readline))
    except (tokenize.TokenError, SyntaxError):
        return []


def outside(limits: tuple[float, float], value: float) -> bool:
    return not limits[0] <= value <= limits[1]


# --- built, executed, the same as the source ------------------------------------------


def stamp(notebook: NotebookNode, source: Path) -> list[str]:
    expected = hashlib.sha256(source.read_bytes()).hexdigest()
    if notebook.metadata.get("course", {}).get("source_sha256") == expected:
        return []
    return [f"{source.name} was edited after the build: run `make notebooks`"]


def unlike_source(notebook: NotebookNode, source: Path) -> list[str]:
    """Complain of cells edited in the notebook itself, which the stamp can't see."""
    pairs = itertools.zip_longest(notebook.cells, read_source(source).cells)
    keys = ("cell_type", "source", "metadata")
    for number, (built, written) in enumerate(pairs):
        if any((built or {}).get(key) != (written or {}).get(key) for key in keys):
            return [f"cell {number} is not as in {source.name}: edit there, then build"]
    return []


def cell_ids(notebook: NotebookNode) -> list[str]:
    return [
        f"cell {number} has the id {cell.get('id')}: build it with `make notebooks`"
        for number, cell in enumerate(notebook.cells)
        if cell.get("id") != f"c{number:03d}"
    ]


def execution(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} is number {count}, not {number}, of the executed cells: "
        "run `make notebooks`, leave no code cell empty"
        for number, cell in enumerate(code_cells(notebook), start=1)
        if (count := cell.execution_count) != number
    ]


def error_outputs(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} shows {what}"
        for cell in code_cells(notebook)
        for output in cell.outputs
        for what in [output.get("ename") or output.get("name")]
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


def personal_outputs(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} shows a folder of the machine that built it: print its name only"
        for cell in code_cells(notebook)
        if PERSONAL_PATH.search("\n".join(output_texts(cell)))
    ]


# --- length and rhythm ----------------------------------------------------------------


def cell_count(notebook: NotebookNode, name: str) -> list[str]:
    limits = CELLS_OF.get(name[:2], CELLS)
    count = len(notebook.cells)
    return [f"{count} cells, not {limits}"] if outside(limits, count) else []


def markdown_share(notebook: NotebookNode) -> list[str]:
    share = len(markdown_cells(notebook)) / max(1, len(notebook.cells))
    if outside(MARKDOWN_SHARE, share):
        return [f"{share:.0%} of the cells are markdown: 45 % to 60 % read well"]
    return []


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
    count = words(notebook)
    return [f"{count} words of prose, not {WORDS}"] if outside(WORDS, count) else []


def line_count(source: str) -> int:
    """Return the lines of code: blank lines and lines with only a comment are free."""
    lines = (line.strip() for line in source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


def code_length(notebook: NotebookNode) -> list[str]:
    counts = {cell.id: line_count(cell.source) for cell in code_cells(notebook)}
    complaints = [
        f"{name} has {count} lines of code, at most {MOST_LINES}: split it"
        for name, count in counts.items()
        if count > MOST_LINES
    ]
    middle = statistics.median(counts.values() or [0])
    if middle > MEDIAN_LINES:
        complaints.append(f"the median cell has {middle} lines, at most {MEDIAN_LINES}")
    return complaints


def code_in_a_row(notebook: NotebookNode) -> list[str]:
    complaints, run = [], 0
    for cell in notebook.cells:
        run = run + 1 if cell.cell_type == "code" else 0
        if run == CODE_CELLS_IN_A_ROW + 1:
            complaints.append(f"{cell.id} is the third code cell in a row: say why")
    return complaints


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
    section, count = "", 0
    for level, title in headings(notebook):
        section = title if level == 2 else section
        if level == 3 and title.startswith("Exercise"):
            count += 1
            if section != "Exercises":
                return [f"`### {title}` stands below {section!r}, not below Exercises"]
    if count == EXERCISES:
        return []
    return [f"{count} headings `### Exercise …` below `## Exercises`, not {EXERCISES}"]


# --- code -----------------------------------------------------------------------------


def plain_python(notebook: NotebookNode) -> list[str]:
    parsed = [cell.id for cell, _ in trees(notebook)]
    return [
        f"{cell.id} is no plain Python, but the source is a script too: no magics"
        for cell in code_cells(notebook)
        if cell.id not in parsed
    ]


def settings(notebook: NotebookNode) -> list[str]:
    cells = [cell for cell in code_cells(notebook) if "cu.setup(" in cell.source]
    if len(cells) != 1:
        return [f"{len(cells)} cells call cu.setup, one Settings cell should"]
    [cell] = cells
    commented = {
        token.start[0] for token in tokens(cell) if token.type == tokenize.COMMENT
    }
    constants = {
        target.id: bool(commented & set(range(node.lineno, node.end_lineno + 1)))
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    bare = [name for name, has_comment in constants.items() if not has_comment]
    complaints = [f"{name} in Settings has no comment on its line" for name in bare]
    if outside(CONSTANTS, len(constants)):
        complaints.append(f"{len(constants)} constants in Settings, not {CONSTANTS}")
    return complaints


def imports(notebook: NotebookNode) -> list[str]:
    """Complain of imports in more than one cell; the first cell has its own."""
    found = {}
    for cell, tree in list(trees(notebook))[1:]:
        nodes = [
            n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)
        ]
        if nodes:
            found[cell.id] = [ast.unparse(node) for node in nodes]
    complaints = [f"{name} imports too: one cell does it" for name in list(found)[1:]]
    if "import course_utils as cu" not in itertools.chain(*found.values()):
        complaints.append("nowhere `import course_utils as cu`")
    return complaints


def forbidden_code(notebook: NotebookNode) -> list[str]:
    complaints = [
        f"{cell.id} has {what}"
        for cell in code_cells(notebook)
        for pattern, what in FORBIDDEN_CODE.items()
        if re.search(pattern, cell.source, re.MULTILINE)
    ]
    for cell in code_cells(notebook):
        if any(
            token.type == tokenize.OP and token.string == ";" for token in tokens(cell)
        ):
            complaints.append(f"{cell.id} has a `;`: one statement a line, none hidden")
    return complaints


def absolute_paths(notebook: NotebookNode) -> list[str]:
    """Complain of absolute paths in strings; an f-string counts from its start.

    The first cell may name Colab's folder for Drive.
    """
    complaints = []
    for cell, tree in trees(notebook):
        if cell is code_cells(notebook)[0]:
            continue
        f_strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        later = {part for node in f_strings for part in node.values[1:]}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if (
                isinstance(text, str)
                and node not in later
                and ABSOLUTE_PATH.match(text)
            ):
                complaints.append(f"{cell.id} has an absolute path, {text!r}")
    return complaints


def docstrings_and_hints(notebook: NotebookNode) -> list[str]:
    complaints = []
    for cell, tree in trees(notebook):
        for node in ast.walk(tree):
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if (named or isinstance(node, ast.ClassDef)) and ast.get_docstring(node):
                complaints.append(f"{cell.id}: {node.name} has a docstring: use a cell")
            hint = (
                (named and node.returns)
                or (isinstance(node, ast.arg) and node.annotation)
                or isinstance(node, ast.AnnAssign)
            )
            if hint:
                complaints.append(f"{cell.id}, line {node.lineno} has a type hint")
    return complaints


def top_level_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell leaves behind, not those inside its functions."""
    inner = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
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


def first_code_cell(notebook: NotebookNode) -> list[str]:
    cell = (code_cells(notebook) or [None])[0]
    if cell is None:
        return ["there is no code cell"]
    complaints = []
    if len(cell.source.splitlines()) > FIRST_CELL_LINES:
        complaints.append(f"{cell.id}, the first code cell, has more than ten lines")
    if cell.metadata.get("jupyter", {}).get("source_hidden") is not True:
        complaints.append(
            f"{cell.id}, the first code cell, is not folded away: "
            'write `# %% jupyter={"source_hidden": true}` above it'
        )
    return complaints


# --- pictures -------------------------------------------------------------------------


def pictures(notebook: NotebookNode) -> list[tuple[str, str, str]]:
    """Return cell id, alt text and address of every picture in the markdown."""
    found = []
    for cell in markdown_cells(notebook):
        for alt, address in re.findall(r"!\[([^\]]*)\]\(\s*<?([^\s)>]*)", cell.source):
            found.append((cell.id, alt.strip(), address))
        for tag in re.findall(r"(?is)<img\b[^>]*>", cell.source):
            values = dict(re.findall(r"""(?is)\b(alt|src)\s*=\s*["']([^"']*)""", tag))
            alt, address = values.get("alt", ""), values.get("src", "")
            found.append((cell.id, alt.strip(), address))
    return found


def alt_texts(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell} shows {address} without alt text: say what one sees"
        for cell, alt, address in pictures(notebook)
        if not alt
    ]


def picture_files(notebook: NotebookNode, folder: Path) -> list[str]:
    return [
        f"{cell} shows {address[:60]}, which is no file of the repository"
        for cell, _, address in pictures(notebook)
        if ":" in address or not (folder / address).is_file()
    ]


# --- what nbval compares --------------------------------------------------------------


def output_texts(cell: NotebookNode) -> list[str]:
    """Return the texts among a cell's outputs: stdout, and results in plain text."""
    streams = [out.text for out in cell.outputs if out.output_type == "stream"]
    data = [out.get("data", {}).get("text/plain", "") for out in cell.outputs]
    return [text for text in streams + data if text.strip()]


def compared(cell: NotebookNode) -> bool:
    return not tags(cell) & IGNORING_TAGS and cell.execution_count is not None


def says_something(cell: NotebookNode) -> bool:
    """Return whether nbval has text to compare, more than `<Figure size …>`."""
    return any(not re.fullmatch(r"<.*>", text) for text in output_texts(cell))


def compared_share(notebook: NotebookNode) -> list[str]:
    checked = [cell for cell in code_cells(notebook) if compared(cell)]
    share = len(checked) / max(1, len(code_cells(notebook)))
    if share < COMPARED_SHARE:
        return [
            f"nbval compares {share:.0%} of the code cells, not {COMPARED_SHARE:.0%}"
        ]
    return []


def text_share(notebook: NotebookNode) -> list[str]:
    telling = [c for c in code_cells(notebook) if compared(c) and says_something(c)]
    share = len(telling) / max(1, len(code_cells(notebook)))
    if share < TEXT_SHARE:
        return [f"{share:.0%} of the code cells have text to compare: print more facts"]
    return []


def unknown_tags(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id} has the tags {sorted(tags(cell))}; known: {sorted(ALLOWED_TAGS)}"
        for cell in notebook.cells
        if not tags(cell) <= ALLOWED_TAGS
    ]


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

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node


def definitions(source: str) -> dict[str, str]:
    """Return the top-level functions and classes, spelled in one way, by name."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {
        node.name: ast.unparse(ast.fix_missing_locations(_Bare().visit(node)))
        for node in ast.parse(source).body
        if isinstance(node, kinds)
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


# --- the package ----------------------------------------------------------------------


def file_lengths(package: Path) -> list[str]:
    counts = {path: line_total(path) for path in package.rglob("*.py")}
    return [
        f"{path.relative_to(package)} has {count} lines, at most {FILE_LINES}: split it"
        for path, count in counts.items()
        if count > FILE_LINES
    ]


def package_length(package: Path) -> list[str]:
    """Complain of a package that is not thin.

    Data and widgets count apart; so do the networks and the exercises' checks, which
    are the lessons' own and grow with them, and what builds notebooks and judges, which
    no lesson imports.
    """
    counted = [
        path
        for path in package.rglob("*.py")
        if not re.match(
            r"data/|widgets|networks/|exercises/|build",
            path.relative_to(package).as_posix(),
        )
    ]
    total = sum(map(line_total, counted))
    if total > PACKAGE_LINES:
        return [f"course_utils has {total} lines, at most {PACKAGE_LINES}"]
    return []


def line_total(path: Path) -> int:
    return len(path.read_text().splitlines())


def forbidden_in_package(path: Path) -> list[str]:
    return [
        f"{path.name}, line {number}: {why}"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for pattern, why in FORBIDDEN_IN_PACKAGE.items()
        if re.search(pattern, line)
    ]
