"""Checking courses: every rule on every course, slow rules last."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from aula import catalogue
from aula.check.finding import Finding, Outcome, Ran
from aula.check.mutation import Score
from aula.check.rule import Problem, Rule
from aula.check.rules import contract
from aula.check.view import View
from aula.errors import CatalogueError, CheckError

TOLD = re.compile(r"^(?P<file>.+?\.\w+|.+?)(?::(?P<line>\d+))?: (?P<sentence>.*)$")
FIRST_WORD = re.compile(r"^[a-z]+(?=\s)")


def check(
    root: Path,
    folders: Sequence[Path],
    rules: Sequence[Rule],
    tell: Callable[[str], None] = lambda _: None,
    kept: Path | None = None,
) -> Outcome:
    """Return what these rules find in the courses in these folders of the checkout at root.

    A course whose contract is broken has no other finding. tell hears of each slow rule before it
    runs. Slow rules need the environment of aula.kernel.settled. Notebooks that ran clean are kept in the folder kept,
    if there is one, and run again only where something changed that they depend on.
    """
    begun = time.monotonic()
    findings: list[Finding] = []
    scores: list[Score] = []
    runs: list[Ran] = []
    notes: list[str] = []
    for folder in folders:
        try:
            course = catalogue.read(folder)
        except CatalogueError as error:
            findings += [_finding(root, folder.name, contract.RULE, one) for one in _told(str(error))]
            continue
        with View(course, kept) as view:
            for rule in sorted(rules, key=lambda one: one.slow):
                if rule.slow:
                    tell(f"{course.id}: {rule.name} …")
                try:
                    found = dict.fromkeys(rule.find(view))  # each once, and in their order
                except CheckError as error:
                    findings.append(_finding(root, course.id, rule, Problem(folder, str(error))))
                    break  # what nbgrader cannot grade for one rule it cannot for the next
                findings += [_finding(root, course.id, rule, problem) for problem in found]
            scores += view.scores
            runs += _ran(view)
            notes += view.notes
    seconds = round(time.monotonic() - begun, 3)
    names = tuple(rule.name for rule in rules)
    fast = not any(rule.slow for rule in rules)
    checked = tuple(folder.name for folder in folders)
    return Outcome(
        checked, names, tuple(findings), tuple(scores), seconds, fast, tuple(runs), tuple(dict.fromkeys(notes))
    )


def _ran(view: View) -> Iterator[Ran]:
    for run in view.runs:
        one = run.result
        yield Ran(one.title, run.values, one.state, one.seconds, run.limit_s, one.memory_mb)


def _told(error: str) -> Iterator[Problem]:
    """Yield the problems that an error about a contract names, one a line."""
    for line in error.splitlines():
        found = TOLD.match(line)
        if found:
            number = int(found["line"]) if found["line"] else None
            yield Problem(Path(found["file"]), found["sentence"], number)


def _finding(root: Path, course: str, rule: Rule, problem: Problem) -> Finding:
    path = problem.file.resolve()
    base = root.resolve()
    file = path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)
    remedy = problem.remedy or rule.remedy
    sentence = FIRST_WORD.sub(lambda word: word[0].capitalize(), problem.sentence)
    return Finding(rule.name, course, file, problem.line, problem.cell, sentence, remedy)
