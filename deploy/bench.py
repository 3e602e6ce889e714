"""`make bench`: ours against the peers, in a classroom of its own."""

import os
import subprocess
from pathlib import Path

from deploy import environments, proof, slot
from deploy.classroom import classroom
from deploy.progress import say, step
from deploy.settings import CHECKOUT

PEERS = ("stock", "stock-shimmed")


def bench(names: list[str]) -> int:
    """Run the named benchmarks, or all. Return the exit status."""
    classroom.needs_root()
    with slot.free() as settings:
        proof.prepare(settings)
        for name in PEERS:
            with step(f"Python environment: {name}"):
                environments.up(settings, name)
        slot.throw_away(settings)  # what a killed run left
        try:
            classroom.up(settings)
            say("")
            words: list[str | Path] = [settings.python("test"), "-m", "tests.bench", *names]
            variables = {**os.environ, **settings.environment_variables}
            return subprocess.run(words, cwd=CHECKOUT, env=variables, check=False).returncode
        finally:
            slot.throw_away(settings)
