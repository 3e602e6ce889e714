"""Answers to an assignment that look alike, side by side, for those who grade: flagged for a look, nothing more."""

from typing import ClassVar

from aula.web.portal.declaration import Operation
from aula.web.portal.pages.classroom import OfClass


class AlikePage(OfClass):
    """The pairs."""

    address = "/runs/{run}/class/{assignment}/alike"
    operations: ClassVar = {"get": Operation("Show which answers to an assignment look alike")}

    async def get(self, run: str, assignment: str) -> None:
        """Show them."""
        room = await self.classroom(run)
        found = await self.formgraders.alike(run, assignment)
        names = {one.name: one.full_name for one in room.trainees}
        self.show("alike.html", run=room, assignment=assignment, found=found, names=names)
