"""What a check found, told to people, to programs and to GitHub."""

import json
from pathlib import Path

import pytest

from aula.check import machine, terminal
from aula.check.finding import Finding, Outcome, Ran
from aula.check.mutation import Score
from aula.check.rule import Rule
from aula.check.rules import ALL
from aula.errors import CheckError
from tests.aula.small_course import junit

FIRST = Finding("alt-text", "sums", "courses/sums/lessons/01-a.md", 27, 3, "An image has no alt text.", "Write it.")
SECOND = Finding("time-limit", "sums", "courses/sums/course.yml", None, None, "100 %, is\nlong: \x00", "Less.")
SCORE = Score("sums", "total", 9, 10, ((12, "3 instead of 2"),))
BAD = Outcome(("sums",), ("alt-text", "time-limit", "marks"), (FIRST, SECOND), (SCORE,), 1.5, False)
WELL = Outcome(("sums",), ("alt-text",), (), (), 0.25, True)


def test_people_read_findings_by_file() -> None:
    """Files in their order, findings with line, rule and remedy, then the score, the sum, and what to do next."""
    lines = terminal.report(BAD, colour=False).splitlines()
    assert lines[0] == "courses/sums/course.yml"
    assert "courses/sums/lessons/01-a.md" in lines
    assert "  line 27: alt-text: An image has no alt text." in lines
    assert "      → Write it." in lines
    assert "Mutation score of sums/total: 9 of 10 mistakes noticed, 90 %" in lines
    assert "      line 12: 3 instead of 2" in lines
    assert lines[-2:] == [
        "2 findings in 1 course, by 3 rules.",
        "Next: mend them, then run it again. Why a rule is there: aula explain alt-text",
    ]


def test_a_remedy_that_helps_twice_is_told_once() -> None:
    """Findings of a file that want the same are followed by their remedy, and not interrupted by it."""
    twice = Finding("alt-text", "sums", FIRST.file, 31, 4, "A figure has no alt text.", FIRST.remedy)
    lines = terminal.report(Outcome(("sums",), ("alt-text",), (FIRST, twice), (), 1, True), colour=False).splitlines()
    assert lines[1:4] == [
        "  line 27: alt-text: An image has no alt text.",
        "  line 31: alt-text: A figure has no alt text.",
        "      → Write it.",
    ]


def test_people_read_that_all_is_well() -> None:
    """Without findings the report says so, and what comes next: grading after the fast rules, notebooks after all."""
    assert terminal.report(WELL, colour=False).splitlines() == [
        "Nothing to mend: 1 course, 1 rule, 0.2 s.",
        "Next: aula check sums, which also executes and grades",
    ]
    whole = Outcome(("sums",), ("alt-text", "deterministic"), (), (), 0.25, False)
    told = terminal.report(whole, colour=False).splitlines()[-1]
    assert told == "Next: aula notebooks sums --out build/notebooks, then aula release sums --run-dir build/sums"


def test_runs_and_notes_are_told() -> None:
    """Each notebook is told with its values, time and memory; then what was not done; programs read the same."""
    run = Ran("sums/lessons/01-a", {"size": 7}, "ok", 1.25, 60, 90)
    cold = Ran("sums/lessons/02-b", {}, "timeout", 61, 60, 0)
    outcome = Outcome(("sums",), (), (), (), 1, False, (run, cold), ("one hands work to Slurm.",))
    assert terminal.report(outcome, colour=False).splitlines()[:4] == [
        "sums/lessons/01-a with size=7: ok, 1.2 s of 60 s, 90 MB",
        "sums/lessons/02-b: timeout, 61.0 s of 60 s, memory not known",
        "Note: one hands work to Slurm.",
        "",
    ]
    told = machine.as_object(outcome)
    assert told["notes"] == ["one hands work to Slurm."]
    assert json.loads(json.dumps(told))["notebooks"][0]["values"] == {"size": 7}


def test_a_score_that_could_not_be_computed_says_why() -> None:
    """There is no number where the quick way cannot be trusted."""
    outcome = Outcome(("sums",), (), (), (Score("sums", "total", 0, 0, (), "a reason"),), 1, False)
    assert "Mutation score of sums/total: not computed: a reason" in terminal.report(outcome, colour=False)


def test_a_solution_that_cannot_be_changed_has_no_score() -> None:
    """Where no mistake can be made there is no share of none."""
    outcome = Outcome(("sums",), (), (), (Score("sums", "total", 0, 0, ()),), 1, False)
    assert "no mistake can be made in its solution" in terminal.report(outcome, colour=False)


def test_colours_are_for_terminals_only() -> None:
    """Nothing but text is written into a file or a pipe."""
    assert "\x1b[" in terminal.report(BAD, colour=True)
    assert "\x1b[" not in terminal.report(BAD, colour=False)


def test_programs_read_one_object() -> None:
    """Findings and scores with all that is known of them, and whether all is well."""
    told = json.loads(json.dumps(machine.as_object(BAD)))
    assert told["well"] is False
    assert told["findings"][0] == {
        "rule": "alt-text",
        "course": "sums",
        "file": "courses/sums/lessons/01-a.md",
        "line": 27,
        "cell": 3,
        "sentence": "An image has no alt text.",
        "remedy": "Write it.",
    }
    assert told["mutation"][0]["percent"] == 90.0
    assert told["mutation"][0]["survivors"] == [{"line": 12, "mistake": "3 instead of 2"}]
    assert machine.as_object(WELL)["well"] is True


def test_junit_has_a_case_for_each_rule(tmp_path: Path) -> None:
    """A rule with findings fails and shows them; what XML cannot hold is replaced."""
    machine.write_junit(BAD, tmp_path / "junit.xml")
    suite = junit(tmp_path / "junit.xml")
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    failed = {case.get("name"): case.find("failure") for case in suite}
    assert failed["marks"] is None
    shown = failed["alt-text"]
    assert shown is not None
    assert shown.text == "courses/sums/lessons/01-a.md:27: An image has no alt text. Write it."


def test_a_report_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    """The file is named where its folder is missing."""
    with pytest.raises(CheckError, match=r"missing/junit\.xml: the report cannot be written"):
        machine.write_junit(WELL, tmp_path / "missing" / "junit.xml")


def test_github_shows_a_finding_beside_its_line() -> None:
    """An annotation is one line; what has a meaning to GitHub is escaped, in the message and in the properties."""
    assert machine.annotation(FIRST) == (
        "::error file=courses/sums/lessons/01-a.md,line=27,title=sums%3A alt-text::An image has no alt text. Write it."
    )
    odd = Finding("marks", "sums", "courses/a,b:c%.md", None, None, "100 %\r\nlong: a, b", "Less.")
    assert machine.annotation(odd) == (
        "::error file=courses/a%2Cb%3Ac%25.md,line=1,title=sums%3A marks::100 %25%0D%0Along: a, b Less."
    )


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_a_rule_is_explained(rule: Rule) -> None:
    """The explanation has the title, the reason, both examples and the remedy."""
    text = terminal.explanation(rule)
    assert rule.title in text
    assert "Bad:\n    " in text
    assert "Good:\n    " in text
    assert "Remedy: " in text
