"""The demo class and the generated secrets."""

import json
import re
from pathlib import Path

from aula.people.load import parse
from deploy import demo
from deploy.classroom import secrets
from deploy.settings import Settings


def rows(settings: Settings) -> list[dict[str, str]]:
    """Return the operator's file of names and passwords."""
    found: list[dict[str, str]] = json.loads(secrets.users_file(settings).read_text())
    return found


def mode(path: Path) -> int:
    """Return a path's permission bits."""
    return path.stat().st_mode & 0o7777


def test_the_class_has_two_companies_and_an_instructor(settings: Settings) -> None:
    """`aula people load` takes it: two trainees of each of two companies, one instructor of none, one course run."""
    found = parse(json.dumps(demo.document(settings, secrets.demo_passwords(settings))))
    trainees = [one.company for one in found.enrolments if one.role == "trainee"]
    assert sorted(filter(None, trainees)) == sorted([one.name for one in found.companies] * 2)
    assert [one.company for one in found.enrolments if one.role == "instructor"] == [None]
    assert [one.account for one in found.people] == [one.name for one in found.people] == demo.names(settings)
    assert {one.run for one in found.enrolments} == {run.name for run in found.runs} == {demo.RUN}


def test_passwords_are_strong_and_easy_to_type() -> None:
    """A password has 16 random characters of 31, none of them mistaken for another, and no two are the same."""
    drawn = {secrets._password() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", word) for word in drawn)
    assert not set("".join(drawn)) & set("ilo01")
    assert len(secrets.ALPHABET) == len(set(secrets.ALPHABET)) == 31


def test_only_the_operator_can_read_them(settings: Settings) -> None:
    """Passwords and tokens are readable by their owner alone."""
    secrets.token(settings, "proxy")
    secrets.demo_passwords(settings)
    folder = secrets.users_file(settings).parent
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}


def test_passwords_survive_a_second_up(settings: Settings) -> None:
    """Asked for again, nobody's password is another one; somebody who has none yet gets one."""
    before = secrets.demo_passwords(settings)
    assert secrets.demo_passwords(settings) == before
    kept = [row for row in rows(settings) if not row["name"].endswith("ana")]
    secrets.users_file(settings).write_text(json.dumps(kept))
    after = secrets.demo_passwords(settings)
    assert {name for name in before if before[name] != after[name]} == {settings.local("ana")}


def test_a_token_is_made_once(settings: Settings) -> None:
    """A token has 256 bits, stays the same when asked for again, and differs from every other."""
    first = secrets.token(settings, "proxy")
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert secrets.token(settings, "proxy") == first
    assert secrets.token(settings, "portal") != first
