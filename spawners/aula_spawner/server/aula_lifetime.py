"""How long a job's server lives: as long as Slurm lets it, and no longer than it has something to do.

Something to do is: a kernel that computes, or said something; a program that runs in a terminal; a document that was
changed and saved. A page that is open in a browser is not. JupyterLab asks here what to warn of; before the end comes,
the hub is asked to stop the server, so that it knows why. What Linux ended because the job's memory was full is told
here, too: JupyterLab itself says only that a kernel has died.
"""

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyterhub.utils import make_ssl_context  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.httpclient import AsyncHTTPClient, HTTPClientError
from tornado.web import HTTPError, authenticated

WARNED_AT_S = (600, 300)
"""Seconds before Slurm's end at which the person is warned."""
IDLE_WARNING_S = 300
"""Seconds before the end of a server without work at which the person is warned; half of a short life."""
SAVED_AT_S = 90
"""Seconds before an end from which on open documents are saved: a page that nobody looks at is woken once a minute."""
EARLY_S = 10
"""Seconds before Slurm's end at which the hub is asked to stop the server."""
LOOK_S = 5
"""Seconds between two looks at what the server does."""
ASKED_AT_S = (620, 320, 100)
"""Seconds before its end at which Slurm is asked whether that was moved: before each warning, and before the end."""
MOVED_S = 30
"""Seconds by which an end must have moved to be another one."""
SQUEUE_S = 10

MEMORY_TOLD_S = 300
"""Seconds for which it is told that Linux ended something because memory was full."""

_CHANGES = ("save", "rename", "delete", "copy")


