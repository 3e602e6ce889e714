"""Handing in over the service; where results are given at once, the page is there to be read right after it."""

import json
import time
from pathlib import Path

from nbgrader.exchange.default import ExchangeSubmit
from nbgrader.utils import ignore_patterns
from traitlets import Float

from . import pages, tars
from .errors import LEFT_OUT, ServiceError
from .person import AulaExchange
from .service import Json
from .tars import Packed

FIRST_LOOK_S, LONGEST_S, GROWS = 0.15, 1.0, 1.4
"""Seconds between two looks for a result at once, and how they grow: five hundred people may be waiting."""


class Submit(AulaExchange, ExchangeSubmit):  # type: ignore[misc]  # nbgrader has no types
    """Hands in a folder's real files, and keeps the receipt."""

    waits_s = Float(6.0, help="Seconds to wait for a result at once, where the course gives them.").tag(config=True)

    def init_dest(self) -> None:
        """Find what is to be handed in."""
        self.released = self.service.assignment(self.run, self.task)

    def copy_files(self) -> None:
        """Hand in."""
        ignored = ignore_patterns(
            exclude=self.coursedir.ignore,
            include=self.coursedir.include,
            max_file_size=self.coursedir.max_file_size,
            log=self.log,
        )
        with tars.packed(Path(self.src_path), ignored, 1000 * self.coursedir.max_dir_size) as packed:
            LEFT_OUT.set(tuple(packed.left_out))
            for said in packed.left_out:
                self.log.warning("%s", said)
            self._compare(packed)
            receipt = self.service.hand_in(self.run, self.task, packed)
        self.log.info("Submitted as: %s %s number %s, at %s", self.run, self.task, receipt["number"], receipt["at"])
        self._keep(receipt)
        if self.released["at_once"]:
            self._see(receipt)

    def _compare(self, packed: Packed) -> None:
        """Compare the notebooks with the released ones. Raises ExchangeError where one is missing, under --strict."""
        wanted = {f"{name}.ipynb" for name in self.released["notebooks"]}
        mine = {name for name in packed.files if name.endswith(".ipynb")}
        said = [f"there is no {name}" for name in sorted(wanted - mine)]
        more = [f"{name} is not part of the assignment" for name in sorted(mine - wanted)]
        if self.strict and said:
            self.fail(f"{self.task} is not handed in: {'; '.join([*said, *packed.left_out])}")
        for one in (*said, *more):
            self.log.warning("%s", one)

    def _keep(self, receipt: Json) -> None:
        """Keep the receipt at home. Where that is full, what is handed in is handed in."""
        target = self.receipt(self.run, self.task, receipt["number"])
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.new")
            draft.write_text(json.dumps(receipt, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            draft.replace(target)
        except OSError as error:
            self.log.warning("It is handed in, but the receipt cannot be kept: %s", error)
        else:
            self.log.info("The receipt is %s", target)

    def _see(self, receipt: Json) -> None:
        """Wait a moment for the result, and fetch it. Where it does not come, it is fetched as feedback later."""
        end, pause = time.monotonic() + self.waits_s, FIRST_LOOK_S
        try:
            while time.monotonic() + pause < end:
                time.sleep(pause)
                folder = self.folder(self.run, self.task)
                if found := pages.fetch(self.service, self.run, self.task, receipt, folder):
                    self.log.info("The result is %s", found[0])
                    return
                pause = min(LONGEST_S, pause * GROWS)
        except (ServiceError, OSError) as error:  # what is handed in is handed in
            self.log.warning("No result at once: %s", error)
