"""The released copy holds no solution, no hidden test and no output."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.release import leaks


def _find(view: View) -> Iterator[Problem]:
    if view.laboratory.refused:
        yield Problem(view.course.folder / "assignments", f"It cannot be released: {view.laboratory.refused}")
    for bench in view.laboratory.released:
        for found in leaks.find(bench.page.node, bench.run / "release" / bench.task.name):
            yield Problem(bench.page.path, f"The released copy shows: {found}")


RULE = Rule(
    name="release-is-clean",
    title="the released copy holds no solution, no hidden test and no output",
    why="What has been released once cannot be taken back. The copy is compared with its source, line by line.",
    bad="numbers.txt beside the assignment holds a line of the solution",
    good="only what trainees need lies beside the assignment",
    remedy="Take the line out of what is visible, or put it between markers.",
    find=_find,
    slow=True,
)
