"""The attacks that forge a score are real: where tests run beside the submission, they work."""

import sys
from pathlib import Path

import jupyter_client.kernelspec as kernelspec
import pytest

from aula import kernel
from aula.check import versions
from aula.check.page import Page
from tests.grading import plain
from tests.grading.assignments import TEXTS
from tests.grading.attacks.every import aimed_at
from tests.grading.hostile import Hostile
from tests.grading.planted import Planted

# They stay within their own process and write nothing: these can be tried without a sandbox.
WORK = (
    "compiles without asserts",
    "replaces isinstance",
    "replaces numpy's test helpers",
    "replaces pandas' test helpers",
    "redefines the author's helper",
    "empties what the shell is to run",
    "takes asserts out of the tree",
    "replaces the shell's way to run a cell",
    "puts numbers into the answers of cells",
    "replaces compile and exec",
    "is equal to everything",
    "is an array equal to everything",
    "a function that reads who calls it",
    "traces and patches while others run",
    "a thread that waits for the tests",
)


@pytest.fixture(scope="module")
def attacks() -> dict[str, Hostile]:
    """All attacks, by their names; they find nothing that is planted."""
    return {attack.name: attack for attack in aimed_at(Planted(Path("nowhere"), 0))}


def earned(attack: Hostile) -> float:
    """Return what an attack earns in one IPython with the tests."""
    with kernel.settled(Path(sys.executable).parent):
        python = Path(kernelspec.KernelSpecManager().get_kernel_spec(kernel.NAME).argv[0])
    released = versions.untouched(Page.read(TEXTS / attack.task / f"{attack.task}.md")).node
    (points,) = plain.points(python, attack.task, [attack.node(released)])
    return sum(points.values())


@pytest.mark.parametrize("name", WORK)
def test_an_attack_works_where_nothing_protects(attacks: dict[str, Hostile], name: str) -> None:
    """It earns more than its work is worth: an engine on which it earns that much is not protected."""
    assert earned(attacks[name]) > attacks[name].at_most
