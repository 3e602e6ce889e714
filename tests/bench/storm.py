"""`make bench BENCH=storm`: three hundred people press the button at once; until the last one's server is ready.

A stand-in for Slurm starts each job at once, and one small web server stands in for all of theirs: what is measured is
what the hub makes of the storm. Who is sent away (429) comes back when the hub has said so, as a person would; whose
connection is cut off, because more wait than the hub lets, tries again after a second.
"""

import asyncio
import json
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.web import Application, RequestHandler

from deploy.progress import say
from tests.bench.report import OURS, Report
from tests.bench.storm_hubs import KINDS, LIMIT_S, Hub, running
from tests.spawners.hub_double import ADMIN_TOKEN

PEOPLE, ROUNDS = 300, 3
LOOK_S = 0.02
_AS_ADMIN = {"Authorization": f"token {ADMIN_TOKEN}"}


@dataclass
class Storm:
    """What became of everybody in one storm."""

    seconds: float = 0.0
    ready: int = 0
    failed: int = 0
    sent_away: int = 0
    cut_off: int = 0


class _Server(RequestHandler):
    """Answers as every single-user server would."""

    def get(self) -> None:
        """Say hello."""
        self.set_header("X-JupyterHub-Version", "6.1.1")


def benchmark() -> Report:
    """Let the storm come over each hub in turn; return the times in seconds."""
    storms: dict[str, list[Storm]] = {name: [] for name in KINDS}
    people = [f"person{number:03}" for number in range(PEOPLE)]
    for turn in range(1, ROUNDS + 1):
        for name, kind in KINDS.items():
            with (
                tempfile.TemporaryDirectory(prefix="aula-bench-") as folder,
                running(kind, people, Path(folder)) as hub,
            ):
                storm = asyncio.run(over(hub, people))
            storms[name].append(storm)
            say(f"  round {turn} of {ROUNDS}   {name:<16} {vars(storm)}")
    return Report(
        name="storm",
        what=f"{PEOPLE} people start a server at once, a stand-in for Slurm answering: until the last is ready",
        unit="s",
        samples={name: [storm.seconds for storm in all_] for name, all_ in storms.items()},
        checked=all(storm.ready == PEOPLE for storm in storms[OURS]),
        simulated=True,
        configuration={
            "simulated": "sudo and Slurm: shell scripts that answer at once; one web server for everybody's",
            "cores": os.cpu_count(),
            "time_out_s": LIMIT_S,
            **{
                what: {name: [getattr(storm, what) for storm in all_] for name, all_ in storms.items()}
                for what in ("failed", "sent_away", "cut_off")
            },
            "stock-unlimited": "stock with JupyterHub.concurrent_spawn_limit = 0",
        },
    )


async def over(hub: Hub, people: list[str]) -> Storm:
    """Let all start at once, and follow each to the end."""
    storm = Storm()
    server = HTTPServer(Application([(r".*", _Server)]))
    server.add_sockets(bind_sockets(0, "127.0.0.1"))
    port = next(iter(server._sockets.values())).getsockname()[1]
    client = SimpleAsyncHTTPClient(force_instance=True, max_clients=3 * len(people))
    jobs = asyncio.create_task(_run_jobs(hub, client, port))
    began = time.perf_counter()
    await asyncio.gather(*(_start(hub, client, name, storm) for name in people))
    storm.seconds = time.perf_counter() - began
    jobs.cancel()
    server.stop()
    client.close()
    return storm


async def _run_jobs(hub: Hub, client: AsyncHTTPClient, port: int) -> None:
    """Do what a job does as soon as it runs: tell the hub its port."""
    telling = set[asyncio.Task[HTTPResponse]]()
    with (hub.folder / "tokens").open() as tokens:
        while True:
            for token in tokens.read().split():
                request = _request(f"{hub.url}/{hub.callback}", {"Authorization": f"token {token}"}, {"port": port})
                telling.add(asyncio.ensure_future(client.fetch(request)))
            await asyncio.sleep(LOOK_S)


async def _start(hub: Hub, client: AsyncHTTPClient, name: str, storm: Storm) -> None:
    """Start one server as the browser does it: the request, then the stream of progress."""
    address = f"{hub.url}/users/{name}/server"
    while True:
        try:
            answer = await client.fetch(_request(address, _AS_ADMIN, {}), raise_error=False)
        except ConnectionResetError:
            storm.cut_off += 1
            await asyncio.sleep(1)
            continue
        if answer.code != 429:
            break
        storm.sent_away += 1
        await asyncio.sleep(float(answer.headers["Retry-After"]))
    if answer.code == 201 or (answer.code == 202 and await _becomes_ready(client, f"{address}/progress")):
        storm.ready += 1
    else:
        storm.failed += 1


async def _becomes_ready(client: AsyncHTTPClient, address: str) -> bool:
    events = list[bytes]()
    request = HTTPRequest(address, headers=_AS_ADMIN, streaming_callback=events.append, request_timeout=2 * LIMIT_S)
    try:
        await client.fetch(request)
    except HTTPClientError:
        return False
    last = b"".join(events).decode().rpartition("data:")[2]
    return bool(json.loads(last.strip() or "{}").get("ready"))


def _request(address: str, headers: dict[str, str], body: object) -> HTTPRequest:
    return HTTPRequest(address, "POST", headers=headers, body=json.dumps(body), request_timeout=2 * LIMIT_S)
