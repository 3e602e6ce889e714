"""A home folder in which nothing can be written: the server starts all the same, and its page says so."""

import pwd
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from deploy import network
from deploy.command import run
from deploy.slurm import daemons
from deploy.slurm.layout import Layout
from tests.classroom import Classroom
from tests.integration.person import Person, alone

FULL = "mount -t tmpfs -o size=64k,mode=700,uid=$1 tmpfs $2 && ! head -c 1M /dev/zero 2>/dev/null >$2/much"
READ_ONLY = "mount -t tmpfs -o ro,mode=700,uid=$1 tmpfs $2"


@contextmanager
def home_is(person: Person, how: str) -> Iterator[None]:
    """Let every node have another home folder of the person's while the block lasts."""
    settings, account = person.classroom.cluster, pwd.getpwnam(person.name)
    with ExitStack() as stack:
        for node in network.nodes(settings):
            inside = ["nsenter", f"--target={daemons.node(Layout(settings), node).pid()}", "--mount"]
            run([*inside, "sh", "-c", how, "sh", str(account.pw_uid), account.pw_dir])
            stack.callback(run, [*inside, "umount", "--lazy", account.pw_dir])
        yield


@pytest.mark.parametrize("how", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_the_server_starts_and_its_page_says_so(classroom: Classroom, how: str) -> None:
    """JupyterLab is there, and warns that nothing is saved; once the folder can be written again, it does not."""
    with alone(classroom, "deniz") as deniz:
        with home_is(deniz, how):
            assert deniz.start()["ready"]
            assert deniz.at_server("lab").status_code == 200
            (notice,) = deniz.at_server("aula/lifetime").json()["notices"]
            assert "full or read-only" in notice["text"]
            deniz.stop()
        assert deniz.start()["ready"]
        assert deniz.at_server("aula/lifetime").json()["notices"] == []
