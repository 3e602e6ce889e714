"""When, where and with what a notebook of the book ran: at the head and at the foot of its page."""

import json
from datetime import datetime
from html import escape
from pathlib import Path

from babel.numbers import format_decimal
from nbformat import NotebookNode

from aula.errors import BookError
from aula.locale import Message, format_date, message, translated
from aula.locale.languages import DEFAULT
from aula.locale.written import locale_of
from aula.run.job import Result

PAGE = "notebooks"
"""Where the page of all notebooks lies in the book."""
ANCHOR = "how-this-ran"


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


def head(result: Result, language: str = DEFAULT) -> str:
    """Return the sentence for the head of a page."""
    day, seconds = _day(result, language), _seconds(result, language)
    said = message("The code of this page last ran on {day}, in {seconds} s.", day=day, seconds=seconds)
    how = translated(message("How it ran"), language)
    return f'{escape(translated(said, language))} <a href="#{ANCHOR}">{escape(how)}</a>'


def foot(title: Message, result: Result, node: NotebookNode, all_notebooks: str, language: str = DEFAULT) -> str:
    """Return the foot of a page; it holds no blank line, which would end the HTML."""
    libraries = sorted(result.libraries.items(), key=_name)
    values = node.metadata.get("papermill", {}).get("parameters", {})
    when = datetime.fromisoformat(result.started)
    facts = {
        message("When"): f"{_day(result, language)}, {when:%H:%M} {when.tzname()}",
        message("Run time"): f"{_seconds(result, language)} s",
        message("Memory"): f"{result.memory_mb} MB" if result.memory_mb else "",
        message("Machine"): result.hardware,
        Message("Python"): result.python,
        message("Libraries"): ", ".join(f"{name} {version}" for name, version in libraries),
        message("Parameters"): ", ".join(f"{name} = {json.dumps(value)}" for name, value in sorted(values.items())),
    }
    rows = "\n".join(
        f"<div><dt>{escape(translated(name, language))}</dt><dd>{escape(fact)}</dd></div>"
        for name, fact in facts.items()
        if fact
    )
    whole = translated(message("All notebooks"), language)
    return (
        f'<div class="aula-status" id="{ANCHOR}"><p><strong>{escape(translated(title, language))}</strong> '
        f'<a href="{escape(all_notebooks)}">{escape(whole)}</a></p>\n<dl>\n{rows}\n</dl></div>'
    )


def _name(library: tuple[str, str]) -> str:
    return library[0].lower()


def _day(result: Result, language: str = DEFAULT) -> str:
    return format_date(datetime.fromisoformat(result.started), language)


def _seconds(result: Result, language: str) -> str:
    return format_decimal(result.seconds, format="0.0", locale=locale_of(language))
