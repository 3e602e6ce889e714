"""The name of jobs under way, kept in a file while they are: who comes next cancels what a killed command has left."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from aula import closed
from aula.errors import RunError
from aula.slurm.queue import Queue

FILE = "slurm-job-name"


def end_earlier(queue: Queue, folder: Path, prefix: str, tell: Callable[[str], None]) -> None:
    """Cancel the jobs that an earlier command left under way for a folder: those whose name begins so.

    Raises RunError where somebody else has written the name, or Slurm does not answer.
    """
    file = folder / FILE
    try:
        name = closed.read_own(file).strip()
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunError(str(error)) from error
    if name.startswith(prefix):
        tell(f"An earlier run into {folder} was cut off: its jobs are cancelled.")
        replace(queue, name=name).cancel()
    file.unlink()


@contextmanager
def under_way(queue: Queue, folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Let jobs of a queue be under way for a folder; whatever interrupts that cancels them, and no others."""
    file = folder / FILE
    file.write_text(f"{queue.name}\n", encoding="utf-8")
    try:
        yield
    except BaseException:
        with _undisturbed():
            if _cancelled(queue, tell):
                file.unlink()
        raise
    file.unlink()


def _cancelled(queue: Queue, tell: Callable[[str], None]) -> bool:
    """Cancel the jobs; return whether Slurm has done so. The next run tries again, else."""
    with suppress(OSError):  # maybe nobody reads any more, which is why we are here
        tell(f"Cancelling the jobs of this run: {queue.name}")
    try:
        queue.cancel()
    except RunError as error:
        with suppress(OSError):
            tell(f"They could not be cancelled: {error}\nTry again: scancel --me --name={queue.name}")
        return False
    return True


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore further requests to end, so that nothing is done by halves: people press Ctrl-C twice."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
