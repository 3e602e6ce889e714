"""What the pages cite: the BibTeX files of the book and of its courses, and the page that lists them."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aula.catalogue import Course

FILE = "references.bib"
PAGE = "references"
CITES = "{cite"
"""What a text that cites has in it."""


def files(root: Path, courses: tuple[Course, ...]) -> list[Path]:
    """Return the BibTeX files that there are."""
    places = [root / "book", *(course.folder for course in courses)]
    return [place / FILE for place in places if (place / FILE).is_file()]


def cited(root: Path, courses: tuple[Course, ...], texts: Iterable[Path]) -> list[Path]:
    """Return the BibTeX files where any of the texts cites, and none where nobody does."""
    return files(root, courses) if any(CITES in text.read_text(encoding="utf-8") for text in texts) else []


def put(found: list[Path], source: Path, config: dict[str, Any], title: str) -> None:
    """Put the files and their page into a folder of sources, and tell Sphinx of them in its configuration."""
    if not found:
        return
    config["extensions"] = [*config["extensions"], "sphinxcontrib.bibtex"]
    config |= {"bibtex_default_style": "plain", "bibtex_reference_style": "author_year"}
    config["bibtex_bibfiles"] = [f"bibliography/{number}.bib" for number, _ in enumerate(found)]
    (source / "bibliography").mkdir()
    for name, path in zip(config["bibtex_bibfiles"], found, strict=True):
        shutil.copy(path, source / name)
    (source / f"{PAGE}.md").write_text(f"# {title}\n\n```{{bibliography}}\n```\n", encoding="utf-8")


def mend(html: Path) -> None:
    """Give the entries of a list the role that WAI-ARIA has for them: docutils writes one that is withdrawn."""
    page = html / f"{PAGE}.html"
    if page.is_file():
        text = page.read_text(encoding="utf-8").replace('role="doc-biblioentry"', 'role="listitem"')
        page.write_text(text, encoding="utf-8")
