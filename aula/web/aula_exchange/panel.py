"""What JupyterLab's Assignments panel asks: the list of ours, and nbgrader's addresses with refusals in a sentence."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.assignment_list.handlers import (
    AssignmentActionHandler,
    AssignmentList,
    AssignmentListHandler,
    CourseListHandler,
)
from tornado import web

from . import spoken
from .errors import LEFT_OUT, REFUSED, ServiceError
from .overview import Overview
from .person import AulaExchange

Answer = dict[str, Any]
SETTING = "aula_assignments"


class Assignments(AssignmentList):  # type: ignore[misc]  # nbgrader has no types
    """What the panel asks of nbgrader's exchange."""

    def overview(self) -> Overview:
        """Return what looks at everything, as nbgrader is configured here."""
        with self.get_assignment_dir_config() as config:
            exchange = AulaExchange(coursedir=CourseDirectory(config=config), config=config)
            return Overview(exchange, Path(self.root_dir))

    def list_released_assignments(self, course_id: str | None = None) -> Answer:
        """Return what is released and fetched, or why it cannot be had."""
        return _told(super().list_released_assignments, course_id)

    def list_submitted_assignments(self, course_id: str | None = None) -> Answer:
        """Return what was handed in, or why that cannot be had."""
        return _told(super().list_submitted_assignments, course_id)

    def fetch_assignment(self, course_id: str, assignment_id: str) -> Answer:
        """Fetch an assignment; return why not where it is refused."""
        return _told(super().fetch_assignment, course_id, assignment_id)

    def fetch_feedback(self, course_id: str, assignment_id: str) -> Answer:
        """Fetch the feedback on an assignment; return why not where it is refused."""
        return _told(super().fetch_feedback, course_id, assignment_id)

    def submit_assignment(self, course_id: str, assignment_id: str) -> Answer:
        """Hand in; return why not where it is refused."""
        return _told(super().submit_assignment, course_id, assignment_id)


def _told(ask: Callable[..., Answer], *words: str | None) -> Answer:
    REFUSED.set("")
    answer = ask(*words)
    if not answer["success"] and (said := REFUSED.get()):
        return {**answer, "value": said}
    return answer


class _Ours:
    """A handler of nbgrader's that asks ours."""

    settings: dict[str, Any]

    @property
    def manager(self) -> Assignments:
        found: Assignments = self.settings[SETTING]
        return found


class ListHandler(_Ours, AssignmentListHandler):  # type: ignore[misc]  # nbgrader has no types
    """The assignments of a course run."""


class CoursesHandler(_Ours, CourseListHandler):  # type: ignore[misc]  # likewise
    """The course runs."""


class ActionHandler(_Ours, AssignmentActionHandler):  # type: ignore[misc]  # likewise
    """The panel's buttons."""

    @web.authenticated
    def post(self, action: str) -> None:
        """Do it, and answer with the list as it is now, and what was not handed in; or with why it was refused."""
        LEFT_OUT.set(())
        asked = self.get_json_body()
        course, assignment = asked["course_id"], asked["assignment_id"]
        does = {"fetch": self.manager.fetch_assignment, "fetch_feedback": self.manager.fetch_feedback}
        done = does.get(action, self.manager.submit_assignment)(course, assignment)
        if done["success"]:
            done = {**self.manager.list_assignments(course_id=course), "left_out": LEFT_OUT.get()}
        self.finish(json.dumps(done))


class OverviewHandler(_Ours, APIHandler):
    """All that our panel shows. Asking is no work."""

    _track_activity = False

    @web.authenticated
    async def get(self) -> None:
        """Say it; or why it cannot be had, with 503."""
        try:
            self.finish(json.dumps(await asyncio.to_thread(self.manager.overview().look)))
        except (ServiceError, OSError) as error:
            self.log.warning("The assignments cannot be listed: %s", error)
            self.set_status(503)
            self.finish(json.dumps({"message": str(error)}))


class WordsHandler(APIHandler):
    """What our panel says."""

    @web.authenticated
    def get(self) -> None:
        """Say it in the language that JupyterLab has."""
        self.finish(json.dumps(spoken.words(self.get_argument("language", spoken.DEFAULT))))
