"""Invitations: a code that lets a number of people join a course run, until a day, unless it is taken back."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import enrolments, journal
from aula.people.errors import PeopleError, RefusedError, UnknownError
from aula.people.tables import Company, CourseRun, Enrolment, Invitation, Person, Role, RunState, now
from aula.people.values import one_of

# Without 0 and O, 1, I and L, which people confuse on paper; U, against words.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
"""Twelve of 30 characters are 58 bits."""
MOST_USES, MOST_DAYS = 1000, 366
REFUSED = message("This code cannot be used. Check each character, or ask who gave it to you for a new one.")


def invite(
    session: Session,
    run: CourseRun,
    *,
    role: str = Role.TRAINEE.value,
    company: Company | None = None,
    uses: int = 30,
    days: int = 30,
) -> tuple[Invitation, str]:
    """Make an invitation; return it, and its code, which nobody can look up afterwards."""
    one_of(enrolments.ROLES, role, "a role")
    if not 1 <= uses <= MOST_USES or not 1 <= days <= MOST_DAYS:
        raise PeopleError(
            message("An invitation is for 1 to {people} people and 1 to {days} days.", people=MOST_USES, days=MOST_DAYS)
        )
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    invitation = Invitation(
        run=run, role=role, company=company, digest=_digest(code), uses=uses, expires=now() + timedelta(days=days)
    )
    session.add(invitation)
    session.flush()
    journal.note(session, f"invitation {invitation.id} made, for {uses} as {role}", run.name)
    return invitation, "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def look(session: Session, code: str, person: Person | None = None) -> Invitation:
    """Return what a code leads to, and use up nothing. Raise RefusedError, in the same words whatever is wrong.

    One that is used up still leads those to the run who are in it.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.digest == _digest(code)))
    if invitation is None or not _valid(invitation):
        raise RefusedError(REFUSED)
    if invitation.used >= invitation.uses and (person is None or not enrolments.is_in(session, invitation.run, person)):
        raise RefusedError(REFUSED)
    return invitation


def join(session: Session, code: str, person: Person) -> Enrolment:
    """Let a person join by a code, written in any way. Raise RefusedError, in the same words whatever is wrong with it.

    Who is in the run already stays as they are, and uses up nothing.
    """
    invitation = session.scalar(select(Invitation).where(Invitation.digest == _digest(code)))
    if invitation is None or not _valid(invitation):
        raise RefusedError(REFUSED)
    already = session.scalar(
        select(Enrolment).where(Enrolment.run == invitation.run, Enrolment.person == person, Enrolment.left.is_(None))
    )
    if already is not None:
        return already
    # One statement: of two who use the last place at the same moment, one is refused.
    taken = session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used < Invitation.uses)
        .values(used=Invitation.used + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an update has it
        raise RefusedError(REFUSED)
    session.refresh(invitation)
    return enrolments.enrol(session, invitation.run, person, role=invitation.role, company=invitation.company)


def revoke(session: Session, number: int) -> Invitation:
    """Take an invitation back; who has joined stays. Raise UnknownError where there is none of that number."""
    invitation = session.get(Invitation, number)
    if invitation is None:
        raise UnknownError(f"There is no invitation {number}. See: aula run show RUN")
    if invitation.revoked is None:
        invitation.revoked = now()
        journal.note(session, f"invitation {number} revoked", invitation.run.name)
    return invitation


def of_run(session: Session, run: CourseRun) -> list[Invitation]:
    """Return a run's invitations, the oldest first."""
    return list(session.scalars(select(Invitation).where(Invitation.run == run).order_by(Invitation.id)))


def _valid(invitation: Invitation) -> bool:
    return invitation.revoked is None and invitation.expires > now() and invitation.run.state == RunState.OPEN


def _digest(code: str) -> str:
    """Return the digest of a code: of what people write, only letters and digits count."""
    plain = "".join(character for character in code[:100].upper() if character in ALPHABET)
    return hashlib.sha256(f"aula invitation {plain}".encode()).hexdigest()
