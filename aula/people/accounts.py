"""Unix accounts: a person's own, or one of the pool, which is lent, cleaned and lent again; it is nobody's name.

Whoever is told apart by a Unix account's name would be taken for the next person who is lent it. At the hub and in
gradebooks people have names of their own, which are never given again.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from aula.locale import message
from aula.people import journal
from aula.people.errors import PeopleError, RefusedError, TakenError, UnknownError
from aula.people.tables import Account, AccountState, CourseRun, Enrolment, Person, RunState, now

NONE_FREE = message(
    "All training accounts are in use at the moment, so nobody can join now. "
    "Try again later, or tell the operator that more are needed."
)


def account_of(session: Session, person: Person) -> str | None:
    """Return the name of a person's Unix account now; None where they have none."""
    return session.scalar(select(Account.name).where(Account.person_id == person.id))


def everyone(session: Session) -> list[Account]:
    """Return all accounts by name."""
    return list(session.scalars(select(Account).options(joinedload(Account.person)).order_by(Account.name)))


def adopt(session: Session, person: Person, name: str) -> Account:
    """Give a person a Unix account of their own; one that they were lent goes back to the pool.

    Raises TakenError for an account that is another's, or the pool's.
    """
    _hold(session, person)
    found = session.scalar(select(Account).where(Account.name == name))
    if found is not None and found.pooled:
        raise TakenError(f"{name} is one of the training accounts. They are lent by turns and are nobody's own.")
    if found is not None and found.person_id != person.id:
        raise TakenError(f"The Unix account {name} is {found.person.name if found.person else 'somebody'}'s already.")
    if found is not None:
        return found
    before = _held(session, person)
    if before is not None and before.pooled:
        release(session, person)
    elif before is not None:
        session.delete(before)
        session.flush()  # before the person has another: they can have only one
    made = Account(name=name, pooled=False, state=AccountState.TAKEN.value, person=person)
    session.add(made)
    session.flush()
    journal.note(session, f"{person.name} has the Unix account", name)
    return made


def fill_pool(session: Session, names: Sequence[str]) -> None:
    """Add training accounts to the pool; those that are in it stay as they are. People who wait for one get one.

    Raises TakenError for an account that is somebody's own.
    """
    known = {account.name: account for account in everyone(session)}
    for name in dict.fromkeys(names):
        if name not in known:
            session.add(Account(name=name, pooled=True))
            journal.note(session, "training account added", name)
        elif not known[name].pooled:
            raise TakenError(f"The Unix account {name} is somebody's own. It cannot be lent to others.")
    session.flush()
    _serve(session)


def has_pool(session: Session) -> bool:
    """Tell whether this site lends training accounts."""
    return session.scalar(select(Account.id).where(Account.pooled).limit(1)) is not None


def assign(session: Session, person: Person) -> Account:
    """Return the person's account: the one that they have, or else a free one of the pool, which is theirs from now on.

    Raises RefusedError where none is free.
    """
    _hold(session, person)
    account = _held(session, person)
    if account is not None:
        return account
    account = _free(session)
    if account is None:
        raise RefusedError(NONE_FREE)
    account.state, account.since, account.person = AccountState.TAKEN.value, now(), person
    session.flush()
    journal.note(session, f"{person.name} was lent the Unix account", account.name)
    return account


def provide(session: Session, person: Person) -> None:
    """Assign an account to somebody who joins a run. A site without a pool gives people their own, before or after."""
    if has_pool(session):
        assign(session, person)


def provide_again(session: Session, person: Person) -> None:
    """Assign an account to somebody who is in an open run already, where this site lends any."""
    if session.scalar(select(_in_open_runs().where(Enrolment.person_id == person.id).exists())):
        provide(session, person)


def release(session: Session, person: Person) -> None:
    """Take a lent account back, to be cleaned; an account of their own stays theirs."""
    _hold(session, person)
    account = _held(session, person)
    if account is None or not account.pooled:
        return
    account.state, account.since, account.person = AccountState.LEFT.value, now(), None
    session.flush()
    journal.note(session, f"{person.name} gave back the Unix account", account.name)


def release_unneeded(session: Session, person: Person) -> None:
    """Take a lent account back from somebody who is in no open run any more."""
    _hold(session, person)
    if not session.scalar(select(_in_open_runs().where(Enrolment.person_id == person.id).exists())):
        release(session, person)


def cleaned(session: Session, name: str) -> None:
    """Note that the machine has removed everything of an account's last holder: it can be lent again.

    Raises UnknownError where there is no such account, PeopleError for one that was not given back.
    """
    account = session.scalar(select(Account).where(Account.name == name).with_for_update())
    if account is None:
        raise UnknownError(f"There is no Unix account {name!r} here. See: aula people state")
    if account.state == AccountState.FREE:
        return
    if account.state != AccountState.LEFT:
        raise PeopleError(f"The Unix account {name} is in use. It is cleaned when it was given back.")
    account.state, account.since = AccountState.FREE.value, now()
    session.flush()
    journal.note(session, "training account cleaned", name)
    _serve(session)


def _serve(session: Session) -> None:
    """Lend free accounts to people in open runs who have none: they joined before there was a pool."""
    waiting = (
        select(Person)
        .where(_in_open_runs().where(Enrolment.person_id == Person.id).exists())
        .where(~select(Account.id).where(Account.person_id == Person.id).exists(), Person.closed.is_(None))
        .order_by(Person.name)
    )
    for person in session.scalars(waiting):
        if _free(session) is None:
            return
        assign(session, person)


def _in_open_runs() -> Select[tuple[int]]:
    """Return the query of all present enrolments in open runs."""
    return (
        select(Enrolment.id)
        .join(CourseRun, CourseRun.id == Enrolment.run_id)
        .where(Enrolment.left.is_(None), CourseRun.state == RunState.OPEN.value)
    )


def _hold(session: Session, person: Person) -> None:
    """Make others who change what this person has wait for our end; what SQLite does for everything anyway."""
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))


def _held(session: Session, person: Person) -> Account | None:
    """Return the person's account as it is in the database now."""
    query = select(Account).where(Account.person_id == person.id)
    return session.scalar(query.execution_options(populate_existing=True))


def _free(session: Session) -> Account | None:
    """Return the account that was free for the longest, held for us; None where there is none.

    One that another transaction holds is passed over, but waited for where it would be the last.
    """
    free = select(Account).where(Account.pooled, Account.state == AccountState.FREE.value)
    free = free.order_by(Account.since, Account.name).limit(1).execution_options(populate_existing=True)
    for passed_over in (True, False):
        found = session.scalar(free.with_for_update(skip_locked=passed_over))
        if found is not None:
            return found
    return None
