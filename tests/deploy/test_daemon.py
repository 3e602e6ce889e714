"""Daemons: found again by pid and start time, stopped by pid alone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.daemon import Daemon, end, is_frozen, started_at
from deploy.errors import DaemonError
from deploy.settings import CHECKOUT

# A daemon outlives the process that started it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


@pytest.fixture
def sleeper(tmp_path: Path, me: str) -> Iterator[Daemon]:
    """A daemon that only sleeps, ended after the test."""
    daemon = Daemon("sleeper", tmp_path, ["sleep", "60"], user=me)
    yield daemon
    daemon.stop()


def alive(pid: int) -> bool:
    """Whether a process runs and is no zombie."""
    return started_at(pid) is not None


def test_start_and_stop(sleeper: Daemon) -> None:
    """A started daemon is found by its pid in a session of its own; after stop it is gone, and so is its record."""
    assert sleeper.pid() is None
    sleeper.start(lambda: True)
    pid = sleeper.pid()
    assert pid is not None
    assert os.getsid(pid) == pid
    sleeper.stop()
    assert sleeper.pid() is None
    assert not alive(pid)
    assert list((sleeper.state / "run").iterdir()) == []


def test_starting_again_keeps_the_running_one(sleeper: Daemon) -> None:
    """`start` of a daemon that runs starts no second one."""
    sleeper.start(lambda: True)
    first = sleeper.pid()
    sleeper.start(lambda: True)
    assert sleeper.pid() == first


def test_another_version_replaces_the_running_one(sleeper: Daemon) -> None:
    """A daemon that runs code or settings of yesterday is started anew, also if the run that changed them was cut."""
    sleeper.start(lambda: True)
    first = sleeper.pid()
    newer = replace(sleeper, version="today")
    newer.start(lambda: True)
    second = newer.pid()
    assert first is not None
    assert not alive(first)
    assert second not in (None, first)
    newer.start(lambda: True)
    assert newer.pid() == second


def test_start_waits_until_it_is_ready(sleeper: Daemon) -> None:
    """`start` asks again and again and returns once the daemon is ready."""
    answers = iter([False, False, True])
    sleeper.start(lambda: next(answers))
    assert next(answers, None) is None


def test_a_daemon_can_be_found_and_stopped_by_its_name(sleeper: Daemon) -> None:
    """Status and down need to know nothing of a daemon but its name, not even its secrets."""
    sleeper.start(lambda: True)
    by_name = Daemon("sleeper", sleeper.state)
    assert by_name.pid() == sleeper.pid()
    by_name.stop()
    assert sleeper.pid() is None


def test_stopping_what_does_not_run_is_no_error(sleeper: Daemon) -> None:
    """`stop` may be repeated, and may come before any start."""
    sleeper.stop()
    sleeper.stop()


def test_one_that_dies_at_once_says_how(tmp_path: Path, me: str) -> None:
    """A daemon that ends right after its start is an error with the log's path and its last lines."""
    daemon = Daemon("broken", tmp_path, ["ls", "/no/such/folder"], user=me)
    with pytest.raises(DaemonError) as error:
        daemon.start(lambda: False, within=5)
    assert "broken ended right after its start" in str(error.value)
    assert str(daemon.log) in str(error.value)
    assert "/no/such/folder" in str(error.value).rpartition("ends:")[2]


def test_one_that_is_never_ready_says_so(sleeper: Daemon) -> None:
    """A daemon that runs but does not answer in time is an error that names it and its log."""
    with pytest.raises(DaemonError, match=r"sleeper was not ready within 0 s\. .*sleeper\.log ends"):
        sleeper.start(lambda: False, within=0.2)


def test_one_that_had_ended_when_it_was_recorded_does_not_run(sleeper: Daemon) -> None:
    """A record without a start time, of a process that was gone at once, names no running process."""
    record = sleeper.state / "run" / "sleeper.json"
    record.parent.mkdir()
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    record.write_text(json.dumps({"pid": gone.pid, "started": None}))
    assert sleeper.pid() is None


