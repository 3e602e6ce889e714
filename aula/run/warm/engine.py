"""The papermill engine `aula`: the same notebook client, on kernels that a zygote forks."""

from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

from aula.run.warm.imports import wanted
from aula.run.warm.kernel import WarmKernelManager
from aula.run.warm.zygotes import zygote

NAME = "aula"


class AulaEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Executes a notebook on a warm kernel; one that cannot run warm as papermill would, and says so."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **settings: Any) -> Any:
        """Execute the notebook that papermill manages. Without a zygote to ask, start one for it.

        What is given as `follow` is told the number of each code cell as it begins, and how many there are.
        """
        if follow := settings.pop("follow", None):
            _follow(nb_man, follow)
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
        """Execute it; the most memory that its kernel had is noted beside the times that papermill notes."""

        def note(memory_mb: int) -> None:
            nb_man.nb.metadata.papermill["memory_mb"] = memory_mb

        manager = type("Manager", (WarmKernelManager,), {"note_memory": staticmethod(note)})
        return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=manager, **settings)


def _follow(nb_man: Any, follow: Callable[[int, int], None]) -> None:
    """Have it told of each code cell of the notebook as it begins."""
    code = [index for index, cell in enumerate(nb_man.nb.cells) if cell.cell_type == "code"]
    begin = nb_man.cell_start

    def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> None:
        if cell_index in code:
            follow(code.index(cell_index) + 1, len(code))
        begin(cell, cell_index, **more)

    nb_man.cell_start = cell_start


def cold(node: NotebookNode) -> str:
    """Return why a notebook cannot run on a warm kernel, '' where it can."""
    language = node.metadata.get("kernelspec", {}).get("language", "python")
    return "" if language == "python" else f"its language is {language}"


def _merged(one: Config, other: Config) -> Config:
    merged = Config(one)
    merged.merge(other)
    return merged


papermill_engines.register(NAME, AulaEngine)
