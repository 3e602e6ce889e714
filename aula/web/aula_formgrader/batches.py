"""Grading in the background of the formgrader's server: one batch of an assignment at a time, and how far it is."""

import asyncio
import os
import re
from collections.abc import Sequence
from typing import Any

MOST = 500
"""Lines that are kept of what a batch said."""
STEP = re.compile(r"\[(\d+)/(\d+)\] ")


class Batch:
    """One run of `aula grade`."""

    def __init__(self, words: Sequence[str], actor: str = "") -> None:
        """`actor` is who asked for it: the audit log of marks has their name."""
        self._words = words
        self._around = {**os.environ, "PYTHONUNBUFFERED": "1"} | ({"AULA_ACTOR": actor} if actor else {})
        self._lines: list[str] = []
        self._done = self._of = 0
        self.status: int | None = None
        """Its exit status, once it has ended."""

    async def run(self) -> None:
        """Grade, and note each line that is said; a command that cannot start is one that failed."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=self._around,
            )
        except OSError as error:
            self._note(str(error))
            self.status = 1
            return
        try:
            async for line in process.stdout:  # type: ignore[union-attr]  # it is a pipe
                self._note(line.decode(errors="replace").rstrip())
        except ValueError as error:  # a line without an end
            self._note(str(error))
            process.kill()
        self.status = await process.wait()

    def _note(self, line: str) -> None:
        if step := STEP.match(line):
            self._done, self._of = int(step[1]), int(step[2])
        self._lines = [*self._lines, line][-MOST:]

    @property
    def log(self) -> str:
        """What it has said."""
        return "\n".join(self._lines)

    @property
    def told(self) -> dict[str, Any]:
        """How far it is, for the page."""
        return {"running": self.status is None, "success": self.status == 0, "done": self._done, "of": self._of} | {
            "lines": self._lines
        }


class Batches:
    """The batches of this server: who asks for one while another of the assignment runs gets that one."""

    def __init__(self, words: Sequence[str]) -> None:
        """`words` is the command up to the assignment's name."""
        self._words = words
        self._batches: dict[str, Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def find(self, assignment: str) -> Batch | None:
        """Return the batch that grades all of an assignment, or was the last to do so."""
        return self._batches.get(assignment)

    def begin(self, assignment: str, actor: str = "") -> Batch:
        """Grade all of an assignment that has changed since, in the background, for who asked."""
        known = self._batches.get(assignment)
        if known and known.status is None:
            return known
        batch = self._batches[assignment] = Batch([*self._words, assignment], actor)
        task = asyncio.get_running_loop().create_task(batch.run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return batch

    async def grade(self, assignment: str, student: str, actor: str = "") -> Batch:
        """Grade one submission for who asked, and return what came of it."""
        batch = Batch([*self._words, assignment, student], actor)
        await batch.run()
        return batch
