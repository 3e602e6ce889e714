"""The commands about people and runs, as an operator types them, and as a script reads them."""

import json
import os
import re
from pathlib import Path

import pytest

from aula.cli import main
from aula.people import accounts, enrolments, persons, requests, runs
from aula.people.database import Database

ROOT = Path(__file__).resolve().parents[3]
RUN = ("--course", "hpc-and-slurm", "--from", "2026-11-02", "--to", "2026-11-27", "--zone", "Europe/Lisbon")


@pytest.fixture
def aula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run a command on a new database, and return its exit status and what it printed."""
    monkeypatch.setenv("AULA_DATABASE", f"sqlite:///{tmp_path}/people.sqlite")

    def run(*words: str) -> tuple[int, str]:
        status = main(["--root", str(ROOT), *words])
        said = capsys.readouterr()
        return status, said.out + said.err

    assert run("people", "upgrade")[0] == 0
    return run


def test_from_nothing_to_a_class(aula, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Company, run, list, invitation: four commands, and `run show` tells what there is."""
    assert aula("company", "add", "nortada", "Nortada, Lda.")[0] == 0
    assert "2026-11-02 to 2026-11-27" in aula("run", "create", "hpc-1", *RUN)[1]
    people = tmp_path / "class.csv"
    people.write_text("\ufeffname,full_name,company\nana,Ana Sousa,nortada\nbruno,Bruno Alves,nortada\n")
    assert aula("enrol", "hpc-1", "--csv", str(people)) == (
        0,
        "2 enrolled, 2 of them new here; 0 were in hpc-1 already.\n",
    )
    code = json.loads(aula("invite", "hpc-1", "--company", "nortada", "--json")[1])["code"]
    status, shown = aula("run", "show", "hpc-1")
    assert status == 0
    assert "ana    trainee  nortada" in shown
    assert "0 of 30 used" in shown
    assert code not in shown
    assert aula("leave", "hpc-1", "bruno")[0] == 0
    found = json.loads(aula("run", "show", "hpc-1", "--json")[1])
    assert [one["person"] for one in found["people"]] == ["ana"]
    assert aula("run", "archive", "hpc-1")[0] == 0
    assert json.loads(aula("run", "list", "--json")[1])["runs"][0]["state"] == "archived"


