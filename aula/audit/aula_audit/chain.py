"""The chain: each entry holds the hash of the one before, so that none can be changed, taken away or put in between."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

BEGINNING = "0" * 64
"""What stands for the entry before the first."""


def canonical(value: object) -> str:
    """Return a value as JSON, in the only way in which the log writes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sealed(said: Mapping[str, Any], seq: int, previous: str) -> tuple[str, str]:
    """Return an entry as the line that follows the one with the hash `previous`, and its own hash."""
    body = {**said, "seq": seq, "previous": previous}
    own = digest(body)
    return canonical({**body, "hash": own}), own


def digest(body: Mapping[str, Any]) -> str:
    """Return the hash of an entry, from all that it says but its hash."""
    return sha256(canonical({key: value for key, value in body.items() if key != "hash"}).encode()).hexdigest()
