"""What a waiting person reads while their server starts, in plain words."""

from aula_spawner.slurm.squeue import Job, Phase

_REASONS = {
    "Priority": "other jobs come first",
    "Resources": "the nodes are busy; yours starts when one is free",
    "JobHeldAdmin": "an operator holds it back",
    "JobHeldUser": "it is held; release it or stop this server",
    "QOSMaxJobsPerUserLimit": "you already have as many jobs as you may",
    "AssocGrpCpuLimit": "your company already uses all the cores it may",
    "PartitionDown": "the partition is down; tell the operator",
    "ReqNodeNotAvail": "the nodes are not available now; tell the operator",
}


def describe(job_id: str, job: Job | None, port_known: bool) -> tuple[int, str]:
    """Return how far the start is, out of 100, and a sentence about it."""
    if not job_id:
        return 10, "Asking Slurm for a place on a node."
    if job is None:
        return 20, f"Slurm took your job, number {job_id}."
    if job.phase is Phase.WAITING:
        reason = _REASONS.get(job.reason or "")
        waiting = f"Job {job_id} waits in the queue"
        return 30, f"{waiting}: {reason}." if reason else f"{waiting}."
    if job.phase is Phase.ENDED:
        return 100, f"Job {job_id} ended ({job.state.lower().replace('_', ' ')})."
    if port_known:
        return 90, f"JupyterLab on {job.node} is almost ready."
    return 60, f"Job {job_id} runs on {job.node}. JupyterLab is starting there."
