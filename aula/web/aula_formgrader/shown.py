"""The pages that show a submission, in formgrader and as feedback: nothing of it runs in whoever reads them.

Three things hold, each alone: of outputs and texts only harmless markup is left; the page's policy lets those scripts
run that nbgrader's templates bring, and no others; and what a submission shows cannot be seen outside its own box.
"""

import secrets
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, pass_context
from jinja2.ext import Extension
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import Bool, Unicode

from . import cleaning, scrubbed
from .contents import Contents, entry

TEMPLATES = Path(__file__).with_name("templates") / "shown"
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
HANDLERS = " ".join(
    f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in (b"toggle_name(true);", b"toggle_name(false);")
)
"""What stands in the attributes `onclick` of nbgrader's page."""
BOXED = "<style>.text_cell_render, .output_subarea { contain: paint; overflow-x: auto; }</style>"
NAMES = ("first_name", "last_name", "student", "notebook_path")
"""What nbgrader's template takes as it is, and people choose themselves."""


class Nonces(Extension):
    """Marks the scripts of templates, and no others, as those that may run."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  Jinja's
        """Return a template's source with the marks, and with what belongs on top of a page."""
        marked = source.replace("<script", '<script nonce="{{ nonce() }}"')
        return marked.replace("<head>", "<head>{{ head() }}", 1)


class Exporter(HTMLExporter):
    """nbconvert's exporter of HTML, for a notebook that nobody trusts."""

    sanitize_html = Bool(True, read_only=True)
    exclude_anchor_links = Bool(True, read_only=True)
    """They are to be seen only under the mouse, which needs a class, and the cleaning leaves none."""
    mathjax_url = Unicode(f"{MATHJAX}MathJax.js?config=TeX-AMS_CHTML-full,Safe").tag(config=True)
    nonce = ""
    """What scripts of the page bear."""

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> tuple[Any, Any]:
        """Return the page of a notebook; names of people are text in it."""
        plain = {key: escape(str(value)) for key, value in (resources or {}).items() if key in NAMES and value}
        return super().from_filename(filename, resources={**(resources or {}), **plain}, **more)

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **more: Any) -> tuple[Any, Any]:
        """Return the page of a notebook, of which only that is read that a page shows."""
        self.nonce = secrets.token_urlsafe(16)
        return super().from_notebook_node(scrubbed.notebook(nb), resources, **more)

    @property
    def policy(self) -> str:
        """The page's content security policy, made for its last export."""
        return (
            f"default-src 'none'; script-src 'nonce-{self.nonce}' 'unsafe-hashes' {HANDLERS} {MATHJAX}; "
            f"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data: {MATHJAX}; "
            "connect-src 'self'; form-action 'none'; base-uri 'none'"
        )

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return Markdown as harmless HTML."""
        return cleaning.html(super().markdown2html(context, source))

    def default_filters(self) -> Any:
        """Yield the filters of templates, ours in place of nbconvert's where HTML is cleaned."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # nbconvert types half of itself
        yield "clean_html", cleaning.html

    def head(self) -> Markup:
        """Return what stands on top of the page."""
        return Markup(BOXED)  # noqa: S704  ours

    def _create_environment(self) -> Environment:
        made: Environment = super()._create_environment()  # type: ignore[no-untyped-call]  # likewise
        made.loader = ChoiceLoader([FileSystemLoader(TEMPLATES), made.loader])  # type: ignore[list-item]  # there is one
        made.add_extension(Nonces)
        made.add_extension(Contents)
        made.globals.update(entry=entry, nonce=lambda: self.nonce, head=lambda: self.head())
        return made


class FeedbackExporter(Exporter):
    """The same for a page of feedback: a file, which bears its policy itself and asks nobody for anything."""

    @property
    def policy(self) -> str:
        """The page's content security policy."""
        return (
            f"default-src 'none'; script-src 'nonce-{self.nonce}' {MATHJAX}; style-src 'unsafe-inline'; "
            f"img-src data:; font-src data: {MATHJAX}; form-action 'none'; base-uri 'none'"
        )

    def head(self) -> Markup:
        """Return the policy, and what else stands on top of the page."""
        return Markup('<meta http-equiv="Content-Security-Policy" content="{}">').format(self.policy) + super().head()
