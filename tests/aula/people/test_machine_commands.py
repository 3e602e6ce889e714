"""The machine's commands, as its programs call them."""

import json
from pathlib import Path

import pytest

from aula.cli import main

RUN = ("--course", "hpc-and-slurm", "--from", "2026-11-02", "--to", "2026-11-27", "--zone", "Europe/Lisbon")


@pytest.fixture
def aula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run a command on a database with a run and a person, and return its exit status and what it printed."""
    monkeypatch.setenv("AULA_DATABASE", f"sqlite:///{tmp_path}/people.sqlite")

    def run(*words: str) -> tuple[int, str]:
        status = main(["--root", str(Path(__file__).resolve().parents[3]), *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    for words in (("people", "upgrade"), ("run", "create", "hpc-1", *RUN), ("people", "add", "ana", "Ana Sousa")):
        assert run(*words)[0] == 0
    return run


def test_a_training_accounts_life(aula) -> None:  # type: ignore[no-untyped-def]
    """Pool, loan, return, cleaning: each is seen in the state, which is JSON with and without --json."""
    assert aula("people", "pool", "train01", "train02") == (0, "2 training accounts are in the pool.\n")
    aula("enrol", "hpc-1", "ana")
    first = json.loads(aula("people", "state")[1])["accounts"][0]
    assert (first["name"], first["person"], first["state"]) == ("train01", "ana", "taken")
    aula("leave", "hpc-1", "ana")
    assert json.loads(aula("people", "state", "--json")[1])["accounts"][0]["state"] == "left"
    assert aula("people", "cleaned", "train01") == (0, "train01 can be lent again.\n")
    assert json.loads(aula("people", "state")[1])["accounts"][0]["state"] == "free"


def test_an_own_account_and_a_settled_run(aula) -> None:  # type: ignore[no-untyped-def]
    """A person's own account and what a run was made ready with are noted; the run's first word stays."""
    assert aula("people", "account", "ana", "asousa") == (0, "ana works as asousa.\n")
    for content in ("c1", "c2"):
        status, said = aula("run", "settled", "hpc-1", "--content", content, "--environment", "e1")
        assert (status, said) == (0, "hpc-1 is ready: content c1, environment e1.\n")
    found = json.loads(aula("people", "state")[1])
    assert (found["accounts"][0]["name"], found["runs"][0]["content"]) == ("asousa", "c1")


def test_what_a_course_asks_of_slurm(aula, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The state says it for each run, as course.yml does; nothing where that cannot be read."""
    (found,) = json.loads(aula("people", "state")[1])["runs"]
    assert found["profile"] == {"cores": 1, "memory_gb": 1.0, "minutes": 120}
    (found,) = json.loads(aula("--root", str(tmp_path), "people", "state")[1])["runs"]
    assert found["profile"] is None


def test_a_corrected_run(aula) -> None:  # type: ignore[no-untyped-def]
    """What a run was corrected to takes the place of what it was made ready with."""
    aula("run", "settled", "hpc-1", "--content", "c1", "--environment", "e1")
    assert aula("run", "corrected", "hpc-1", "--content", "c2") == (0, "hpc-1 has content c2 now.\n")
    (found,) = json.loads(aula("people", "state")[1])["runs"]
    assert (found["content"], found["environment"]) == ("c2", "e1")


def test_an_own_account_is_told_in_one_sentence_where_it_cannot_be(aula) -> None:  # type: ignore[no-untyped-def]
    """A name that is an option or a command's end is refused with exit status 1."""
    assert aula("people", "account", "ana", "a;id")[0] == 1
    assert "cannot be a Unix account" in aula("people", "account", "ana", "a;id")[1]
