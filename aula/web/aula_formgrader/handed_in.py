"""A file that was handed in beside a notebook: shown where that can do no harm, else for saving."""

import mimetypes
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.server_extensions.formgrader.base import BaseHandler, check_notebook_dir, check_xsrf
from tornado import web

POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
DRAWING = "image/svg+xml"
TEXTS = (".txt", ".csv", ".tsv", ".md", ".py", ".json", ".log", ".yml", ".yaml", ".sh")


class SubmissionFileHandler(web.StaticFileHandler, BaseHandler):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's address of such a file; what it holds is never a page of the hub's address."""

    def initialize(self) -> None:  # type: ignore[override]  # as nbgrader's does
        """Look for files in the course run's folder."""
        super().initialize(self.coursedir.root)

    def parse_url_path(self, url_path: str) -> str:
        """Return the file of a submission, named by its id and the file's path in it. Raises HTTPError where none is.

        Neither `..` nor a link leads out of the submission's folder.
        """
        submission_id, _, path = url_path.partition("/")
        try:
            notebook = self.gradebook.find_submission_notebook_by_id(submission_id)
        except MissingEntry:
            raise web.HTTPError(404, "The gradebook knows no such submission.") from None
        student, assignment = notebook.student.id, notebook.assignment.assignment.name
        graded = self.coursedir.format_path(self.coursedir.autograded_directory, student, assignment)
        folder = Path(self.coursedir.root, graded).resolve()
        file = (folder / path).resolve()
        if not file.is_relative_to(folder):
            raise web.HTTPError(404, "In this submission there is no such file.")
        return str(file)

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    @check_notebook_dir  # type: ignore[untyped-decorator]  # likewise
    async def get(self, path: str, include_body: bool = True) -> None:  # type: ignore[override]  # decorated
        """Send it."""
        await super().get(path, include_body)

    def get_content_type(self) -> str:
        """Return what it is shown as: a picture, a text, or nothing that a browser knows."""
        kind, _ = mimetypes.guess_type(self.path)
        if kind in (*PICTURES, DRAWING):
            return str(kind)
        return "text/plain; charset=utf-8" if Path(self.path).suffix.lower() in TEXTS else "application/octet-stream"

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002  tornado's
        """Let it do nothing where it is opened by itself. A drawing is seen in a page, and saved when it is opened."""
        kind = self.get_content_type()
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        if kind not in PICTURES and not kind.startswith("text/plain"):
            self.set_header("Content-Disposition", "attachment")
