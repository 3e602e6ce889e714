"""Unix accounts: own ones, and the pool's, lent to one person at a time and cleaned before the next."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from aula.people import accounts, enrolments, invitations, journal, persons, runs
from aula.people.database import Database
from aula.people.errors import PeopleError, RefusedError, TakenError, UnknownError
from aula.people.tables import now


def fill(people: Database, *names: str) -> None:
    """Put training accounts into the pool."""
    with people.session() as session:
        accounts.fill_pool(session, names)


def join(people: Database, run: str, *names: str) -> None:
    """Enrol people as trainees."""
    with people.session() as session:
        for name in names:
            enrolments.enrol(session, runs.get(session, run), persons.get(session, name), role="trainee")


def leave(people: Database, run: str, name: str) -> None:
    """Let somebody leave."""
    with people.session() as session:
        enrolments.leave(session, runs.get(session, run), persons.get(session, name))


def held(people: Database) -> dict[str, str | None]:
    """Return everybody's account."""
    with people.session() as session:
        return {one.name: accounts.account_of(session, one) for one in persons.everyone(session)}


def states(people: Database) -> dict[str, str]:
    """Return every account's state."""
    with people.session() as session:
        return {one.name: one.state for one in accounts.everyone(session)}


def test_who_joins_is_lent_an_account_and_keeps_it(people: Database) -> None:
    """Each person gets another account, and has the same one in all their runs until they leave the last."""
    fill(people, "train01", "train02")
    join(people, "hpc-lisbon", "ana", "bora")
    join(people, "hpc-izmir", "ana")
    assert held(people) == {"ana": "train01", "bora": "train02", "ines": None}
    leave(people, "hpc-lisbon", "ana")
    assert held(people)["ana"] == "train01"
    leave(people, "hpc-izmir", "ana")
    assert held(people)["ana"] is None
    assert states(people) == {"train01": "left", "train02": "taken"}


def test_an_account_is_lent_again_only_after_it_was_cleaned(people: Database) -> None:
    """What the last person left in it is removed before the next sees it; cleaning twice changes nothing."""
    fill(people, "train01")
    join(people, "hpc-lisbon", "ana")
    leave(people, "hpc-lisbon", "ana")
    with pytest.raises(RefusedError, match="training accounts are in use"):
        join(people, "hpc-lisbon", "bora")
    for _ in range(2):
        with people.session() as session:
            accounts.cleaned(session, "train01")
    join(people, "hpc-lisbon", "bora")
    assert held(people) == {"ana": None, "bora": "train01", "ines": None}


def test_an_account_in_use_is_not_said_to_be_clean(people: Database) -> None:
    """Neither one that somebody has, nor one that nobody knows, can be noted as cleaned."""
    fill(people, "train01")
    join(people, "hpc-lisbon", "ana")
    with pytest.raises(PeopleError, match="train01 is in use"), people.session() as session:
        accounts.cleaned(session, "train01")
    with pytest.raises(UnknownError, match="train99"), people.session() as session:
        accounts.cleaned(session, "train99")
    assert states(people) == {"train01": "taken"}


def test_who_gets_no_account_is_not_enrolled(people: Database) -> None:
    """With no account free a list is refused as a whole, naming the line, and an invitation is not used up."""
    fill(people, "train01")
    rows = ["name,full_name\n", "ana,Ana\n", "bora,Bora\n"]
    said = r"Line 3: All training accounts are in use.*Nothing was changed"
    with pytest.raises(PeopleError, match=said), people.session() as session:
        enrolments.enrol_list(session, "hpc-lisbon", rows)
    assert states(people) == {"train01": "free"}
    join(people, "hpc-lisbon", "ines")
    with people.session() as session:
        code = invitations.invite(session, runs.get(session, "hpc-lisbon"))[1]
    with pytest.raises(RefusedError, match="training accounts are in use"), people.session() as session:
        invitations.join(session, code, persons.get(session, "ana"))
    with people.session() as session:
        run = runs.get(session, "hpc-lisbon")
        assert [one.person.name for one in enrolments.present(session, run)] == ["ines"]
        assert invitations.of_run(session, run)[0].used == 0


