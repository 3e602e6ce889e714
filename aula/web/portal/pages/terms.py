"""Due dates, late rule, attempts and extensions of a run: shown to its staff, changed by those who lead it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aula.locale import message
from aula.people import access, enrolments, terms
from aula.people.errors import NotYoursError, PeopleError
from aula.people.tables import CourseRun, Person, Role, RunAssignment, RunState
from aula.people.terms import Rules
from aula.people.values import RUN_NAME
from aula.web.portal.declaration import Field, Operation
from aula.web.portal.page import Page

DUE = Field("due", message("Due"), required=False, type="datetime-local")
RULES = (
    DUE,
    Field(
        "accepted_until", message("Accepted until"), message("Empty: while the run is open"), "datetime-local", False
    ),
    Field("attempts", message("Attempts"), message("Empty: no limit"), "number", False),
    Field("percent_per_day", message("Late: % off a day"), message("Of all points, each day begun"), "number", False),
    Field("most_percent", message("Late: % off at most"), None, "number", False),
    Field("grace_minutes", message("Late: minutes forgiven"), None, "number", False),
)
EXTENSION = (
    Field("person", message("Trainee"), required=False),
    Field("until", message("New due date"), required=False, type="datetime-local"),
    Field("why", message("Reason"), required=False),
)
SAVED = Field("saved", message("What was saved"), required=False, pattern=RUN_NAME.pattern)
NO_NUMBER = message("Write a number.")
NO_TRAINEE = message("Choose a trainee of this run.")
NO_REASON = message("Write why, in one line.")
Texts = dict[str, str]


def sent(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return fields as they are taken in: as text, so that what is wrong is told beside it and nothing is lost."""
    return tuple(Field(one.name, one.label, required=False) for one in fields)


@dataclass(frozen=True)
class Longer:
    """An extension."""

    name: str
    full_name: str
    due: datetime
    by: str
    why: str


@dataclass(frozen=True)
class Task:
    """An assignment with its terms as a form has them, and its extensions."""

    name: str
    title: str
    texts: Texts
    longer: list[Longer]


@dataclass(frozen=True)
class TermsView:
    """The terms of a run."""

    name: str
    title: str
    time_zone: str
    changes: bool
    tasks: list[Task]
    trainees: list[tuple[str, str]]


@dataclass(frozen=True)
class Wrong:
    """A form that could not be used: of which assignment, what was typed, and what is wrong with which field."""

    task: str
    typed: Texts
    said: Texts


def look(session: Session, person: Person | None, name: str) -> TermsView:
    """Return the terms of a run for those who look after it."""
    run, rights = access.to_run(session, person, name)
    longer = terms.extensions(session, run)
    trainees = [one.person for one in enrolments.present(session, run) if one.role == Role.TRAINEE]
    return TermsView(
        run.name,
        run.title,
        run.time_zone,
        bool(rights.invites) and run.state == RunState.OPEN,
        [
            Task(
                one.name,
                one.title,
                texts(run, one),
                [
                    Longer(each.person.name, each.person.full_name, each.due, each.by, each.why)
                    for each in longer
                    if each.assignment == one.name
                ],
            )
            for one in run.assignments
        ],
        [(one.name, one.full_name) for one in sorted(trainees, key=lambda one: one.full_name.casefold())],
    )


def texts(run: CourseRun, task: RunAssignment) -> Texts:
    """Return the terms of an assignment as a form has them, times by the run's clocks."""
    return {field.name: _text(getattr(task, field.name), run) for field in RULES}


def _text(value: Any, run: CourseRun) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(run.time_zone)).strftime("%Y-%m-%dT%H:%M")
    return "" if value is None else f"{value:g}"


def read(run: CourseRun, typed: Texts) -> tuple[Rules | None, Texts]:
    """Return the terms that were typed, or what is wrong with which field."""
    found: dict[str, Any] = {}
    wrong: Texts = {}
    for name, of in (("due", terms.moment), ("accepted_until", terms.moment)):
        try:
            found[name] = of(typed[name], run) if typed[name] or name == "due" else None
        except PeopleError as error:
            wrong[name] = error.args[0]
    usual = Rules(datetime.min)
    for name, kind in (("attempts", int), ("percent_per_day", float), ("most_percent", float), ("grace_minutes", int)):
        try:
            found[name] = kind(typed[name].replace(",", ".")) if typed[name] else getattr(usual, name)
        except ValueError:
            wrong[name] = NO_NUMBER
    if wrong:
        return None, wrong
    wanted = Rules(**found)
    return wanted, wanted.wrong()


