"""The commands about who may sign in, and how: passwords, recover, link, close, reopen, operator, contact."""

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from aula.commands.command import Actions, Answer, command, group
from aula.people import companies, contacts, identities, passwords, persons, recoveries
from aula.people.errors import PeopleError
from aula.people.tables import Password, now

RECOVER = "/services/portal/recover/"


def add(actions: Actions) -> None:
    """Add these commands to those of `aula people`."""
    people = group(actions, "people")
    several = command(people, "passwords", _passwords, "set the passwords in a JSON object: {name: password, …}")
    several.add_argument("file", help="the file, which only you should be able to read; - for standard input")
    several.add_argument("--missing", action="store_true", help="only for people who have no password yet")
    recover = command(people, "recover", _recover, "make a link by which a person sets a new password, once")
    recover.add_argument("--hours", type=int, default=24, help="how long it can be used (default: 24)")
    link = command(people, "link", _link, "let a person sign in through the identity provider")
    link.add_argument("--issuer", required=True, metavar="URL", help="the provider, as its tokens name it")
    link.add_argument("--subject", required=True, metavar="SUB", help="the person, as its tokens name them")
    close = command(people, "close", _close, "close a person: they cannot sign in any more, what they did stays")
    reopen = command(people, "reopen", _reopen, "let a closed person sign in again")
    operator = command(people, "operator", _operator, "let a person see and run every course run")
    operator.add_argument("--no", action="store_true", help="take it back")
    for parser in (recover, link, close, reopen, operator):
        parser.add_argument("name", help="the person's name at the hub")
    contact = command(people, "contact", _contact, "let a person speak for a company: they see its people")
    contact.add_argument("company", help="the company's short name")
    contact.add_argument("name", help="the person's name at the hub")
    contact.add_argument("--no", action="store_true", help="take it back")


def _passwords(session: Session, options: argparse.Namespace) -> Answer:
    given = _read(options.file)
    changed, kept = [], []
    for name, password in given.items():
        person = persons.get(session, name)
        if options.missing and session.get(Password, person.id):
            kept.append(name)
            continue
        try:
            passwords.set_password(session, person, password)
        except PeopleError as error:
            raise PeopleError(f"{name}: {error} Nothing was changed.") from error
        changed.append(name)
    return {"changed": changed, "kept": kept}, f"{len(changed)} passwords set, {len(kept)} left as they were."


def _read(file: str) -> dict[str, str]:
    """Return names with passwords. No message repeats what the file holds."""
    try:
        document = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PeopleError(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}") from error
    except ValueError as error:
        raise PeopleError(f'{file} is not JSON. Write it as {{"ana": "her password"}}.') from error
    if not isinstance(document, dict) or not all(isinstance(one, str) for one in document.values()):
        raise PeopleError(f'{file} holds no passwords by names. Write it as {{"ana": "her password"}}.')
    return document


def _recover(session: Session, options: argparse.Namespace) -> Answer:
    person = persons.get(session, options.name)
    path = RECOVER + recoveries.begin(session, person, options.hours)
    until = now() + timedelta(hours=options.hours)
    shown = f"{until.astimezone(ZoneInfo(person.time_zone)):%Y-%m-%d %H:%M} ({person.time_zone})"
    said = (
        f"{path}\n\nBy this link {person.name} sets a new password, once, until {shown}. Put the hub's address before "
        "it, and give it to nobody else. Links made before are worth nothing now."
    )
    return {"name": person.name, "path": path, "expires": until.isoformat()}, said


def _link(session: Session, options: argparse.Namespace) -> Answer:
    person = persons.get(session, options.name)
    made = identities.link(session, person, options.issuer, options.subject)
    data = {"name": person.name, "issuer": made.issuer, "subject": made.subject}
    return data, f"{made.subject} of {made.issuer} signs in as {person.name}."


def _close(session: Session, options: argparse.Namespace) -> Answer:
    person = persons.get(session, options.name)
    persons.close(session, person)
    said = f"{person.name} cannot sign in any more. Let them in again: aula people reopen {person.name}"
    return {"name": person.name, "closed": True}, said


def _reopen(session: Session, options: argparse.Namespace) -> Answer:
    person = persons.get(session, options.name)
    persons.reopen(session, person)
    return {"name": person.name, "closed": False}, f"{person.name} can sign in."


def _operator(session: Session, options: argparse.Namespace) -> Answer:
    person = persons.get(session, options.name)
    persons.make_operator(session, person, operator=not options.no)
    said = f"{person.name} is {'an operator no longer' if options.no else 'an operator'}."
    return {"name": person.name, "operator": person.operator}, said


def _contact(session: Session, options: argparse.Namespace) -> Answer:
    company, person = companies.get(session, options.company), persons.get(session, options.name)
    if options.no:
        contacts.remove(session, company, person)
    else:
        contacts.add(session, company, person)
    said = f"{person.name} speaks for {company.name}{' no longer' if options.no else ''}."
    return {"company": company.name, "name": person.name, "contact": not options.no}, said
