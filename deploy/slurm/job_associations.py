"""What accounts for handed-in job scripts may have of the cluster: one small job at a time, watched by who grades."""

from collections.abc import Mapping

from deploy.command import run
from deploy.slurm.layout import Layout

LIMITS = ("MaxJobs=1", "MaxSubmitJobs=1", "MaxWall=12", "MaxTRES=cpu=64,node=16")
"""What one of them may have: no course permits a job script more than ten minutes."""


def up(layout: Layout, house: str, pairs: Mapping[str, str]) -> None:
    """Give each account for job scripts a Slurm account of its own, below the house's.

    `pairs` has it by the course run's account, which becomes its coordinator: that one sees and cancels its jobs.
    """
    if not pairs:
        return
    rows = (line.split("|") for line in _show(layout, "account", "withcoord", "format=account,coordinators"))
    found = {account: coordinators.split(",") for account, coordinators in rows}
    for name, job in pairs.items():
        if job not in found:
            text = f"Description={job}", f"Organization={house}"
            _change(layout, "add", "account", job, f"Parent={house}", *text)
            _change(layout, "add", "user", job, f"Account={job}", *LIMITS)
        if name not in found.get(job, []):
            _change(layout, "add", "coordinator", f"Account={job}", f"Names={name}")


def _show(layout: Layout, *words: str) -> list[str]:
    return run(["sacctmgr", "--noheader", "--parsable2", "show", *words], env=layout.environment).splitlines()


def _change(layout: Layout, *words: str) -> None:
    run(["sacctmgr", "--immediate", *words], env=layout.environment)
