"""The keeper: what it starts again, what it leaves alone, and how long it waits."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from deploy import keeper
from deploy.daemon import Daemon
from deploy.keeper import Wait
from deploy.lock import exclusive
from deploy.settings import Settings

# A daemon outlives the process that started it: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


@pytest.fixture
def sleeper(settings: Settings, monkeypatch: pytest.MonkeyPatch, me: str) -> Daemon:
    """A daemon of the classroom that only sleeps, started; the keeper knows how to start it again."""
    found = Daemon("proxy", settings.state, ["sleep", "60"], user=me)
    monkeypatch.setattr(keeper, "_ways", lambda _: {"proxy": lambda: found.start(lambda: True)})
    found.start(lambda: True)
    return found


def kill(daemon: Daemon) -> None:
    """Kill a daemon as a crash would."""
    pid = daemon.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while daemon.pid() is not None:
        time.sleep(0.01)


def test_what_was_killed_is_started_again(settings: Settings, sleeper: Daemon) -> None:
    """A part whose process is gone is started; one that runs is not touched."""
    assert keeper.look(settings, {}) == []
    kill(sleeper)
    assert keeper.look(settings, {}) == ["proxy"]
    assert sleeper.pid() is not None
    sleeper.stop()


def test_what_was_stopped_stays_stopped(settings: Settings, sleeper: Daemon) -> None:
    """A part that somebody stopped is left alone."""
    sleeper.stop()
    assert keeper.look(settings, {}) == []
    assert sleeper.pid() is None


def test_it_keeps_out_of_the_way_of_up_and_down(settings: Settings, sleeper: Daemon) -> None:
    """While `up` or `down` is at work, nothing is started."""
    kill(sleeper)
    with exclusive(settings.state):
        assert keeper.look(settings, {}) == []
    assert keeper.look(settings, {}) == ["proxy"]
    sleeper.stop()


def test_what_keeps_dying_is_tried_ever_more_rarely() -> None:
    """The second try follows a second later, and the waits double; after a while that was steady they begin anew."""
    now = [1000.0]
    wait = Wait(clock=lambda: now[0])
    pauses = []
    for _ in range(9):
        began = now[0]
        while not wait.over():
            now[0] += 0.5
        pauses.append(now[0] - began)
        wait.tried()
    assert pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    now[0] += 60 + 21
    wait.tried()
    now[0] += 1
    assert wait.over()


def test_what_runs_for_a_while_before_it_dies_is_back_at_once() -> None:
    """A part that is killed every minute, and serves in between, is no part that keeps dying."""
    now = [1000.0]
    wait = Wait(clock=lambda: now[0])
    for _ in range(20):
        wait.tried()
        now[0] += 50
        assert wait.over()


def test_up_waits_for_the_keeper(tmp_path: Path) -> None:
    """Who has patience gets the lock as soon as the other lets go."""
    with exclusive(tmp_path):
        pass
    with exclusive(tmp_path, patience=5):
        assert (tmp_path / ".lock").exists()


def test_the_keeper_means_the_same_classroom(settings: Settings) -> None:
    """What the keeper is started with names the same classroom as ours."""
    assert Settings.from_environment(keeper.daemon(settings).env) == settings


def test_a_classroom_that_is_to_be_another_gets_another_keeper(settings: Settings) -> None:
    """It would go on with what it was told at its start: the hub that it brings back must be the one that is meant."""
    assert keeper.daemon(settings).version == keeper.daemon(replace(settings)).version
    assert keeper.daemon(settings).version != keeper.daemon(replace(settings, internal_tls=True)).version
