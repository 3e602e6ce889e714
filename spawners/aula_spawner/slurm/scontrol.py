"""Reads what `scontrol show node NAME --oneliner` prints."""

import re

from aula_spawner.slurm.errors import OutputError

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,253}")


def parse_node_address(output: str, node: str) -> str:
    """Return the address (NodeAddr) of the node, which a hub without DNS for its nodes can connect to."""
    fields = dict(part.split("=", 1) for part in output.split() if "=" in part)
    address = fields.get("NodeAddr", "")
    if fields.get("NodeName") != node or not _ADDRESS.fullmatch(address):
        raise OutputError(f"scontrol show node {node}", output)
    return address
