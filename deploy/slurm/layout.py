"""Where the cluster's files lie, and the environment of its commands and daemons."""

from dataclasses import dataclass
from pathlib import Path

from deploy.settings import Settings


@dataclass(frozen=True)
class Layout:
    """The folders and files of one cluster, all below STATE/slurm."""

    settings: Settings

    @property
    def root(self) -> Path:
        """Configuration that every account may read."""
        return self.settings.state / "slurm"

    @property
    def conf(self) -> Path:
        """slurm.conf."""
        return self.root / "slurm.conf"

    @property
    def dbd_conf(self) -> Path:
        """slurmdbd.conf, readable by Slurm alone."""
        return self.root / "slurmdbd.conf"

    @property
    def munge(self) -> Path:
        """Munge's key, seed and log."""
        return self.root / "munge"

    @property
    def munge_socket(self) -> Path:
        """The socket by which everybody asks munge for credentials."""
        return self.root / "munge-run" / "socket"

    @property
    def database(self) -> Path:
        """MariaDB's data and socket."""
        return self.root / "mariadb"

    @property
    def database_socket(self) -> Path:
        """MariaDB listens here and nowhere else."""
        return self.database / "socket"

    @property
    def controller_state(self) -> Path:
        """What slurmctld keeps over a restart."""
        return self.root / "controller"

    @property
    def run(self) -> Path:
        """Slurm's own pid files."""
        return self.root / "run"

    def spool(self, node: str) -> Path:
        """Return a slurmd's spool folder."""
        return self.root / "spool" / node

    @property
    def environment(self) -> dict[str, str]:
        """What a Slurm command needs in its environment."""
        return {"SLURM_CONF": str(self.conf)}
