"""`make bench BENCH=internal-tls`: a start with TLS between hub, proxy and server, beside one without.

The same class on the same cluster. Its hub and proxy are started anew for each turn; a first start of each turn warms
every cache and does not count.
"""

from dataclasses import replace

from deploy.classroom import hub, proxy
from deploy.lock import exclusive
from deploy.progress import say
from tests.bench.report import OURS, Report
from tests.bench.spawn import Started, start, stop
from tests.classroom import Classroom
from tests.integration.person import Person, alone

PEER = "without"
ROUNDS = 10


def benchmark(classroom: Classroom) -> Report:
    """Start and stop servers in turn with and without internal TLS; return the times in seconds."""
    samples: dict[str, list[float]] = {OURS: [], PEER: []}
    seen: set[Started] = set()
    with alone(classroom, "bruno"):
        for turn in range(ROUNDS):
            for name, values in samples.items():
                switch(classroom, on=name == OURS)
                person = Person(classroom, "bruno")
                for _ in range(2):
                    seconds, started = start(person)
                    stop(person)
                values.append(seconds)
                seen.add(started)
            took = "   ".join(f"{name} {values[-1]:5.2f} s" for name, values in samples.items())
            say(f"  round {turn + 1:2} of {ROUNDS}   {took}")
        switch(classroom, on=classroom.settings.internal_tls)
    return Report(
        name="internal-tls",
        what="From the start request until JupyterLab's page answers, with internal TLS (ours) and without it",
        unit="s",
        samples=samples,
        checked=len(seen) == 1,
    )


def switch(classroom: Classroom, *, on: bool) -> None:
    """Start hub and proxy anew with internal TLS, or without."""
    settings = replace(classroom.settings, internal_tls=on)
    with exclusive(settings.state, patience=60):
        hub.prepare(settings)
        proxy.up(settings)
        hub.up(settings)
