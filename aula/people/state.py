"""What the machine must make true: companies, Unix accounts, open course runs and who is in them, as plain data."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from aula.people import accounts, companies, journal, terms
from aula.people.tables import Account, CourseRun, Enrolment, Extension, Person, Role, RunState


def state(session: Session) -> dict[str, Any]:
    """Return everything as JSON can hold it. While `version` is the same, so is the rest."""
    runs = _open_runs(session)
    payers = _companies(runs)
    return {
        "version": journal.version(session),
        "companies": [company.name for company in companies.everyone(session)],
        "accounts": [_account(one, payers.get(one.person_id or 0)) for one in accounts.everyone(session)],
        "waiting": _waiting(runs),
        "runs": [_run(run) for run in runs],
    }


def _open_runs(session: Session) -> list[CourseRun]:
    people = selectinload(CourseRun.enrolments)
    return list(
        session.scalars(
            select(CourseRun)
            .where(CourseRun.state == RunState.OPEN.value)
            .order_by(CourseRun.name)
            .options(
                people.joinedload(Enrolment.person).joinedload(Person.account),
                people.joinedload(Enrolment.company),
                selectinload(CourseRun.assignments),
                selectinload(CourseRun.extensions).joinedload(Extension.person),
            )
            .execution_options(populate_existing=True)
        )
    )


def _account(account: Account, company: str | None) -> dict[str, Any]:
    """Return an account: a company pays for it while its holder is in an open run that it sent them to."""
    return {
        "name": account.name,
        "pooled": account.pooled,
        "state": account.state,
        "person": account.person.name if account.person else None,
        "full_name": account.person.full_name if account.person else None,
        "company": company,
    }


def _companies(runs: list[CourseRun]) -> dict[int, str]:
    """Return which company each person in the runs was sent by last, without those whom no company sent."""
    everybody = sorted((one for run in runs for one in _present(run)), key=lambda one: (one.joined, one.id))
    return {one.person_id: one.company.name for one in everybody if one.company}


def _waiting(runs: list[CourseRun]) -> list[dict[str, str]]:
    """Return who is in an open run and has no account yet, each once."""
    people = {one.person.name: one.person for run in runs for one in _present(run) if one.person.account is None}
    return [{"name": name, "full_name": person.full_name} for name, person in sorted(people.items())]


def _run(run: CourseRun) -> dict[str, Any]:
    names = {role: [one.person for one in _present(run) if one.role == role.value] for role in Role}
    return {
        **{key: getattr(run, key) for key in ("name", "course", "title", "content", "environment", "time_zone")},
        "starts": run.starts.isoformat(),
        "ends": run.ends.isoformat(),
        "trainees": [{"name": one.name, "full_name": one.full_name} for one in names[Role.TRAINEE]],
        "instructors": [one.name for one in names[Role.INSTRUCTOR]],
        "tutors": [one.name for one in names[Role.TUTOR]],
        "assignments": terms.state(run),
    }


def _present(run: CourseRun) -> list[Enrolment]:
    """Return who is in a run now and may sign in, by name."""
    here = (one for one in run.enrolments if one.left is None and one.person.closed is None)
    return sorted(here, key=lambda one: one.person.name)