def test_a_language_is_null_until_it_is_known(aula, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Added without one, by a command or a document, a person has none; with one, they have it."""
    assert json.loads(aula("people", "add", "ana", "Ana Sousa", "--json")[1])["language"] is None
    assert json.loads(aula("people", "add", "bora", "Bora Çelik", "--language", "tr", "--json")[1])["language"] == "tr"
    document = tmp_path / "people.json"
    people = [{"name": "rui", "full_name": "Rui Melo"}, {"name": "lia", "full_name": "Lia Reis", "language": "pt"}]
    document.write_text(json.dumps({"people": people}))
    assert aula("people", "load", str(document))[0] == 0
    found = json.loads(aula("people", "list", "--json")[1])["people"]
    languages = {one["name"]: one["language"] for one in found}
    assert languages == {"ana": None, "bora": "tr", "lia": "pt", "rui": None}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "create", "x", "--course", "hpc-and-slurmm", *RUN[2:]), "hpc-and-slurm"),
        (("enrol", "nothing", "ana"), "There is no course run 'nothing'. See: aula run list"),
        (("enrol", "nothing"), "Name a person, or a file with --csv."),
        (("enrol", "nothing", "--csv", "/nonexistent.csv"), "/nonexistent.csv cannot be read"),
        (("people", "add", "Ana", "Ana"), "'Ana' cannot be a person's name at the hub"),
        (("people", "list", "--database", "nonsense"), "is no database's address"),
        (("revoke", "7"), "There is no invitation 7"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(aula, words: tuple[str, ...], said: str) -> None:  # type: ignore[no-untyped-def]
    """What is wrong, and what helps; no traceback, exit status 1."""
    status, printed = aula(*words)
    assert status == 1
    assert said in printed
    assert "Traceback" not in printed


def test_what_trainees_ask_is_listed(aula) -> None:  # type: ignore[no-untyped-def]
    """In words and as JSON: what is open first, one line each."""
    assert aula("run", "create", "hpc-1", *RUN)[0] == 0
    assert aula("people", "add", "ana", "Ana Sousa")[0] == 0
    assert aula("run", "requests", "hpc-1") == (0, "0 of 0 requests in hpc-1 wait for an answer.\n  (none)\n")
    database = Database(os.environ["AULA_DATABASE"])
    with database.session() as session:
        run, ana = runs.get(session, "hpc-1"), persons.get(session, "ana")
        first = requests.ask(session, run, ana, "sums", 2, kind="comment", text="Thank you.")
        requests.ask(
            session, run, ana, "sums", 2, kind="regrade", text="Why?\nIt runs here.", cell="task 2", points=3.5
        )
        requests.answer(session, first, ana, "Welcome.")
    database.close()
    said = aula("run", "requests", "hpc-1")[1]
    assert re.search(
        r"^1 of 2 requests .*\n  2  open      regrade  ana  sums 2  \S+  Why\?…\n  1  answered  comment", said
    )
    told = json.loads(aula("run", "requests", "hpc-1", "--json")[1])
    assert (told["run"], told["open"]) == ("hpc-1", 1)
    newest, oldest = told["requests"]
    keys = ("number", "person", "hand_in", "cell", "points")
    assert [newest[key] for key in keys] == [2, "ana", 2, "task 2", 3.5]
    assert (newest["answered"], oldest["answer"], oldest["answered_by"]) == (None, "Welcome.", "ana")
    assert "There is no course run" in aula("run", "requests", "nothing")[1]


def test_terms_from_the_command_line(aula) -> None:  # type: ignore[no-untyped-def]
    """A due date by the run's clocks, a limit, a late rule, an extension and its end; what is wrong is told."""
    aula("run", "create", "hpc-1", *RUN)
    aula("people", "add", "ana", "Ana Sousa")
    database = Database(os.environ["AULA_DATABASE"])
    with database.session() as session:
        run, ana = runs.get(session, "hpc-1"), persons.get(session, "ana")
        accounts.adopt(session, ana, "ana")
        enrolments.enrol(session, run, ana, role="trainee")
        name = run.assignments[0].name
    database.close()
    more = ("--until", "2026-11-22T12:00", "--attempts", "3", "--off", "10", "--most", "50", "--grace", "15")
    status, said = aula("run", "due", "hpc-1", name, "2026-11-20T23:59", *more, "--json")
    found = {one["name"]: one for one in json.loads(said)["assignments"]}[name]
    assert (status, found["due"], found["attempts"]) == (0, "2026-11-20T23:59:00+00:00", 3)
    assert found["late"] == {"percent_per_day": 10.0, "most_percent": 50.0, "grace_minutes": 15}
    status, said = aula("run", "extend", "hpc-1", name, "ana", "2026-11-25 23:59", "--why", "was ill")
    assert (status, "ana 2026-11-25 23:59" in said) == (0, True)
    assert aula("run", "due", "hpc-1", name, "--until", "none", "--attempts", "none")[0] == 0
    status, said = aula("run", "terms", "hpc-1")
    row = next(line for line in said.splitlines() if f" {name} " in line)
    assert "none         none      10 % a day, at most 50 %, after 15 minutes  ana 2026-11-25 23:59" in row
    assert "ana 2026" not in aula("run", "extend", "hpc-1", name, "ana", "none")[1]
    for words, wrong in (
        (("run", "due", "hpc-1", name, "tomorrow"), "Write a date and a time"),
        (("run", "due", "hpc-1", name, "2026-11-20T23:59+01:00"), "Write a date and a time"),
        (("run", "due", "hpc-1", name, "--attempts", "many"), "no number of attempts"),
        (("run", "due", "hpc-1", name, "--off", "101"), "from 0 to 100"),
        (("run", "due", "hpc-1", "other"), "Its assignments: "),
        (("run", "extend", "hpc-1", name, "ana", "2026-11-25T23:59"), "Say why"),
    ):
        status, said = aula(*words)
        assert (status, wrong in said) == (1, True), said
