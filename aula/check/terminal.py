"""What a check found, for people: findings by file, a summary, what to do next."""

from collections.abc import Iterator
from itertools import groupby

from aula.check.finding import Finding, Outcome, Ran
from aula.check.mutation import Score
from aula.check.rule import Rule

BOLD, RED, GREEN, DIM, END = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"


def report(outcome: Outcome, colour: bool) -> str:
    """Return the report; with colours only where a terminal shows them."""
    lines = [line for group in _by_file(outcome) for line in _file(*group, colour)]
    lines += [_score(score) for score in outcome.scores]
    lines += [_run(run) for run in outcome.runs]
    lines += [f"Note: {note}" for note in outcome.notes]
    if outcome.scores or outcome.runs or outcome.notes:
        lines.append("")
    return "\n".join([*lines, *_end(outcome, colour)])


def explanation(rule: Rule) -> str:
    """Return what `aula explain` says of a rule."""
    slow = ["", "It executes or grades, and runs after the others: `--fast` leaves it out."] if rule.slow else []
    parts = [
        f"{rule.name}: {rule.title}",
        "",
        rule.why,
        *slow,
        "",
        "Bad:",
        *_indented(rule.bad),
        "",
        "Good:",
        *_indented(rule.good),
        "",
        f"Remedy: {rule.remedy}",
    ]
    return "\n".join(parts)


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.splitlines()]


def _by_file(outcome: Outcome) -> Iterator[tuple[str, list[Finding]]]:
    ordered = sorted(outcome.findings, key=lambda one: (one.file, one.line or 0))
    for file, group in groupby(ordered, key=lambda one: one.file):
        yield file, list(group)


def _file(file: str, findings: list[Finding], colour: bool) -> Iterator[str]:
    yield _painted(file, BOLD, colour)
    for one, after in zip(findings, [*findings[1:], None], strict=True):
        place = f"{one.place}: " if one.place else ""
        yield f"  {place}{_painted(one.rule, RED, colour)}: {one.sentence}"
        if after is None or after.remedy != one.remedy:
            yield _painted(f"      → {one.remedy}", DIM, colour)
    yield ""


def _run(run: Ran) -> str:
    values = ", ".join(f"{name}={value!r}" for name, value in run.values.items())
    title = f"{run.notebook} with {values}" if values else run.notebook
    memory = f"{run.memory_mb} MB" if run.memory_mb else "memory not known"
    return f"{title}: {run.state}, {run.seconds:.1f} s of {run.limit_s:g} s, {memory}"


def _score(score: Score) -> str:
    name = f"Mutation score of {score.course}/{score.assignment}:"
    if score.problem:
        return f"{name} not computed: {score.problem}"
    if not score.total:
        return f"{name} no mistake can be made in its solution: it is not plain Python"
    survivors = [f"      line {line}: {mistake}" for line, mistake in score.survivors]
    noticed = f"{score.killed} of {score.total} mistakes noticed, {score.percent:.0f} %"
    return "\n".join([f"{name} {noticed}", *survivors])


def _end(outcome: Outcome, colour: bool) -> Iterator[str]:
    """Yield the summary, and what to do next."""
    if not outcome.courses:
        yield "No course has changed: there is nothing to check."
        return
    courses, rules = _many(len(outcome.courses), "course"), _many(len(outcome.rules), "rule")
    names = " ".join(outcome.courses)
    if outcome.findings:
        worst = outcome.findings[0].rule
        yield _painted(f"{_many(len(outcome.findings), 'finding')} in {courses}, by {rules}.", RED, colour)
        yield f"Next: mend them, then run it again. Why a rule is there: aula explain {worst}"
    elif outcome.fast:
        yield _painted(f"Nothing to mend: {courses}, {rules}, {outcome.seconds:.1f} s.", GREEN, colour)
        yield f"Next: aula check {names}, which also executes and grades"
    else:
        yield _painted(f"Nothing to mend: {courses}, {rules}, {outcome.seconds:.1f} s.", GREEN, colour)
        one = outcome.courses[0] if len(outcome.courses) == 1 else "COURSE"
        yield f"Next: aula notebooks {names} --out build/notebooks, then aula release {one} --run-dir build/{one}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _painted(text: str, paint: str, colour: bool) -> str:
    return f"{paint}{text}{END}" if colour else text
