"""The one Spawner class: a JupyterLab server as a Slurm job of its owner."""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from batchspawner import JobStatus
from sqlalchemy.orm import object_session
from traitlets import default

from aula_spawner import callback, signing, versions
from aula_spawner.addresses import addresses
from aula_spawner.batch import BatchJob, checked, render
from aula_spawner.choice import Choice
from aula_spawner.command import listens
from aula_spawner.encryption import Encryption
from aula_spawner.errors import (
    CommandError,
    CommandTimeoutError,
    SlurmError,
    StartError,
    UnsafeValueError,
)
from aula_spawner.lifetime import told_to_job
from aula_spawner.metrics import Life
from aula_spawner.names import safe_server_name, safe_user_name
from aula_spawner.progress import ended_early, no_answer, sentence
from aula_spawner.running import Running
from aula_spawner.slurm.squeue import Job, Phase
from aula_spawner.slurm.units import seconds
from aula_spawner.unwanted import UnwantedJobs
from aula_spawner.waiting import Waiting
from aula_spawner.watcher import Watcher, watcher

callback.replace_stock_endpoint()
signing.add_endpoint()

_STATUS = {Phase.WAITING: JobStatus.PENDING, Phase.RUNNING: JobStatus.RUNNING, Phase.ENDED: JobStatus.NOTFOUND}

# Seconds between two knocks at a server that has told that it listens and cannot be reached.
KNOCK_S = 0.05
# Seconds to wait for a cancelled job's end.
STOPPING_S = 10
# Seconds after a server's start in which Slurm is told so: those who wait for theirs come first.
NOTED_S = 3.0
_NOTING = asyncio.Semaphore(1)
LANGUAGE = re.compile(r"[a-z]{2,3}")


