"""The snapshot of people's database that the machine works by, and the keeper who follows it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aula.people import accounts, enrolments, persons, runs, state
from aula.people.database import Database
from aula.submissions import terms
from deploy import demo, files, keeper, people
from deploy.classroom import people_database, settle
from deploy.errors import DeployError, SettingError
from deploy.keeper import Wait
from deploy.settings import Settings


@pytest.fixture
def document(tmp_path: Any) -> dict[str, Any]:
    """What `aula people state` says of a run with a trainee and an instructor, and of an account that nobody has."""
    database = Database(f"sqlite:///{tmp_path}/people.sqlite")
    database.upgrade()
    with database.session() as session:
        day = runs.date(2026, 11, 2)
        run = runs.create(session, "hpc-1", course="hpc", title="HPC", first_day=day, last_day=day, zone="UTC")
        for name, role in (("ana", "trainee"), ("ines", "instructor")):
            person = persons.add(session, name, name.title())
            accounts.adopt(session, person, name)
            enrolments.enrol(session, run, person, role=role)
        accounts.fill_pool(session, ["train01"])
        found = state.state(session)
    database.close()
    return found


@pytest.fixture
def known(settings: Settings, document: dict[str, Any]) -> people.People:
    """The snapshot of it."""
    files.folder(settings.state)
    files.write(people.file(settings), json.dumps(document), mode=0o600)
    return people.read(settings)


def test_the_deployment_reads_what_aula_says(known: people.People, document: dict[str, Any]) -> None:
    """Every key that the machine needs is in `aula people state`; who is in an open run computes."""
    assert known.version == document["version"] > 0
    assert known.working == {"ana", "ines"}
    assert [run.trainees for run in known.runs] == [(("ana", "Ana"),)]
    assert {account.name: account.state for account in known.accounts}["train01"] == "free"


def test_the_centres_program_says_who_has_which_account(
    settings: Settings, known: people.People, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """It is run with name and full name of each who has none, and what it prints becomes their account."""
    program = tmp_path / "account-of"
    program.write_text("#!/bin/sh\nprintf 'u-%s\\n' \"$1\"\n")
    program.chmod(0o755)
    site = replace(settings, described=replace(settings.site, account_map=program))
    waiting = replace(known, waiting=(("bruno", "Bruno Dias"),))
    said: list[list[str]] = []
    monkeypatch.setattr(people_database, "aula", lambda _, words: said.append(words))
    monkeypatch.setattr(people_database, "look", lambda _: known)
    assert settle._with_accounts(site, waiting) == known
    assert said == [["people", "account", "bruno", "u-bruno"]]
    assert settle._with_accounts(settings, waiting) == waiting


def test_a_run_that_is_ready_is_noted_and_nothing_else(settings: Settings, known: people.People) -> None:
    """The version stays: what others changed meanwhile will be followed."""
    assert known.ready == []
    people.note_ready(settings, "hpc-1", "c1", "e1")
    now = people.read(settings)
    assert [(run.name, run.content, run.environment) for run in now.ready] == [("hpc-1", "c1", "e1")]
    assert now.version == known.version


def test_what_was_not_followed_to_its_end_is_followed_again(settings: Settings, known: people.People) -> None:
    """A snapshot counts as followed only once that is noted."""
    assert people.followed(settings) == people.People()
    people.note_followed(settings)
    assert people.followed(settings) == known


def test_a_change_of_terms_reaches_services_and_marks(
    settings: Settings, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is what the hand-in service reads; marks follow a run's terms that have changed, and no other's."""
    said: list[Any] = []
    monkeypatch.setattr(settle.places, "of", lambda _, name: settle.places.Place(name, 0, "root"))
    monkeypatch.setattr(settle.run, "as_run", lambda _, place, words: said.append((place.run, words[:3], words[-1])))
    site = replace(settings, described=replace(settings.site, hand_in_account="root"))
    (run,) = document["runs"]
    late = {"percent_per_day": 0.0, "most_percent": 100.0, "grace_minutes": 0}
    sums = {"name": "sums", "title": "Sums", "points": 3.0, "due": "2026-11-09T22:59:00+00:00", "late": late}
    run["assignments"] = [sums]
    before = people.People.from_document(document)
    sums["extensions"] = {"ana": "2026-11-10T22:59:00+00:00"}
    now = people.People.from_document(document)
    assert before == now
    (settle.exchange.given(site) / "hpc-1").mkdir(parents=True)
    settle.terms_up(site, before, now.runs)
    file = settle.exchange.given(site) / "hpc-1" / "terms.json"
    assert said == [("hpc-1", ["aula", "terms", "apply"], f"--terms={file}")]
    found = terms.of(settle.exchange.given(site), "hpc-1")
    assert found is not None
    assert found.title == run["title"]
    assert found.assignments["sums"].extended("ana")
    assert file.stat().st_mode & 0o777 == 0o640
    settle.terms_up(site, now, now.runs)
    assert len(said) == 1


def test_without_a_snapshot_there_is_nobody(settings: Settings) -> None:
    """A class that was never up, and one whose snapshot was cut, have nobody; nothing fails."""
    assert people.read(settings) == people.People()
    files.folder(settings.state)
    files.write(people.file(settings), "{")
    assert people.read(settings) == people.People()


@pytest.mark.parametrize("trouble", [DeployError("the disk is full"), KeyError("a surprise")])
def test_the_keeper_lives_on_whatever_a_change_does(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], trouble: Exception
) -> None:
    """A change that the machine cannot follow is told, tried again later, and ends nothing."""
    tries = []

    def fails(_: Settings) -> None:
        tries.append(1)
        raise trouble

    monkeypatch.setattr(settle, "changed", lambda _: True)
    monkeypatch.setattr(settle, "again", fails)
    now = [0.0]
    wait = Wait(clock=lambda: now[0])
    for now[0] in (0.0, 0.1, 1.5):
        keeper.follow(settings, wait)
    assert len(tries) == 2
    assert str(trouble) in capsys.readouterr().out


def test_the_keeper_does_nothing_where_nothing_changed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the version is the same, the machine is left alone."""
    monkeypatch.setattr(settle, "changed", lambda _: False)
    monkeypatch.setattr(settle, "again", lambda _: pytest.fail("it was touched"))
    keeper.follow(settings, Wait())


def site_with(settings: Settings, text: str) -> Callable[[], object]:
    """Return what looks at the demo's site after its provider was described so."""
    files.folder(settings.state)
    demo.oidc_file(settings).write_text(text)
    return lambda: replace(settings, cluster="machine").site.oidc


def test_the_demo_class_tries_an_identity_provider(settings: Settings) -> None:
    """With its file the demo class has a button; the words on it and the scopes have defaults."""
    assert settings.site.oidc is None
    given = {"issuer": "http://127.0.0.1:1", "client_id": "x", "client_secret_file": "/x"}
    found = site_with(settings, json.dumps(given))()
    assert found == {"name": "Sign in with your organisation", "scopes": ["openid", "profile", "email"], **given}


@pytest.mark.parametrize(("text", "said"), [("{", "not a JSON object"), ('{"issuer": "x"}', "client_id")])
def test_a_wrong_description_of_a_provider_is_told(settings: Settings, text: str, said: str) -> None:
    """What is wrong with the file, and where to read what belongs into it."""
    with pytest.raises(SettingError, match=said):
        site_with(settings, text)()
