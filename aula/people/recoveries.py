"""Recoveries: a link by which somebody sets a new password, once, within hours. Only its digest is kept."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import journal, passwords
from aula.people.errors import PeopleError, RefusedError
from aula.people.tables import Person, Recovery, now

MOST_HOURS = 7 * 24
REFUSED = message("This link cannot be used, or not any more. Ask who gave it to you for a new one.")


def begin(session: Session, person: Person, hours: int = 24) -> str:
    """Return the token of a new link; those that the person had before are worth nothing from now on.

    Raises RefusedError for a person who is closed.
    """
    if not 1 <= hours <= MOST_HOURS:
        raise PeopleError(f"A link lasts for 1 to {MOST_HOURS} hours.")
    if person.closed is not None:
        raise RefusedError(f"{person.name} is closed. Open them again: aula people reopen {person.name}")
    session.execute(update(Recovery).where(Recovery.person_id == person.id, Recovery.used.is_(None)).values(used=now()))
    token = secrets.token_urlsafe(32)
    session.add(Recovery(person=person, digest=_digest(token), expires=now() + timedelta(hours=hours)))
    session.flush()
    journal.note(session, "recovery link made", person.name)
    return token


def redeem(session: Session, token: str, password: str) -> Person:
    """Set the password of whom a link is for, once. Raise RefusedError, in the same words whatever is wrong with it.

    A password that cannot be taken is a PeopleError, and uses nothing up.
    """
    found = session.scalar(select(Recovery).where(Recovery.digest == _digest(token)))
    if found is None or found.used is not None or found.expires <= now() or found.person.closed is not None:
        raise RefusedError(REFUSED)
    passwords.good(found.person, password)
    # One statement: of two who open the link at the same moment, one is refused.
    taken = session.execute(
        update(Recovery)
        .where(Recovery.id == found.id, Recovery.used.is_(None))
        .values(used=now())
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an update has it
        raise RefusedError(REFUSED)
    with journal.acting(session, found.person.name):
        passwords.set_password(session, found.person, password)
    return found.person


def _digest(token: str) -> str:
    return hashlib.sha256(f"aula recovery {token[:100]}".encode("utf-8", "replace")).hexdigest()
