"""What a waiting person reads while their server starts, in plain words."""

from aula_spawner.cluster import unreachable
from aula_spawner.slurm.squeue import Job, Phase
from aula_spawner.words import Say, phrase

_REASONS = {
    "Priority": phrase("other jobs come first"),
    "Resources": phrase("the nodes are busy; yours starts when one is free"),
    "JobHeldAdmin": phrase("an operator holds it back"),
    "JobHeldUser": phrase("it is held; release it or stop this server"),
    "QOSMaxJobsPerUserLimit": phrase("you already have as many jobs as you may"),
    "AssocMaxJobsLimit": phrase("you already have as many jobs as you may"),
    "AssocGrpCpuLimit": phrase("your company already uses all the cores it may"),
    "PartitionDown": phrase("the partition is down; tell the operator"),
    "ReqNodeNotAvail": phrase("the nodes are not available now; tell the operator"),
}

_STATES = {
    "BOOT_FAIL": phrase("its node did not start"),
    "CANCELLED": phrase("cancelled"),
    "COMPLETED": phrase("completed"),
    "DEADLINE": phrase("its deadline passed"),
    "FAILED": phrase("failed"),
    "NODE_FAIL": phrase("its node failed"),
    "OUT_OF_MEMORY": phrase("out of memory"),
    "PREEMPTED": phrase("another job took its place"),
    "TIMEOUT": phrase("its time was over"),
    # What Slurm does not know: what the server itself says, and what the hub's own knocks found.
    "IDLE": phrase("nothing ran on it for a while"),
    "SILENT": phrase("its node no longer answers"),
    "REFUSED": phrase("JupyterLab is gone from its node"),
}


def ending(state: str, say: Say) -> str:
    """Return how a job ended, in words."""
    return say(_STATES[state]) if state in _STATES else state.lower().replace("_", " ")


def describe(job_id: str, job: Job | None, port_known: bool, say: Say, place: int | None = None) -> tuple[int, str]:
    """Return how far the start is, out of 100, and what is to say about it; `place` is the job's in its queue."""
    if not job_id:
        return 10, say("Asking Slurm for a place on a node.")
    if job is None:
        return 20, say("Slurm took your job, number {job}.", job=job_id)
    if job.phase is Phase.WAITING:
        return 30, _waiting(job, say, place)
    if job.phase is Phase.ENDED:
        return 100, say("Job {job} ended ({state}).", job=job_id, state=ending(job.state, say))
    if port_known:
        return 90, say("JupyterLab on {node} is almost ready.", node=job.node)
    return 60, say("Job {job} runs on {node}. JupyterLab is starting there.", job=job_id, node=job.node)


def _waiting(job: Job, say: Say, place: int | None) -> str:
    """Return why a job waits, as far as Slurm tells, and its place in the queue."""
    reason = _REASONS.get(job.reason or "")
    if reason:
        waits = say("Job {job} waits in the queue: {reason}.", job=job.id, reason=say(reason))
    else:
        waits = say("Job {job} waits in the queue.", job=job.id)
    return waits if place is None else waits + " " + say("It is number {place} there.", place=place)


def no_answer(job_id: str, seconds: float, say: Say) -> str:
    """Return a sentence for a job that runs and whose server does not listen."""
    return say(
        "Job {job} runs, but JupyterLab did not answer for {seconds} seconds. "
        "The file .aula/server.log in your home folder may say why. Start the server again.",
        job=job_id,
        seconds=seconds,
    )


def ended_early(job_id: str, job: Job | None, say: Say) -> str:
    """Return a sentence for a job that ended before its server was ready."""
    if job is None:
        return say("Job {job} is no longer known to Slurm. Start the server again.", job=job_id)
    return say(
        "Job {job} ended ({state}) before JupyterLab was ready. "
        "The file .aula/server.log in your home folder says more. Start the server again.",
        job=job_id,
        state=ending(job.state, say),
    )


def sentence(error: Exception, say: Say) -> str:
    """Return the error's text as a sentence; where Slurm itself cannot be asked, what that means for a person."""
    if unreachable(error):
        return say(
            "The cluster's batch system does not answer at the moment. Servers that run go on running. "
            "Try again in a few minutes; if it lasts, tell the operator."
        )
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
