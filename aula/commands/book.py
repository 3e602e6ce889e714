"""The commands of the book: building it, and keeping its translations up to date."""

import argparse
import json
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from aula import catalogue
from aula.commands.command import Actions
from aula.errors import BookError
from aula.locale.languages import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from aula.press.translation import Translation


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    book = actions.add_parser("book", help="build the book from executed lessons and released assignments")
    book.add_argument("course", nargs="*", help="courses in the book (default: all)")
    book.add_argument("--executed", type=Path, required=True, help="the executed/ that `aula notebooks` wrote")
    book.add_argument("--released", type=Path, required=True, help="the folder that holds the released copies")
    book.add_argument("--out", type=Path, required=True, help="where the book goes")
    book.add_argument("--pdf", action="store_true", help="make a PDF of each course, too; it needs Chromium")
    book.add_argument(
        "--mistakes",
        metavar="ADDRESS",
        help="where readers report a mistake: a mail address, or a web address in which {page} stands for the page "
        "(default: pages have no such link)",
    )
    book.add_argument("--edition", help="what git describe says, where the checkout is no clone (default: ask git)")
    book.set_defaults(action=_book)
    text = "say of what version each translated page is; with a language, bring its catalogues up to date"
    translations = actions.add_parser("translations", help=text, description=text)
    translations.add_argument("language", nargs="?", choices=[one for one in LANGUAGES if one != DEFAULT])
    translations.add_argument(
        "page", nargs="*", help="pages to begin a translation of: index, or COURSE/LESSON as hpc-and-slurm/02-first-job"
    )
    translations.add_argument("--json", action="store_true", help="print one JSON object")
    translations.set_defaults(action=_translations)


def _book(options: argparse.Namespace) -> int:
    from aula.press import book, edition, mistakes
    from aula.press.imprint import Imprint

    bears = Imprint(edition.of(options.root, options.edition), mistakes.link(options.mistakes), options.pdf)
    book.build(
        options.root,
        options.executed,
        options.released,
        options.out,
        options.course or None,
        imprint=bears,
        tell=lambda line: print(line, file=sys.stderr, flush=True),
    )
    print(f"built: {options.out / 'index.html'}")
    return 0


def _translations(options: argparse.Namespace) -> int:
    from aula.press import extraction, translation

    courses = catalogue.load(options.root).courses
    languages = [options.language] if options.language else LANGUAGES
    if options.language:
        possible = translation.possible(options.root, courses, options.language)
        begun = [_named(page, possible) for page in options.page]
        there = [one for one in possible if one.path.is_file()]
        if not there and not begun:
            begin = f"aula translations {options.language} index"
            raise BookError(f"there is no page in '{options.language}' yet: begin with the start page: {begin}")
        extraction.update(options.root, courses, [*there, *(one for one in begun if one not in there)])
    states = [one.state() for language in languages for one in translation.found(options.root, courses, language)]
    if options.json:
        rows = [
            {
                "page": state.translation.page,
                "language": state.translation.language,
                "catalogue": str(state.translation.path),
                "current": state.current,
                "version": state.version,
                "latest": state.latest,
                "passages": state.passages,
                "left": state.left,
            }
            for state in states
        ]
        print(json.dumps({"translations": rows}, indent=2))
    else:
        for state in states:
            print(state.line())
    return 0


def _named(name: str, possible: "list[Translation]") -> "Translation":
    """Return the page of a name, as index or hpc-and-slurm/02-first-job. Raises BookError with the nearest one."""
    named = {one.page.removeprefix("courses/").replace("/lessons/", "/"): one for one in possible}
    if name not in named:
        near = get_close_matches(name, named, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(named)}"
        raise BookError(f"no page '{name}' can be translated: {hint}")
    return named[name]
