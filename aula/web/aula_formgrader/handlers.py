"""The pages and addresses of the formgrader that are Aula's."""

import json
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from nbgrader.api import MissingEntry
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_notebook_dir, check_xsrf
from nbgrader.server_extensions.formgrader.handlers import ManageSubmissionsHandler
from nbgrader.server_extensions.formgrader.handlers import SubmissionHandler as TheirSubmissionHandler
from tornado import web

from . import repaired
from .batches import Batches
from .shown import Exporter

TEMPLATES = Path(__file__).with_name("templates")


class SubmissionsHandler(ManageSubmissionsHandler):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's list of an assignment's submissions, with a button above it that grades them all."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    @check_notebook_dir  # type: ignore[untyped-decorator]  # likewise
    def get(self, assignment: str) -> None:
        """Show it, for an assignment that the gradebook knows."""
        try:
            self.gradebook.find_assignment(assignment)
        except MissingEntry:
            raise web.HTTPError(404, "The gradebook knows no such assignment.") from None
        theirs = self.settings["nbgrader_jinja2_env"].loader
        pages = Environment(loader=ChoiceLoader([FileSystemLoader(TEMPLATES), theirs]), autoescape=True)
        page = pages.get_template("submissions.tpl")
        self.write(page.render(course_dir=self.coursedir.root, assignment_id=assignment, base_url=self.base_url))


class SubmissionHandler(TheirSubmissionHandler):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's page of one submission, of which nothing runs, with a line above one that had to be repaired."""

    @property
    def exporter(self) -> "SubmissionHandler":
        """What makes the page."""
        return self

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, Any]:
        """Return the page as nbgrader's exporter does, and let the answer bear the page's policy."""
        exporter = Exporter(config=super().exporter.config)  # type: ignore[no-untyped-call]  # nbconvert's
        page = repaired.Noting(exporter).from_filename(filename, resources)
        self.set_header("Content-Security-Policy", f"{exporter.policy}; frame-ancestors 'self'")
        return page


class Handler(BaseApiHandler):  # type: ignore[misc]  # nbgrader has no types
    """What our addresses have in common."""

    @property
    def batches(self) -> Batches:
        """The batches of this server."""
        found: Batches = self.settings["aula_batches"]
        return found

    @property
    def actor(self) -> str:
        """Who is signed in."""
        return str(self.current_user.username)

    @property
    def autograded(self) -> Path:
        """Where graded notebooks are."""
        return Path(self.coursedir.root, self.coursedir.autograded_directory)

    def tell(self, answer: dict[str, Any]) -> None:
        """Answer in JSON."""
        self.write(json.dumps(answer))


class AutogradeHandler(Handler):
    """The button Autograde of one submission: the server answers others meanwhile."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    @check_notebook_dir  # type: ignore[untyped-decorator]  # likewise
    async def post(self, assignment: str, student: str) -> None:
        """Grade it, and answer as nbgrader's page expects."""
        batch = await self.batches.grade(assignment, student, self.actor)
        failed = {"error": batch.log} if batch.status else {}
        self.tell({"success": batch.status == 0, "log": batch.log, **failed})


class BatchHandler(Handler):
    """The grading of all submissions of an assignment."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    def get(self, assignment: str) -> None:
        """Tell how far it is; an empty answer where nobody has asked for it."""
        batch = self.batches.find(assignment)
        self.tell(batch.told if batch else {})

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    @check_notebook_dir  # type: ignore[untyped-decorator]  # likewise
    async def post(self, assignment: str) -> None:
        """Begin it, unless it is under way."""
        self.tell(self.batches.begin(assignment, self.actor).told)


class RepairedHandler(Handler):
    """In whose submissions of an assignment something was repaired."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    def get(self, assignment: str) -> None:
        """Name them, each with the address of its page."""
        names = repaired.students(self.autograded, assignment)
        self.tell({name: repaired.address(self.base_url, assignment, name) for name in names})


class RepairedPageHandler(Handler):
    """What was repaired in one submission."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    def get(self, assignment: str, student: str) -> None:
        """Show it, as a page that can do nothing in this browser."""
        if student not in repaired.students(self.autograded, assignment):
            raise web.HTTPError(404, "In this submission nothing was repaired.")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", repaired.POLICY)
        self.write((self.autograded / student / assignment / repaired.NAME).read_bytes())
