"""The part of the exception tree that needs no Jupyter; aula_spawner.errors draws the whole tree."""


class SpawnerError(Exception):
    """Anything that this package raises."""


class SlurmError(SpawnerError):
    """Slurm did not do, or did not say, what was asked."""


class OutputError(SlurmError):
    """A command of Slurm said something that we cannot read."""

    def __init__(self, command: str, output: str) -> None:
        super().__init__(f"cannot read what {command} printed: {output[:200]!r}")
