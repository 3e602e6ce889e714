"""When, where and with what the notebooks of the book ran: at the foot of each page, and all on one page."""

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from nbformat import NotebookNode

from aula.errors import BookError
from aula.run.job import Result

PAGE = "notebooks"
"""Where the page of all notebooks lies in the book."""
ANCHOR = "how-this-ran"
INTRODUCTION = """\
# When each notebook last ran

Nothing is in this book whose code did not run clean, from the text that is in it today: no failure, no warning, \
within its time. Of an assignment its solution ran, with all its tests.
"""


@dataclass(frozen=True)
class Run:
    """One notebook of the book, and how it ran."""

    course: str
    title: str
    page: str  # in the book, as links name it
    result: Result


def read(path: Path, node: NotebookNode, source: str) -> Result:
    """Return what execution wrote into the notebook at path.

    It must have run clean, and from the text, data and scripts of today, whose digest is source.
    """
    try:
        result = Result(**node.metadata["aula"])
        datetime.fromisoformat(result.started)
    except (KeyError, TypeError, ValueError) as error:
        raise BookError(f"{path}: does not say when it ran: execute it with `aula notebooks`") from error
    if result.state != "ok":
        raise BookError(f"{path}: did not run clean ({result.state}): mend it and run `aula notebooks` again")
    if result.source != source:
        raise BookError(
            f"{path}: is stale: it ran on {_day(result)}, and its text, its data or a script beside it is not "
            "what ran then: run `aula notebooks` again"
        )
    return result


def head(result: Result) -> str:
    """Return the sentence for the head of a page."""
    return f'The code of this page last ran on {_day(result)}, in {_time(result)}. <a href="#{ANCHOR}">How it ran</a>'


def foot(title: str, result: Result, node: NotebookNode, all_notebooks: str) -> str:
    """Return the foot of a page; it holds no blank line, which would end the HTML."""
    values = node.metadata.get("papermill", {}).get("parameters", {})
    when = datetime.fromisoformat(result.started)
    facts = {
        "When": f"{_day(result)}, {when:%H:%M} {when.tzname()}",
        "Run time": _time(result),
        "Memory": _memory(result),
        "Machine": result.hardware,
        "Python": result.python,
        "Libraries": ", ".join(f"{name} {version}" for name, version in sorted(result.libraries.items(), key=_name)),
        "Parameters": ", ".join(f"{name} = {json.dumps(value)}" for name, value in sorted(values.items())),
    }
    rows = "\n".join(f"<div><dt>{name}</dt><dd>{escape(fact)}</dd></div>" for name, fact in facts.items() if fact)
    return (
        f'<div class="aula-status" id="{ANCHOR}"><p><strong>{escape(title)}</strong> '
        f'<a href="{escape(all_notebooks)}">All notebooks</a></p>\n<dl>\n{rows}\n</dl></div>'
    )


def page(runs: list[Run]) -> str:
    """Return the page of all notebooks, with a link to the page of each; its dates take one line on a phone."""
    lines = ["| Course | Notebook | Last ran | Time | Memory | State |", "|---|---|---|---|---|---|"]
    for run in runs:
        link, day = f"[{_text(run.title)}]({run.page})", datetime.fromisoformat(run.result.started).date()
        cells = (_text(run.course), link, f"<time>{day}</time>", _time(run.result), _memory(run.result), "clean")
        lines.append(f"| {' | '.join(cells)} |")
    total = sum(run.result.seconds for run in runs)
    return f"{INTRODUCTION}\nNotebooks in all: {len(runs)}. Time in all: {total:.0f} s.\n\n" + "\n".join(lines) + "\n"


def _name(library: tuple[str, str]) -> str:
    return library[0].lower()


def _day(result: Result) -> str:
    when = datetime.fromisoformat(result.started)
    return f"{when.day} {when:%B %Y}"


def _time(result: Result) -> str:
    return f"{result.seconds:.1f} s"


def _memory(result: Result) -> str:
    return f"{result.memory_mb} MB" if result.memory_mb else ""


def _text(text: str) -> str:
    """Return text that no table or link of Markdown takes for markup."""
    return "".join(f"\\{letter}" if letter in r"\|[]*_`<>{}$" else letter for letter in text)
