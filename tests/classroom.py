"""The running classroom that integration tests and the journey share; `make test` starts it once."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy import demo, people, site
from deploy.classroom import classroom, people_database, places, secrets, settle
from deploy.classroom.places import Place
from deploy.command import run
from deploy.daemon import Daemon
from deploy.lock import exclusive
from deploy.settings import Settings
from deploy.testsite import testsite


@dataclass(frozen=True)
class Classroom:
    """A classroom that is up, as its operator (root) sees it; `cluster` is the Slurm it runs on, as root sees that."""

    settings: Settings
    cluster: Settings

    @classmethod
    def running(cls) -> "Classroom":
        """Return the classroom that the environment names; fail where it is not up and healthy."""
        settings = Settings.from_environment()
        strange = settings.cluster == "testsite"
        now = (testsite if strange else classroom).status(settings)
        assert now.healthy, f"The classroom is not healthy: {now}. Run these tests with: make test"
        if not strange:
            return cls(settings, settings)
        described = replace(settings, cluster="site", described=site.read(settings.kept_site))
        return cls(described, testsite.centre(settings))

    @property
    def address(self) -> str:
        """Where people point their browser."""
        return self.settings.site.address

    def server(self, person: str) -> str:
        """Where a demo person's JupyterLab server answers, without a slash at the end."""
        name = self.name(person)
        below = self.address.replace("://", f"://{name}.") if self.settings.site.subdomains else self.address
        return f"{below}/user/{name}"

    @property
    def resolver(self) -> dict[str, str]:
        """The names that only the site itself knows, with their addresses; none on this machine's own classroom."""
        site = self.settings.site
        return {site.host: self.cluster.service_address} if site.subdomains else {}

    def name(self, person: str) -> str:
        """Return a demo person's name in this classroom."""
        return self.settings.local(person)

    def password(self, person: str) -> str:
        """Return a demo person's generated password, as the operator reads it."""
        rows = json.loads(secrets.users_file(self.settings).read_text())
        return next(row["password"] for row in rows if row["name"] == self.name(person))

    @property
    def run(self) -> Place:
        """The demo course run's place on this machine."""
        return places.of(self.settings, demo.RUN)

    @property
    def accounts(self) -> list[str]:
        """The Unix accounts in whose names the hub may act: the pool's, and people's own."""
        own = [account.name for account in people.read(self.settings).accounts]
        return list(dict.fromkeys([*self.settings.site.pool, *own]))

    def aula(self, *words: str, text: str = "") -> dict[str, Any]:
        """Run a command of `aula` as the class's operator does, and return its JSON."""
        found: dict[str, Any] = json.loads(people_database.aula(self.settings, [*words, "--json"], text=text))
        return found

    def settled(self) -> bool:
        """Whether the machine has followed every change of people and course runs, and all of it is healthy."""
        return not settle.changed(self.settings) and classroom.status(self.settings).healthy

    def stop(self, *parts: str) -> None:
        """Stop parts as `down` does, under its lock: the keeper sees them run or forgotten, and never as killed."""
        with exclusive(self.settings.state, patience=60):
            for part in parts:
                Daemon(part, self.settings.state).stop()

    def slurm(self, *words: str, person: str | None = None) -> str:
        """Run a Slurm command as root, or in a person's name, and return what it printed."""
        prefix = ["runuser", "-u", self.name(person), "--"] if person else []
        return run([*prefix, *words], env=self.cluster.site.slurm.environment, timeout=60, cwd=Path("/"))