def test_the_last_account_is_lent_once(people: Database) -> None:
    """Of three who join at the same moment one is lent the last account; the others are refused in plain words."""
    fill(people, "train01")
    together = Barrier(3)

    def attempt(name: str) -> str:
        try:
            with people.session() as session:
                run, person = runs.get(session, "hpc-lisbon"), persons.get(session, name)
                if people.url.get_backend_name() == "postgresql":  # SQLite lets in one after the other
                    together.wait(10)
                enrolments.enrol(session, run, person, role="trainee")
        except RefusedError as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(attempt, ["ana", "bora", "ines"]))
    assert sorted(said) == ["", accounts.NONE_FREE, accounts.NONE_FREE]
    with people.session() as session:
        present = [one.person.name for one in enrolments.present(session, runs.get(session, "hpc-lisbon"))]
    assert [name for name, account in held(people).items() if account] == present
    assert len(present) == 1


def test_two_who_join_at_the_same_moment_get_two_accounts(people: Database) -> None:
    """Where there is one for each, nobody is refused because another was faster."""
    fill(people, "train01", "train02", "train03")
    together = Barrier(3)

    def attempt(name: str) -> None:
        with people.session() as session:
            run, person = runs.get(session, "hpc-lisbon"), persons.get(session, name)
            if people.url.get_backend_name() == "postgresql":
                together.wait(10)
            enrolments.enrol(session, run, person, role="trainee")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(attempt, ["ana", "bora", "ines"]))
    assert sorted(filter(None, held(people).values())) == ["train01", "train02", "train03"]


def test_one_who_joins_twice_at_the_same_moment_gets_one_account(people: Database) -> None:
    """A person who joins two runs at once has one account, and is in both."""
    fill(people, "train01", "train02")
    together = Barrier(2)

    def attempt(run: str) -> None:
        with people.session() as session:
            joined, person = runs.get(session, run), persons.get(session, "ana")
            if people.url.get_backend_name() == "postgresql":
                together.wait(10)
            enrolments.enrol(session, joined, person, role="trainee")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, ["hpc-lisbon", "hpc-izmir"]))
    assert sorted(states(people).values()) == ["free", "taken"]
    assert held(people)["ana"] is not None


def test_leaving_one_run_while_joining_another_keeps_an_account(people: Database) -> None:
    """Whoever comes first, a person who is in an open run afterwards has an account."""
    fill(people, "train01", "train02")
    join(people, "hpc-lisbon", "ana")
    together = Barrier(2)

    def attempt(action: str) -> None:
        with people.session() as session:
            lisbon, izmir = runs.get(session, "hpc-lisbon"), runs.get(session, "hpc-izmir")
            ana = persons.get(session, "ana")
            if people.url.get_backend_name() == "postgresql":
                together.wait(10)
            if action == "leave":
                enrolments.leave(session, lisbon, ana)
            else:
                enrolments.enrol(session, izmir, ana, role="trainee")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, ["leave", "join"]))
    assert held(people)["ana"] is not None


def test_archiving_gives_back_what_only_that_run_needed(people: Database) -> None:
    """Who has another open run keeps the account; opened again, the run's people are lent accounts again, or nobody."""
    fill(people, "train01", "train02")
    join(people, "hpc-lisbon", "ana", "bora")
    join(people, "hpc-izmir", "ana")
    with people.session() as session:
        runs.archive(session, "hpc-lisbon")
    assert held(people) == {"ana": "train01", "bora": None, "ines": None}
    assert states(people)["train02"] == "left"
    with pytest.raises(RefusedError, match="training accounts are in use"), people.session() as session:
        runs.reopen(session, "hpc-lisbon")
    with people.session() as session:
        assert runs.get(session, "hpc-lisbon").state == "archived"
        accounts.cleaned(session, "train02")
        assert accounts.account_of(session, persons.get(session, "bora")) is None
        runs.reopen(session, "hpc-lisbon")
    assert held(people) == {"ana": "train01", "bora": "train02", "ines": None}


