"""What runs where, and whether all of it is healthy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from deploy.settings import Settings


@dataclass(frozen=True)
class Status:
    """The state of a classroom; `nodes` has each node's state in Slurm's word.

    `parts` says of each part whether it runs and answers; `silent` names those that run and do not answer. `at_once`
    says in words how the standing job fares of each course run that gives results at once: the class is well without.
    """

    healthy: bool
    hub: str
    portal: str
    book: str
    nodes: dict[str, str]
    users_file: str
    parts: dict[str, bool]
    silent: list[str] = field(default_factory=list)
    at_once: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        settings: Settings,
        parts: dict[str, bool],
        nodes: dict[str, str],
        *,
        well: bool,
        silent: Sequence[str] = (),
        at_once: Mapping[str, str] = MappingProxyType({}),
    ) -> "Status":
        """Return the status of the class at its site's address."""
        address = settings.site.address
        return cls(
            healthy=well,
            hub=f"{address}/hub/",
            portal=f"{address}/services/portal/",
            book=f"{address}/services/book/",
            nodes=nodes,
            users_file=str(settings.state / "secrets" / "users.json"),
            parts=parts,
            silent=list(silent),
            at_once=dict(at_once),
        )
