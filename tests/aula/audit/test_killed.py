"""Whoever writes may be killed at any point: log and gradebook still say the same, and the next writer goes on."""

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from aula.audit.aula_audit import head, log
from aula.audit.aula_audit.values import Execute
from tests.aula.audit.marking import by_hand, look, opened


def end(*_: object) -> NoReturn:
    """Be killed."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def before_the_transaction_ends() -> None:
    """Die with the marks and the new entry in a transaction that is still open."""
    move = head.move

    def half(execute: Execute, seq: int, own: str, lines: Sequence[str]) -> None:
        move(execute, seq, own, lines)
        end()

    head.move = half


def before_the_line() -> None:
    """Die after the transaction, before anything is in the file."""
    log.add = end


def after_some_bytes(count: int) -> Callable[[], None]:
    """Die when some of the line is in the file."""

    def plan() -> None:
        def torn(file: int, data: bytes) -> None:
            os.write(file, data[:count])
            end()

        log._write = torn

    return plan


def after_the_line() -> None:
    """Die when the line is in the file, and the gradebook does not know it."""
    head.settle = end


@pytest.mark.parametrize(
    ("plan", "happened", "waiting"),
    [
        (before_the_transaction_ends, False, 0),
        (before_the_line, True, 1),
        (after_some_bytes(1), True, 1),
        (after_some_bytes(100), True, 1),
        (after_the_line, True, 0),
    ],
)
def test_killed_anywhere_both_say_the_same(
    run_dir: Path, plan: Callable[[], None], happened: bool, waiting: int
) -> None:
    """Either nothing happened, or the mark and its entry are there; the next writer adds what the file lacks."""
    before = look(run_dir).entries
    pid = os.fork()
    if not pid:
        try:
            plan()
            by_hand(run_dir, "ana", manual_score=0.125)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    found = look(run_dir)
    assert (found.problems, found.entries) == ((), before + happened)
    assert len(found.notes) == waiting
    with opened(run_dir) as gradebook:
        assert (gradebook.find_grade("why", "sums", "sums", "ana").manual_score == 0.125) is happened
    by_hand(run_dir, "ana", manual_score=0.0)
    found = look(run_dir)
    assert (found.problems, found.notes, found.entries) == ((), (), before + happened + 1)
    assert len(log.beside(run_dir / "gradebook.db").read_text().splitlines()) == found.entries
