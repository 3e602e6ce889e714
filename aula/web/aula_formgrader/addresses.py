"""nbgrader's pages that take over what their address says: a link in a submission may lead to any address."""

from typing import Any

from nbgrader.server_extensions.formgrader.handlers import (
    FormgraderHandler,
    GradebookNotebooksHandler,
    GradebookNotebookSubmissionsHandler,
    ManageStudentNotebookSubmissionsHandler,
    ManageStudentsAssignmentsHandler,
)
from tornado import web

MARKUP = frozenset("<>\"'`&\\")
"""What a name would need to be more than a name in a page."""


class EntryHandler(FormgraderHandler):  # type: ignore[misc]  # nbgrader has no types
    """The first page: always of this course run. No address makes formgrader read another folder's configuration."""

    @web.authenticated
    def get(self) -> None:
        """Go on to the assignments."""
        self.redirect(f"{self.base_url}/formgrader/manage_assignments")


class _Named:
    path_args: list[str]

    async def prepare(self, **more: Any) -> None:
        """Refuse what is no name: nbgrader's templates write names into the page as they are."""
        if any(MARKUP & set(name) for name in self.path_args):
            raise web.HTTPError(404, "There is nothing of this name.")
        await super().prepare(**more)  # type: ignore[misc]  # a handler's


class NotebooksHandler(_Named, GradebookNotebooksHandler):  # type: ignore[misc]  # nbgrader has no types
    """The notebooks of an assignment."""


class NotebookSubmissionsHandler(_Named, GradebookNotebookSubmissionsHandler):  # type: ignore[misc]  # likewise
    """The submissions of a notebook."""


class StudentHandler(_Named, ManageStudentsAssignmentsHandler):  # type: ignore[misc]  # likewise
    """The assignments of a student."""


class StudentNotebooksHandler(_Named, ManageStudentNotebookSubmissionsHandler):  # type: ignore[misc]  # likewise
    """The notebooks of a student's submission."""