class Lifetime:
    """When a server ends, and what is said before. Moments are seconds since 1970.

    `ends` is when Slurm ends the job; `idle` is after how many seconds without work the server ends, 0 for never.
    `home_lost` is whether nothing could be written to the home folder when the server started.
    """

    def __init__(
        self, ends: float, idle: int, words: Mapping[str, str], now: float, *, home_lost: bool = False
    ) -> None:
        self.ends, self.idle, self.words, self.home_lost = ends, idle, words, home_lost
        self.worked = now
        self.ended_for_memory, self.out_of_memory = 0, float("-inf")

    @property
    def idle_end(self) -> float:
        """When the server ends if nothing is done any more."""
        return self.worked + self.idle if self.idle else float("inf")

    @property
    def idle_warning(self) -> float:
        """When somebody is warned of that."""
        return self.idle_end - min(IDLE_WARNING_S, self.idle / 2)

    def asks(self, now: float) -> int | None:
        """Return the last moment that has come at which Slurm is asked, in seconds before the end; None before all."""
        return min((left for left in ASKED_AT_S if now >= self.ends - left), default=None)

    def moved(self, ends: float) -> None:
        """Take another end, where the operator has moved it."""
        if abs(ends - self.ends) > MOVED_S:
            self.ends = ends

    def work(self, moment: float) -> None:
        """Note that something was done."""
        self.worked = max(self.worked, moment)

    def changed(self, now: float) -> None:
        """Note that a document was saved; while the warning stands only its button counts, as documents are saved."""
        if now < self.idle_warning:
            self.work(now)

    def memory(self, ended: int, now: float) -> None:
        """Note how many processes Linux has ended so far because the job's memory was full."""
        if ended > self.ended_for_memory:
            self.ended_for_memory, self.out_of_memory = ended, now

    def over(self, now: float) -> str:
        """Return why the server has to end now, or nothing."""
        if now >= self.ends - EARLY_S:
            return "time"
        return "idle" if now >= self.idle_end else ""

    def told(self, now: float) -> dict[str, Any]:
        """Return what the page is to show, whether it is to save, and in how many seconds to ask again."""
        notices = list(self._notices(now))
        moments = [self.ends - left for left in WARNED_AT_S] + [self.idle_warning]
        later = min([moment - now for moment in moments if moment > now], default=60.0)
        return {
            "notices": notices,
            "save": now >= min(self.ends, self.idle_end) - SAVED_AT_S and bool(notices),
            "again": 10 if any("at" in notice for notice in notices) else int(max(2, min(60, later + 1))),
        }

    def _notices(self, now: float) -> Iterator[dict[str, object]]:
        if self.home_lost:
            yield {"name": "home", "text": self.words["home_lost"]}
        if now < self.out_of_memory + MEMORY_TOLD_S:
            yield {
                "name": f"memory-{self.ended_for_memory}",
                "text": self.words["memory"],
                "button": self.words["larger"],
                "does": "larger",
            }
        near = [left for left in WARNED_AT_S if now >= self.ends - left]
        if near:
            minutes = str(near[-1] // 60)
            yield {
                "name": f"time-{minutes}",
                "text": self.words["time"].replace("{minutes}", minutes),
                "at": self.ends - EARLY_S,
                "button": self.words["anew"],
                "does": "anew",
                "after": self.words["time_over"],
            }
        if now >= self.idle_warning and self.idle_end < self.ends:
            yield {
                "name": "idle",
                "text": self.words["idle"],
                "at": self.idle_end,
                "button": self.words["keep"],
                "does": "keep",
                "after": self.words["idle_over"],
            }


def last_work(settings: Mapping[str, Any], now: float) -> float:
    """Return when a kernel or a terminal last did something: now, where one does."""
    kernels = settings["kernel_manager"]
    moments: list[float] = [kernels.last_kernel_activity.timestamp()]
    for kernel in [kernels.get_kernel(one) for one in kernels.list_kernel_ids()]:
        if getattr(kernel, "execution_state", "") == "busy":
            return now
        moments += [kernel.last_activity.timestamp()] if hasattr(kernel, "last_activity") else []
    for terminal in getattr(settings.get("terminal_manager"), "terminals", {}).values():
        if _runs_a_program(terminal):
            return now
        moments.append(terminal.last_activity.timestamp())
    return max(moments)


def _runs_a_program(terminal: Any) -> bool:
    """Tell whether a terminal's shell waits for a program that it started."""
    with suppress(OSError):
        return bool(os.tcgetpgrp(terminal.ptyproc.fd) != terminal.ptyproc.pid)
    return False


class LifetimeHandler(APIHandler):
    """What JupyterLab's page asks, and what its owner answers to a warning. Asking is no work."""

    _track_activity = False

    def initialize(self, lifetime: Lifetime) -> None:
        """Take the server's lifetime."""
        self.lifetime = lifetime

    @authenticated
    async def get(self) -> None:
        """Say what to warn of."""
        now = time.time()
        self.lifetime.work(last_work(self.settings, now))
        self.lifetime.memory(ended_for_memory(), now)
        self.finish(json.dumps(self.lifetime.told(now)))

    @authenticated
    async def post(self) -> None:
        """Keep the server, or end it to make room for a new one, which the hub starts or its owner chooses."""
        body = self.get_json_body()
        wish = body.get("does") if isinstance(body, dict) else None
        if wish == "keep":
            self.lifetime.work(time.time())
        elif wish in ("anew", "larger"):
            await ask_to_end(wish)
        else:
            raise HTTPError(400, 'Send exactly {"does": "keep"}, {"does": "anew"} or {"does": "larger"}.')
        self.finish(json.dumps(self.lifetime.told(time.time())))


async def ask_to_end(why: str) -> None:
    """Ask the hub to stop this server, and say why."""
    security = make_ssl_context(
        *(os.environ.get(f"JUPYTERHUB_SSL_{name}", "") for name in ("KEYFILE", "CERTFILE")),
        cafile=os.environ.get("JUPYTERHUB_SSL_CLIENT_CA", ""),
    )
    await AsyncHTTPClient().fetch(
        f"{os.environ['JUPYTERHUB_API_URL']}/aula/end",
        method="POST",
        headers={"Authorization": f"token {os.environ['JUPYTERHUB_API_TOKEN']}", "Content-Type": "application/json"},
        body=json.dumps({"why": why}),
        ssl_options=security,
    )


def ended_for_memory(root: Path = Path("/")) -> int:
    """Return how many processes Linux has ended in this job because its memory was full; 0 where nothing counts them.

    The count is that of the control group in which the server runs with all that it starts: `oom_kill` (the kernel's
    Documentation/admin-guide, cgroup-v2 and cgroup-v1/memory).
    """
    counters = {"": "{}/memory.events", "memory": "memory/{}/memory.oom_control"}
    counts = [0]
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            counter = root / "sys/fs/cgroup" / counters.get(controllers, "").format(path.strip("/"))
            if counter.is_file():
                counts += [int(count) for count in re.findall(r"^oom_kill (\d+)$", counter.read_text(), re.MULTILINE)]
    return max(counts)


def seconds_left(said: str) -> float | None:
    """Return the time in what `squeue --format=%L` says, as 1-02:03:04; infinity for none, None for anything else."""
    if said == "UNLIMITED":
        return float("inf")
    found = re.fullmatch(r"(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)", said)
    days, hours, minutes, rest = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    return float(86400 * days + 3600 * hours + 60 * minutes + rest) if found else None


async def _time_left() -> float | None:
    """Ask Slurm how many seconds this job has left; None where it does not say it now."""
    words = ("squeue", "--noheader", f"--jobs={os.environ.get('AULA_JOB_ID', '')}", "--format=%L")
    try:
        asked = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError:
        return None
    try:
        output, _ = await asyncio.wait_for(asked.communicate(), SQUEUE_S)
    except TimeoutError:
        asked.kill()
        await asked.wait()
        return None
    return seconds_left(output.decode(errors="replace").strip())


async def _watch(app: Any, lifetime: Lifetime) -> None:
    """End the server when its time has come: by the hub, or where the hub does not answer, by itself."""
    asked = None
    while True:
        lifetime.work(last_work(app.web_app.settings, now := time.time()))
        lifetime.memory(ended_for_memory(), now)
        if lifetime.asks(now) not in (None, asked):
            left = await _time_left()
            if left is not None:
                lifetime.moved(time.time() + left)
            asked = lifetime.asks(time.time())
        if why := lifetime.over(now):
            break
        await asyncio.sleep(LOOK_S)
    app.log.warning("This server ends: %s", why)
    for pause in (10, 30, 60):
        with suppress(OSError, HTTPClientError):
            await ask_to_end(why)
        await asyncio.sleep(pause)
    app.stop()


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say that this file is the extension."""
    return [{"module": "aula_lifetime"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Take the lifetime that the job was given, and look after it from now on."""
    given, started = json.loads(os.environ.pop("AULA_LIFETIME")), float(os.environ.pop("AULA_STARTED"))
    home_lost = bool(os.environ.pop("AULA_HOME_LOST", ""))
    lifetime = Lifetime(started + given["walltime"], given["idle"], given["words"], time.time(), home_lost=home_lost)

    async def note_change(*, data: Mapping[str, Any], **_: object) -> None:
        if data.get("action") in _CHANGES:
            lifetime.changed(time.time())

    app.event_logger.add_listener(schema_id=app.contents_manager.event_schema_id, listener=note_change)
    app.web_app.add_handlers(".*$", [(f"{app.base_url}aula/lifetime", LifetimeHandler, {"lifetime": lifetime})])
    app.io_loop.add_callback(_watch, app, lifetime)
