"""The press: the book's own Sphinx, kept in a process of its own, prints a page in a fraction of a second."""

import io
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from jupyter_book.config import get_final_config
from pydata_sphinx_theme.pygments import overwrite_pygments_css
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from aula.errors import BookError
from aula.press import configuration
from aula.press.jupyter_book import COLOURS

_running = ExitStack()
_apps: list[tuple[Sphinx, io.StringIO]] = []


def begin(source: Path, built: Path) -> None:
    """Begin a book of what is laid out in source; what was printed from another layout is forgotten."""
    _running.close()
    _apps.clear()
    settings, _ = get_final_config(
        sourcedir=source, user_yaml=source / configuration.NAME, cli_config={"latex_individualpages": False}
    )
    settings["html_sidebars"] = {"**": ["navbar-logo.html", "sbt-sidebar-nav.html"]}
    settings["suppress_warnings"] = [*settings.get("suppress_warnings", []), "toc.not_included"]
    said = io.StringIO()
    _running.enter_context(patch_docutils())
    _running.enter_context(docutils_namespace())
    app = Sphinx(
        *(source, None, built / "html", built / "doctrees", "html"),
        confoverrides=settings,
        status=None,
        warning=said,
        freshenv=True,
    )
    builder: Any = app.builder
    builder.search = False  # an index takes its time
    _colour_code(app)
    _apps.append((app, said))


def _colour_code(app: Sphinx) -> None:
    """Write the style of code now, and not with each print.

    Sphinx would write its own, which the theme replaces once all is printed: who opens a page between sees colours
    that cannot be read.
    """
    overwrite_pygments_css(app)
    builder: Any = app.builder
    builder.create_pygments_style_file = _nothing
    for listener in [*app.events.listeners["build-finished"]]:
        if listener.handler is overwrite_pygments_css:
            app.disconnect(listener.id)


def _nothing() -> None:
    pass


def pages(files: Iterable[Path]) -> list[str]:
    """Print these files of the source; return what Sphinx says against the book, which would not be built with it.

    Raises BookError where it cannot print them at all.
    """
    app, said = _apps[0]
    said.seek(0)
    said.truncate()
    try:
        app.build(filenames=[str(path) for path in files])
    except Exception as error:  # Sphinx and its extensions raise whatever their parsers do
        raise BookError(f"cannot be shown as a page: {type(error).__name__}: {error}") from error
    builder: Any = app.builder
    builder.copy_static_files = _nothing  # who opens a page while they are written anew would get half of one
    lines = COLOURS.sub("", said.getvalue()).replace(f"{app.srcdir}/", "").splitlines()
    return list(dict.fromkeys(line for line in lines if "WARNING:" in line or "ERROR:" in line or "CRITICAL:" in line))
