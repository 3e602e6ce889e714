"""The program of one task of an array: ``python -m aula.grading.arrays.task FOLDER`` grades its share of a batch.

What comes of each submission it keeps in the course run's records, from which the batch takes it.
"""

import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from aula import closed, kernel
from aula.errors import AulaError
from aula.grading import handed_in, template
from aula.grading.engine import engine
from aula.grading.here import tried
from aula.grading.record import Records
from aula.grading.work import Work

ORDERS = "orders.json"


@dataclass(frozen=True)
class Order:
    """What an array is to grade: for each task the students of its share, with their submissions' digests."""

    work: Work
    records: Path
    shares: tuple[dict[str, str], ...]
    others_wait: bool
    """Whether who needs longer than their turn is given back."""


@dataclass(frozen=True)
class Report:
    """What a task says beside its records."""

    error: str = ""
    """Why it could grade nothing."""
    longer: tuple[str, ...] = ()
    """The students whose submissions need longer than their turn."""
    changed: tuple[str, ...] = ()
    """The students who have handed in anew since the batch began."""


_Order, _Report = TypeAdapter(Order), TypeAdapter(Report)


def write(order: Order, folder: Path) -> None:
    """Write what an array is to grade."""
    closed.make(folder)
    (folder / ORDERS).write_bytes(_Order.dump_json(order))


def log_file(folder: Path, number: int | str = "%a") -> Path:
    """Return where Slurm writes what a task prints; without a number, as sbatch is told so for all of them."""
    return folder / f"{number}.log"


def read_report(folder: Path, number: int) -> Report:
    """Return what a task has said by now. Raises OSError where somebody else has said it."""
    try:
        return _Report.validate_json(closed.read_own(folder / f"{number}.json"))
    except FileNotFoundError:
        return Report()


def perform(folder: Path, number: int) -> None:
    """Grade the share of a task. Needs aula.kernel.settled. Raises AulaError, when it is reported."""
    order = _Order.validate_json(closed.read_own(folder / ORDERS))
    work, share, report = order.work, order.shares[number], Report()
    try:
        author = template.read(work.run_dir, work.assignment)
        found = [one for one in handed_in.submissions(work.run_dir, work.assignment) if one.student in share]
        todo = {one: digest for one in found if (digest := one.digest(author, engine())) == share[one.student]}
        report = Report(changed=tuple(sorted(share.keys() - {one.student for one in todo})))
        _say(report, folder, number)
        for one, graded in tried(work, todo, Records(order.records), others_wait=order.others_wait, to_the_end=False):
            if graded is None:
                report = replace(report, longer=(*report.longer, one.student))
                _say(report, folder, number)
            else:
                print(f"{one.student}: {graded.seconds:.1f} s", flush=True)
    except AulaError as error:
        _say(replace(report, error=f"On {os.uname().nodename}: {error}"), folder, number)
        raise


def _say(report: Report, folder: Path, number: int) -> None:
    draft = folder / f"{number}.{secrets.token_hex(4)}.new"
    draft.write_bytes(_Report.dump_json(report))
    draft.rename(folder / f"{number}.json")


def words(folder: Path) -> Sequence[str]:
    """Return the command of a task: it looks for our code where this process does, and not in the folder it is in."""
    return [sys.executable, "-P", "-m", __name__, str(folder)]


def main() -> None:
    """Perform the task that Slurm names."""
    number = int(os.environ["SLURM_ARRAY_TASK_ID"])
    with kernel.settled(Path(sys.executable).parent):
        try:
            perform(Path(sys.argv[1]), number)
        except AulaError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
