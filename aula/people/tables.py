"""The tables, and what each column may hold; stated here once, for SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, ForeignKey, MetaData, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates

from aula.locale.languages import LANGUAGES
from aula.people.errors import PeopleError
from aula.people.values import (
    EMAIL,
    LONG_TEXT,
    NAME,
    RUN_NAME,
    SUBJECT,
    TEXT,
    line,
    lines,
    matching,
    one_of,
    own,
    time_zone,
)


class Role(StrEnum):
    """What somebody is in a course run."""

    TRAINEE = "trainee"
    TUTOR = "tutor"
    INSTRUCTOR = "instructor"


class RunState(StrEnum):
    """Whether a course run takes place or is kept."""

    OPEN = "open"
    ARCHIVED = "archived"


class AccountState(StrEnum):
    """Whether a Unix account waits for somebody, is somebody's, or is to be cleaned before it is another's."""

    FREE = "free"
    TAKEN = "taken"
    LEFT = "left"


class Kind(StrEnum):
    """What a trainee wants of who graded: an answer, or that they look at the mark again."""

    COMMENT = "comment"
    REGRADE = "regrade"


class Outcome(StrEnum):
    """What became of a mark that somebody looked at again."""

    CHANGED = "changed"
    STAYS = "stays"


class Moment(TypeDecorator[datetime]):
    """A point in time: with a zone in Python, in UTC in the database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC without its zone; raise PeopleError for one that had none."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise PeopleError(f"The time {value} has no time zone.")
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time with its zone, UTC."""
        del dialect
        return value and value.replace(tzinfo=UTC)


def now() -> datetime:
    """Return this moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class Table(DeclarativeBase):
    """The base of all tables; constraints have names, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, str: String(TEXT)}


class Company(Table):
    """A company whose staff are taught. `name` is its short name, which Slurm's accounting has too."""

    __tablename__ = "company"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    created: Mapped[datetime] = mapped_column(default=now)

    @validates("name")
    def _name(self, _: str, value: str) -> str:
        return own(matching(NAME, value, "a company's short name"), "a company's short name")

    @validates("full_name")
    def _full_name(self, _: str, value: str) -> str:
        return line(value, "a company's name")


class Person(Table):
    """Somebody who signs in. `name` is theirs at the hub and in gradebooks, and is never given to another person.

    `language` is None until it is known: then pages are in the browser's. An operator sees every course run. Who is
    closed cannot sign in any more; what they did stays.
    """

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str | None]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    created: Mapped[datetime] = mapped_column(default=now)
    operator: Mapped[bool] = mapped_column(default=False)
    closed: Mapped[datetime | None]
    enrolments: Mapped[list["Enrolment"]] = relationship(back_populates="person")
    account: Mapped["Account | None"] = relationship(back_populates="person")

    @validates("name")
    def _name(self, _: str, value: str) -> str:
        return matching(NAME, value, "a person's name at the hub")

    @validates("full_name")
    def _full_name(self, _: str, value: str) -> str:
        return line(value, "a person's name")

    @validates("email")
    def _email(self, _: str, value: str | None) -> str | None:
        return value and matching(EMAIL, value, "an e-mail address")

    @validates("language")
    def _language(self, _: str, value: str | None) -> str | None:
        return None if value is None else one_of(LANGUAGES, value, "a language")

    @validates("time_zone")
    def _time_zone(self, _: str, value: str) -> str:
        return time_zone(value)


class Identity(Table):
    """Whom an identity provider means by a subject. Nobody is told apart by anything else that it says."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str] = mapped_column(String(SUBJECT))
    created: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()


class Password(Table):
    """The scrypt hash of a person's password, for those who sign in without an identity provider."""

    __tablename__ = "password"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    hash: Mapped[str]
    changed: Mapped[datetime] = mapped_column(default=now)
    person: Mapped[Person] = relationship()


class Recovery(Table):
    """A link by which a person sets a new password, once. Only its digest is kept."""

    __tablename__ = "recovery"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(unique=True)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    person: Mapped[Person] = relationship()


class Contact(Table):
    """A person who speaks for a company: they see its people, and nobody else's."""

    __tablename__ = "contact"
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    company: Mapped[Company] = relationship()
    person: Mapped[Person] = relationship()


