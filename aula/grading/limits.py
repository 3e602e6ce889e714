"""What a process in the sandbox may use."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """The most that what runs in one box may use, its own processes together."""

    cpu_s: int = 60
    wall_s: int = 120
    memory_mb: int = 1024
    """Beyond what the loaded libraries take; what its processes share counts for each of them."""
    processes: int = 64
    """Threads count as well."""
    file_mb: int = 100
    """All its files together: there is no other place to write to than its private one."""
    output_mb: int = 4
    turn_s: float | None = None
    """Processor time after which it is stopped because others wait, who come first; None: it may use all its time."""
    turn_wall_s: float | None = None
    """Likewise time by the clock."""

    def told(self) -> dict[str, float | None]:
        """Return them as the sandbox reads them."""
        return asdict(self)
