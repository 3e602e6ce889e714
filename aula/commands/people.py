"""The commands about people and course runs: company, people, run, enrol, leave, invite, revoke."""

import argparse
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aula import catalogue
from aula.commands.command import Actions, Answer, command, group, options, rows
from aula.locale.languages import LANGUAGES
from aula.people import companies, enrolments, invitations, outline, persons, runs
from aula.people.database import Database
from aula.people.errors import PeopleError
from aula.people.tables import Company, CourseRun, Enrolment, Invitation, Person


def add(actions: Actions) -> None:
    """Add these commands to those of `aula`."""
    _company(actions)
    _people(actions)
    _run(actions)
    enrol = command(actions, "enrol", _enrol, "enrol a person in a course run, or everybody in a CSV file")
    enrol.add_argument("run", help="the course run's name")
    enrol.add_argument("person", nargs="?", help="the person's name at the hub")
    enrol.add_argument("--csv", type=Path, metavar="FILE", help=f"a list with titles: {','.join(enrolments.COLUMNS)}")
    enrol.add_argument("--role", choices=enrolments.ROLES, default="trainee")
    enrol.add_argument("--company", help="the company's short name")
    leave = command(actions, "leave", _leave, "let a person leave a course run; what they did stays")
    leave.add_argument("run", help="the course run's name")
    leave.add_argument("person", help="the person's name at the hub")
    invite = command(actions, "invite", _invite, "make a code by which people join a course run")
    invite.add_argument("run", help="the course run's name")
    invite.add_argument("--role", choices=enrolments.ROLES, default="trainee")
    invite.add_argument("--company", help="the company's short name")
    invite.add_argument("--uses", type=int, default=30, help="how many people may join by it (default: 30)")
    invite.add_argument("--days", type=int, default=30, help="days until it expires (default: 30)")
    revoke = command(actions, "revoke", _revoke, "take an invitation back; who has joined stays")
    revoke.add_argument("number", type=int, help="the invitation's number, as `aula run show` lists it")


def _company(actions: Actions) -> None:
    parts = group(actions, "company", "companies whose staff are taught")
    new = command(parts, "add", _company_add, "add a company")
    new.add_argument("name", help="its short name, as nortada")
    new.add_argument("full_name", help="its name, in quotes")
    command(parts, "list", _company_list, "list the companies")


def _people(actions: Actions) -> None:
    parts = group(actions, "people", "those who sign in")
    new = command(parts, "add", _people_add, "add a person")
    new.add_argument("name", help="their name at the hub")
    new.add_argument("full_name", help="their name, in quotes")
    new.add_argument("--email")
    new.add_argument("--language", choices=LANGUAGES, help="what they read (default: what their browser asks for)")
    new.add_argument("--zone", default="UTC", help="their time zone, as Europe/Madrid (default: UTC)")
    command(parts, "list", _people_list, "list the people with their course runs")
    upgrade = options(parts.add_parser("upgrade", help="make the database, or bring it to this version's schema"))
    upgrade.set_defaults(action=_upgrade)


def _run(actions: Actions) -> None:
    parts = group(actions, "run", "course runs: a course given once, to some people, between two dates")
    new = command(parts, "create", _run_create, "create a course run")
    new.add_argument("name", help="its name, as hpc-and-slurm-2026-11; nbgrader's course id")
    new.add_argument("--course", required=True, help="the course's folder in courses/")
    new.add_argument("--title", help="its title (default: the course's)")
    new.add_argument("--from", dest="first_day", type=_day, required=True, metavar="DAY", help="as 2026-11-02")
    new.add_argument("--to", dest="last_day", type=_day, required=True, metavar="DAY", help="its last day")
    new.add_argument("--zone", required=True, help="the time zone of its dates, as Europe/Madrid")
    command(parts, "list", _run_list, "list the course runs, the latest first")
    expire = command(parts, "expire", _run_expire, "archive the runs that ended some time ago; the keeper does so")
    expire.add_argument("--days", type=int, default=30, help="days since their end (default: 30)")
    for name, action, text in (
        ("show", _run_show, "show a run's people and invitations"),
        ("archive", _run_archive, "archive a run: nobody joins it any more, nothing is lost"),
        ("reopen", _run_reopen, "open an archived run again"),
    ):
        command(parts, name, action, text).add_argument("name", help="the course run's name")


