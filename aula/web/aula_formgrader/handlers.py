"""The pages and addresses of the formgrader that are Aula's."""

import json
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from nbgrader.api import MissingEntry
from nbgrader.server_extensions.formgrader.base import BaseApiHandler, check_notebook_dir, check_xsrf
from nbgrader.server_extensions.formgrader.handlers import ManageSubmissionsHandler
from tornado import web

from .batches import Batches

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


class _Handler(BaseApiHandler):  # type: ignore[misc]  # nbgrader has no types
    @property
    def batches(self) -> Batches:
        found: Batches = self.settings["aula_batches"]
        return found

    @property
    def actor(self) -> str:
        """Who is signed in."""
        return str(self.current_user.username)

    def tell(self, answer: dict[str, Any]) -> None:
        self.write(json.dumps(answer))


class AutogradeHandler(_Handler):
    """The button Autograde of one submission: the server answers others meanwhile."""

    @web.authenticated
    @check_xsrf  # type: ignore[untyped-decorator]  # nbgrader has no types
    @check_notebook_dir  # type: ignore[untyped-decorator]  # likewise
    async def post(self, assignment: str, student: str) -> None:
        """Grade it, and answer as nbgrader's page expects."""
        batch = await self.batches.grade(assignment, student, self.actor)
        failed = {"error": batch.log} if batch.status else {}
        self.tell({"success": batch.status == 0, "log": batch.log, **failed})


class BatchHandler(_Handler):
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
