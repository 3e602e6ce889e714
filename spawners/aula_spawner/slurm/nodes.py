"""Reads the addresses of nodes that `sinfo --noheader --Node --format=%o` prints."""

import re

from aula_spawner.slurm.errors import OutputError

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,253}")


def parse_addresses(output: str) -> tuple[str, ...]:
    """Return each address once; a line that is none is an error."""
    found = tuple(dict.fromkeys(line.strip() for line in output.split("\n") if line.strip()))
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise OutputError("sinfo", address)
    return found
