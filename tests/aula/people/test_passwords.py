"""Passwords: kept as scrypt hashes, compared in the same time for everybody, never those of closed people."""

import pytest
from sqlalchemy import text

from aula.people import journal, passwords, persons
from aula.people.database import Database
from aula.people.errors import HashError, PeopleError
from aula.people.passwords import NOBODY, ScryptHash

GOOD = "correct horse battery"


def set_password(people: Database, password: str, name: str = "ana") -> None:
    """Give somebody a password."""
    with people.session() as session:
        passwords.set_password(session, persons.get(session, name), password)


def check(people: Database, password: str, name: str = "ana") -> str | None:
    """Return the name of whom the password lets in."""
    with people.session() as session:
        found = passwords.check(session, name, password)
        return found.name if found else None


def test_the_right_password_opens(people: Database) -> None:
    """It lets its owner in, and nothing like it, and nobody else; a new one takes its place."""
    set_password(people, GOOD)
    assert check(people, GOOD) == "ana"
    assert check(people, GOOD + " ") is None
    assert check(people, GOOD, "bora") is None
    set_password(people, "another good one")
    assert check(people, GOOD) is None
    assert check(people, "another good one") == "ana"


def test_the_database_holds_no_password(people: Database) -> None:
    """What is kept is a hash with a salt of its own: equal passwords look different."""
    set_password(people, GOOD)
    set_password(people, GOOD, "bora")
    with people.engine.connect() as connection:
        kept = connection.execute(text("SELECT hash FROM password")).scalars().all()
    assert len(set(kept)) == 2
    assert all(one.startswith("scrypt$16384$8$5$") and GOOD not in one for one in kept)


@pytest.mark.parametrize(
    "wrong", ["", "eleven char", "x" * 1001, "Inês  Prado-Lima", "ines.prado@nortada.example", "a good\0one now"]
)
def test_some_passwords_cannot_be_had(people: Database, wrong: str) -> None:
    """Too short, too long, one's own name or address in any spelling, or not typable: refused in words."""
    with people.session() as session:
        persons.add(session, "ines-prado-lima", "Inês Prado Lima", email="Ines.Prado@nortada.example")
    with pytest.raises(PeopleError, match="password"):
        set_password(people, wrong, "ines-prado-lima")
    assert check(people, wrong, "ines-prado-lima") is None


def test_who_is_closed_is_not_let_in(people: Database) -> None:
    """The right password of a closed person opens nothing; reopened, it does."""
    set_password(people, GOOD)
    with people.session() as session:
        persons.close(session, persons.get(session, "ana"))
    assert check(people, GOOD) is None
    with people.session() as session:
        persons.reopen(session, persons.get(session, "ana"))
    assert check(people, GOOD) == "ana"


@pytest.mark.parametrize("name", ["nobody-at-all", "", "ana\0", "../ana", "\u0430na", "a" * 5000, "ana;id"])
def test_unknown_names_cost_the_same_work(people: Database, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """An unknown or strange name is compared with a stand-in, so that time does not tell who exists."""
    compared: list[ScryptHash] = []
    monkeypatch.setattr(ScryptHash, "matches", lambda stored, _: not compared.append(stored))
    assert check(people, GOOD, name) is None
    assert compared == [NOBODY]
    assert ScryptHash.parse(passwords.hash_of(GOOD)).p == NOBODY.p
    assert ScryptHash.parse(passwords.hash_of(GOOD)).n == NOBODY.n


def test_a_password_of_a_megabyte_is_not_computed(people: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge password is refused without work."""
    monkeypatch.setattr(ScryptHash, "matches", lambda *_: pytest.fail("it was computed"))
    assert check(people, "x" * 1_000_000) is None


def test_a_password_may_hold_any_letter(people: Database) -> None:
    """Turkish letters and half a pair of surrogates are letters like others, and break nothing."""
    set_password(people, "şifremiz çok gizli")
    assert check(people, "şifremiz çok gizli") == "ana"
    assert check(people, "\ud800" * 12) is None


def test_setting_one_is_noted_without_it(people: Database) -> None:
    """The journal says who set whose password, and not which."""
    with people.session("ines") as session:
        passwords.set_password(session, persons.get(session, "ana"), GOOD)
    with people.session() as session:
        last = journal.everything(session)[-1]
    assert (last.actor, last.what, last.about) == ("ines", "password set", "ana")


@pytest.mark.parametrize(
    "kept",
    ["", "plain", "md5$1$2$3$c2FsdA==$eA==", "scrypt$x$8$1$c2FsdA==$" + "A" * 44, "scrypt$1024$8$1$$" + "A" * 44,
     "scrypt$1024$8$1$c2FsdA==$", "scrypt$1073741824$8$1$c2FsdA==$" + "A" * 44],
)  # fmt: skip
def test_a_broken_hash_is_an_error(kept: str) -> None:
    """A hash that cannot be read, or would take all memory, is an error and not a wrong password."""
    with pytest.raises(HashError):
        ScryptHash.parse(kept)
