"""What Prometheus learns of starts, failures and the queue, in JupyterHub's own `/hub/metrics`.

Labels are from fixed sets: no name of a person, no address and no text of a job is among them.
"""

import asyncio
import time
from collections import Counter as Count
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal
from weakref import WeakSet

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aula_spawner.cluster import unreachable
from aula_spawner.errors import SlurmError
from aula_spawner.slurm.squeue import STATES, Job, Phase

Outcome = Literal["ready", "failed", "given_up"]
Step = Literal["submit", "queue", "server"]
OUTCOMES: tuple[Outcome, ...] = ("ready", "failed", "given_up")
STEPS: tuple[Step, ...] = ("submit", "queue", "server")
TIMES = ("start", "work")
SILENT, REFUSED, TOO_LATE, OTHER = "batch_system_silent", "refused", "start_timeout", "other"
_REASON_OF = {
    "TIMEOUT": "time_limit",
    "DEADLINE": "time_limit",
    "OUT_OF_MEMORY": "out_of_memory",
    "NODE_FAIL": "node_failure",
    "BOOT_FAIL": "node_failure",
    "CANCELLED": "cancelled",
    "PREEMPTED": "preempted",
}
REASONS = (*dict.fromkeys(_REASON_OF.values()), SILENT, REFUSED, TOO_LATE, OTHER)
# JupyterHub's clock of a start runs a moment longer than ours.
EARLY_S = 0.5
_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)

STARTS = Counter("aula_spawner_starts", "Starts of servers that are over, by how they ended.", ["outcome"])
STEP_SECONDS = Histogram(
    "aula_spawner_start_step_seconds",
    "Time of each step of a start: until Slurm took the job, until it ran, until its server listened.",
    ["step"],
    buckets=_SECONDS,
)
FAILURES = Counter(
    "aula_spawner_failures",
    "Starts that failed, and servers that ended by themselves while people worked.",
    ["when", "reason"],
)
LOOKS = Histogram("aula_spawner_queue_look_seconds", "Time of each look at the queue that went well.", buckets=_SECONDS)
LOOK_ERRORS = Counter("aula_spawner_queue_look_errors", "Looks at the queue that failed.")
LAST_LOOK = Gauge(
    "aula_spawner_queue_last_look_timestamp_seconds",
    "When the queue was last seen, in seconds since 1970; 0 for never.",
)
for _outcome in OUTCOMES:
    STARTS.labels(_outcome)
for _step in STEPS:
    STEP_SECONDS.labels(_step)
for _when in TIMES:
    for _reason in REASONS:
        FAILURES.labels(_when, _reason)


def note_look(began: float, error: BaseException | None) -> None:
    """Count a look at the queue that began at a moment (of time.monotonic) and is over now."""
    if error is not None:
        LOOK_ERRORS.inc()
        return
    LOOKS.observe(time.monotonic() - began)
    LAST_LOOK.set_to_current_time()


class Life:
    """One server, as the metrics know it: the step its start is at, and what Slurm last said of its job."""

    def __init__(self) -> None:
        self.step: Step | None = None
        self.works = False
        self.state = ""
        self._since: float | None = None
        _LIVES.add(self)

    @contextmanager
    def start(self, start_timeout: float) -> Iterator[None]:
        """Count what happens within as one start."""
        began = time.monotonic()
        self.works, self.step, self._since = False, "submit", began
        try:
            yield
        except asyncio.CancelledError:
            self._over("failed" if time.monotonic() > began + start_timeout - EARLY_S else "given_up", TOO_LATE)
            raise
        except Exception as error:
            silent, refused = unreachable(error), isinstance(error, SlurmError)
            self._over("failed", SILENT if silent else REFUSED if refused else OTHER)
            raise

    def submitted(self) -> None:
        """Note that Slurm took the job."""
        self._next("queue")

    def saw(self, job: Job | None, stopping: bool) -> None:
        """Note what Slurm says of the job, None where it knows it no longer; it may be one of an earlier hub's."""
        self.state = job.state if job else ""
        phase = job.phase if job else Phase.ENDED
        if phase is Phase.WAITING and not self.step and not self.works and not stopping:
            self.step, self._since = "queue", None
        elif phase is Phase.RUNNING and self.step == "queue":
            self._next("server")
        elif phase is Phase.RUNNING and not self.step:
            self.works = True
        elif phase is Phase.ENDED:
            self._ended(_REASON_OF.get(self.state, OTHER), stopping)

    def ready(self) -> None:
        """Note that the server listens."""
        self._next(None)
        if not self.works:
            STARTS.labels("ready").inc()
        self.works = True

    def lost(self, *, node: bool) -> None:
        """Note that no way leads to the server any more, because its node is silent or it ended by itself."""
        self._ended("node_failure" if node else OTHER, stopping=False)

    def over(self) -> None:
        """Note that there is no job any more."""
        self.step, self.works, self.state = None, False, ""

    def _ended(self, reason: str, stopping: bool) -> None:
        if self.step:
            self._over("given_up" if stopping else "failed", reason)
        elif self.works and not stopping and self.state != "COMPLETED":
            FAILURES.labels("work", reason).inc()
        self.works = False

    def _over(self, outcome: Outcome, reason: str) -> None:
        """Count the end of a start, once."""
        if self.step:
            STARTS.labels(outcome).inc()
            if outcome == "failed":
                FAILURES.labels("start", reason).inc()
        self.step = None

    def _next(self, step: Step | None) -> None:
        now = time.monotonic()
        if self.step and self._since is not None:
            STEP_SECONDS.labels(self.step).observe(now - self._since)
        self.step, self._since = step, now


_LIVES: WeakSet[Life] = WeakSet()


class _Now(Collector):
    """Counts, whenever somebody asks, what there is now."""

    def collect(self) -> Iterable[Metric]:
        """Return how many servers people wait for, and how many jobs Slurm has for them."""
        steps, states = Count(life.step for life in _LIVES), Count(life.state for life in _LIVES)
        waiting = GaugeMetricFamily(
            "aula_spawner_waiting_servers", "Servers that are being started, by the step they are at.", labels=["step"]
        )
        for step in STEPS:
            waiting.add_metric([step], steps[step])
        jobs = GaugeMetricFamily(
            "aula_spawner_jobs", "Jobs of this hub's servers, by the state that Slurm last said.", labels=["state"]
        )
        for state in sorted(STATES):
            jobs.add_metric([state.lower()], states[state])
        return waiting, jobs


REGISTRY.register(_Now())
