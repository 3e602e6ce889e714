"""What all exchanges of a person's own server have in common: the service's address, and where things lie at home."""

from pathlib import Path
from typing import Any

from nbgrader.exchange.default import Exchange
from traitlets import Unicode

from . import session
from .errors import REFUSED, ServiceError
from .service import Service


class AulaExchange(Exchange):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's exchange, over the hand-in service: no folder is shared, and the service says who asks."""

    url = Unicode("", help="The address of the hand-in service.").tag(config=True)
    receipts = Unicode("~/receipts", help="The folder that keeps the receipts of what was handed in.").tag(config=True)

    def start(self) -> Any:
        """Do what is asked, and say in a sentence why it cannot be done. Raises ExchangeError then."""
        try:
            with session.session() as self.asking:
                self.service = Service(self.url, self.asking)
                return super().start()
        except (ServiceError, OSError) as error:
            said = str(error)
        self.fail(said)
        return None

    def fail(self, msg: str) -> None:
        """Raise ExchangeError, and keep the reason for the panel."""
        REFUSED.set(msg)
        super().fail(msg)

    def ensure_root(self) -> None:
        """Look for no shared folder: there is none."""

    @property
    def run(self) -> str:
        """The course run that was asked for. Raises ExchangeError where none was."""
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        return str(self.coursedir.course_id)

    @property
    def task(self) -> str:
        """The assignment that was asked for; nothing where all are meant."""
        return "" if self.coursedir.assignment_id == "*" else str(self.coursedir.assignment_id)

    def folder(self, run: str, task: str) -> Path:
        """Return where an assignment lies at home."""
        return Path(self.assignment_dir, run if self.path_includes_course else "", task).absolute()

    def receipt(self, run: str, task: str, number: int) -> Path:
        """Return where the receipt of a hand-in is kept."""
        return Path(self.receipts).expanduser() / run / f"{task}-{number:04}.json"
