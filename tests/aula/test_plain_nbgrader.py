"""nbgrader is imported without its pages in Jupyter, and has them for who asks."""

import subprocess
import sys

LOADED = "import sys; from aula import plain_nbgrader; plain_nbgrader.load(); import nbgrader.api; "


def said(words: str) -> str:
    """Return what a new interpreter prints that has loaded nbgrader so."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED + words], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


def test_no_page_is_imported() -> None:
    """Nor any of nbgrader's commands."""
    assert said("print([one for one in sys.modules if one.startswith(('nbgrader.server', 'nbgrader.apps'))])") == "[]"


def test_who_names_a_page_gets_it() -> None:
    """As it is: no stand-in is left."""
    words = "from nbgrader.server_extensions import formgrader as it; print(it.load_jupyter_server_extension.__name__)"
    assert said(words) == "load_jupyter_server_extension"
