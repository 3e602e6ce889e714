"""`make bench`: ours against the peers, in a classroom of its own."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

from deploy import environments, proof, slot
from deploy.classroom import classroom
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings

# How many computing nodes each benchmark's classroom has; those with none bring up what they need themselves.
NODES = {
    "spawn": 2, "internal-tls": 2, "crowd": 9, "poll-cluster": 9, "portal": 0, "poll": 0, "storm": 0, "notebooks": 0,
    "grade": 0, "exchange": 0,
}  # fmt: skip
# What the peers are installed in, and what of ours is needed beside the tests' own environments.
ENVIRONMENTS = {
    "spawn": ("stock", "stock-shimmed"),
    "crowd": ("stock",),
    "notebooks": ("tools", "papermill", "papermill-shimmed"),
    "grade": ("tools", "stock", "stock-shimmed"),
    "exchange": ("tools", "stock", "stock-shimmed"),
}


def bench(names: list[str]) -> int:
    """Run the named benchmarks, or all. Return the exit status."""
    classroom.needs_root()
    wanted = names or list(NODES)
    failed = 0
    with slot.free() as settings:
        proof.prepare(settings)
        for name in dict.fromkeys(name for one in wanted for name in ENVIRONMENTS.get(one, ())):
            with step(f"Python environment: {name}"):
                environments.up(settings, name)
        for nodes in sorted({NODES.get(name, 0) for name in wanted}):
            some = [name for name in wanted if NODES.get(name, 0) == nodes]
            failed |= _against_a_classroom(replace(settings, nodes=nodes), some) if nodes else _run(settings, some)
    return failed


def _against_a_classroom(settings: Settings, names: list[str]) -> int:
    slot.throw_away(settings)  # what a killed run left
    try:
        classroom.up(settings)
        return _run(settings, names)
    finally:
        slot.throw_away(settings)


def _run(settings: Settings, names: list[str]) -> int:
    say("")
    words: list[str | Path] = [settings.python("test"), "-m", "tests.bench", *names]
    spawners = str(CHECKOUT / "spawners")
    variables = {**os.environ, **settings.environment_variables, "PYTHONPATH": spawners}
    return subprocess.run(words, cwd=CHECKOUT, env=variables, check=False).returncode