class Account(Table):
    """A Unix account of the cluster: a person's own, or one of the pool (`pooled`), cleaned and given again."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    pooled: Mapped[bool]
    state: Mapped[str] = mapped_column(default=AccountState.FREE.value)
    since: Mapped[datetime] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    person: Mapped[Person | None] = relationship(back_populates="account")

    @validates("name")
    def _name(self, _: str, value: str) -> str:
        return own(matching(NAME, value, "a Unix account"), "a person's Unix account")


class Change(Table):
    """What was changed about people and course runs: when, by whom, and what. Rows are only ever added.

    `actor` is a person's name at the hub, or "operator" for the command line. The highest id is the data's version.
    """

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]


class CourseRun(Table):
    """One delivery of a course. `name` is nbgrader's course id. Times are when it begins and ends for its people.

    `content` and `environment` name what the run was given when it was first made ready on the machine. It is not
    ready before. A correction gives it another content.
    """

    __tablename__ = "course_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    course: Mapped[str]
    title: Mapped[str]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    time_zone: Mapped[str]
    state: Mapped[str] = mapped_column(default=RunState.OPEN.value)
    created: Mapped[datetime] = mapped_column(default=now)
    content: Mapped[str | None]
    environment: Mapped[str | None]
    enrolments: Mapped[list["Enrolment"]] = relationship(back_populates="run")
    lessons: Mapped[list["RunLesson"]] = relationship(back_populates="run", order_by="RunLesson.position")
    assignments: Mapped[list["RunAssignment"]] = relationship(back_populates="run", order_by="RunAssignment.due")
    extensions: Mapped[list["Extension"]] = relationship(back_populates="run", order_by="Extension.at")

    @validates("name")
    def _name(self, _: str, value: str) -> str:
        return matching(RUN_NAME, value, "a course run's name")

    @validates("course")
    def _course(self, _: str, value: str) -> str:
        return matching(RUN_NAME, value, "a course's name")

    @validates("title")
    def _title(self, _: str, value: str) -> str:
        return line(value, "a title")

    @validates("time_zone")
    def _time_zone(self, _: str, value: str) -> str:
        return time_zone(value)


class RunLesson(Table):
    """A lesson of a course run, as its course said when the run was created; `file` is without its ending."""

    __tablename__ = "run_lesson"
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str]
    title: Mapped[str]
    minutes: Mapped[int]
    run: Mapped[CourseRun] = relationship(back_populates="lessons")


class RunAssignment(Table):
    """An assignment of a course run: when it is due there, how long and how often it is taken, what being late costs.

    `accepted_until` is None where it is taken until the run ends, `attempts` None where they are not counted.
    `changed_by` is whose doing its terms are, None where nobody has changed them.
    """

    __tablename__ = "run_assignment"
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    points: Mapped[float]
    due: Mapped[datetime]
    accepted_until: Mapped[datetime | None]
    attempts: Mapped[int | None]
    percent_per_day: Mapped[float] = mapped_column(default=0.0, server_default="0")
    most_percent: Mapped[float] = mapped_column(default=100.0, server_default="100")
    grace_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_by: Mapped[str | None]
    run: Mapped[CourseRun] = relationship(back_populates="assignments")


class Extension(Table):
    """Until when one person has time for an assignment; `by` is the name at the hub of who gave it."""

    __tablename__ = "extension"
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id"), primary_key=True)
    assignment: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    due: Mapped[datetime]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    why: Mapped[str]
    run: Mapped[CourseRun] = relationship(back_populates="extensions")
    person: Mapped[Person] = relationship()


class Enrolment(Table):
    """Somebody in a course run, in one role, sent by a company or by nobody. `left` is set when they leave."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("run_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    role: Mapped[str]
    joined: Mapped[datetime] = mapped_column(default=now)
    left: Mapped[datetime | None]
    run: Mapped[CourseRun] = relationship(back_populates="enrolments")
    person: Mapped[Person] = relationship(back_populates="enrolments")
    company: Mapped[Company | None] = relationship()


class Invitation(Table):
    """A code by which people join a course run. Only its digest is kept: who reads the database can join nothing."""

    __tablename__ = "invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    role: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime] = mapped_column(default=now)
    expires: Mapped[datetime]
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    revoked: Mapped[datetime | None]
    run: Mapped[CourseRun] = relationship()
    company: Mapped[Company | None] = relationship()


class Request(Table):
    """What a trainee says about the feedback on a hand-in, and the answer. It is open until it has one or is withdrawn.

    `points` are those that they had when they wrote. `seen` is set when they have looked at the answer.
    """

    __tablename__ = "request"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("course_run.id"), index=True)
    assignment: Mapped[str]
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    notebook: Mapped[str | None]
    cell: Mapped[str | None]
    text: Mapped[str] = mapped_column(String(LONG_TEXT))
    points: Mapped[float | None]
    at: Mapped[datetime] = mapped_column(default=now)
    answer: Mapped[str | None] = mapped_column(String(LONG_TEXT))
    outcome: Mapped[str | None]
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered: Mapped[datetime | None]
    seen: Mapped[datetime | None]
    withdrawn: Mapped[datetime | None]
    run: Mapped[CourseRun] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    answerer: Mapped[Person | None] = relationship(foreign_keys=[answerer_id])

    @validates("assignment")
    def _assignment(self, _: str, value: str) -> str:
        return matching(RUN_NAME, value, "an assignment's name")

    @validates("kind")
    def _kind(self, _: str, value: str) -> str:
        return one_of(tuple(Kind), value, "a kind of request")

    @validates("notebook", "cell")
    def _place(self, _: str, value: str | None) -> str | None:
        return value and line(value, "a place in the feedback")

    @validates("text", "answer")
    def _text(self, key: str, value: str | None) -> str | None:
        return None if value is None and key == "answer" else lines(value, "a request's text")

    @validates("outcome")
    def _outcome(self, _: str, value: str | None) -> str | None:
        return value and one_of(tuple(Outcome), value, "an outcome")
