"""Warm kernels: a notebook's outputs are those that papermill gets on a kernel of its own."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from aula.errors import RunError
from aula.run.warm import engine
from aula.run.warm.forked import Forked
from aula.run.warm.imports import wanted
from aula.run.warm.kernel import WarmClient, WarmKernelManager
from aula.run.warm.zygotes import zygote
from tests.aula.run.awkward import AWKWARD
from tests.aula.run.outputs import outputs

pytestmark = pytest.mark.usefixtures("settled")

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def notebook(cells: list[str]) -> nbformat.NotebookNode:
    """Return a notebook of code cells, and one of text."""
    node = new_notebook(
        cells=[new_markdown_cell("# Text"), *map(new_code_cell, cells)], metadata={"kernelspec": KERNEL}
    )
    for number, cell in enumerate(node.cells):
        cell.id = f"cell-{number}"
    return node


def executed(node: nbformat.NotebookNode, folder: Path, name: str, config: Config) -> list[object]:
    """Execute it with a papermill engine; return each cell's outputs without what differs by chance, and its number."""
    folder.mkdir(exist_ok=True)
    nbformat.write(node, folder / "in.ipynb")
    out = folder / f"{name}.ipynb"
    with suppress(PapermillExecutionError):  # the error is among the outputs
        papermill.execute_notebook(
            folder / "in.ipynb", out, engine_name=name, cwd=folder, progress_bar=False, config=config
        )
    return outputs(nbformat.read(out, as_version=4))


@pytest.fixture(scope="module")
def kernels() -> Iterator[Path]:
    """A zygote that has loaded what the notebooks here import."""
    with zygote(wanted(map(notebook, AWKWARD.values()))) as socket_:
        yield socket_


@pytest.mark.parametrize("cells", AWKWARD.values(), ids=AWKWARD)
def test_outputs_are_papermills_own(tmp_path: Path, kernels: Path, cells: list[str]) -> None:
    """Every kind of output, error and environment is as on a kernel that papermill starts, cell by cell."""
    node = notebook(cells)
    private = {"KernelManager": {"transport": "ipc", "connection_file": str(tmp_path / "k.json")}}
    theirs = executed(node, tmp_path, "nbclient", Config(private))
    ours = Config({**private, "WarmKernelManager": {"zygote": str(kernels)}})
    assert executed(node, tmp_path, engine.NAME, ours) == theirs


def test_kernels_draw_other_numbers(tmp_path: Path) -> None:
    """Kernels of one zygote do not share what was random in it."""
    node = notebook(["import numpy, random, uuid\nprint(numpy.random.rand(), random.random(), uuid.uuid4())"])
    with zygote(wanted([node])) as kernels:
        config = Config({"WarmKernelManager": {"zygote": str(kernels)}})
        drawn = [str(executed(node, tmp_path / str(turn), engine.NAME, config)) for turn in range(2)]
    assert drawn[0] != drawn[1]


def test_a_module_that_speaks_is_not_loaded_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a module says when it is imported appears in the notebook that imports it, each time."""
    (tmp_path / "yaml.py").write_text("print('yaml speaks')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    node = notebook(["import yaml"])
    assert wanted([node]) == ["yaml"]
    with zygote(["yaml", "numpy"]) as kernels:
        config = Config({"WarmKernelManager": {"zygote": str(kernels)}})
        for turn in range(2):
            assert "yaml speaks" in str(executed(node, tmp_path / str(turn), engine.NAME, config))


# It computes for a second, and waits for two.
BUSY = "import time\nwhile time.process_time() < 1:\n    pass\ntime.sleep(2)"


def test_memory_is_bounded_and_what_was_used_is_noted(tmp_path: Path) -> None:
    """Who takes more than allowed gets a MemoryError; what a notebook had and computed is noted."""
    config = Config({"WarmKernelManager": {"memory_mb": 1000}})
    found = executed(notebook([BUSY, "x = b'1' * 2**28\nlen(x)", "y = b'1' * 2**30"]), tmp_path, engine.NAME, config)
    assert "MemoryError" in str(found[2])
    noted = nbformat.read(tmp_path / "aula.ipynb", as_version=4).metadata.papermill
    assert 256 < noted["memory_mb"] < 1000
    assert 1 <= noted["cpu_s"] < noted["duration"]


def test_a_kernel_ends_without_a_word(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A kernel that is asked to end while it is about to have answered is not interrupted, and writes no error."""
    slow = "kernel = get_ipython().kernel\nanswer = kernel.shell_handlers['kernel_info_request']\n" + (
        "async def slow(*request):\n    await answer(*request)\n    __import__('time').sleep(0.3)\n"
        "kernel.shell_handlers['kernel_info_request'] = slow"
    )
    assert executed(notebook([slow]), tmp_path, engine.NAME, Config()) == [[[], 1]]
    assert "KeyboardInterrupt" not in capfd.readouterr().err


def test_a_busy_kernel_is_interrupted_at_its_end(tmp_path: Path) -> None:
    """A cell that runs too long may clean up before its kernel ends."""
    (tmp_path / "in.ipynb").write_text(nbformat.writes(notebook([
        "try:\n    __import__('time').sleep(60)\nfinally:\n    open('clean', 'w').close()"
    ])))  # fmt: skip
    with pytest.raises(CellTimeoutError):
        papermill.execute_notebook(
            tmp_path / "in.ipynb", None, engine_name=engine.NAME, cwd=tmp_path, progress_bar=False, execution_timeout=1
        )
    assert (tmp_path / "clean").is_file()


def test_a_kernel_ends_with_who_asked_for_it(tmp_path: Path) -> None:
    """A kernel whose asker is gone is ended with all that it started, and so is every kernel at the zygote's end."""
    with zygote([]) as kernels:
        asked = [
            Forked(kernels, ["ipykernel_launcher", "-f", str(tmp_path / f"{n}.json")], folder="/", environment={})
            for n in range(2)
        ]
        assert all(one.poll() is None for one in asked)
        asked[0]._line.shutdown(socket.SHUT_RDWR)
        assert asked[0].wait(10) == -9
    assert asked[1].wait(10) == -9
    with pytest.raises(RunError, match="does not answer"):
        Forked(kernels, [], folder="/", environment={})


def test_another_language_runs_cold() -> None:
    """A notebook of another language is papermill's own to run."""
    node = notebook([])
    assert engine.cold(node) == ""
    node.metadata.kernelspec["language"] = "R"
    assert engine.cold(node) == "its language is R"


def test_what_is_loaded_is_what_notebooks_import() -> None:
    """Safe packages and their parts, wherever a cell imports them; what cannot be read is left out."""
    node = notebook(
        [
            "import numpy as np, networkx\nfrom matplotlib import pyplot",
            "%matplotlib inline\nimport pandas.io.json",
            "for\n",
        ]
    )
    assert wanted([node]) == ["matplotlib", "numpy", "pandas.io.json"]


def test_its_client_listens_to_no_silence() -> None:
    """A kernel is ready as soon as it answers: Jupyter's own client would wait for a fifth of a second more."""
    assert isinstance(WarmKernelManager().client(), WarmClient)
