"""What can go wrong on the way to a node.

SpawnerError
├── UnsafeValueError         a value that must not reach a command line or a batch script
├── StartError               the job cannot, or did not, start a server (its text is shown to the trainee)
└── SlurmError
    ├── CommandError         a command of Slurm ended with an error
    ├── CommandTimeoutError  a command of Slurm did not answer in time
    └── OutputError          a command of Slurm said something that we cannot read
"""

from aula_spawner.slurm.errors import OutputError, SlurmError, SpawnerError

__all__ = [
    "CommandError",
    "CommandTimeoutError",
    "OutputError",
    "SlurmError",
    "SpawnerError",
    "StartError",
    "UnsafeValueError",
]


class UnsafeValueError(SpawnerError):
    """A value that must not reach a command line or a batch script."""


class StartError(SpawnerError):
    """The job cannot, or did not, start a server. `log` is the end of the server's own log, where the job sent it."""

    def __init__(self, said: str, log: str = "") -> None:
        super().__init__(said)
        self.log = log

    @property
    def jupyterhub_message(self) -> str:
        """The text that JupyterHub shows on its pages: a sentence, and after an empty line the log."""
        return f"{self}\n\n{self.log}" if self.log else str(self)


class CommandError(SlurmError):
    """A command of Slurm ended with an error."""

    def __init__(self, command: str, status: int, complaint: str) -> None:
        self.complaint = complaint.strip()[:500] or f"exit status {status}, no message"
        super().__init__(f"{command} failed: {self.complaint}")


class CommandTimeoutError(SlurmError):
    """A command of Slurm did not answer in time."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(f"{command} did not answer within {seconds:g} seconds: is slurmctld up?")
