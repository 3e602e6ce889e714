"""What a trainee's panel shows: what the service tells of each assignment, with what lies at home."""

import os
from pathlib import Path

from . import pages, session
from .errors import ServiceError
from .person import AulaExchange
from .service import Json, Service

LAST = "9999"
"""Later than any due date as the service writes it: what has none stands last."""


class Overview:
    """The assignments of all course runs that the owner of a server is in; `root` is the folder that Jupyter shows."""

    def __init__(self, exchange: AulaExchange, root: Path) -> None:
        self._exchange, self._root = exchange, root

    def look(self) -> Json:
        """Return it. Raises ServiceError where neither hub nor service can be asked."""
        with session.session() as asking:
            service = Service(self._exchange.url, asking)
            runs = [self._run(service, run) for run in session.runs(asking)]
        return {"runs": runs, "receipts": self._shown(Path(self._exchange.receipts).expanduser())}

    def _run(self, service: Service, run: str) -> Json:
        """Return a run; of one that the service refuses, its words."""
        try:
            told = service.told(run)
        except ServiceError as error:
            return {"name": run, "title": run, "now": None, "assignments": [], "refused": str(error)}
        in_time = sorted(told["assignments"], key=lambda task: (task.get("due") or LAST, task["name"]))
        found = [self._assignment(run, task) for task in in_time]
        title = told.get("title") or run
        return {"name": run, "title": title, "now": told.get("now"), "assignments": found, "refused": ""}

    def _assignment(self, run: str, task: Json) -> Json:
        folder = self._exchange.folder(run, task["name"])
        handed_in = [self._submission(run, task["name"], one, folder) for one in task["submissions"]]
        mine = {
            "fetched": folder.is_dir(),
            "notebooks": [_found(name, self._own(folder / f"{name}.ipynb")) for name in task["notebooks"]],
            "submissions": handed_in,
        }
        forgiven_s = 60 * (task.get("late_rule") or {}).get("grace_minutes", 0)
        return {**task, **mine, "state": _state(mine, forgiven_s)}

    def _submission(self, run: str, task: str, one: Json, folder: Path) -> Json:
        receipt = self._exchange.receipt(run, task, one["number"])
        place = pages.place(folder, one)
        found = [
            {**_found(name, self._own(place / name)), "new": pages.is_new(place / name, digest)}
            for name, digest in sorted(one["feedback"].items())
        ]
        return {**one, "receipt": self._own(receipt), "feedback": found}

    def _own(self, path: Path) -> str | None:
        """Return where Jupyter shows a file; nothing where there is none, or where Jupyter does not show it."""
        return self._shown(path) if path.is_file() else None

    def _shown(self, path: Path) -> str | None:
        shown = Path(os.path.relpath(path, self._root))
        return None if ".." in shown.parts else shown.as_posix()


def _found(name: str, path: str | None) -> Json:
    return {"name": name, "path": path}


def _state(mine: Json, forgiven_s: float) -> str:
    """Return how far somebody is with an assignment; so many seconds after the due date are not late."""
    handed_in = mine["submissions"]
    if any(page["new"] for one in handed_in for page in one["feedback"]):
        return "feedback"
    if not handed_in:
        return "fetched" if mine["fetched"] else "released"
    if handed_in[-1].get("points"):
        return "graded"
    return "late" if (handed_in[-1].get("late") or 0) > forgiven_s else "handed_in"
