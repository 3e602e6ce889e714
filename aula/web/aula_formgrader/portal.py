"""The addresses that the portal asks for those who look after the course run: the class, and what they have it do.

No browser comes here. The portal has a key for this course run alone: a token of its own would open all of them to
whoever works as this run's account.
"""

import hmac
import os
from collections.abc import Mapping
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from .batches import Batch
from .glances import GlanceError, Glances
from .handlers import Handler

KEY = "AULA_PORTAL_KEY"
"""The variable of the environment that has the key; without it nobody is let in."""
KEY_HEADER, ACTOR_HEADER = "X-Aula-Key", "X-Aula-Actor"


def is_right(given: str, around: Mapping[str, str] = os.environ) -> bool:
    """Whether a key is the portal's."""
    key = around.get(KEY, "")
    return bool(key) and hmac.compare_digest(given.encode(), key.encode())


class _OfPortal(Handler):
    def check_xsrf_cookie(self) -> None:
        """Look for no mark against forgery: it is the key that counts, and no browser sends it by itself."""

    async def prepare(self) -> None:
        """Let the portal in, and nobody else."""
        await super().prepare()
        if not is_right(self.request.headers.get(KEY_HEADER, "")):
            raise web.HTTPError(403, "This address is for the portal.")

    @property
    def actor(self) -> str:
        """Who presses the button, as the portal knows them."""
        return str(self.request.headers.get(ACTOR_HEADER, ""))

    @property
    def glances(self) -> Glances:
        found: Glances = self.settings["aula_glances"]
        return found

    def write_error(self, status_code: int, **details: Any) -> None:
        """Answer in JSON."""
        error = details.get("exc_info", (None, None, None))[1]
        self.set_status(status_code)
        self.tell({"message": str(getattr(error, "log_message", None) or "It did not work.")})
        self.finish()

    async def look(self, *more: str) -> None:
        """Answer with what `aula class` says."""
        try:
            said = await self.glances.look(*more)
        except GlanceError as error:
            self.log.error("The class cannot be looked at: %s", error)
            raise web.HTTPError(500, str(error)) from error
        self.set_header("Content-Type", "application/json")
        self.write(said)

    def told(self, batch: Batch | None) -> None:
        """Answer with how far a batch is; an empty answer where there was none."""
        if batch and batch.status is not None:
            self.glances.forget()
        self.tell(batch.told if batch else {})


class ClassHandler(_OfPortal):
    """The class at a glance."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Tell it."""
        await self.look()


class AlikeHandler(_OfPortal):
    """Answers to an assignment that look alike."""

    @allow_unauthenticated
    async def get(self, assignment: str) -> None:
        """Tell which."""
        await self.look("--alike", assignment)


class BatchOfPortalHandler(_OfPortal):
    """The batch of an assignment."""

    @allow_unauthenticated
    def get(self, assignment: str) -> None:
        """Tell how far it is."""
        self.told(self.batches.find(assignment))


class GradeHandler(_OfPortal):
    """Grading all."""

    @allow_unauthenticated
    def post(self, assignment: str) -> None:
        """Collect what was handed in, and begin to grade, unless something of the assignment is under way."""
        self.told(self.batches.collect_and_grade(assignment, self.actor))


class FeedbackHandler(_OfPortal):
    """Releasing feedback."""

    @allow_unauthenticated
    def post(self, assignment: str) -> None:
        """Begin to make and release it, unless something of the assignment is under way."""
        self.told(self.batches.feedback(assignment, self.actor))
