"""The running classroom that integration tests and the journey share; `make test` starts it once."""

import json
from dataclasses import dataclass
from pathlib import Path

from deploy.classroom import classroom
from deploy.command import run
from deploy.settings import Settings


@dataclass(frozen=True)
class Classroom:
    """A classroom that is up, as its operator (root) sees it."""

    settings: Settings

    @classmethod
    def running(cls) -> "Classroom":
        """Return the classroom that the environment names; fail where it is not up and healthy."""
        settings = Settings.from_environment()
        now = classroom.status(settings)
        assert now.healthy, f"The classroom is not healthy: {now}. Run these tests with: make test"
        return cls(settings)

    @property
    def address(self) -> str:
        """Where people point their browser."""
        return self.settings.site.address

    def name(self, person: str) -> str:
        """Return a demo person's name in this classroom."""
        return self.settings.local(person)

    def password(self, person: str) -> str:
        """Return a demo person's generated password, as the operator reads it."""
        rows = json.loads(Path(classroom.status(self.settings).users_file).read_text())
        return next(row["password"] for row in rows if row["name"] == self.name(person))

    def slurm(self, *words: str, person: str | None = None) -> str:
        """Run a Slurm command as root, or in a person's name, and return what it printed."""
        prefix = ["runuser", "-u", self.name(person), "--"] if person else []
        return run([*prefix, *words], env=self.settings.site.slurm.environment, timeout=60, cwd=Path("/"))
