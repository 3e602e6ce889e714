"""Following job arrays to their end: results as they come, and a word about each task that left none."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from aula_spawner.slurm.array import Task
from aula_spawner.slurm.profile import Request

from aula.run.arrays import ends, task
from aula.run.executor import Look, Note
from aula.run.job import Job, Result
from aula.slurm import tasks
from aula.slurm.queue import Queue
from aula.slurm.tasks import Tasks


@dataclass(frozen=True)
class Array:
    """An array in the queue: its id, its folder of orders and results, what each task asked for, the tasks' jobs."""

    id: str
    folder: Path
    request: Request
    jobs: tuple[Job, ...]


def follow(queue: Queue, arrays: list[Array], note: Note, look: Look) -> None:
    """Note the result of each task, until all have one: its own, or why it died. Look meanwhile.

    Raises RunError where Slurm does not answer for long.
    """
    follower = Follower(queue, arrays)
    while follower.left:
        follower.tasks.ask(follower.left)
        for result in follower.results():
            note(result)
        look(follower.tasks.words(follower.left))
        if follower.left:
            time.sleep(tasks.LOOKS_S)


class Follower:
    """Knows which tasks have no result yet."""

    def __init__(self, queue: Queue, arrays: list[Array]) -> None:
        self.tasks = Tasks(queue)
        self.left: dict[Task, Array] = {(one.id, number): one for one in arrays for number in range(len(one.jobs))}

    def results(self) -> list[Result]:
        """Return the results that are new, of the living and of the dead."""
        found = {one: result for one in self.left if (result := self._result(one))}
        for one in found:
            del self.left[one]
        return list(found.values())

    def _result(self, one: Task) -> Result | None:
        array = self.left[one]
        result = task.read_result(array.folder, one[1])
        if result and result.state == "ok":
            return result
        if not self.tasks.is_settled(one):
            return None  # Slurm may have a word to add to a failure
        if result:
            addition = ends.addition(array.jobs[one[1]], array.request, self.tasks.end(one))
            return replace(result, error=result.error + addition)
        return self._death(one, array) if self.tasks.is_shown(one) else None

    def _death(self, one: Task, array: Array) -> Result:
        job = array.jobs[one[1]]
        try:
            log = task.log_file(array.folder, one[1]).read_text(encoding="utf-8", errors="replace")
        except OSError:
            log = None
        state, error = ends.words(job, array.request, self.tasks.end(one), log)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        name = f"{job.kind}/{job.name}"
        return Result(job.course, name, state, 0.0, when, self.tasks.node(one), "", error, job.source)
