"""What a real job on a node sees: the hub, the folders, the environment, the time."""

import json
import os
import pwd
import re
import select
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from aula.site.check.outcome import Outcome, failed, ok, skipped
from aula.site.check.system import System
from aula.site.schema import Site

PROBE = Path(__file__).with_name("probe.py")
PATIENCE_S = 90
MOST_SKEW_S = 5.0
MOST_ANSWER = 10_000
NAMES = (
    *("a job on a node", "node reaches hub", "hub reaches node", "shared folders", "environment", "internal TLS"),
    *("grading sandbox", "clock"),
)


def check(site: Site, system: System) -> Iterator[Outcome]:
    """Run one short job as the course account, and yield what it saw."""
    if system.account(site.accounts.course) is None:
        yield skipped(NAMES[0], f"there is no account {site.accounts.course} yet")
        return
    with ExitStack() as stack:
        _listen_if_free(site, stack)
        asked = time.time()
        with _start(site, system) as job:
            try:
                answer = _read(job)
                if answer is None:
                    remedy = "Try it: srun as that account, on that partition. The queue may be full."
                    yield failed(NAMES[0], _complaint(job), remedy)
                    return
                took = time.time() - asked
                yield ok(NAMES[0], f"{answer['node']} answered after {took:.1f} s")
                yield from _judged(site, system, answer, asked, time.time())
            finally:
                _end(job)


def _end(job: "subprocess.Popen[str]") -> None:
    """Let the job end by itself, as it does soon; insist where it does not."""
    try:
        job.wait(timeout=25)
    except subprocess.TimeoutExpired:
        job.kill()


def _listen_if_free(site: Site, stack: ExitStack) -> None:
    """Stand in for the hub where it does not run yet, so that a node has something to knock at."""
    probe = stack.enter_context(socket.socket())
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((site.service_node.address, site.service_node.hub_port))
        probe.listen(5)
    except OSError:
        probe.close()  # the hub itself listens, or the address is not this machine's: the node will tell


