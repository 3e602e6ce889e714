"""The machine on which the check runs: commands in the name of an account, and nothing of the caller's environment."""

import grp
import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aula.site.schema import Slurm

MOST_OUTPUT = 200_000


@dataclass(frozen=True)
class Answer:
    """How a command ended, and what it said: its output, or its complaint where it failed."""

    status: int
    said: str

    @property
    def well(self) -> bool:
        """Whether it ended with 0."""
        return self.status == 0

    @property
    def line(self) -> str:
        """The last line that it said, for a message."""
        lines = self.said.strip().splitlines()
        return lines[-1][:300] if lines else f"it ended with {self.status} and said nothing"


@dataclass(frozen=True)
class System:
    """Runs commands; a test puts another one in its place."""

    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, slurm: Slurm) -> "System":
        """Return the system on which Slurm's commands find the site's configuration."""
        return cls({"SLURM_CONF": slurm.configuration} if slurm.configuration else {})

    def run(self, words: Sequence[str], account: str | None = None, text: str = "", seconds: float = 30) -> Answer:
        """Run a command, in the name of an account where one is given. It never raises."""
        who: dict[str, object] = {}
        if account:
            known = pwd.getpwnam(account)
            groups = os.getgrouplist(account, known.pw_gid)
            who = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": groups}
        try:
            done = subprocess.run(  # type: ignore[call-overload]  # the keywords in `who` are right
                list(words),
                input=text,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds,
                cwd="/",
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **self.environment},
                check=False,
                **who,
            )
        except FileNotFoundError:
            return Answer(127, f"{words[0]} is not there")
        except PermissionError:
            return Answer(126, f"{words[0]} cannot be executed")
        except subprocess.TimeoutExpired:
            return Answer(124, f"{Path(words[0]).name} did not answer within {seconds:.0f} s")
        said = done.stdout if done.returncode == 0 else done.stdout + done.stderr
        return Answer(done.returncode, said[:MOST_OUTPUT])

    def account(self, name: str) -> pwd.struct_passwd | None:
        """Return what the system knows of an account, or None."""
        try:
            return pwd.getpwnam(name)
        except KeyError:
            return None

    def members(self, group: str) -> set[str] | None:
        """Return the members of a group, or None where there is no such group."""
        try:
            known = grp.getgrnam(group)
        except KeyError:
            return None
        primary = {one.pw_name for one in pwd.getpwall() if one.pw_gid == known.gr_gid}
        return {*known.gr_mem, *primary}
