"""MyST text notebooks, and the trainee's lesson made of them."""

from pathlib import Path

import nbformat
import pytest

from aula import notebook
from aula.errors import NotebookError
from tests.aula.small_course import edit


def test_text_becomes_a_valid_notebook(small: Path, tmp_path: Path) -> None:
    """The notebook made of a text is valid, on the kernel python3, and without outputs."""
    target = tmp_path / "out" / "lesson.ipynb"
    notebook.write(notebook.read(small / "lessons/01-hello.md"), target)
    node = nbformat.read(target, as_version=4)
    nbformat.validate(node)
    assert node.metadata.kernelspec.name == "python3"
    assert [cell.cell_type for cell in node.cells] == ["markdown", "code", "code", "code", "code"]
    assert not any(cell.get("outputs") for cell in node.cells)


def test_reading_twice_gives_the_same(small: Path) -> None:
    """Nothing random is in a notebook: a release repeated is a release unchanged."""
    path = small / "lessons/01-hello.md"
    assert notebook.read(path) == notebook.read(path)


def test_the_trainees_lesson_hides_what_it_should(small: Path) -> None:
    """Cells for the instructor are gone, solutions are there but collapsed, all else is open."""
    node = notebook.lesson(small / "lessons/01-hello.md")
    assert not any("instructor" in cell.source for cell in node.cells)
    hidden = {cell.source: cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in node.cells}
    assert [source for source, is_hidden in hidden.items() if is_hidden] == ['print("solved")']


def test_a_collapsed_solution_shows_nothing_of_itself(small: Path) -> None:
    """JupyterLab shows a collapsed cell's first line: it is no line of the solution; what says so already is left."""
    path = small / "lessons/01-hello.md"
    assert 'print("solved")' in [cell.source for cell in notebook.lesson(path).cells]
    for before, after in (('print("solved")', '# Solution\nprint("solved")'), ("# Solution of exercise 1\n1", "")):
        path.write_text(path.read_text().replace('print("solved")', before))
        sources = [cell.source for cell in notebook.handed_out(path).cells]
        assert (after or before) in sources


SPOILT = {
    "a fence never closed": ('print("solved")\n```', 'print("solved")\n', "never closed"),
    "a cell inside a cell": ("size = 3\n```", "size = 3\n", "starts inside this fence"),
    "a fence closed by too few": (
        "```{code-cell} ipython3\n:tags: [solution]",
        "````{code-cell} ipython3\n:tags: [solution]",
        "never closed",
    ),
    "a misspelt tag": ("[solution]", "[soluton]", "cell 5: unknown tag 'soluton': did you mean 'solution'?"),
    "a kernel's name that is none": (
        "# Hello",
        "---\nkernelspec:\n  name: ../ir\n  display_name: R\n---\n\n# Hello",
        "asks for kernel '../ir', which is no name: write python3",
    ),
    "metadata that is not YAML": ("[solution]", "[solution", ":18: mend the YAML of the code cell that begins here"),
    "metadata that is not JSON": (
        "# Hello",
        '# Hello\n\n+++ {"tags": [\n\nText.',
        ":3: mend the JSON after the +++ that begins here",
    ),
    "tags that are no list": ("[solution]", "solution", ":19: tags are a list: write [solution]"),
    "metadata that is no notebook's": (
        "```{code-cell} ipython3\n:tags: [solution]",
        "```{code-cell} ipython3\n---\n- a\n---",
        "is not a MyST text notebook: its metadata cannot be read",
    ),
    "a cell in a list": ("# Hello", "- item\n\n  ```{code-cell} ipython3\n  x = 1\n  ```", "is not a cell"),
}


@pytest.mark.parametrize(("old", "new", "message"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_text_is_refused(small: Path, old: str, new: str, message: str) -> None:
    """A text that would publish what it means to hide is an error that names file and place."""
    path = small / "lessons/01-hello.md"
    edit(path, old, new)
    with pytest.raises(NotebookError) as caught:
        notebook.read(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_text_is_an_error_of_ours(tmp_path: Path) -> None:
    """A file that is not there is named, without a traceback."""
    with pytest.raises(NotebookError, match=r"none\.md: cannot be read"):
        notebook.read(tmp_path / "none.md")


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """A text in Latin-1 is an error with the remedy."""
    (tmp_path / "x.md").write_bytes("# Día\n".encode("latin-1"))
    with pytest.raises(NotebookError, match=r"x\.md: cannot be read: it is not UTF-8: save it so"):
        notebook.read(tmp_path / "x.md")
