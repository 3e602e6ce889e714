"""The servers of a run's trainees, for those who look after it: who is ready, start all of them, stop the unused."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import access, enrolments
from aula.people.tables import Person, Role
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.page import POLICY, Page
from aula.web.portal.servers import Server, Servers

PROFILE = Field("profile", message("Kind of server"), required=False, pattern=r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True)
class Trainees:
    """A run, and who learns in it: names at the hub and full names."""

    name: str
    title: str
    people: list[tuple[str, str]]


def trainees(session: Session, person: Person | None, name: str) -> Trainees:
    """Return a run's trainees, by full name, for those who may have a say in their servers."""
    run = access.to_servers(session, person, name)
    found = [one.person for one in enrolments.present(session, run) if one.role == Role.TRAINEE]
    people = sorted(((one.name, one.full_name) for one in found), key=lambda one: one[1].casefold())
    return Trainees(run.name, run.title, people)


class _AboutServers(Page):
    """What asks the hub about servers."""

    @property
    def servers(self) -> Servers:
        """The hub's word about them."""
        found: Servers = self.settings["servers"]
        return found

    async def trainees(self, run: str) -> Trainees:
        """Return whom it is about."""
        return await self.work(lambda session, person: trainees(session, person, run))


class ServersPage(_AboutServers):
    """Who is ready. Its script reads the page anew every few seconds."""

    address = "/runs/{run}/servers"
    operations: ClassVar = {"get": Operation("Show how the servers of a course run's trainees stand")}

    async def get(self, run: str) -> None:
        """Show it."""
        found = await self.trainees(run)
        told = await self.servers.look(run, self.language)
        rows = [(name, full_name, told.servers.get(name, Server())) for name, full_name in found.people]
        self.set_header("Content-Security-Policy", f"{POLICY}; connect-src 'self'")
        self.show("servers.html", run=found, rows=rows, profiles=told.profiles, field=PROFILE)


class StartServers(_AboutServers):
    """Starting everybody's server."""

    address = "/runs/{run}/servers/start"
    operations: ClassVar = {"post": Operation("Start the server of every trainee who has none", fields=(PROFILE,))}

    async def post(self, run: str) -> None:
        """Have it done, and show how they stand."""
        names = [name for name, _ in (await self.trainees(run)).people]
        await self.servers.start(run, names, self.form["profile"])
        self.go(f"/runs/{run}/servers")


class StopServers(_AboutServers):
    """Stopping what nobody uses."""

    address = "/runs/{run}/servers/stop"
    operations: ClassVar = {"post": Operation("Stop the trainees' servers that nobody has used")}

    async def post(self, run: str) -> None:
        """Have it done, and show how they stand."""
        names = [name for name, _ in (await self.trainees(run)).people]
        await self.servers.stop_unused(run, names)
        self.go(f"/runs/{run}/servers")
