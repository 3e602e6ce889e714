"""Fetching one's own feedback into the folders where nbgrader looks for it."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeFetchFeedback

from . import pages
from .person import AulaExchange
from .service import Json


class FetchFeedback(AulaExchange, ExchangeFetchFeedback):  # type: ignore[misc]  # nbgrader has no types
    """Fetches the feedback on all that was handed in of an assignment: what is new of it."""

    def init_src(self) -> None:
        """Find what there is feedback on."""
        tasks = self.service.assignments(self.run)
        self.found: list[tuple[str, Json]] = [
            (task["name"], one) for task in tasks for one in task["submissions"] if self.task in ("", task["name"])
        ]

    def init_dest(self) -> None:
        """Look nowhere: each assignment has its own place."""

    def copy_files(self) -> None:
        """Fetch what is new."""
        for name, one in self.found:
            folder, said = self.folder(self.run, name), f"'{self.run}/{name}' handed in at {one['at']}"
            if not one["feedback"]:
                self.log.warning("There is no feedback yet on %s", said)
            elif self._is_new(folder, one):
                for page in pages.fetch(self.service, self.run, name, one, folder):
                    self.log.info("Fetched feedback: %s", page)
            else:
                self.log.info("The feedback was fetched already on %s", said)

    def _is_new(self, folder: Path, one: Json) -> bool:
        place = pages.place(folder, one)
        return any(pages.is_new(place / name, digest) for name, digest in one["feedback"].items())