def _upgrade(options: argparse.Namespace) -> int:
    database = Database(options.database)
    try:
        before, after = database.upgrade()
    finally:
        database.close()
    changed = f"{before or 'nothing'} -> {after}" if before != after else f"{after}, nothing to do"
    print(json.dumps({"before": before, "after": after}) if options.json else f"{database.shown}: {changed}")
    return 0


def _company_add(session: Session, options: argparse.Namespace) -> Answer:
    company = companies.add(session, options.name, options.full_name)
    return _company_data(company), f"Added the company {company.name}."


def _company_list(session: Session, _: argparse.Namespace) -> Answer:
    found = companies.everyone(session)
    return {"companies": [_company_data(one) for one in found]}, rows([(one.name, one.full_name) for one in found])


def _people_add(session: Session, options: argparse.Namespace) -> Answer:
    person = persons.add(
        session,
        options.name,
        options.full_name,
        email=options.email,
        language=options.language,
        time_zone=options.zone,
    )
    return _person_data(person), f"Added {person.name}. Enrol them: aula enrol RUN {person.name}"


def _people_list(session: Session, _: argparse.Namespace) -> Answer:
    found = persons.everyone(session)
    shown = [(one.name, one.full_name, _standing(one), ", ".join(_runs_of(one))) for one in found]
    return {"people": [{**_person_data(one), "runs": _runs_of(one)} for one in found]}, rows(shown)


def _run_create(session: Session, options: argparse.Namespace) -> Answer:
    course = catalogue.load(options.root).course(options.course)
    run = runs.create(
        session,
        options.name,
        course=course.id,
        title=options.title or course.title,
        first_day=options.first_day,
        last_day=options.last_day,
        zone=options.zone,
        outline=outline.of(course),
    )
    return _run_data(run), f"Created {run.name}: {_dates(run)}. Invite people: aula invite {run.name}"


def _run_list(session: Session, _: argparse.Namespace) -> Answer:
    found = runs.everyone(session)
    shown = [(one.name, one.course, _dates(one), one.state) for one in found]
    return {"runs": [_run_data(one) for one in found]}, rows(shown)


