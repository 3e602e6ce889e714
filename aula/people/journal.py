"""The journal: what was changed about people and course runs, by whom. Rows are only ever added."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aula.people.tables import Change
from aula.people.values import TEXT

OPERATOR = "operator"


def note(session: Session, what: str, about: str) -> None:
    """Note a change, as the actor that `Database.session` was told; `what` is a few words, `about` names the thing."""
    session.add(Change(actor=session.info.get("actor", OPERATOR), what=what[:TEXT], about=about[:TEXT]))


@contextmanager
def acting(session: Session, name: str) -> Iterator[None]:
    """Note what is changed meanwhile as a person's own doing: of somebody whom a code or a link brought here."""
    before = session.info.get("actor", OPERATOR)
    session.info["actor"] = name
    try:
        yield
    finally:
        session.info["actor"] = before


def version(session: Session) -> int:
    """Return a number that grows with every change; 0 where there was none."""
    return int(session.scalar(select(func.max(Change.id))) or 0)


def everything(session: Session) -> list[Change]:
    """Return all changes, the oldest first."""
    return list(session.scalars(select(Change).order_by(Change.id)))
