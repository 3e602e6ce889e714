"""The name of a batch's jobs, kept while they are: who comes next cancels what a killed batch has left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from aula import closed
from aula.errors import RunError
from aula.grading.errors import GradingError
from aula.slurm.queue import Queue

NAME = "aula-grading"
"""How the names of all our jobs begin."""
FILE = "slurm-job-name"


@contextmanager
def under_way(folder: Path, queue: Queue, tell: Callable[[str], None]) -> Iterator[None]:
    """Let jobs of a queue be under way for a folder; whatever interrupts that cancels them, and no others.

    Raises GradingError where somebody else has written the name, RunError where Slurm does not answer.
    """
    file = folder / FILE
    try:
        name = closed.read_own(file).strip()
    except FileNotFoundError:
        name = ""
    except OSError as error:
        raise GradingError(str(error)) from error
    if name.startswith(NAME):
        tell("An earlier batch was cut off: its jobs are cancelled.")
        replace(queue, name=name).cancel()
    file.unlink(missing_ok=True)
    file.write_text(f"{queue.name}\n", encoding="utf-8")
    try:
        yield
    except BaseException:
        with suppress(OSError):  # maybe nobody reads any more, which is why we are here
            tell(f"Cancelling the jobs of this batch: {queue.name}")
        try:
            queue.cancel()
        except RunError as error:
            tell(f"They could not be cancelled: {error}\nTry again: scancel --me --name={queue.name}")
        else:
            file.unlink()
        raise
    file.unlink()
