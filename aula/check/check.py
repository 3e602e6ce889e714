"""Checking courses: every rule on every course, slow rules last."""

import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from aula import catalogue
from aula.check.finding import Finding, Outcome, Ran
from aula.check.mutation import Score
from aula.check.rule import Problem, Rule
from aula.check.rules import contract, markers, marks
from aula.check.view import View
from aula.errors import CatalogueError, CheckError
from aula.run import slurm

TOLD = re.compile(r"^(?P<file>.+?\.\w+|.+?)(?::(?P<line>\d+))?: (?P<sentence>.*)$")
FIRST_WORD = re.compile(r"^[a-z]+(?=\s)")


def check(
    root: Path,
    folders: Sequence[Path],
    rules: Sequence[Rule],
    tell: Callable[[str], None] = lambda _: None,
    read_only: Collection[str] = (),
    kept: Path | None = None,
) -> Outcome:
    """Return what these rules find in the courses in these folders of the checkout at root.

    A course whose contract is broken has no other finding. tell hears of each slow rule before it
    runs, and leaves out the courses that are read_only. Slow rules need the environment of aula.kernel.settled.
    Notebooks that ran clean are kept in the folder kept, if there is one, and run again only where something changed
    that they depend on.
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
            tried = [rule for rule in rules if not (rule.slow and course.id in read_only)]
            findings += _found(root, view, sorted(tried, key=lambda one: one.slow), tell)
            scores += view.scores
            runs += _ran(view)
            notes += [*view.notes, *_without_slurm(view), *_ungraded(view, tried)]
    seconds = round(time.monotonic() - begun, 3)
    courses = tuple(folder.name for folder in folders)
    left_out = frozenset((name, rule.name) for name in read_only for rule in rules if rule.slow)
    tried = [rule for rule in rules if not courses or any((name, rule.name) not in left_out for name in courses)]
    return Outcome(
        courses,
        tuple(rule.name for rule in tried),
        tuple(findings),
        tuple(scores),
        seconds,
        fast=not any(rule.slow for rule in tried),
        runs=tuple(runs),
        notes=tuple(dict.fromkeys(notes)),
        left_out=left_out,
    )


def _found(root: Path, view: View, rules: Sequence[Rule], tell: Callable[[str], None]) -> Iterator[Finding]:
    """Yield what these rules find in a course, one after the other."""
    name, folder = view.course.id, view.course.folder
    for rule in rules:
        if rule.slow:
            tell(f"{name}: {rule.name} …")
        try:
            problems = dict.fromkeys(rule.find(view))  # each once, and in their order
        except CheckError as error:
            yield _finding(root, name, rule, Problem(folder, str(error)))
            return  # what nbgrader cannot grade for one rule it cannot for the next
        for problem in problems:
            yield _finding(root, name, rule, problem)


def _ungraded(view: View, rules: Sequence[Rule]) -> Iterator[str]:
    """Yield a sentence where an assignment that cannot be released kept every rule of these from grading."""
    sound = {markers.RULE, marks.RULE}
    if any(rule.slow for rule in rules) and not sound <= {*rules} and view.course.assignments and not view.gradable:
        words = " ".join(f"--rule {rule.name}" for rule in (markers.RULE, marks.RULE))
        yield f"{view.course.id}: nothing was graded, for an assignment cannot be released: aula check {words}"


def _without_slurm(view: View) -> Iterator[str]:
    """Yield a sentence for each lesson that needs Slurm, where none answers: nobody has tried it here."""
    needing = {item.file: commands for item, page in view.lessons if (commands := slurm.used(page.node))}
    if needing and not slurm.answers():
        for name, commands in needing.items():
            yield f"{view.course.id}/lessons/{name} uses Slurm ({', '.join(commands)}), and none answers here."
        yield slurm.remedy(view.course.id)


def _ran(view: View) -> Iterator[Ran]:
    for run in view.runs:
        one = run.result
        yield Ran(one.title, run.values, one.state, run.seconds, run.limit_s, one.memory_mb)


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
