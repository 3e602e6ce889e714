"""Jobs to be cancelled later: how long they are tried, and what the hub's database keeps of them."""

import asyncio
from collections.abc import Iterator

import pytest
from aula_spawner import unwanted
from aula_spawner.errors import CommandTimeoutError, SlurmError
from aula_spawner.unwanted import UnwantedJobs
from jupyterhub import orm

OTHER = {"job_id": "8", "mark": "abc"}
BY_NAME = "--name=jupyter-0123456789ab"


class SlurmAway:
    """Refuses to cancel so many times, and notes what it was asked."""

    def __init__(self, refusals: int) -> None:
        self.refusals, self.asked = refusals, list[tuple[str, str]]()

    async def cancel(self, owner: str, what: str) -> bool:
        """Tell whether the job is cancelled now."""
        self.asked.append((owner, what))
        return len(self.asked) > self.refusals


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[orm.Spawner]:
    """A server in a hub's database, with a state of its own; pauses are short."""
    monkeypatch.setattr(unwanted, "LATE_S", (0, 0, 0, 0, 0, 0, 1))
    session = orm.new_session_factory("sqlite:///:memory:")()
    server = orm.Spawner(name="", user=orm.User(name="ana"), state=OTHER)
    session.add(server)
    session.commit()
    yield server
    session.close()
    session.get_bind().dispose()


async def until_forgotten(jobs: UnwantedJobs) -> None:
    """Wait until no job is unwanted any more."""
    async with asyncio.timeout(5):
        while jobs.state():
            await asyncio.sleep(0.01)


async def test_a_job_is_kept_until_it_is_cancelled(server: orm.Spawner) -> None:
    """While Slurm is away the job is in the database beside the rest; then it is cancelled once, and forgotten."""
    slurm = SlurmAway(refusals=7)
    jobs = UnwantedJobs(server, slurm.cancel)
    jobs.add("train01", "7")
    assert server.state == {**OTHER, "unwanted": [["train01", "7"]]}
    server.state = {"job_id": "9"}  # another start, whose state was written meanwhile
    await until_forgotten(jobs)
    assert slurm.asked == [("train01", "7")] * 8
    assert server.state == {"job_id": "9"}


async def test_what_sbatch_may_still_submit_is_looked_for_again_and_again(server: orm.Spawner) -> None:
    """No such job is no proof that none will come: each look for a name is made."""
    slurm = SlurmAway(refusals=0)
    jobs = UnwantedJobs(server, slurm.cancel)
    jobs.add("ana", BY_NAME)
    await until_forgotten(jobs)
    assert slurm.asked == [("ana", BY_NAME)] * 7


async def test_a_start_given_up_leaves_no_job(server: orm.Spawner) -> None:
    """The job of a submission that ends later is cancelled, and looked for by its name where sbatch goes on trying."""
    slurm = SlurmAway(refusals=0)
    jobs = UnwantedJobs(server, slurm.cancel)
    loop, troubles = asyncio.get_running_loop(), list[object]()
    loop.set_exception_handler(lambda _, trouble: troubles.append(trouble))
    done, late, refused, dropped = (loop.create_future() for _ in range(4))
    for submission in (done, late, refused, dropped):
        jobs.add_once_submitted("ana", BY_NAME.removeprefix("--name="), submission)
    done.set_result("7")
    late.set_exception(CommandTimeoutError("sbatch", 30))
    refused.set_exception(SlurmError("Invalid account"))
    dropped.cancel()
    await asyncio.sleep(0)
    assert jobs.state() == {"unwanted": [["ana", "7"], ["ana", BY_NAME]]}
    assert troubles == []
    await until_forgotten(jobs)


async def test_the_database_names_jobs_and_nothing_else(server: orm.Spawner) -> None:
    """Of what was kept only jobs of plain accounts are taken up, once; those of an earlier version are the person's."""
    slurm = SlurmAway(refusals=0)
    jobs = UnwantedJobs(server, slurm.cancel)
    good = [["train01", "7"], ["train01", BY_NAME], "8", ["train01", "7"]]
    jobs.load([*good, ["-uroot", "9"], ["ana", "--user=ana"], ["ana", "7\n"], ["ana", "--name=x"], "-b", ""], "ana")
    assert jobs.state() == {"unwanted": [["train01", "7"], ["train01", BY_NAME], ["ana", "8"]]}
    await until_forgotten(jobs)
    assert slurm.asked.count(("train01", "7")) == 1
