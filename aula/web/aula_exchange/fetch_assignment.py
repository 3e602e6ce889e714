"""Fetching what is released, as nbgrader does: what lies there already stays."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.exchange.default import ExchangeFetchAssignment

from .person import AulaExchange


class FetchAssignment(AulaExchange, ExchangeFetchAssignment):  # type: ignore[misc]  # nbgrader has no types
    """Fetches an assignment from the hand-in service."""

    def init_src(self) -> None:
        """Look where it comes from."""
        self.src_path = self.service.address(self.run, "assignments", self.task)

    def do_copy(self, _: str, dest: str) -> None:
        """Fetch it whole, or not at all; into a folder that is there already, only what is missing."""
        target = Path(dest)
        target.parent.mkdir(parents=True, exist_ok=True)
        ignored = shutil.ignore_patterns(*self.coursedir.ignore)
        with TemporaryDirectory(prefix=".fetched-", dir=target.parent) as name:
            fetched, draft = Path(name, "fetched"), Path(name, "draft")
            fetched.mkdir()
            self.service.fetch(self.run, self.task, fetched)
            if target.is_dir():
                self.copy_if_missing(str(fetched), dest, ignore=ignored)
            else:
                shutil.copytree(fetched, draft, ignore=ignored)
                draft.rename(target)
