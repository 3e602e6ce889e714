"""A checkout with the small course and our book, beside what was executed and released for it."""

import json
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from aula import catalogue, notebook
from aula.press import book, translation
from aula.press.imprint import Imprint
from aula.run.history import NAME
from aula.run.plan import plan

EXECUTED = "executed/small/lessons/01-hello.ipynb"
CHECKOUT = Path(__file__).parents[3]
RUN = {
    "course": "small",
    "notebook": "lessons/01-hello",
    "started": "2026-11-03T09:05:00+00:00",
    "seconds": 3.21,
    "state": "ok",
    "host": "node1",
    "python": "3.11.2",
    "hardware": "2 x86_64 cores, 8 GB of memory",
    "libraries": {"PyYAML": "6.0", "numpy": "2.1.0", "scikit-learn": "1.5.2"},
    "memory_mb": 120,
}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DOT = new_output("display_data", {"image/png": PNG, "text/plain": "a dot"})
EARLIER = (1.4, 1.2, 1.3)
"""Run times of the lesson before: what it took last is slow."""
SPANISH = {
    "Hello": "Hola",
    "First words. The task: [sums](../assignments/sums/sums.md).": "Primeras palabras. La tarea: "
    "[sumas](../assignments/sums/sums.md).",
    "Why": "Por qué",
    "1. Begin": "1. Empieza",
    "A dot.": "Un punto.",
    "Because.": "Porque sí.",
}


def sources_of_today(root: Path) -> dict[str, str]:
    """Return the digest of what each notebook of a checkout is made of."""
    return {job.title: job.source for job in plan(catalogue.load(root).courses, root / "planned")}


def solved(source: str) -> notebook.NotebookNode:
    """Return the small course's assignment as papermill leaves it, solved."""
    run = {**RUN, "notebook": "assignments/sums", "source": source, "seconds": 1.5, "memory_mb": 0}
    return new_notebook(cells=[new_markdown_cell("# Sums")], metadata={"aula": run})


def executed_lesson(source: str) -> notebook.NotebookNode:
    """Return the small course's lesson as papermill leaves it, run with another size."""
    printed = new_output("stream", name="stdout", text="ran on the node\n")
    solved = new_output("stream", name="stdout", text="the answer\n")
    cells = [
        new_markdown_cell("# Hello\n\nFirst words. The task: [sums](../assignments/sums/sums.md)."),
        new_markdown_cell("<details><summary>Why</summary>\n\nBecause.\n\n</details>"),
        new_markdown_cell("## 1. Begin"),
        new_code_cell("show()", metadata={"mystnb": {"image": {"alt": "A dot."}}}, outputs=[DOT]),
        new_code_cell("size = 3", metadata={"tags": ["parameters"]}),
        new_code_cell("# Parameters\nsize = 7", metadata={"tags": ["injected-parameters"]}),
        new_code_cell("print('ran on the node')", outputs=[printed], execution_count=1),
        new_code_cell("print('the answer')", metadata={"tags": ["solution"]}, outputs=[solved]),
        new_code_cell("for_the_instructor = 1", metadata={"tags": ["instructor"]}),
        new_code_cell("left_out = 1", metadata={"tags": ["remove-cell"]}),
    ]
    metadata = {
        "aula": {**RUN, "source": source},
        "papermill": {"parameters": {"size": 7}},
        "kernelspec": notebook.KERNEL,
    }
    return new_notebook(cells=cells, metadata=metadata)


def released_copy() -> notebook.NotebookNode:
    """Return the small course's assignment as trainees get it."""
    cells = [new_markdown_cell("# Sums\n\nAdd."), new_code_cell("def total(numbers):\n    # YOUR CODE HERE")]
    return new_notebook(cells=cells, metadata={"kernelspec": notebook.KERNEL})


def lay_out(root: Path) -> None:
    """Make root a checkout with our book, beside what was executed and released for it."""
    (root / "book").symlink_to(CHECKOUT / "book")
    (root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    (root / "CHANGELOG.md").write_text("# What changed\n\nThe first version.\n", encoding="utf-8")
    (root / "courses/small/index.md").write_text(
        "# Small course\n\nBegin [here](lessons/01-hello.md).\n", encoding="utf-8"
    )
    sources = sources_of_today(root)
    notebook.write(executed_lesson(sources["small/lessons/01-hello"]), root / EXECUTED)
    notebook.write(solved(sources["small/assignments/sums"]), root / "executed/small/assignments/sums.ipynb")
    notebook.write(released_copy(), root / "released/sums/sums.ipynb")
    (root / "released/sums/numbers.txt").write_text("1 2 3\n", encoding="utf-8")
    translate(root)
    runs = [{"started": f"2026-10-0{day}T09:00:00+00:00", "seconds": seconds} for day, seconds in enumerate(EARLIER, 1)]
    about = {"notebook": "small/lessons/01-hello", "hardware": RUN["hardware"], "parameters": {"size": 7}}
    lines = [json.dumps({**about, **run}) for run in runs]
    (root / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def translate(root: Path, version: str | None = None) -> None:
    """Write a translation of the small course's lesson, of today's text or of another version of it."""
    one = next(one for one in translation.possible(root, catalogue.load(root).courses, "es") if one.page != "index")
    written = Catalog(locale="es", project=one.page, version=version or one.latest, fuzzy=False)
    for passage, said in SPANISH.items():
        written.add(passage, said)
    one.path.parent.mkdir(parents=True, exist_ok=True)
    with one.path.open("wb") as file:
        write_po(file, written)


def build(root: Path) -> Path:
    """Build the book of root; return the folder of its pages."""
    imprint = Imprint("1.2.3", mistakes="https://example.org/new?title={page}")
    book.build(root, root / "executed", root / "released", root / "html", imprint=imprint)
    return root / "html"
