"""The class on a site that is not ours: what each side sees of the other, and what the hub may do."""

import re
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, build_opener

import pytest

from deploy.accounts import home
from deploy.errors import CommandError
from tests.classroom import Classroom
from tests.integration.person import wait_for

OnServiceNode = Callable[..., str]


def on_a_node(classroom: Classroom, *words: str) -> str:
    """Run a command as root in a job on a node."""
    return classroom.slurm("srun", "--quiet", "--nodes=1", *words)


def test_nodes_see_nothing_of_the_service_node(classroom: Classroom) -> None:
    """A node sees neither the class's state and secrets nor its programs, only the shared folder."""
    here = classroom.settings
    software = str(here.site.software)
    for folder in (here.state, here.prefix):
        assert on_a_node(classroom, "find", str(folder), "-mindepth", "1") == ""
    assert on_a_node(classroom, "ls", "-d", software).strip() == software


def test_the_service_node_sees_nothing_of_slurms_state(classroom: Classroom, on_service_node: OnServiceNode) -> None:
    """The service node has a Slurm client and munge's key; controller, accounting and spool are out of its sight."""
    site = classroom.cluster.state
    for part in ("slurm", "log", "run"):
        assert on_service_node("find", str(site / part), "-mindepth", "1") == ""
    assert on_service_node("ls", "/etc/slurm", "/etc/munge").split()[1::2] == ["munge.key", "slurm.conf"]
    assert "slurmctld" not in on_service_node("ss", "-ltnp")


def test_they_share_the_home_folders_alone(classroom: Classroom, on_service_node: OnServiceNode) -> None:
    """Course run, exchange and environments lie among the home folders; both sides read the same file there."""
    site = classroom.settings.site
    assert site.course_folder.is_relative_to(home(classroom.cluster, classroom.name("ana")).parent)
    assert site.software.is_relative_to(home(classroom.cluster, classroom.name("ana")).parent)
    mark = site.course_folder / "seen-by-both"
    on_service_node("touch", str(mark))
    try:
        assert on_a_node(classroom, "ls", str(mark)).strip() == str(mark)
    finally:
        mark.unlink()


def test_the_hub_may_submit_and_no_more(classroom: Classroom, on_service_node: OnServiceNode) -> None:
    """The hub's account has the five commands in the names of the class's people, and no other right by sudo."""
    site = classroom.settings.site
    rules = on_service_node("sudo", "-n", "-l", "-U", site.hub_account)
    allowed = re.findall(r"\((.*?)\) NOPASSWD: (.*)", rules)
    people = ", ".join(classroom.accounts)
    assert allowed == [
        (people, "/usr/bin/sbatch, /usr/bin/squeue, /usr/bin/scancel, /usr/bin/scontrol, /usr/bin/sacct")
    ]
    as_hub = ["runuser", "-u", site.hub_account, "--", "sudo", "-n"]
    assert "slurm" in on_service_node(*as_hub, "-u", classroom.accounts[0], "/usr/bin/sbatch", "--version")
    for who, command in (("root", "/usr/bin/sbatch"), (classroom.accounts[0], "/usr/bin/id"), ("slurm", "/usr/bin/id")):
        with pytest.raises(CommandError):
            on_service_node(*as_hub, "-u", who, command, "--version")


def test_the_hub_has_no_right_on_the_cluster_itself(classroom: Classroom, on_service_node: OnServiceNode) -> None:
    """With the hub's munge and client nobody becomes Slurm's administrator: accounts and nodes cannot be changed."""
    as_hub = ["runuser", "-u", classroom.settings.site.hub_account, "--"]
    for words in (
        ["sacctmgr", "--immediate", "add", "account", "intruder"],
        ["scontrol", "shutdown"],
    ):
        with pytest.raises(CommandError):
            on_service_node(*as_hub, *words)


def test_plain_http_is_sent_to_tls(classroom: Classroom) -> None:
    """Who types the address without https is sent on, and the certificate is the one of site.yml."""
    site = classroom.settings.site
    context = ssl.create_default_context(cafile=str(site.certificate))
    opener = build_opener(HTTPHandler(), HTTPSHandler(context=context))
    answer = opener.open(f"http://{site.host}/hub/login", timeout=20)
    assert urlsplit(answer.url).scheme == "https"
    assert "Sign in" in answer.read().decode()
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert all("Secure" in cookie for cookie in answer.headers.get_all("set-cookie"))


def test_nobody_chooses_their_own_address(classroom: Classroom) -> None:
    """The hub notes who really asked, whatever a browser claims: the sign-in throttle counts by it."""
    site = classroom.settings.site
    context = ssl.create_default_context(cafile=str(site.certificate))
    opener = build_opener(HTTPSHandler(context=context))
    opener.addheaders = [("X-Forwarded-For", "192.0.2.7"), ("X-Real-IP", "192.0.2.7")]
    opener.open(f"{site.address}/hub/login?who=asks", timeout=20)
    log = Path(classroom.settings.state, "log", "hub.log")
    line = wait_for(
        lambda: next((line for line in reversed(log.read_text().splitlines()) if "who=asks" in line), None),
        "the hub's log names the request",
    )
    assert f"@{classroom.cluster.subnet}.254)" in line