def test_a_recycled_pid_is_not_ours(sleeper: Daemon) -> None:
    """A stranger that was given our daemon's old pid is neither taken for it nor stopped."""
    with subprocess.Popen(["sleep", "60"]) as stranger:
        began = started_at(stranger.pid)
        assert began is not None
        record = sleeper.state / "run" / "sleeper.json"
        record.parent.mkdir()
        record.write_text(json.dumps({"pid": stranger.pid, "started": began - 1}))
        try:
            assert sleeper.pid() is None
            sleeper.stop()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_run_killed_while_it_starts_a_daemon_loses_none(tmp_path: Path, me: str) -> None:
    """Whoever starts a daemon and is killed at once after leaves a record by which it is found and stopped."""
    starter = f"""
import os, signal, subprocess
from pathlib import Path
from deploy.daemon import Daemon
started = subprocess.Popen.__init__
def killed(self, *words, **more):
    started(self, *words, **more)
    os.kill(os.getpid(), signal.SIGKILL)
subprocess.Popen.__init__ = killed
Daemon("orphan", Path({str(tmp_path)!r}), ["sleep", "60"], user={me!r}).start(lambda: True)
"""
    assert subprocess.run([sys.executable, "-c", starter], cwd=CHECKOUT, check=False).returncode == -signal.SIGKILL
    orphan = Daemon("orphan", tmp_path, ["sleep", "60"], user=me)
    pid = orphan.pid()
    assert pid is not None
    orphan.stop()
    assert not alive(pid)


def test_a_record_of_before_the_machine_started_is_no_daemon(sleeper: Daemon) -> None:
    """After a crash of the machine pids begin anew: a record from before names nobody, whoever has the pid now."""
    sleeper.start(lambda: True)
    pid = sleeper.pid()
    assert pid is not None
    record = sleeper.state / "run" / "sleeper.json"
    kept = record.read_text()
    record.write_text(json.dumps({**json.loads(kept), "boot": "another"}))
    assert sleeper.pid() is None
    record.write_text(kept)


@pytest.mark.parametrize("text", ["", "{", '{"pid"'])
def test_a_broken_record_is_no_daemon(sleeper: Daemon, text: str) -> None:
    """A record cut short, as by a full disk, means that nothing of ours runs."""
    record = sleeper.state / "run" / "sleeper.json"
    record.parent.mkdir()
    record.write_text(text)
    assert sleeper.pid() is None


def test_one_that_is_deaf_to_sigterm_is_killed(tmp_path: Path, me: str) -> None:
    """`stop` insists: a process that ignores the request to end is ended all the same."""
    ready = tmp_path / "ready"
    deaf = Daemon("deaf", tmp_path, ["sh", "-c", f"trap '' TERM; touch {ready}; while :; do sleep 0.1; done"], user=me)
    deaf.start(ready.exists, within=5)
    pid = deaf.pid()
    assert pid is not None
    deaf.stop(within=0.2)
    assert not alive(pid)


def test_one_that_was_frozen_goes_on(sleeper: Daemon) -> None:
    """A daemon that something stopped half-way is seen as frozen, is resumed by `start`, and ends at once by `stop`."""
    sleeper.start(lambda: True)
    pid = sleeper.pid()
    assert pid is not None
    for mend in (lambda: sleeper.start(lambda: not is_frozen(pid)), sleeper.stop):
        os.kill(pid, signal.SIGSTOP)
        deadline = time.monotonic() + 5
        while not is_frozen(pid):
            assert time.monotonic() < deadline
        began = time.monotonic()
        mend()
        assert time.monotonic() - began < 5
        assert not is_frozen(pid)
    assert not alive(pid)


def test_end_of_a_process_that_is_gone() -> None:
    """Ending a process that has ended by itself is no error."""
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    end(gone.pid, within=1)


def test_its_environment_holds_nothing_of_ours(tmp_path: Path, me: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A daemon sees PATH, LANG, its account and its own variables, and nothing that a person exported by chance."""
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    daemon = Daemon("env", tmp_path, ["env"], user=me, env={"TOKEN": "word"})
    daemon._launch()
    deadline = time.monotonic() + 5
    while daemon.pid() is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    names = {line.partition("=")[0] for line in daemon.log.read_text().splitlines()}
    assert names == {"PATH", "LANG", "HOME", "USER", "LOGNAME", "TOKEN"}


def test_its_log_is_for_the_operator_alone(sleeper: Daemon) -> None:
    """Logs say who signed in and what ran for whom: other accounts cannot enter their folder."""
    sleeper.start(lambda: True)
    assert sleeper.log.parent.stat().st_mode & 0o7777 == 0o700


def test_it_does_not_end_with_the_terminal(sleeper: Daemon) -> None:
    """Ctrl-C in the terminal, a signal to our process group, does not reach the daemon."""
    sleeper.start(lambda: True)
    pid = sleeper.pid()
    assert pid is not None
    assert os.getpgid(pid) != os.getpgrp()
