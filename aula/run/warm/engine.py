"""The papermill engine `aula`: the same notebook client, on kernels that a zygote forks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

from aula.run.turn import Turn
from aula.run.warm.imports import wanted
from aula.run.warm.kernel import WarmKernelManager
from aula.run.warm.zygotes import zygote

NAME = "aula"
SAVED_S = 1.0
"""Seconds between two times that a notebook is written while it is executed."""


class AulaEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Executes a notebook on a warm kernel; one that cannot run warm as papermill would, and says so."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **settings: Any) -> Any:
        """Execute the notebook that papermill manages. Without a zygote to ask, start one for it.

        What is given as `turn` is told as each code cell begins, and when the last has ended.
        """
        if turn := settings.pop("turn", None):
            _follow(nb_man, turn)
        with _saved_seldom(nb_man):
            return cls._execute(nb_man, kernel_name, **settings)

    @classmethod
    def _execute(cls, nb_man: Any, kernel_name: str, **settings: Any) -> Any:
        if why := cold(nb_man.nb):
            logger.info("Runs on a kernel of its own: %s", why)
            return super().execute_managed_notebook(nb_man, kernel_name, **settings)
        config = settings.pop("config", None) or Config()
        if config.WarmKernelManager.get("zygote"):
            return cls._warm(nb_man, kernel_name, config=config, **settings)
        with zygote(wanted([nb_man.nb]), kernel_name) as socket:
            mine = Config({"WarmKernelManager": {"zygote": str(socket)}})
            return cls._warm(nb_man, kernel_name, config=_merged(config, mine), **settings)

    @classmethod
    def _warm(cls, nb_man: Any, kernel_name: str, **settings: Any) -> Any:
        """Execute it; its kernel's memory and processor time are noted beside the times that papermill notes."""

        def note(memory_mb: int, cpu_s: float) -> None:
            nb_man.nb.metadata.papermill.update(memory_mb=memory_mb, cpu_s=cpu_s)

        manager = type("Manager", (WarmKernelManager,), {"note_used": staticmethod(note)})
        return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=manager, **settings)


def _follow(nb_man: Any, turn: Turn) -> None:
    """Have it told of each code cell of the notebook as it begins, and of the end of the last."""
    code = [index for index, cell in enumerate(nb_man.nb.cells) if cell.cell_type == "code"]
    begin, complete = nb_man.cell_start, nb_man.cell_complete

    def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> None:
        if cell_index in code:
            turn.begin(code.index(cell_index) + 1, len(code))
        begin(cell, cell_index, **more)

    def cell_complete(cell: Any, cell_index: int | None = None, **more: Any) -> None:
        if [cell_index] == code[-1:]:
            turn.end()
        complete(cell, cell_index, **more)

    nb_man.cell_start, nb_man.cell_complete = cell_start, cell_complete


@contextmanager
def _saved_seldom(nb_man: Any) -> Iterator[None]:
    """Have the notebook written at most once in a while, where papermill writes it twice for each cell, and at its end.

    Writing takes longer than most cells.
    """
    save, last = nb_man.save, 0.0

    def seldom(**more: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= SAVED_S:
            save(**more)
            last = time.monotonic()

    nb_man.save = seldom
    try:
        yield
    finally:
        save()


def cold(node: NotebookNode) -> str:
    """Return why a notebook cannot run on a warm kernel, '' where it can."""
    language = node.metadata.get("kernelspec", {}).get("language", "python")
    return "" if language == "python" else f"its language is {language}"


def _merged(one: Config, other: Config) -> Config:
    merged = Config(one)
    merged.merge(other)
    return merged


papermill_engines.register(NAME, AulaEngine)
