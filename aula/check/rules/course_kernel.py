"""Notebooks run on what the course says that they run on."""

from collections.abc import Iterator

from aula import kernel
from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.kernelspec import USUAL


def _find(view: View) -> Iterator[Problem]:
    wanted = view.course.contract.environment or USUAL
    for _, page in (*view.lessons, *view.assignments):
        if (name := kernel.of(page.node)) != wanted:
            yield Problem(page.path, f"Asks for the kernel '{name}', and the course's notebooks run on '{wanted}'.", 1)


RULE = Rule(
    name="course-kernel",
    title="notebooks ask for the kernel of the course's environment",
    why="A trainee's kernel has the libraries of the environment that course.yml names. On another one a notebook "
    "stops at its first import, or runs with other versions.",
    bad="environment: torch                 # in course.yml\nkernelspec: {name: python3}        # in the notebook",
    good="environment: torch                 # in course.yml\nkernelspec: {name: torch}          # in the notebook",
    remedy="In the notebook's header, name what course.yml has as 'environment'; where it has none, python3.",
    find=_find,
)
