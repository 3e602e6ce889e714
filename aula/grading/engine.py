"""Which code grades: other code may give other marks."""

from functools import cache
from hashlib import sha256
from pathlib import Path


@cache
def engine() -> str:
    """Return the digest of the code that grades."""
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py"))]
    return sha256(b"\0".join(code)).hexdigest()
