"""A hand-in service that tells the portal what people handed in, and notes what it was asked."""

import io
import json
import tarfile
from typing import Any

from tornado.web import Application, RequestHandler

PREFIX = "/services/hand-in/"
NOW = "2027-01-15T08:00:00+00:00"


class _Answer(RequestHandler):
    """Answers the portal, about the person whom it names."""

    def prepare(self) -> None:
        """Note the question; refuse who is not the portal; 503 while the service is broken."""
        self.who = self.request.headers["X-Aula-For"]
        self.settings["asked"].append((self.who, self.request.path.removeprefix(PREFIX)))
        if self.settings["broken"]:
            self.send_error(503)
        elif self.request.headers["Authorization"] != f"token {self.settings['token']}":
            self.send_error(403)

    def submissions(self, assignment: str) -> list[dict[str, Any]]:
        """Return what the person has handed in of an assignment."""
        found: list[dict[str, Any]] = (
            self.settings["people"].get(self.who, {}).get(assignment, {}).get("submissions", [])
        )
        return found


class Assignments(_Answer):
    """All of a run."""

    def get(self, _: str) -> None:
        """List them."""
        mine = self.settings["people"].get(self.who, {})
        told = [{"name": name, "submissions": [], **mine.get(name, {})} for name in self.settings["released"]]
        self.finish(json.dumps({"now": self.settings["now"], "assignments": told}))


class Feedback(_Answer):
    """The feedback on one hand-in."""

    def get(self, assignment: str, number: str) -> None:
        """Send an archive of its pages."""
        one = next((one for one in self.submissions(assignment) if one["number"] == int(number)), None)
        if one is None or not one["feedback"]:
            self.send_error(404)
            return
        body = io.BytesIO()
        with tarfile.open(fileobj=body, mode="w") as tar:
            for name in one["feedback"]:
                page = self.settings["pages"].get(name, b"well done")
                entry = tarfile.TarInfo(name)
                entry.size = len(page)
                tar.addfile(entry, io.BytesIO(page))
        self.finish(body.getvalue())


class Receipt(_Answer):
    """A receipt."""

    def get(self, assignment: str, number: str) -> None:
        """Send it."""
        if any(one["number"] == int(number) for one in self.submissions(assignment)):
            self.finish({"student": self.who, "assignment": assignment, "number": int(number)})
        else:
            self.send_error(404)


def handed_in(
    number: int = 1, *, late: float | None = 0, points: float | None = None, penalty: float = 0
) -> dict[str, Any]:
    """Return what the service says of a hand-in; with points, feedback is published."""
    return {
        "number": number,
        "at": f"2027-01-{10 + number:02}T10:00:00.000001+00:00",
        "digest": "d",
        "late": late,
        "feedback": {} if points is None else {"slurm-basics.html": "hash"},
        "points": None if points is None else {"score": points, "max_score": 20.0, "late_penalty": penalty},
    }


def application(token: str) -> Application:
    """Return the service. Its settings say what is released, what people have, and what pages of feedback hold."""
    one = rf"{PREFIX}runs/[a-z-]+/assignments/([a-z-]+)/submissions/([0-9]+)"
    return Application(
        [
            (rf"{PREFIX}runs/([a-z-]+)/assignments", Assignments),
            (f"{one}/feedback", Feedback),
            (f"{one}/receipt", Receipt),
        ],
        token=token,
        asked=[],
        broken=[],
        now=None,
        released=["slurm-basics", "scaling"],
        people={"ana": {"slurm-basics": {"submissions": [handed_in(points=17.0)]}}},
        pages={},
        log_function=lambda _: None,
    )
