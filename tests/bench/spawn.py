"""`make bench BENCH=spawn`: from the start request until JupyterLab's page answers.

One person starts a server as the browser's page does it: the request, the stream of progress until the hub says that
the server is ready, then JupyterLab's page through the proxy. The server is stopped and its job gone before the next
contestant's turn. Ours and the peers take turns; the first round warms every cache and does not count. Slurm's own
waiting, until a job that does nothing runs, is reported apart.
"""

import json
import re
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import requests

from deploy.progress import say
from tests.bench.report import OURS, Report
from tests.bench.stock import stock_class, versions
from tests.classroom import Classroom
from tests.integration.person import Person, alone, wait_for

PEERS = ("stock", "stock-shimmed")
ROUNDS = 10
LIMIT_S = 300.0
OURS_ALONE = {"aula-figures", "aula-lifetime", "aula-versions"}
"""The page's extensions that stock has not: of a server's end and of corrections. What stock has, ours must have."""


@dataclass(frozen=True)
class Started:
    """What a start led to: the contestants must have produced the same."""

    lab: str
    extensions: frozenset[str]
    partition: str
    cores: str
    memory: str


def benchmark(classroom: Classroom) -> Report:
    """Start and stop servers in turn and return the times in seconds."""
    samples: dict[str, list[float]] = {name: [] for name in (OURS, *PEERS)}
    seen: set[Started] = set()
    slurm_alone: list[float] = []
    with ExitStack() as stack:
        ours = stack.enter_context(alone(classroom, "bruno"))
        people: dict[str, Person] = {OURS: ours}
        for number, name in enumerate(PEERS):
            peer = stack.enter_context(stock_class(classroom, name, classroom.settings.port + 91 + 3 * number))
            people[name] = Person(peer, "bruno")
        for turn in range(ROUNDS + 1):
            for name, person in people.items():
                seconds, started = start(person)
                stop(person)
                seen.add(started)
                if turn:
                    samples[name].append(seconds)
            slurm_alone.append(bare_job(ours))
            took = "   ".join(f"{name} {values[-1]:5.2f} s" for name, values in samples.items() if values)
            say(f"  round {turn:2} of {ROUNDS}   {took or 'warming up'}")
    settings = classroom.settings
    return Report(
        name="spawn",
        what="From the start request until JupyterLab's page answers, one person on an idle cluster",
        unit="s",
        samples=samples,
        checked=len(seen) == 1,
        apart=median(slurm_alone),
        configuration={
            "produced": [{**vars(one), "extensions": sorted(one.extensions)} for one in seen],
            "slurm": classroom.slurm("sinfo", "--version").strip(),
            OURS: versions(settings.environment("user")) | versions(settings.environment("hub")),
            **{name: versions(settings.environment(name)) for name in PEERS},
            "peers": "batchspawner.SlurmSpawner as its README configures it: a stock hub as root on the same machine, "
            "same people, nodes and partition; all environments byte-compiled; stock-shimmed has jsonschema<4.25",
        },
    )


def start(person: Person) -> tuple[float, Started]:
    """Start the person's server; return the seconds until JupyterLab's page answered, and what was started."""
    began = time.monotonic()
    answer = person.api("POST", f"users/{person.name}/server", timeout=LIMIT_S)
    assert answer.status_code in (201, 202), answer.text
    _wait_until_ready(person)
    page = wait_for(lambda: _lab(person), "JupyterLab's page answers", LIMIT_S)
    seconds = time.monotonic() - began
    config = json.loads(page)
    names = frozenset(one["name"] for one in config["federated_extensions"]) - OURS_ALONE
    return seconds, Started(config["appVersion"], names, **_job(person))


def bare_job(person: Person) -> float:
    """Return the seconds from sbatch's start until a job that does nothing else runs: Slurm's own part of any start."""
    with tempfile.TemporaryDirectory(prefix="aula-bench-", dir="/var/tmp") as name:
        began = Path(name) / "began"
        began.touch(0o666)
        began.chmod(0o666)
        began.parent.chmod(0o755)
        partition = person.classroom.settings.site.slurm.interactive
        submitted = time.time()
        person.classroom.slurm(
            *("sbatch", f"--uid={person.name}", f"--partition={partition}", "--mem=32M", "--time=1", "--chdir=/"),
            *(f"--output={began}", "--open-mode=append", "--wrap=date +%s.%N"),
        )
        ran = float(wait_for(lambda: began.read_text().strip(), "a job that does nothing runs", LIMIT_S))
    wait_for(lambda: not queue(person), f"the job of {person.name} is gone", LIMIT_S)
    return ran - submitted


def stop(person: Person) -> None:
    """Stop the server and wait until hub and queue have let go of it."""
    person.api("DELETE", f"users/{person.name}/server")
    wait_for(lambda: not person.server(), f"the server of {person.name} has stopped", LIMIT_S)
    wait_for(lambda: not queue(person), f"the job of {person.name} is gone", LIMIT_S)


def _wait_until_ready(person: Person) -> None:
    url = f"{person.hub}/api/users/{person.name}/server/progress"
    headers = {"Authorization": f"token {person.token}"}
    with requests.get(url, headers=headers, stream=True, timeout=LIMIT_S) as answer:
        for line in answer.iter_lines():
            if line.startswith(b"data:"):
                event = json.loads(line[5:])
                assert not event.get("failed"), event
                if event.get("ready"):
                    return
    raise AssertionError(f"the start of {person.name} was not told to be ready")


def _lab(person: Person) -> str:
    """Return the configuration in JupyterLab's page; nothing where the page does not answer yet."""
    answer = person.at_server("lab")
    found = re.search(r'id="jupyter-config-data"[^>]*>\s*(\{.*?\})\s*</script>', answer.text, re.DOTALL)
    return found[1] if answer.status_code == 200 and found else ""


def queue(person: Person) -> str:
    """Return the person's jobs that wait or run, one a line."""
    return person.classroom.slurm("squeue", "--noheader", f"--user={person.name}", "--format=%A").strip()


def _job(person: Person) -> Mapping[str, str]:
    """Return what Slurm gave the server's job."""
    shown = person.classroom.slurm("scontrol", "show", "job", queue(person), "--oneliner")
    found = dict(re.findall(r"(\w+)=(\S+)", shown))
    return {"partition": found["Partition"], "cores": found["NumCPUs"], "memory": found["MinMemoryNode"]}
