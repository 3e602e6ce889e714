"""torch in a student's sandbox: loaded once for all of them, and begun anew for each."""

import socket
from contextlib import ExitStack

import pytest

from aula import kernel
from aula.grading.limits import Limits
from aula.grading.sandbox import Sandbox, sandbox
from tests.aula.grading.test_shell import said

TRAIN = """import torch
from torch import nn
model = nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for batch in torch.utils.data.DataLoader(torch.rand(16, 4), batch_size=8, num_workers=1):
    model(batch).sum().backward()
    optimizer.step()
print(model.weight.tolist())"""


def trained(students: Sandbox, seed: int) -> str:
    """Return what a student prints who trains and seeds nothing."""
    ours, theirs = socket.socketpair()
    with ExitStack() as all_of_them:
        all_of_them.enter_context(ours)
        student = all_of_them.enter_context(students.student(None, Limits(), theirs, seed))
        return said(student, TRAIN)


@pytest.mark.usefixtures("settled")
def test_the_same_seed_trains_the_same() -> None:
    """Who is graded again has the same numbers; another seed has others."""
    with sandbox(kernel.python("torch"), ["torch", "torch.utils.data"], "student") as students:
        first, again, other = (trained(students, seed) for seed in (1, 1, 2))
    assert first.startswith("[[")
    assert first == again != other
