"""Passwords of people who sign in without an identity provider: scrypt hashes, set and compared."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import journal
from aula.people.errors import HashError, PeopleError
from aula.people.tables import Password, Person, now
from aula.people.values import NAME

SHORTEST, LONGEST = 12, 1000
COST, BLOCK, TIMES = 2**14, 8, 5
"""16 MiB and a quarter of a second for each comparison; the least of several equally good choices in memory."""


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
        """Read `scrypt$n$r$p$salt$digest`, salt and digest in base64. Raise HashError for anything else."""
        try:
            scheme, n, r, p, salt, digest = text.split("$")
            if scheme != "scrypt":
                raise ValueError("the scheme is not scrypt")
            found = cls(int(n), int(r), int(p), base64.b64decode(salt), base64.b64decode(digest))
        except ValueError as error:
            raise HashError(f"a password hash cannot be read: {error}") from error
        if not (found.salt and len(found.digest) >= 16 and 128 * found.r * found.n <= 2**27 and found.p <= 16):
            raise HashError("a password hash has unusable parameters")
        return found

    def matches(self, password: str) -> bool:
        """Tell whether this is the password. It takes the same time whatever the answer is."""
        digest = _scrypt(password, self.salt, self.n, self.r, self.p, len(self.digest))
        return hmac.compare_digest(digest, self.digest)


NOBODY = ScryptHash(n=COST, r=BLOCK, p=TIMES, salt=b"nobody has this", digest=bytes(32))
"""What an unknown name is compared with, so that it takes as long as a known one."""


def hash_of(password: str) -> str:
    """Return what is kept of a password: `scrypt$n$r$p$salt$digest`."""
    salt = os.urandom(16)
    digest = _scrypt(password, salt, COST, BLOCK, TIMES, 32)
    kept = (base64.b64encode(part).decode() for part in (salt, digest))
    return "$".join(["scrypt", str(COST), str(BLOCK), str(TIMES), *kept])


def set_password(session: Session, person: Person, password: str) -> None:
    """Give a person a password. Raise PeopleError for one that is too short, too long, or their own name."""
    good(person, password)
    kept, text = session.get(Password, person.id), hash_of(password)
    if kept is None:
        session.add(Password(person=person, hash=text))
    else:
        kept.hash, kept.changed = text, now()
    session.flush()
    journal.note(session, "password set", person.name)


def good(person: Person, password: str) -> None:
    """Raise PeopleError for a password that a person may not have."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PeopleError(
            message(
                "A password has {least} to {most} characters. Three or four words make a good one.",
                least=SHORTEST,
                most=LONGEST,
            )
        )
    if "\0" in password:
        raise PeopleError(message("This password holds a character that nobody can type. Choose another one."))
    own = (person.name, person.full_name, person.email or "")
    if _plain(password) in {_plain(name) for name in own}:
        raise PeopleError(message("This password is your own name. Choose one that others cannot guess."))


def stored(session: Session, name: str) -> ScryptHash | None:
    """Return the hash of somebody who may sign in with a password; None for all others.

    Compare with NOBODY where there is none, and after the session has ended: it takes long.
    """
    if not NAME.fullmatch(name):
        return None
    query = select(Password).join(Password.person).where(Person.name == name, Person.closed.is_(None))
    found = session.scalar(query)
    return ScryptHash.parse(found.hash) if found else None


def check(session: Session, name: str, password: str) -> Person | None:
    """Return the person if the password is right and they may sign in. An unknown name takes as long as a known one."""
    found = stored(session, name)
    right = len(password) <= LONGEST and (found or NOBODY).matches(password)
    return session.scalar(select(Person).where(Person.name == name)) if found and right else None


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int, length: int) -> bytes:
    text = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=2**28, dklen=length)


def _plain(text: str) -> str:
    """Return a text's letters and digits in lower case."""
    return "".join(character for character in text.casefold() if character.isalnum())
