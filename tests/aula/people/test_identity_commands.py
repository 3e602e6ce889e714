"""The commands about who may sign in, as an operator types them, and as a script reads them."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aula.cli import main
from aula.people import contacts, identities, passwords, persons, recoveries
from aula.people.database import Database

PASSWORD = "correct horse battery"
Aula = Callable[..., tuple[int, str]]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A new database with two people and a company, which the commands use."""
    monkeypatch.setenv("AULA_DATABASE", f"sqlite:///{tmp_path}/people.sqlite")
    found = Database(f"sqlite:///{tmp_path}/people.sqlite")
    found.upgrade()
    for words in (("people", "add", "ana", "Ana Sousa"), ("people", "add", "bora", "Bora Kaya")):
        assert main(list(words)) == 0
    assert main(["company", "add", "nortada", "Nortada, Lda."]) == 0
    yield found
    found.close()


@pytest.fixture
def aula(database: Database, capsys: pytest.CaptureFixture[str]) -> Aula:
    """Run a command, and return its exit status and what it printed."""
    del database
    capsys.readouterr()

    def run(*words: str) -> tuple[int, str]:
        status = main(list(words))
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def lets_in(database: Database, name: str, password: str = PASSWORD) -> bool:
    """Whether somebody signs in with a password."""
    with database.session() as session:
        return passwords.check(session, name, password) is not None


def test_passwords_of_a_file(aula: Aula, database: Database, tmp_path: Path) -> None:
    """Everybody in the file gets theirs; with --missing, who has one keeps it."""
    file = tmp_path / "users.json"
    file.write_text(json.dumps({"ana": PASSWORD}))
    assert json.loads(aula("people", "passwords", str(file), "--json")[1]) == {"changed": ["ana"], "kept": []}
    file.write_text(json.dumps({"ana": "another good one", "bora": PASSWORD}))
    said = aula("people", "passwords", str(file), "--missing", "--json")[1]
    assert json.loads(said) == {"changed": ["bora"], "kept": ["ana"]}
    assert lets_in(database, "ana")
    assert lets_in(database, "bora")


def test_passwords_of_standard_input(aula: Aula, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script need not write them to a disk."""
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"ana": PASSWORD})))
    assert aula("people", "passwords", "-") == (0, "1 passwords set, 0 left as they were.\n")
    assert lets_in(database, "ana")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"ana": "secret-word', "is not JSON"),
        ('["secret-word"]', "holds no passwords by names"),
        ('{"ana": ["secret-word"]}', "holds no passwords by names"),
        ('{"ana": "secret-word"}', "ana: A password has 12 to 1000 characters"),
        ('{"bora": "a good long one", "nobody": "secret-word"}', "There is no person 'nobody'"),
    ],
)
def test_a_bad_file_changes_nothing_and_is_not_repeated(
    aula: Aula, database: Database, tmp_path: Path, text: str, said: str
) -> None:
    """What is wrong is told without any password; nobody's was set."""
    (tmp_path / "users.json").write_text(text)
    status, printed = aula("people", "passwords", str(tmp_path / "users.json"))
    assert status == 1
    assert said in printed
    assert "secret-word" not in printed
    assert not lets_in(database, "bora", "a good long one")


def test_a_recovery_link(aula: Aula, database: Database) -> None:
    """The path leads to the portal's page, and its token sets a password."""
    found = json.loads(aula("people", "recover", "ana", "--json")[1])
    assert found["path"].startswith("/services/portal/recover/")
    with database.session() as session:
        recoveries.redeem(session, found["path"].rpartition("/")[2], PASSWORD)
    assert lets_in(database, "ana")
    assert "sets a new password, once, until" in aula("people", "recover", "ana", "--hours", "1")[1]


def test_closing_and_reopening(aula: Aula, database: Database) -> None:
    """A closed person is listed as such and not let in."""
    with database.session() as session:
        passwords.set_password(session, persons.get(session, "ana"), PASSWORD)
    assert aula("people", "close", "ana")[0] == 0
    assert not lets_in(database, "ana")
    assert json.loads(aula("people", "list", "--json")[1])["people"][0]["closed"] is not None
    assert "closed" in aula("people", "list")[1]
    assert aula("people", "recover", "ana")[0] == 1
    assert aula("people", "reopen", "ana")[0] == 0
    assert lets_in(database, "ana")


def test_an_operator_and_no_longer(aula: Aula) -> None:
    """The list shows who is one."""
    assert json.loads(aula("people", "operator", "ana", "--json")[1]) == {"name": "ana", "operator": True}
    assert [one["operator"] for one in json.loads(aula("people", "list", "--json")[1])["people"]] == [True, False]
    assert aula("people", "operator", "ana", "--no") == (0, "ana is an operator no longer.\n")


def test_an_identity_is_linked(aula: Aula, database: Database) -> None:
    """The provider's subject is the person from then on, and cannot be another one's."""
    words = ("--issuer", "https://login.example.org", "--subject", "f3b1")
    assert aula("people", "link", "ana", *words)[0] == 0
    with database.session() as session:
        found = identities.find(session, "https://login.example.org", "f3b1")
        assert found is not None
        assert found.name == "ana"
    assert aula("people", "link", "bora", *words)[0] == 1


def test_a_company_contact(aula: Aula, database: Database) -> None:
    """A person speaks for a company, and no longer."""
    assert aula("people", "contact", "nortada", "ana") == (0, "ana speaks for nortada.\n")
    with database.session() as session:
        ana = persons.get(session, "ana")
        assert [one.name for one in contacts.companies_of(session, [ana])[ana.id]] == ["nortada"]
    assert aula("people", "contact", "nortada", "ana", "--no")[0] == 0
    assert aula("people", "contact", "nortada", "ana", "--no")[0] == 1
