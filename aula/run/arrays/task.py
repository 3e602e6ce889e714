"""The program of one task of an array: ``python -m aula.run.arrays.task FOLDER`` executes one of its notebooks."""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from pydantic import TypeAdapter

from aula import kernel
from aula.run.cache import Cache
from aula.run.job import Job, Result
from aula.run.warm.imports import wanted
from aula.run.warm.zygotes import zygote

ORDERS = "orders.json"


@dataclass(frozen=True)
class Order:
    """A notebook to execute, and where its result is kept, under which key; kept nowhere without a folder."""

    job: Job
    key: str
    kept: Path | None


_Orders = TypeAdapter(list[Order])


def write(orders: list[Order], folder: Path) -> None:
    """Write the orders of an array's tasks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ORDERS).write_bytes(_Orders.dump_json(orders))


def read(folder: Path) -> list[Order]:
    """Return the orders of an array's tasks."""
    return _Orders.validate_json((folder / ORDERS).read_bytes())


def result_file(folder: Path, number: int) -> Path:
    """Return where a task writes its result."""
    return folder / f"{number}.json"


def log_file(folder: Path, number: int | str = "%a") -> Path:
    """Return where Slurm writes what a task prints; without a number, as sbatch is told so for all of them."""
    return folder / f"{number}.log"


def read_result(folder: Path, number: int) -> Result | None:
    """Return the result of a task; None where there is none yet."""
    try:
        return Result(**json.loads(result_file(folder, number).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def perform(folder: Path, number: int) -> Result:
    """Execute the notebook of a task, keep its result where it is clean, and write it. Needs aula.kernel.settled."""
    from aula.run.execute import MEMORY_MB, execute  # papermill takes a while to import

    order = read(folder)[number]
    modules = wanted([nbformat.read(order.job.notebook, as_version=4)])  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    with zygote(modules, order.job.kernel) as kernels:
        result = execute(order.job, kernels, max(MEMORY_MB, round(1024 * (order.job.resources.memory_gb or 0))))
    if order.kept:
        Cache(order.kept).keep(order.job, order.key, result)
    draft = folder / f"{number}.new"
    draft.write_text(json.dumps(asdict(result)), encoding="utf-8")
    draft.rename(result_file(folder, number))
    return result


def main() -> None:
    """Perform the task that Slurm names."""
    number = int(os.environ["SLURM_ARRAY_TASK_ID"])
    for name in [name for name in os.environ if name.startswith("SLURM_ARRAY_")]:
        del os.environ[name]  # the jobs that a lesson submits are no tasks of this array
    with kernel.settled(Path(sys.executable).parent):
        perform(Path(sys.argv[1]), number)


if __name__ == "__main__":
    main()
