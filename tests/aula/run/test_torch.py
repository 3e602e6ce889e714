"""torch in a warm kernel: a copy of the loaded library is as good as one that the kernel loads itself."""

from pathlib import Path

import pytest
from nbformat import NotebookNode
from traitlets.config import Config

from aula.run.warm import engine
from aula.run.warm.imports import wanted
from aula.run.warm.zygotes import zygote
from tests.aula.run.test_warm import executed, notebook

pytestmark = pytest.mark.usefixtures("settled")
SEEDED = """import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
cards = TensorDataset(torch.rand(64, 4), torch.randint(0, 2, (64,)))
model = nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)"""
WORKERS = """for inputs, labels in DataLoader(cards, batch_size=8, shuffle=True, num_workers=2):
    loss = nn.functional.cross_entropy(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item(), labels.tolist())"""
THREADS = "torch.set_num_threads(2)\nmany = torch.arange(250_000.0).reshape(500, 500)\nprint((many @ many).sum())"


def on_torch(*cells: str) -> NotebookNode:
    """Return a notebook of the course environment that has torch."""
    node = notebook([*cells])
    node.metadata.kernelspec = {"name": "torch", "display_name": "torch", "language": "python"}
    return node


def private(folder: Path) -> dict[str, dict[str, str]]:
    """Return papermill's configuration for a kernel that nobody else reaches."""
    return {"KernelManager": {"transport": "ipc", "connection_file": str(folder / "k.json")}}


def test_a_copy_trains_as_a_kernel_of_its_own(tmp_path: Path) -> None:
    """Seeded numbers, optimizers, workers of a loader and threads give the same, digit by digit."""
    node = on_torch(SEEDED, WORKERS, THREADS)
    assert wanted([node]) == ["torch", "torch.utils.data"]
    theirs = executed(node, tmp_path, "nbclient", Config(private(tmp_path)))
    with zygote(wanted([node]), "torch") as kernels:
        ours = Config({**private(tmp_path), "WarmKernelManager": {"zygote": str(kernels)}})
        assert executed(node, tmp_path, engine.NAME, ours) == theirs
    assert "error" not in str(theirs)


def test_copies_draw_other_numbers(tmp_path: Path) -> None:
    """What nobody has seeded is another number in each kernel."""
    node = on_torch("import torch\nprint(torch.rand(3))")
    with zygote(wanted([node]), "torch") as kernels:
        config = Config({"WarmKernelManager": {"zygote": str(kernels)}})
        drawn = [str(executed(node, tmp_path / str(turn), engine.NAME, config)) for turn in range(2)]
    assert drawn[0] != drawn[1]
