"""Every notebook ends within its time and memory, at both sizes."""

from collections.abc import Iterator

from aula.check.rule import Problem, Rule
from aula.check.view import View
from aula.run.execute import MEMORY_MB


def _find(view: View) -> Iterator[Problem]:
    for run in (*view.rehearsal.first, *view.rehearsal.second):
        if run.large:
            yield Problem(
                **{**vars(run.problem()), "remedy": f"Let it hold less than {MEMORY_MB // 1024} GB at a time."}
            )
        elif run.slow:
            yield run.problem()


RULE = Rule(
    name="time-and-memory",
    title=f"every notebook ends within its time limit and {MEMORY_MB // 1024} GB, on two cores",
    why="A class shares its nodes. Who needs more than the others waits, or is ended in the middle of the lesson.",
    bad="while not converged:\n    step()",
    good="for _ in range(epochs):\n    step()",
    remedy="Make the computation smaller, by its parameters, or state a time_limit_s of up to 60 s in course.yml.",
    find=_find,
    slow=True,
)
