"""The file of scrypt hashes: read, checked, compared; nothing here writes it."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from hub_config.errors import PasswordsError


@dataclass(frozen=True)
class ScryptHash:
    """One stored hash with its parameters."""

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @classmethod
    def parse(cls, text: str) -> "ScryptHash":
        """Read `scrypt$n$r$p$salt$digest`, salt and digest in base64."""
        try:
            scheme, n, r, p, salt, digest = text.split("$")
            if scheme != "scrypt":
                raise ValueError("the scheme is not scrypt")
            found = cls(int(n), int(r), int(p), base64.b64decode(salt), base64.b64decode(digest))
        except ValueError as error:
            raise PasswordsError(f"a password hash cannot be read: {error}") from error
        if not (found.salt and len(found.digest) >= 16 and 128 * found.r * found.n <= 2**27 and found.p <= 16):
            raise PasswordsError("a password hash has unusable parameters")
        return found

    def matches(self, password: str) -> bool:
        """Tell whether this is the password. It takes the same time whatever the answer is."""
        digest = hashlib.scrypt(
            password.encode(), salt=self.salt, n=self.n, r=self.r, p=self.p, maxmem=2**28, dklen=len(self.digest)
        )
        return hmac.compare_digest(digest, self.digest)


NOBODY = ScryptHash(n=2**14, r=8, p=1, salt=b"nobody has this", digest=bytes(32))
"""What an unknown name is compared with, so that it takes as long as a known one."""


def read_passwords(path: Path) -> dict[str, ScryptHash]:
    """Return everybody's hash."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PasswordsError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PasswordsError(f"{path}: is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise PasswordsError(f"{path}: must hold one object: a hash for each name")
    hashes = {}
    for name, text in document.items():
        try:
            hashes[name] = ScryptHash.parse(str(text))
        except PasswordsError as error:
            raise PasswordsError(f"{path}: {name}: {error}") from error
    return hashes
