"""`aula check` and `aula explain`, as people and programs call them."""

import json
from pathlib import Path

import pytest

from aula import cli
from tests.aula.check.good_course import write_course
from tests.aula.small_course import edit

LESSON = "lessons/01-sums.md"


def run(folder: Path, *words: str) -> int:
    """Run the command in the checkout of the course in folder."""
    return cli.main(["--root", str(folder.parents[1]), *words])


def test_a_good_course_ends_with_0(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All is well, and the next step is named."""
    assert run(good, "check", "--fast") == 0
    assert "Nothing to mend: 1 course" in capsys.readouterr().out


def test_findings_end_with_1_in_every_form(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People, programs, JUnit and GitHub are told the same finding, with its file as it stands in the checkout."""
    edit(good / LESSON, "## Key points", "## The end")
    place = f"courses/good/{LESSON}"
    assert run(good, "check", "good", "--fast", "--github", "--junit", str(tmp_path / "junit.xml")) == 1
    out = capsys.readouterr().out
    assert f"{place}\n  key-points: The section 'Key points' is missing." in out
    assert f"::error file={place},line=1,title=good%3A key-points::The section" in out
    assert "\x1b[" not in out
    assert "key-points" in (tmp_path / "junit.xml").read_text()
    assert run(good, "check", "good", "--fast", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["rule"], one["file"]) for one in told["findings"]] == [("key-points", place)]


def test_a_report_that_cannot_be_written_hides_no_finding(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was found is told first; then the error names the file."""
    edit(good / LESSON, "## Key points", "## The end")
    assert run(good, "check", "--fast", "--junit", str(good / "missing/junit.xml")) == 1
    said = capsys.readouterr()
    assert "key-points: The section" in said.out
    assert "missing/junit.xml: the report cannot be written" in said.err


def test_rules_can_be_picked(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only the picked rules run."""
    edit(good / LESSON, "## Key points", "## The end")
    assert run(good, "check", "--rule", "alt-text", "--rule", "time-limit") == 0
    assert "1 course, 2 rules" in capsys.readouterr().out
    assert run(good, "check", "--rule", "key-points") == 1


def test_who_asks_for_one_rule_is_told_that_nothing_was_graded(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that grades finds nothing where nothing can be graded: that is not to be taken for well."""
    edit(good / "assignments/sums/sums.md", "answer = total([4, 1], 3)", "answer = sum(chosen)\n    return sum(chosen)")
    cli.main(["--root", str(good.parents[1]), "check", "--rule", "reference-earns-all"])
    said = capsys.readouterr().out
    assert "good: nothing was graded, for an assignment cannot be released: aula check --rule markers" in said


def test_a_broken_contract_hides_no_other_course(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The course with the broken contract has that finding, with its line; the other course is checked."""
    other = good.rename(good.parent / "broken")
    write_course(good.parents[1])
    edit(other / "course.yml", "summary:", "sumary:")
    edit(good / LESSON, "## Key points", "## The end")
    assert run(good, "check", "--fast", "--json") == 1
    told = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["course"], one["rule"], one["line"]) for one in told] == [
        ("broken", "contract", 2),
        ("good", "key-points", None),
    ]
    assert told[0]["file"] == "courses/broken/course.yml"
    assert run(good, "check", "good", "--rule", "alt-text") == 0


MISTAKES = {
    "a rule": (["check", "--rule", "alt-txt"], "no rule 'alt-txt': did you mean 'alt-text'?"),
    "a course": (["check", "goood"], "no course 'goood'"),
    "an explanation": (["explain", "mark"], "no rule 'mark': did you mean 'marks'?"),
    "nothing left": (["check", "--fast", "--rule", "deterministic"], "--fast leaves out every rule"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_misspelt_name_is_told_with_the_nearest(
    good: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """The command ends with 1, and the error names what was meant."""
    assert run(good, *words) == 1
    assert said in capsys.readouterr().err


def test_explain_lists_and_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name every rule is listed; with one it is told; programs read the same as JSON."""
    assert cli.main(["explain"]) == 0
    assert "public-tests" in capsys.readouterr().out
    assert cli.main(["explain", "deterministic"]) == 0
    assert "`--fast` leaves it out" in capsys.readouterr().out
    assert cli.main(["explain", "alt-text", "--json"]) == 0
    (rule,) = json.loads(capsys.readouterr().out)["rules"]
    assert (rule["name"], rule["slow"]) == ("alt-text", False)
