"""A person's core-hours of a week: no server starts when they are used up, and who is refused reads why."""

import pytest
from aula_spawner.slurm.errors import OutputError
from aula_spawner.slurm.sacct import parse_core_seconds

from tests.spawners.hub_double import HubDouble
from tests.spawners.slurm_double import SlurmDouble
from tests.spawners.test_failure import last_event


@pytest.mark.parametrize(("output", "seconds"), [("", 0), ("12\n", 12), ("7200\n0\n3600\n", 10800)])
def test_core_seconds_are_added_up(output: str, seconds: int) -> None:
    """Each line is a job; no line means that none ran."""
    assert parse_core_seconds(output) == seconds


@pytest.mark.parametrize("output", ["-1\n", "1.5\n", "sacct: error\n", "12|13\n", "\uff11\n"])
def test_nonsense_is_an_error(output: str) -> None:
    """Anything but whole numbers is an error that shows what was printed."""
    with pytest.raises(OutputError, match="sacct"):
        parse_core_seconds(output)


def test_who_has_used_up_a_week_starts_no_server(hub: HubDouble, slurm: SlurmDouble) -> None:
    """The start is refused with both numbers, nothing is submitted, and the accounting is asked once in a minute."""
    slurm.answer("sacct", output="350000\n10001\n")
    for _ in range(2):
        hub.ask("POST", "/users/carla/server")
        message = str(last_event(hub, "carla")["message"])
        assert "You have used 100.0 core-hours in the last seven days, of 100." in message
    assert slurm.jobs() == []
    (call,) = slurm.calls("sacct")
    assert "--user=carla" in call


def test_who_has_not_starts(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Just below the bound a job is submitted."""
    slurm.answer("sacct", output="359999\n")
    before = len(slurm.jobs())
    hub.ask("POST", "/users/ana/server")
    slurm.wait_for_job(before + 1)


def test_an_accounting_that_is_away_stops_nobody(hub: HubDouble, slurm: SlurmDouble) -> None:
    """Where the accounting does not answer a start goes on."""
    slurm.answer("sacct", complaint="sacct: error: Connection refused", status=1)
    before = len(slurm.jobs())
    hub.ask("POST", "/users/ines/server")
    slurm.wait_for_job(before + 1)