def test_an_account_of_ones_own_stays(people: Database) -> None:
    """Who has their own is lent none, keeps it when they leave, and gives a lent one back when they get their own."""
    fill(people, "train01", "train02")
    with people.session() as session:
        for _ in range(2):
            accounts.adopt(session, persons.get(session, "ana"), "asousa")
    join(people, "hpc-lisbon", "ana", "bora")
    assert held(people) == {"ana": "asousa", "bora": "train01", "ines": None}
    leave(people, "hpc-lisbon", "ana")
    assert held(people)["ana"] == "asousa"
    with people.session() as session:
        accounts.adopt(session, persons.get(session, "bora"), "bcelik")
        accounts.adopt(session, persons.get(session, "ana"), "ana")
    assert held(people) == {"ana": "ana", "bora": "bcelik", "ines": None}
    assert states(people)["train01"] == "left"


def test_nobody_gets_what_is_anothers(people: Database) -> None:
    """An account that is somebody's own, or the pool's, is nobody else's own; one's own is not lent to others."""
    fill(people, "train01")
    with people.session() as session:
        accounts.adopt(session, persons.get(session, "ana"), "asousa")
    for name, said in (("asousa", "is ana's already"), ("train01", "training accounts")):
        with pytest.raises(TakenError, match=said), people.session() as session:
            accounts.adopt(session, persons.get(session, "bora"), name)
    with pytest.raises(TakenError, match="asousa is somebody's own"):
        fill(people, "asousa")
    assert held(people) == {"ana": "asousa", "bora": None, "ines": None}


@pytest.mark.parametrize("name", ["a;id", "-uroot", "../x", "Root", "a b", "", "a" * 32, "a\n", "аna"])  # noqa: RUF001
def test_what_is_no_account_is_refused(people: Database, name: str) -> None:
    """A name that could be an option, a path or a command is no Unix account, in the pool or as one's own."""
    with pytest.raises(PeopleError, match="cannot be a Unix account"):
        fill(people, name)
    with pytest.raises(PeopleError, match="cannot be a Unix account"), people.session() as session:
        accounts.adopt(session, persons.get(session, "ana"), name)


def test_filling_the_pool_again_changes_nothing_and_serves_who_waits(people: Database) -> None:
    """A site may begin without a pool: people join all the same, and are lent accounts as soon as there are some."""
    join(people, "hpc-lisbon", "ana", "bora")
    assert held(people)["ana"] is None
    fill(people, "train01")
    assert held(people) == {"ana": "train01", "bora": None, "ines": None}
    fill(people, "train01", "train02", "train02")
    assert held(people) == {"ana": "train01", "bora": "train02", "ines": None}
    with people.session() as session:
        before = journal.version(session)
    fill(people, "train01", "train02")
    with people.session() as session:
        assert journal.version(session) == before


def test_the_longest_free_account_is_lent_first(people: Database) -> None:
    """A name is given again as late as possible."""
    fill(people, "train01", "train02")
    join(people, "hpc-lisbon", "ana")
    leave(people, "hpc-lisbon", "ana")
    with people.session() as session:
        accounts.cleaned(session, "train01")
        accounts.everyone(session)[0].since = now() + timedelta(seconds=1)
    join(people, "hpc-lisbon", "bora")
    assert held(people)["bora"] == "train02"


def test_each_loan_is_in_the_journal(people: Database) -> None:
    """Who had which account, and from when until when, can be told afterwards."""
    fill(people, "train01")
    join(people, "hpc-lisbon", "ana")
    leave(people, "hpc-lisbon", "ana")
    with people.session() as session:
        accounts.cleaned(session, "train01")
        noted = [change.what for change in journal.everything(session) if change.about == "train01"]
    assert noted == [
        "training account added",
        "ana was lent the Unix account",
        "ana gave back the Unix account",
        "training account cleaned",
    ]


def test_who_is_closed_gives_the_account_back_and_gets_one_again(people: Database) -> None:
    """A lent account goes back when its holder is closed, and nobody who is closed is served from the pool."""
    with people.session() as session:
        accounts.fill_pool(session, ["train01"])
        ana = persons.get(session, "ana")
        enrolments.enrol(session, runs.get(session, "hpc-lisbon"), ana, role="trainee")
        persons.close(session, ana)
        assert accounts.account_of(session, ana) is None
        accounts.cleaned(session, "train01")
        assert accounts.account_of(session, ana) is None
        persons.reopen(session, ana)
        assert accounts.account_of(session, ana) == "train01"
