"""What a check found, for programs: one JSON object, JUnit, annotations of GitHub's workflows."""

from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

from aula.check.finding import Finding, Outcome
from aula.errors import CheckError
from aula.run.report import UNPRINTABLE


def as_object(outcome: Outcome) -> dict[str, object]:
    """Return the outcome as one JSON object."""
    return {
        "well": not outcome.findings,
        "courses": list(outcome.courses),
        "rules": list(outcome.rules),
        "seconds": outcome.seconds,
        "notes": list(outcome.notes),
        "findings": [asdict(finding) for finding in outcome.findings],
        "mutation": [
            {
                "course": score.course,
                "assignment": score.assignment,
                "killed": score.killed,
                "total": score.total,
                "percent": round(score.percent, 1),
                "survivors": [{"line": line, "mistake": mistake} for line, mistake in score.survivors],
                "problem": score.problem,
            }
            for score in outcome.scores
        ],
        "notebooks": [asdict(run) for run in outcome.runs],
    }


def write_junit(outcome: Outcome, path: Path) -> None:
    """Write a JUnit report: a case for each course and rule, which fails where there are findings."""
    named = {(finding.course, finding.rule) for finding in outcome.findings}
    pairs = sorted({(course, rule) for course in outcome.courses for rule in outcome.rules} - outcome.left_out | named)
    counts = {"tests": str(len(pairs)), "failures": str(len(named)), "errors": "0"}
    suite = ElementTree.Element("testsuite", {"name": "aula check", "time": f"{outcome.seconds:.3f}", **counts})
    for course, rule in pairs:
        case = ElementTree.SubElement(suite, "testcase", classname=course, name=rule)
        here = [finding for finding in outcome.findings if (finding.course, finding.rule) == (course, rule)]
        if here:
            failure = ElementTree.SubElement(case, "failure", type=rule, message=_clean(here[0].sentence))
            failure.text = _clean("\n".join(_line(finding) for finding in here))
    try:
        ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise CheckError(f"{path}: the report cannot be written: {error}") from error


def annotation(finding: Finding) -> str:
    """Return a finding as a command of GitHub's workflows, which shows it beside the line in a pull request."""
    place = {"file": finding.file, "line": finding.line or 1, "title": f"{finding.course}: {finding.rule}"}
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in place.items())
    return f"::error {properties}::{_data(f'{finding.sentence} {finding.remedy}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _line(finding: Finding) -> str:
    line = f":{finding.line}" if finding.line else ""
    return f"{finding.file}{line}: {finding.sentence} {finding.remedy}"


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("?", text)