class Terms(Page):
    """The page."""

    address = "/runs/{run}/terms"
    operations: ClassVar = {"get": Operation("Show due dates, late rules and extensions of a run", fields=(SAVED,))}

    async def get(self, run: str) -> None:
        """Show it to those who look after the run."""
        self.draw(await self.work(lambda session, person: look(session, person, run)), self.form["saved"])

    def draw(self, view: TermsView, saved: str | None = None, wrong: Wrong | None = None) -> None:
        """Answer with the page, with what was saved or what is wrong."""
        status = 400 if wrong else 200
        self.show("terms.html", status=status, run=view, rules=RULES, extension=EXTENSION, saved=saved, wrong=wrong)

    @property
    def typed(self) -> Texts:
        """What was sent, as text."""
        return {name: value or "" for name, value in self.form.items()}

    def answer(self, run: str, assignment: str, found: tuple[TermsView, Wrong] | None) -> None:
        """Lead back where all was well; show what was typed again where it was not."""
        if found is None:
            self.go(f"/runs/{run}/terms", saved=assignment)
        else:
            self.draw(found[0], wrong=found[1])


def open_task(session: Session, person: Person | None, name: str, task: str) -> tuple[CourseRun, RunAssignment]:
    """Return an assignment of a run for those who may change its terms. Raise NotYoursError for others."""
    run, _ = access.to_invite(session, person, name)
    found = session.get(RunAssignment, (run.id, task))
    if found is None:
        raise NotYoursError(access.NOT_YOURS)
    return run, found


class SetTerms(Terms):
    """Changing the terms of an assignment."""

    address = "/runs/{run}/terms/{assignment}"
    operations: ClassVar = {"post": Operation("Change due date, attempts and late rule", fields=sent(RULES))}

    async def post(self, run: str, assignment: str) -> None:
        """Change them."""

        def change(session: Session, person: Person | None) -> tuple[TermsView, Wrong] | None:
            found, task = open_task(session, person, run, assignment)
            wanted, wrong = read(found, self.typed)
            if wanted is None or wrong:
                return look(session, person, run), Wrong(task.name, self.typed, wrong)
            terms.change(session, found, task.name, wanted)
            return None

        self.answer(run, assignment, await self.work(change))


class Extend(Terms):
    """Giving one person longer."""

    address = "/runs/{run}/terms/{assignment}/extension"
    operations: ClassVar = {"post": Operation("Give a trainee longer for an assignment", fields=sent(EXTENSION))}

    async def post(self, run: str, assignment: str) -> None:
        """Give it."""

        def extend(session: Session, person: Person | None) -> tuple[TermsView, Wrong] | None:
            found, task = open_task(session, person, run, assignment)
            if wrong := self._extended(session, found, task):
                return look(session, person, run), Wrong(task.name, self.typed, wrong)
            return None

        self.answer(run, assignment, await self.work(extend))

    def _extended(self, session: Session, run: CourseRun, task: RunAssignment) -> Texts:
        """Give the extension, or return what is wrong with which field."""
        typed = self.typed
        wrong: Texts = {}
        members = {one.person.name: one.person for one in enrolments.present(session, run)}
        if typed["person"] not in members:
            wrong["person"] = NO_TRAINEE
        if not typed["why"]:
            wrong["why"] = NO_REASON
        try:
            until = terms.moment(typed["until"], run)
            if not wrong:
                terms.extend(session, run, task.name, members[typed["person"]], until, typed["why"])
        except PeopleError as error:
            wrong["until"] = error.args[0]
        return wrong


class TakeBack(Terms):
    """Taking an extension back."""

    address = "/runs/{run}/terms/{assignment}/people/{person}/take-back"
    operations: ClassVar = {"post": Operation("Take a trainee's extension back")}

    async def post(self, run: str, assignment: str, person: str) -> None:
        """Take it back."""

        def take_back(session: Session, who: Person | None) -> None:
            found, task = open_task(session, who, run, assignment)
            given = next((one for one in terms.extensions(session, found) if one.person.name == person), None)
            if given is None:
                raise NotYoursError(access.NOT_YOURS)
            terms.take_back(session, found, task.name, given.person)

        await self.work(take_back)
        self.go(f"/runs/{run}/terms", saved=assignment)
