"""MyST text notebooks: reading them, and the lesson that a trainee gets."""

import platform
import re
from difflib import get_close_matches
from pathlib import Path

import nbformat
from markdown_it import MarkdownIt
from nbformat import NotebookNode

from aula.errors import NotebookError
from aula.kernelspec import KERNEL_NAME, USUAL, Kernel

# As the kernel itself writes them: else JupyterLab shows every notebook as changed once it is opened.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": USUAL}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}
OUR_TAGS = {"parameters", "solution", "instructor", "exercise"}
BOOK_TAGS = {"hide-input", "hide-output", "hide-cell", "remove-input", "remove-output", "remove-cell"}
MARK = re.compile(r'\n? *in "<unicode string>".*?(?=\n\S|$)', re.DOTALL)  # where in the cell, as YAML says it
TAGS_AS_TEXT = re.compile(r"^:?tags: *(?P<tags>[^\[\s].*)$", re.MULTILINE)
CELL = "cell-"
SOLUTION = "# Solution"
HEADER = re.compile(
    r"(?P<kind>Code|Markdown) cell \d+ at line (?P<line>\d+) (?:could not be read: )?(?P<reason>.*)", re.DOTALL
)
FENCE_OF_A_CELL = re.compile(r"[`~]{3,}\s*\{code-cell\}")
TAGS = OUR_TAGS | BOOK_TAGS | {"raises-exception"}


def read(path: Path) -> NotebookNode:
    """Return the text notebook at path, without outputs, on the kernel that it names, or python3."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(f"{path}: cannot be read: it is not UTF-8: save it so in your editor") from error
    except OSError as error:
        raise NotebookError(f"{path}: cannot be read: {error.strerror}") from error
    _check_fences(path, text)
    import jupytext  # asks for pandoc's version as it is imported: who reads no text notebook need not wait for it

    try:
        notebook = jupytext.reads(text, fmt="md:myst")
    except Exception as error:  # jupytext raises whatever its parsers do
        raise NotebookError(_unreadable(path, text, error)) from error
    kernel = notebook.metadata.get("kernelspec", {}).get("name", USUAL)
    if not KERNEL_NAME.fullmatch(kernel):
        raise NotebookError(f"{path}: asks for kernel '{kernel}', which is no name: write {USUAL}")
    other = {**KERNEL, "display_name": f"Python 3 ({kernel})", "name": kernel}
    notebook.metadata = {"kernelspec": KERNEL if kernel == USUAL else other, "language_info": LANGUAGE}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for place, cell in enumerate(notebook.cells, start=1):
        cell.id = f"{CELL}{place}"
        if cell.cell_type == "markdown" and FENCE_OF_A_CELL.search(cell.source):
            raise NotebookError(f"{path}: cell {place}: a {{code-cell}} here is not a cell: do not indent it")
        _check_tags(path, place, cell)
    return without_outputs(notebook)


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook to path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # nbformat types only half of itself


def set_kernel(notebook: NotebookNode, kernel: Kernel) -> None:
    """Let the notebook ask for a course run's own kernel."""
    spec = {"display_name": kernel.title, "language": "python", "name": kernel.name}
    notebook.metadata = {**notebook.metadata, "kernelspec": spec}


def number(cell: NotebookNode) -> int | None:
    """Return the number that a cell has in its text, counted from 1; None if it came from elsewhere."""
    digits = str(cell.get("id", "")).removeprefix(CELL)
    return int(digits) if digits.isdecimal() and cell.id.startswith(CELL) else None


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.metadata.get("tags", []))


def without_outputs(notebook: NotebookNode) -> NotebookNode:
    """Empty every code cell of the notebook of what it printed; return the notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def lesson(path: Path) -> NotebookNode:
    """Return the lesson at path as trainees get it: nothing for instructors, solutions collapsed."""
    notebook = read(path)
    notebook.cells = [cell for cell in notebook.cells if "instructor" not in tags(cell)]
    for cell in notebook.cells:
        if cell.cell_type == "code" and "solution" in tags(cell):
            cell.metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": True}
    return notebook


def handed_out(path: Path) -> NotebookNode:
    """Return the lesson at path as JupyterLab is to show it: there a collapsed cell still shows its first line."""
    notebook = lesson(path)
    for cell in notebook.cells:
        if cell.cell_type == "code" and "solution" in tags(cell) and not cell.source.startswith((SOLUTION, "%%")):
            cell.source = f"{SOLUTION}\n{cell.source}"
    return notebook


def _unreadable(path: Path, text: str, error: Exception) -> str:
    """Return in one sentence why a text is no notebook, with the line where jupytext names one."""
    said = str(error)
    if found := HEADER.match(said):
        kind = "YAML of the code cell" if found["kind"] == "Code" else "JSON after the +++"
        reason = " ".join(MARK.sub(",", found["reason"]).split()).strip(" ,")
        return f"{path}:{found['line']}: mend the {kind} that begins here: {reason}"
    if found := TAGS_AS_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return f"{path}:{line}: tags are a list: write [{found['tags'].strip()}]"
    reason = said.strip().partition("\n")[0]
    return f"{path}: is not a MyST text notebook: its metadata cannot be read: {reason}"


def _check_fences(path: Path, text: str) -> None:
    """Refuse a fence that is never closed, or a cell inside a cell: both publish what they should hide."""
    lines = text.splitlines()
    for token in MarkdownIt("commonmark").parse(text):
        if token.type != "fence" or token.map is None:
            continue
        first, end = token.map
        closing = lines[end - 1].strip() if end <= len(lines) else ""
        if not closing.startswith(token.markup) or closing.strip(token.markup[0]):
            raise NotebookError(f"{path}:{first + 1}: this fence is never closed: end it with {token.markup}")
        if "{code-cell}" in token.content:
            raise NotebookError(f"{path}:{first + 1}: a {{code-cell}} starts inside this fence: close it")


def _check_tags(path: Path, place: int, cell: NotebookNode) -> None:
    """Refuse a tag that means nothing: a misspelt 'solution' would show one."""
    for tag in tags(cell):
        if tag not in TAGS:
            near = get_close_matches(tag, sorted(TAGS), n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"valid tags: {', '.join(sorted(TAGS))}"
            raise NotebookError(f"{path}: cell {place}: unknown tag '{tag}': {hint}")
