"""MPI programs under srun: processes on both nodes that find each other, send and add up."""

import json
from pathlib import Path

import pytest

from deploy import files
from deploy.accounts import home
from deploy.errors import CommandError
from tests.classroom import Classroom

RING = '''\
"""Each rank holds three cells of a ring, has its neighbours' edges sent to it, and adds up the differences."""
import json

import numpy as np
from mpi4py import MPI

comm = MPI.COMM_WORLD
rank, size = comm.rank, comm.size
left, right = (rank - 1) % size, (rank + 1) % size

cells = np.empty(5)  # a neighbour's cell at each end
cells[1:-1] = np.arange(3 * rank, 3 * rank + 3) ** 2
comm.Sendrecv(cells[-2:-1], right, recvbuf=cells[:1], source=left)
comm.Sendrecv(cells[1:2], left, recvbuf=cells[-1:], source=right)
difference = abs(np.diff(cells[:-1])).sum()

total = comm.allreduce(difference)
told = comm.gather({"host": MPI.Get_processor_name(), "cells": cells.tolist(), "total": total})
if rank == 0:
    print(json.dumps(told))
'''


@pytest.fixture(scope="module")
def ring(classroom: Classroom) -> Path:
    """The program in the home folder of bruno, where every node sees it."""
    program = Path(home(classroom.cluster, classroom.name("bruno")), "ring.py")
    files.write(program, RING)
    return program


@pytest.mark.parametrize("ranks", [2, 4])
def test_ranks_on_two_nodes_exchange_their_edges(classroom: Classroom, ring: Path, ranks: int) -> None:
    """Plain `srun python3` with mpi4py: half of the ranks on each node; every edge and every sum is right."""
    words = ("srun", "--nodes=2", f"--ntasks={ranks}", f"--ntasks-per-node={ranks // 2}", "--time=1", "--mem=300M")
    words = (*words, str(classroom.settings.python("user")), str(ring))
    try:
        printed = classroom.slurm(*words, person="bruno")
    except CommandError as error:
        # Debian's Open MPI 4.1.4 crashed once in some 200 starts, on a busy machine; never twice in a row.
        if "Segmentation fault" not in str(error):
            raise
        printed = classroom.slurm(*words, person="bruno")
    told = json.loads(printed)
    assert [of["host"] for of in told] == [classroom.name(f"node{1 + rank * 2 // ranks}") for rank in range(ranks)]
    squares = [float(cell**2) for cell in range(3 * ranks)]
    around = [squares[-1], *squares, squares[0]]
    assert [of["cells"] for of in told] == [around[3 * rank : 3 * rank + 5] for rank in range(ranks)]
    # Up to the last cell, and from there down to the first.
    assert [of["total"] for of in told] == [2 * squares[-1]] * ranks


def test_who_waits_for_a_message_lets_others_compute(classroom: Classroom) -> None:
    """Open MPI on a node reads our setting for nodes that claim more cores than there are."""
    words = ("ompi_info", "--param", "mpi", "all", "--level", "9", "--parsable")
    told = classroom.slurm("srun", "--mpi=none", "--time=1", "--mem=200M", *words, person="bruno").splitlines()
    assert "mca:mpi:base:param:mpi_yield_when_idle:value:true" in told
