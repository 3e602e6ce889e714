"""The papermill engine `aula`: the same notebook client, on kernels that a zygote forks."""

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
        """Execute the notebook that papermill manages. Without a zygote to ask, start one for it."""
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


def cold(node: NotebookNode) -> str:
    """Return why a notebook cannot run on a warm kernel, '' where it can."""
    language = node.metadata.get("kernelspec", {}).get("language", "python")
    return "" if language == "python" else f"its language is {language}"


def _merged(one: Config, other: Config) -> Config:
    merged = Config(one)
    merged.merge(other)
    return merged


papermill_engines.register(NAME, AulaEngine)