def _start(site: Site, system: System) -> "subprocess.Popen[str]":
    known = pwd.getpwnam(site.accounts.course)
    node = site.service_node
    words = [
        f"{site.slurm.commands}/srun",
        "--quiet",
        "--job-name=site-check",
        "--ntasks=1",
        f"--partition={site.slurm.partitions.interactive}",
        "--time=2",
        "--chdir=/",
        "/usr/bin/python3",
        "-c",
        PROBE.read_text(encoding="utf-8"),
        node.address,
        str(node.hub_port),
        str(_environment(Path(site.folders.software)) / "bin/python"),
        f"{site.folders.software}/envs/tools/bin/python",
        site.folders.software,
        site.folders.course,
    ]
    return subprocess.Popen(
        words,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": known.pw_dir, **system.environment},
        cwd="/",
        user=known.pw_uid,
        group=known.pw_gid,
        extra_groups=os.getgrouplist(known.pw_name, known.pw_gid),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


def _environment(software: Path) -> Path:
    """Return the newest of the installed user environments, each named by its lock's digest."""
    installed = sorted(software.glob("envs/user-*"), key=lambda environment: environment.stat().st_mtime)
    return installed[-1] if installed else software / "envs" / "user"


def _read(job: "subprocess.Popen[str]") -> dict[str, Any] | None:
    """Return what the node said, or None where it said nothing sensible in time."""
    if job.stdout is None or not select.select([job.stdout], [], [], PATIENCE_S)[0]:
        return None
    return parse(job.stdout.readline(MOST_ANSWER))


def parse(line: str) -> dict[str, Any] | None:
    """Return a node's answer where it has everything that it must have, of the right kind; else None."""
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    kinds = {"node": str, "time": float, "folders": dict, "python": str, "hub": str, "port": int, "home": bool}
    kinds |= {"key": str, "sandbox": str}
    if not isinstance(answer, dict) or not all(type(answer.get(key)) is kind for key, kind in kinds.items()):
        return None
    sensible = re.fullmatch(r"[A-Za-z0-9.-]{1,100}", answer["node"]) and 0 < answer["port"] < 65536
    return answer if sensible else None


def _complaint(job: "subprocess.Popen[str]") -> str:
    job.kill()
    lines = (job.communicate()[1] or "").strip().splitlines()
    return lines[-1][:300] if lines else f"no job answered within {PATIENCE_S} s"


def _judged(site: Site, system: System, answer: dict[str, Any], asked: float, answered: float) -> Iterator[Outcome]:
    node, hub = answer["node"], f"{site.service_node.address}:{site.service_node.hub_port}"
    if answer["hub"]:
        remedy = "Set service_node.address to this machine's address on the nodes' network, and open the port to it."
        yield failed("node reaches hub", f"{node} cannot connect to {hub}: {answer['hub'][:200]}", remedy)
    else:
        yield ok("node reaches hub", f"{node} connects to {hub}")
    yield _reached(site, system, node, answer["port"])
    unseen = [folder for folder, seen in answer["folders"].items() if seen is not True]
    if unseen:
        remedy = "Mount the file system on the nodes at the same path, or choose other folders in site.yml."
        yield failed("shared folders", f"{node} does not see {', '.join(unseen)[:300]}", remedy)
    elif not answer["home"]:
        yield failed(
            "shared folders", f"the home folder cannot be written on {node}", "Mount home folders on the nodes."
        )
    else:
        yield ok("shared folders", f"{node} sees both, and the home folder")
    if not answer["python"]:
        yield skipped("environment", "it is not installed yet: make install CLUSTER=site")
    elif not answer["python"].startswith("Python 3"):
        remedy = "The node must have the same /usr/bin/python3 as this machine, and the file system no noexec."
        yield failed("environment", f"{node} cannot execute it: {answer['python'][:200]}", remedy)
    else:
        yield ok("environment", f"{node} executes it: {answer['python'][:40]}")
    yield _encrypted(site, node, answer["key"])
    yield _graded(node, answer["sandbox"])
    skew = max(asked - answer["time"], answer["time"] - answered, 0.0)
    if skew > MOST_SKEW_S:
        found = f"the clock of {node} is at least {skew:.0f} s off this machine's"
        yield failed("clock", found, "Let both keep time by NTP: munge and sign-ins fail otherwise.")
    else:
        yield ok("clock", f"{node} and this machine agree within {max(skew, 1):.0f} s")


def _encrypted(site: Site, node: str, key: str) -> Outcome:
    """Return whether a server on the node can do its part of internal TLS."""
    if not site.service_node.internal_tls:
        return skipped("internal TLS", "it is off: what hub, proxy and servers say can be read on the nodes' network")
    if not key:
        return skipped("internal TLS", "the environment is not installed yet: make install CLUSTER=site")
    if key != "made":
        remedy = "Nodes must let a process open its own files in /proc. Else: service_node.internal_tls: false"
        return failed("internal TLS", f"{node} makes no key in memory: {key[-200:]}", remedy)
    return ok("internal TLS", f"{node} makes a key and keeps it in memory")


def _graded(node: str, sandbox: str) -> Outcome:
    """Return whether what trainees hand in can be run on the node."""
    if not sandbox:
        return skipped("grading sandbox", "the environment is not installed yet: make install CLUSTER=site")
    if sandbox != "possible":
        remedy = "Nodes need bubblewrap, and must let users make namespaces: sysctl user.max_user_namespaces=15000"
        return failed("grading sandbox", f"on {node}: {sandbox[-300:]}", remedy)
    return ok("grading sandbox", f"{node} can run what trainees hand in apart from all else")


def _reached(site: Site, system: System, node: str, port: int) -> Outcome:
    shown = system.run([f"{site.slurm.commands}/scontrol", "show", "node", node, "--oneliner"])
    found = re.search(r"\bNodeAddr=(\S+)", shown.said)
    address = found.group(1) if shown.well and found else node
    try:
        socket.create_connection((address, port), timeout=10).close()
    except OSError as error:
        remedy = "Proxy and hub run here: let this machine connect to the nodes' ports from 1024 up."
        return failed("hub reaches node", f"this machine cannot connect to {address}:{port}: {error}", remedy)
    return ok("hub reaches node", f"this machine connects to {node} at {address}")
