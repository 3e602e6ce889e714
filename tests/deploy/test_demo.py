"""The demo class and its generated secrets."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from aula.people.passwords import ScryptHash
from deploy.classroom import secrets
from deploy.settings import Settings


@pytest.fixture
def with_secrets(settings: Settings, monkeypatch: pytest.MonkeyPatch, me: str) -> Settings:
    """A classroom whose secrets were made; the hub's account is ours, because no account is made here."""
    monkeypatch.setitem(secrets.SCRYPT, "n", 2**8)  # five real hashes for each test would take a second
    here = replace(settings, described=replace(settings.site, hub_account=me))
    secrets.up(here)
    return here


def rows(settings: Settings) -> list[dict[str, str]]:
    """Return the operator's file of names and passwords."""
    found: list[dict[str, str]] = json.loads(secrets.users_file(settings).read_text())
    return found


def read_passwords(path: Path) -> dict[str, ScryptHash]:
    """Return the hashes in a file."""
    return {name: ScryptHash.parse(text) for name, text in json.loads(path.read_text()).items()}


def mode(path: Path) -> int:
    """Return a path's permission bits."""
    return path.stat().st_mode & 0o7777


def test_the_class_has_two_companies_and_an_instructor(settings: Settings) -> None:
    """There are two trainees in each of two companies, and one instructor of none."""
    people = settings.site.people
    companies = settings.site.companies
    assert sorted(person.company for person in people if person.role == "trainee") == sorted(companies * 2)
    assert [person.company for person in people if person.role == "instructor"] == [None]
    assert len({person.name for person in people}) == 5


def test_passwords_are_strong_and_easy_to_type() -> None:
    """A password has 16 random characters of 31, none of them mistaken for another, and no two are the same."""
    drawn = {secrets._password() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", word) for word in drawn)
    assert not set("".join(drawn)) & set("ilo01")
    assert len(secrets.ALPHABET) == len(set(secrets.ALPHABET)) == 31


def test_the_hub_accepts_every_password_and_no_other(with_secrets: Settings) -> None:
    """The hub's own check takes each person's password from the hashes, and nobody else's."""
    hashes = read_passwords(secrets.passwords_file(with_secrets))
    people = rows(with_secrets)
    assert set(hashes) == {row["name"] for row in people}
    for row, other in zip(people, people[1:] + people[:1], strict=True):
        assert hashes[row["name"]].matches(row["password"])
        assert not hashes[row["name"]].matches(other["password"])


def test_a_hash_is_slow_to_guess_and_salted() -> None:
    """A hash costs 16 MiB and is accepted by the hub; the same password gives two hashes."""
    first, second = secrets._hash("word"), secrets._hash("word")
    assert first != second
    assert ScryptHash.parse(first).matches("word")
    assert 128 * secrets.SCRYPT["n"] * secrets.SCRYPT["r"] >= 16 * 2**20


def test_no_password_lies_in_the_hashes(with_secrets: Settings) -> None:
    """The file that the hub reads holds no password in clear."""
    text = secrets.passwords_file(with_secrets).read_text()
    assert not any(row["password"] in text for row in rows(with_secrets))


def test_only_the_operator_can_read_them(with_secrets: Settings) -> None:
    """Passwords and tokens are readable by their owner alone, the hashes by root and the hub."""
    secrets.token(with_secrets, "proxy")
    folder = secrets.users_file(with_secrets).parent
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert mode(secrets.passwords_file(with_secrets)) == 0o640
    assert mode(secrets.passwords_file(with_secrets).parent) == 0o700


def test_passwords_survive_a_second_up(with_secrets: Settings) -> None:
    """`up` again changes nobody's password; a newcomer gets one, and the hub learns it."""
    before = {row["name"]: row["password"] for row in rows(with_secrets)}
    secrets.up(with_secrets)
    assert {row["name"]: row["password"] for row in rows(with_secrets)} == before
    newcomer = replace(with_secrets.site.people[0], name="filip")
    site = replace(with_secrets.site, people=(*with_secrets.site.people, newcomer))
    secrets.up(replace(with_secrets, described=site))
    after = {row["name"]: row["password"] for row in rows(with_secrets)}
    assert after == {**before, "filip": after["filip"]}
    assert read_passwords(secrets.passwords_file(with_secrets))["filip"].matches(after["filip"])


def test_a_lost_file_of_hashes_is_made_again(with_secrets: Settings) -> None:
    """Where the hub's file was lost, `up` makes it again from the operator's passwords."""
    secrets.passwords_file(with_secrets).unlink()
    secrets.up(with_secrets)
    row = rows(with_secrets)[0]
    assert read_passwords(secrets.passwords_file(with_secrets))[row["name"]].matches(row["password"])


def test_a_token_is_made_once(settings: Settings) -> None:
    """A token has 256 bits, stays the same when asked for again, and differs from every other."""
    first = secrets.token(settings, "proxy")
    assert re.fullmatch(r"[0-9a-f]{64}", first)
    assert secrets.token(settings, "proxy") == first
    assert secrets.token(settings, "formgrader") != first