class AulaSpawner(Choice, Encryption, Waiting, Running):
    """Starts a server as a Slurm job, without a shell, and believes only Slurm and one strict callback.

    Each start has a mark, the digest of its token. It names the job, so that a job is found again even if the
    hub died before it learned the job's id; and it tells which start a callback belongs to.
    """

    mark = ""
    job_status: str
    last_words = ""  # the end of the log of a server that could not start
    ready_at = 0.0  # since when the server listens, in seconds since 1970
    _changed = 0.0  # when something was last done to the job: what was seen before is worth nothing
    _noting: asyncio.Future[None] | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unwanted = UnwantedJobs(self.orm_spawner, self._cancel)
        self._reported = asyncio.Event()
        self.life = Life()

    @default("unix_account")
    def _unix_account_default(self) -> str:
        return str(self.user.name)

    @default("progress_ready_hook")
    def _progress_ready_hook(self) -> Any:
        return _ready

    # ---- what is remembered

    def get_state(self) -> dict[str, Any]:
        """Return what a hub that starts anew must know of this server."""
        state: dict[str, Any] = super().get_state()
        state.pop("job_status", None)
        mine = {"mark": self.mark, "unix_account": self.unix_account} if self.mark else {}
        language = {"language": self.language} if self.language else {}
        ended = {"ended": self.ended} if self.ended else {}
        ready = {"ready_at": self.ready_at} if self.ready_at else {"asked_at": self.asked_at} if self.asked_at else {}
        return {**state, **self.unwanted.state(), **language, **ended, **ready, **mine, **self.encryption_state()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up what an earlier hub remembered."""
        super().load_state(state)
        self.mark, self.ended = state.get("mark", ""), state.get("ended", "")
        self.load_encryption_state(state)
        self.of_earlier_hub = bool(self.mark)
        if self.mark:
            self.unix_account = state.get("unix_account", self.user.name)
        self.ready_at, self.asked_at = state.get("ready_at", 0.0), state.get("asked_at", 0.0)
        self.unwanted.load(state.get("unwanted", ()), self.user.name)
        if LANGUAGE.fullmatch(state.get("language", "")):
            self.language = state["language"]

    def clear_state(self) -> None:
        """Forget the job."""
        super().clear_state()
        self.mark, self.job, self.ready_at, self.asked_at = "", None, 0.0, 0.0
        self.load_encryption_state({})
        self.life.over()

    def remember(self) -> None:
        """Write the state to the hub's database now: a hub can die at any moment."""
        self.orm_spawner.state = self.get_state()
        session = object_session(self.orm_spawner)
        if session is not None:
            session.commit()

    # ---- the callback's view

    def issued(self, token: str) -> bool:
        """Tell whether this token is the one that the present start was given."""
        return bool(self.mark) and hmac.compare_digest(self.mark, _mark_of(token))

    def take_port(self, port: int) -> None:
        """Note the port on which the job's server listens, and go on with the start."""
        self.port = self.server.port = port
        self.server.proto = self.scheme
        self.remember()
        self._changed = time.monotonic()
        self._reported.set()

    # ---- talking to Slurm

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Add nothing: sudo sets HOME, USER and SHELL from the system's own records."""
        return env

    @cached_property
    def watcher(self) -> Watcher:
        """What looks at the queue, for this server and all others of the hub."""
        return watcher(self.cluster, self.watch_interval)

    def _batch_script(self, shunned: tuple[str, ...] = ()) -> str:
        """Return the batch script of this start, for any nodes but those that are to be shunned."""
        return render(
            checked(
                BatchJob,
                **(self.request or self.usual).model_dump(),
                job_name=self.job_name,
                shunned=shunned,
                singleuser_script=self.singleuser_script,
                lessons=tuple(self.lessons),
                kernel_paths=tuple(self.kernel_paths),
                jupyter_config_dir=self.jupyter_config_dir,
                lifetime=self._lifetime(),
                versions=versions.told_to_job(self.lessons, self.translate, self.language),
                lab_locale=self.lab_locales.get(self.language, ""),
            )
        )

    def _lifetime(self) -> str:
        """Return what the server must know of its own end."""
        asked = self.request or self.usual
        return told_to_job(seconds(asked.walltime), self.idle_after, asked.memory, self.translate, self.language)

    @property
    def job_name(self) -> str:
        """What Slurm calls the job: a name that nobody else can know before."""
        return f"jupyter-{self.mark[:12]}"

    async def submit_batch_script(self) -> str:
        """Submit the job. What is needed to find it again is saved before, its id as soon as it is known."""
        self.mark = _mark_of(self.api_token)
        credentials = self.start_credentials()
        self.remember()
        hub = {key: value for key, value in self.get_env().items() if key.startswith("JUPYTERHUB_")} | credentials
        submission = asyncio.ensure_future(self._submit(hub))
        try:
            self.job_id = await asyncio.shield(submission)
        except asyncio.CancelledError:
            self.unwanted.add_once_submitted(self.unix_account, self.job_name, submission)
            raise
        except CommandTimeoutError:
            # sbatch goes on trying by itself and may still submit: what nobody waits for must not run.
            self.unwanted.add(self.unix_account, f"--name={self.job_name}")
            raise
        self._changed = time.monotonic()
        self.life.submitted()
        self.remember()
        self.log.info("Server %s is job %s", self._log_name, self.job_id)
        return str(self.job_id)

    async def _submit(self, hub: Mapping[str, str]) -> str:
        """Submit the job and return its id: to no dead node, unless there is no other that would do."""
        if shunned := self.network.shunned:
            try:
                return await self.cluster.submit(self.unix_account, self._batch_script(shunned), hub)
            except CommandError as error:
                self.log.warning("Without %s: %s", ", ".join(shunned), error)
        return await self.cluster.submit(self.unix_account, self._batch_script(), hub)

    async def query_job_status(self) -> JobStatus:
        """Ask squeue about the job. An error means that we do not know, never that the job is gone."""
        if not self.job_id and not self.mark:
            return JobStatus.NOTFOUND
        try:
            self.job = await self._look()
        except SlurmError as error:
            self.log.warning("Job %s of %s: %s", self.job_id, self._log_name, error)
            self.silent = True
            return JobStatus.UNKNOWN
        self.silent = False
        self.life.saw(self.job, bool(self._stop_pending))
        if self.job is None:
            return JobStatus.NOTFOUND
        if not self.job_id:
            self.job_id = self.job.id
            self.remember()
        if self.job_status != self.job.state:
            self.job_status = self.job.state
        return _STATUS[self.job.phase]

    async def _look(self) -> Job | None:
        """Return the job as Slurm sees it; by its name where a hub died before it learned the job's id."""
        if self.job_id:
            return await self.watcher.job(self.job_id, self.unix_account, self._changed)
        return next(reversed(await self.cluster.jobs(self.unix_account, self.job_name)), None)

    async def stop(self, now: bool = False) -> None:
        """Cancel the job and wait until it has ended; where Slurm does not answer, cancel it when it does."""
        if self.job_id and not await self._cancel(self.unix_account, self.job_id):
            self.unwanted.add(self.unix_account, self.job_id)
            return
        for _ in range(0 if now else STOPPING_S):
            self._changed = time.monotonic()
            if await self.query_job_status() is not JobStatus.RUNNING:
                return
            await asyncio.sleep(1)

    async def _cancel(self, owner: str, what: str) -> bool:
        """Cancel a job by its id, or by `--name=`; tell whether Slurm has done so, or knows no such job."""
        try:
            await self.cluster.cancel(owner, what)
        except SlurmError as error:
            self.log.error("Cannot cancel %s of %s: %s", what, self._log_name, error)
            return False
        return True

    # ---- starting

    async def start(self) -> tuple[str, int]:
        """Submit the job and wait until it runs and its server has reported a port."""
        if self.find_language:
            self.language = self.find_language(self)
        self.asked_at, self.last_words, self.ended, self.lost = time.time(), "", "", False
        self.ip, self.port = "0.0.0.0", 0  # noqa: S104  the server listens on its node's addresses
        self.server.port = 0
        self.remember()  # JupyterHub takes back what is not in its database when the next request comes
        self._reported.clear()
        try:
            with self.life.start(self.start_timeout):
                safe_user_name(self.unix_account)
                safe_server_name(self.name)
                await self._settle()
                await self._stay_within_bounds()
                await self.submit_batch_script()
                where = await self._reachable()
        except (SlurmError, UnsafeValueError) as error:
            why = sentence(error, self.say)
            raise StartError(self.say("The server could not be started. {why}", why=why)) from error
        self._noting = asyncio.ensure_future(self._note_start(self.job_id))
        return where

    async def _note_start(self, job_id: str) -> None:
        """Make Slurm write to disk that the job runs; in a moment, and one after the other, as many may start at once.

        Slurm does so within 5 s of any change to a job, but for one that its backfill scheduler started only minutes
        later: a controller that dies before would take the job for a waiting one, and end it.
        """
        await asyncio.sleep(NOTED_S)
        async with _NOTING:
            if self.job_id != job_id or self.pending:
                return
            try:
                await self.cluster.comment(self.unix_account, job_id, "JupyterLab is ready")
            except SlurmError as error:
                self.log.warning("Job %s of %s: %s", job_id, self._log_name, error)

    async def _reachable(self) -> tuple[str, int]:
        """Wait until the job's server listens, watching the job all the while, and return where it is."""
        ran_at: float | None = None
        while True:
            status = await self.query_job_status()
            if status is JobStatus.NOTFOUND:
                raise StartError(ended_early(self.job_id, self.job, self.say), self.last_words)
            if status is JobStatus.RUNNING:
                ran_at = ran_at or time.monotonic()
                if time.monotonic() > ran_at + self.answer_timeout:
                    raise StartError(no_answer(self.job_id, self.answer_timeout, self.say))
            address = ""
            if status is JobStatus.RUNNING and self.job and self.job.node:
                address = await self._address_of(self.job.node)
            if await self._answers(address):
                self.ip, self.ready_at = address, time.time()
                self.life.ready()
                return address, self.reported_port

    async def _answers(self, address: str) -> bool:
        """Wait until the server has told that it listens, and does, or until it is time to look after its job again."""
        until = time.monotonic() + self.startup_poll_interval
        if not self.reported_port:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._reported.wait(), self.startup_poll_interval)
        elif not address:
            await asyncio.sleep(self.startup_poll_interval)
        if not (address and self.reported_port):
            return False
        while not await listens(address, self.reported_port):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(KNOCK_S)
        return True

    async def _address_of(self, node: str) -> str:
        """Return the node's address; '' if Slurm does not say it now."""
        address = await addresses(self.cluster).of(node)
        if not address:
            self.log.warning("The address of node %s is not known yet", node)
        return address


def _mark_of(token: str) -> str:
    """Return the digest of a token: it identifies a start and gives the token away to nobody."""
    return hashlib.sha256(token.encode()).hexdigest()


def _ready(spawner: AulaSpawner, event: dict[str, Any]) -> dict[str, Any]:
    """Say in the owner's language that the server is ready; JupyterHub says it in English, with a link."""
    rest = {key: value for key, value in event.items() if key != "html_message"}
    return {**rest, "message": spawner.say("JupyterLab is ready.")}
