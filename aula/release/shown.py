"""What an assignment's source would show by itself, although its own cells say that it is secret."""

from collections.abc import Iterator
from difflib import get_close_matches

from nbformat import NotebookNode

from aula import marks, notebook, regions
from aula.release import around, distinctive, likeness, readings

# Whatever else an author writes into a cell's metadata would be released as it is.
METADATA = ("nbgrader", "tags", "slideshow", "editable", "deletable", "jupyter")
LESSONS_ONLY = ("solution", "instructor")


def problems(node: NotebookNode) -> Iterator[str]:
    """Yield, cell by cell, what would be released that must not be: names the cell, the line and the remedy."""
    yield from around.problems(node)
    solution, hidden = _secrets(node)
    answered = False
    for number, cell in enumerate(node.cells, start=1):
        said = [*_metadata(cell), *_text(cell, answered=answered), *_repeated(cell, solution, hidden)]
        yield from (f"cell {number}: {sentence}" for sentence in said)
        found, _ = regions.of(cell.source)
        answered = cell.cell_type == "markdown" and bool(marks.of(cell).get("solution")) and "SOLUTION" not in found


def _secrets(node: NotebookNode) -> tuple[list[str], list[str]]:
    """Return the distinctive lines of the solutions (and mark schemes), and those of the hidden tests."""
    solution: list[str] = []
    hidden: list[str] = []
    for cell in node.cells:
        for name, lines in regions.secrets(cell).items():
            (hidden if name == "HIDDEN TESTS" else solution).extend(lines)
    return list(distinctive.lines(solution)), list(distinctive.lines(hidden))


def _metadata(cell: NotebookNode) -> Iterator[str]:
    """Yield what a cell carries beside its text."""
    for key in cell.metadata:
        if key not in METADATA:
            near = get_close_matches(key, METADATA, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"valid keys: {', '.join(METADATA)}"
            yield f"its metadata '{key}' would be released: {hint}"
    for tag in set(notebook.tags(cell)) & set(LESSONS_ONLY):
        yield f"the tag '{tag}' hides nothing in an assignment: use '### BEGIN SOLUTION' or take the cell away"
    if cell.get("attachments"):
        yield "its attachments would be released: put the file beside the assignment"


def _text(cell: NotebookNode, *, answered: bool) -> Iterator[str]:
    """Yield what in a cell's text shows that a mark or a marker was lost."""
    said, source = marks.of(cell), cell.source
    for line in source.splitlines():
        if likeness.is_marks(line):
            yield f"'{line.strip()}' stands in its text: move it to the head of its cell, right below {{code-cell}}"
    is_prose = cell.cell_type == "markdown" and not said
    if answered and is_prose and not source.lstrip().startswith("#"):
        yield "follows a written answer and would be released: begin it with a heading, or join it to the answer"


def _repeated(cell: NotebookNode, solution: list[str], hidden: list[str]) -> Iterator[str]:
    """Yield the secret lines that a cell shows; tests may be set up alike."""
    visible = "\n".join(regions.visible(cell))
    texts = [visible, *readings.in_text(visible), str(cell.metadata)]
    yield from (
        f"shows a line of a solution: '{line}': take it away here" for line in distinctive.shown(solution, texts)
    )
    is_test = cell.cell_type == "code" and marks.of(cell).get("grade")
    for line in distinctive.shown(hidden, texts):
        if not (is_test and distinctive.is_setting_up(line)):
            yield f"shows a line of the hidden tests: '{line}': take it away here, or there"