def _run_show(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.get(session, options.name)
    people, codes = enrolments.present(session, run), invitations.of_run(session, run)
    data = {
        **_run_data(run),
        "people": [_enrolment_data(one) for one in people],
        "invitations": [_invitation_data(one) for one in codes],
    }
    lines = [f"{run.name}: {run.title}, {_dates(run)}, {run.state}"]
    lines += [
        "",
        "People",
        rows([(one.person.name, one.role, one.company.name if one.company else "-") for one in people]),
    ]
    lines += ["", "Invitations", rows([_invitation_row(one) for one in codes])]
    return data, "\n".join(lines)


def _run_archive(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.archive(session, options.name)
    return _run_data(run), f"Archived {run.name}. Open it again: aula run reopen {run.name}"


def _run_expire(session: Session, options: argparse.Namespace) -> Answer:
    names = runs.expire(session, options.days)
    return {"archived": names}, "\n".join([f"{len(names)} runs archived.", *names])


def _run_reopen(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.reopen(session, options.name)
    return _run_data(run), f"{run.name} is open."


def _enrol(session: Session, options: argparse.Namespace) -> Answer:
    if (options.person is None) == (options.csv is None):
        raise PeopleError("Name a person, or a file with --csv.")
    if options.csv is None:
        run = runs.get_open(session, options.run)
        company = companies.get(session, options.company) if options.company else None
        person = persons.get(session, options.person)
        made = enrolments.enrol(session, run, person, role=options.role, company=company)
        return _enrolment_data(made), f"{person.name} is in {run.name}, as {made.role}."
    try:
        lines = options.csv.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise PeopleError(f"{options.csv} cannot be read as a list in UTF-8: {error}") from error
    roster = enrolments.enrol_list(session, options.run, lines)
    enrolled, new, there = len(roster.enrolled), len(roster.added), len(roster.unchanged)
    return vars(roster), f"{enrolled} enrolled, {new} of them new here; {there} were in {options.run} already."


def _leave(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.get(session, options.run)
    left = enrolments.leave(session, run, persons.get(session, options.person))
    return _enrolment_data(left), f"{left.person.name} has left {run.name}. What they handed in stays."


def _invite(session: Session, options: argparse.Namespace) -> Answer:
    run = runs.get_open(session, options.run)
    company = companies.get(session, options.company) if options.company else None
    invitation, code = invitations.invite(
        session, run, role=options.role, company=company, uses=options.uses, days=options.days
    )
    said = (
        f"{code}\n\nUp to {invitation.uses} people can join {run.name} by it, as {invitation.role}, until "
        f"{_day_in(invitation.expires, run)}. Write it down: it cannot be shown again. "
        f"Take it back: aula revoke {invitation.id}"
    )
    return {**_invitation_data(invitation), "code": code}, said


def _revoke(session: Session, options: argparse.Namespace) -> Answer:
    invitation = invitations.revoke(session, options.number)
    return _invitation_data(invitation), f"Invitation {invitation.id} cannot be used any more."


def _company_data(company: Company) -> dict[str, Any]:
    return {"name": company.name, "full_name": company.full_name}


def _person_data(person: Person) -> dict[str, Any]:
    keys = ("name", "full_name", "email", "language", "time_zone", "operator")
    return {**{key: getattr(person, key) for key in keys}, "closed": person.closed and person.closed.isoformat()}


def _standing(person: Person) -> str:
    return "closed" if person.closed else "operator" if person.operator else ""


def _run_data(run: CourseRun) -> dict[str, Any]:
    keys = ("name", "course", "title", "time_zone", "state")
    return {**{key: getattr(run, key) for key in keys}, "starts": run.starts.isoformat(), "ends": run.ends.isoformat()}


def _enrolment_data(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "run": enrolment.run.name,
        "person": enrolment.person.name,
        "role": enrolment.role,
        "company": enrolment.company.name if enrolment.company else None,
        "joined": enrolment.joined.isoformat(),
        "left": enrolment.left.isoformat() if enrolment.left else None,
    }


def _invitation_data(invitation: Invitation) -> dict[str, Any]:
    return {
        "number": invitation.id,
        "run": invitation.run.name,
        "role": invitation.role,
        "company": invitation.company.name if invitation.company else None,
        "uses": invitation.uses,
        "used": invitation.used,
        "expires": invitation.expires.isoformat(),
        "revoked": invitation.revoked.isoformat() if invitation.revoked else None,
    }


def _invitation_row(invitation: Invitation) -> tuple[str, ...]:
    until = "revoked" if invitation.revoked else f"until {_day_in(invitation.expires, invitation.run)}"
    return str(invitation.id), invitation.role, f"{invitation.used} of {invitation.uses} used", until


def _runs_of(person: Person) -> list[str]:
    return sorted(one.run.name for one in person.enrolments if one.left is None)


def _dates(run: CourseRun) -> str:
    last = run.ends.timestamp() - 1
    return f"{_day_in(run.starts, run)} to {_day_in(datetime.fromtimestamp(last, ZoneInfo('UTC')), run)}"


def _day_in(moment: datetime, run: CourseRun) -> str:
    """Return the day of a moment in a run's time zone."""
    return moment.astimezone(ZoneInfo(run.time_zone)).date().isoformat()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-11-02") from error
