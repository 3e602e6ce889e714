"""`make bench`: ours against the peers, in a classroom of its own."""

import os
import subprocess
from pathlib import Path

from deploy import environments, proof, slot
from deploy.classroom import classroom
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings

PEERS = ("stock", "stock-shimmed")
# Benchmarks that bring up what they need themselves.
ALONE = ("portal", "poll", "storm")


def bench(names: list[str]) -> int:
    """Run the named benchmarks, or all. Return the exit status."""
    classroom.needs_root()
    with slot.free() as settings:
        proof.prepare(settings)
        if names and set(names) <= set(ALONE):
            return _run(settings, names)
        for name in PEERS:
            with step(f"Python environment: {name}"):
                environments.up(settings, name)
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
