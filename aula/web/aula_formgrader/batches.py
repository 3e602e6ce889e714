"""Work in the background of the formgrader's server: one batch of an assignment at a time, and how far it is."""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

MOST = 500
"""Lines that are kept of what a batch said."""
STEP = re.compile(r"\[(\d+)/(\d+)\] ")
PAGE = re.compile(r"\[GenerateFeedbackApp \| INFO\] Converting notebook ")
"""What nbgrader says of each page of feedback."""
NBGRADER = (sys.executable, "-I", "-m", "nbgrader")
GRADE, FEEDBACK = "grade", "feedback"
"""The kinds of batches."""
Words = Sequence[str]


class Batch:
    """One command after the other: where one fails the others run, too, for it may have failed for one trainee."""

    def __init__(self, commands: Sequence[Words], actor: str = "", kind: str = GRADE) -> None:
        """`actor` is who asked for it: the audit log of marks has their name."""
        self._commands = commands
        self._kind = kind
        self._around = {**os.environ, "PYTHONUNBUFFERED": "1"} | ({"AULA_ACTOR": actor} if actor else {})
        self._lines: list[str] = []
        self._done = self._of = 0
        self.status: int | None = None
        """Its exit status, once it has ended: the first that is not 0."""

    async def run(self) -> None:
        """Do it all, and note each line that is said; a command that cannot start is one that failed."""
        failed = 0
        for words in self._commands:
            self._done = self._of = 0
            status = await self._run(words)
            failed = failed or status
        self.status = failed

    async def _run(self, words: Words) -> int:
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=self._around,
            )
        except OSError as error:
            self._note(str(error))
            return 1
        try:
            async for line in process.stdout:  # type: ignore[union-attr]  # it is a pipe
                self._note(line.decode(errors="replace").rstrip())
        except ValueError as error:  # a line without an end
            self._note(str(error))
            process.kill()
        return await process.wait()

    def _note(self, line: str) -> None:
        if step := STEP.match(line):
            self._done, self._of = int(step[1]), int(step[2])
        elif PAGE.match(line):
            self._done += 1
        self._lines = [*self._lines, line][-MOST:]

    @property
    def log(self) -> str:
        """What it has said."""
        return "\n".join(self._lines)

    @property
    def told(self) -> dict[str, Any]:
        """How far it is, for the page; `of` is 0 where nobody can say of how many."""
        running = {"kind": self._kind, "running": self.status is None, "success": self.status == 0}
        return {**running, "done": self._done, "of": self._of, "lines": self._lines}


class Batches:
    """The batches of this server: who asks for one while another of the assignment runs gets that one."""

    def __init__(self, words: Words, nbgrader: Words = NBGRADER) -> None:
        """`words` is the command that grades, up to the assignment's name."""
        self._words, self._nbgrader = words, nbgrader
        self._batches: dict[str, Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def find(self, assignment: str) -> Batch | None:
        """Return the batch of all of an assignment that runs, or ran last."""
        return self._batches.get(assignment)

    def begin(self, assignment: str, actor: str = "") -> Batch:
        """Grade all of an assignment that has changed since, in the background, for who asked."""
        return self._begin(assignment, GRADE, actor, [[*self._words, assignment]])

    def collect_and_grade(self, assignment: str, actor: str = "") -> Batch:
        """Collect what was handed in since, and grade all that has changed."""
        collect = [*self._nbgrader, "collect", "--update", assignment]
        return self._begin(assignment, GRADE, actor, [collect, [*self._words, assignment]])

    def feedback(self, assignment: str, actor: str = "") -> Batch:
        """Make the feedback of all who are graded, and release it."""
        generate = [*self._nbgrader, "generate_feedback", "--force", assignment]
        release = [*self._nbgrader, "release_feedback", assignment]
        return self._begin(assignment, FEEDBACK, actor, [generate, release])

    def _begin(self, assignment: str, kind: str, actor: str, commands: Sequence[Words]) -> Batch:
        known = self._batches.get(assignment)
        if known and known.status is None:
            return known
        batch = self._batches[assignment] = Batch(commands, actor, kind)
        task = asyncio.get_running_loop().create_task(batch.run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return batch

    async def grade(self, assignment: str, student: str, actor: str = "") -> Batch:
        """Grade one submission for who asked, and return what came of it."""
        batch = Batch([[*self._words, assignment, student]], actor)
        await batch.run()
        return batch
