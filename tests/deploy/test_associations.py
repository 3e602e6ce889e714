"""Who may use the cluster: people of an open course run, and the accounts of the runs, while they are open."""

import json
from dataclasses import replace
from typing import Any

import pytest

from deploy import people
from deploy.classroom import places
from deploy.settings import Settings
from deploy.slurm import associations
from deploy.slurm.layout import Layout

THERE = ("root", "daemon", "nobody")
"""Accounts that each machine has: nothing is done in their name here."""


class Accounting:
    """Slurm's accounting: who has which account."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}

    def run(self, words: list[str], env: dict[str, str]) -> str:  # noqa: ARG002  as deploy.command.run takes it
        """Do what sacctmgr would."""
        match words[2:]:
            case ["--parsable2", "show", "associations", *_]:
                return "".join(f"{user}|{account}\n" for user, account in self.users.items())
            case ["add", "user", name, account, _]:
                assert name not in self.users, "sacctmgr fails where there is nothing new"
                self.users[name] = account.removeprefix("Account=")
            case ["delete", "user", name]:
                del self.users[name.removeprefix("name=")]
        return ""


@pytest.fixture
def accounting(monkeypatch: pytest.MonkeyPatch) -> Accounting:
    """An accounting that knows nobody."""
    there = Accounting()
    monkeypatch.setattr(associations, "run", there.run)
    return there


@pytest.fixture
def mine(settings: Settings) -> Settings:
    """A class whose first three runs belong to accounts of this machine, and a fourth to one that is not there yet."""
    site = replace(settings.site, run_accounts=(*THERE, "no-such-account"), course_account="bin")
    return replace(settings, described=site)


def open_runs(settings: Settings, *names: str) -> None:
    """Let these course runs be open, and no others."""
    nobody: dict[str, Any] = {key: [] for key in ("trainees", "instructors", "tutors", "assignments")}
    rows = [
        {**nobody, "name": name, "course": "hpc", "title": "HPC", "content": "c1", "environment": "e1"}
        for name in names
    ]
    document = {"version": 1, "companies": [], "accounts": [], "waiting": [], "runs": rows}
    people.file(settings).parent.mkdir(parents=True, exist_ok=True)
    people.file(settings).write_text(json.dumps(document))


def test_a_runs_account_may_submit_while_the_run_is_open(mine: Settings, accounting: Accounting) -> None:
    """Each open run's account computes for the house; the account of a run that was closed loses it."""
    for name in ("hpc-1", "hpc-2"):
        places.of(mine, name)
    open_runs(mine, "hpc-1", "hpc-2")
    associations.up(Layout(mine))
    house = mine.name
    assert accounting.users == {"bin": house, "root": house, "daemon": house}
    open_runs(mine, "hpc-2")
    associations.up(Layout(mine))
    assert accounting.users == {"bin": house, "daemon": house}


def test_an_account_that_is_not_there_yet_gets_none(mine: Settings, accounting: Accounting) -> None:
    """Slurm would know a name without a number: the run's account is made first."""
    for number in range(4):
        places.of(mine, f"hpc-{number}")
    open_runs(mine, "hpc-3")
    associations.up(Layout(mine))
    assert accounting.users == {"bin": mine.name}


def test_the_course_account_keeps_its_own(mine: Settings, accounting: Accounting) -> None:
    """A run that belongs to the course account takes nothing from it when it ends."""
    folder = places.runs(mine) / "hpc-1"
    folder.mkdir(parents=True)
    here = replace(mine, described=replace(mine.site, course_account=folder.owner()))
    assert places.of(here, "hpc-1").account == folder.owner()
    open_runs(here)
    associations.up(Layout(here))
    assert accounting.users == {folder.owner(): mine.name}


def test_a_centres_staff_admits_whom_it_is_asked_to(mine: Settings, accounting: Accounting) -> None:
    """The accounts of runs of a class beside a cluster are admitted once, and stay."""
    open_runs(mine)
    associations.admit(Layout(mine), ("daemon", "nobody"))
    associations.admit(Layout(mine), ("daemon", "nobody"))
    associations.up(Layout(mine))
    assert accounting.users == dict.fromkeys(("daemon", "nobody", "bin"), mine.name)
