"""The one Spawner class: a JupyterLab server as a Slurm job of its owner."""

import asyncio
import hashlib
import hmac
import os
import re
import time
from collections.abc import AsyncGenerator, Mapping
from functools import partial
from itertools import repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from batchspawner import JobStatus, SlurmSpawner
from sqlalchemy.orm import object_session
from tornado.web import HTTPError
from traitlets import Any as Anything
from traitlets import Dict, Float, Integer, List, TraitType, Unicode, default

from aula_spawner import callback
from aula_spawner.batch import checked_job, render
from aula_spawner.command import listens, run
from aula_spawner.errors import CommandTimeoutError, SlurmError, SpawnerError, StartError, UnsafeValueError
from aula_spawner.names import NAME, safe_server_name, safe_user_name
from aula_spawner.options import checked_options
from aula_spawner.progress import describe, ending
from aula_spawner.slurm.sbatch import parse_job_id
from aula_spawner.slurm.scontrol import parse_node_address
from aula_spawner.slurm.squeue import FORMAT, Job, Phase, parse_jobs
from aula_spawner.words import Say, speaker, untranslated

callback.replace_stock_endpoint()

_STATUS = {
    Phase.WAITING: JobStatus.PENDING,
    Phase.RUNNING: JobStatus.RUNNING,
    Phase.ENDED: JobStatus.NOTFOUND,
}


# What Slurm's commands say where their controller cannot be asked.
_UNREACHABLE = (
    *("Unable to contact slurm controller", "Socket timed out", "Connection refused", "in standby mode"),
    *("Zero Bytes were transmitted", "Munge encode failed", "Protocol authentication error"),
)

# Seconds after which a person who waits is told that Slurm is slow to take the job.
PATIENCE_S = 4.0
# Pauses between the looks for a job that came too late: Slurm's commands try for minutes.
LATE_S = (5, 10, 20, 30, 60, 120, 300)
# For so long a job that must go is tried to be cancelled; Slurm's time limit ends it before.
LONGEST_S = 86400
# Seconds for which a hub that has just started looks for a server that answered its predecessor.
FOUND_AGAIN_S = 20
# Seconds to wait for a cancelled job's end.
STOPPING_S = 10
# What the hub's database may say is to be cancelled.
JOB = re.compile(r"[1-9][0-9]{0,9}|--name=jupyter-[0-9a-f]{12}")
LANGUAGE = re.compile(r"[a-z]{2,3}")

_Trait = TypeVar("_Trait", bound=TraitType[Any, Any])


def _setting(trait: _Trait) -> _Trait:
    """Return the trait as one that a configuration file can set."""
    trait.tag(config=True)
    return trait


class AulaSpawner(SlurmSpawner):  # type: ignore[misc]  # batchspawner has no types
    """Starts a server as a Slurm job, without a shell, and believes only Slurm and one strict callback.

    Each start has a mark, the digest of its token. It names the job, so that a job is found again even if the
    hub died before it learned the job's id; and it tells which start a callback belongs to.
    """

    start_timeout = _setting(Integer(120, help="Seconds a start may take, waiting in the queue included."))
    cores = _setting(Integer(1, help="Cores of a server's job, 1 to 1024."))
    memory = _setting(Unicode("1G", help="Memory of a server's job: a number and M, G or T, as in 1G."))
    runtime = _setting(
        Unicode("2:00:00", help="Longest life of a server, [days-]hours:minutes:seconds; then Slurm ends it.")
    )
    partition = _setting(Unicode("interactive", help="Partition in which servers run."))
    user_environment = _setting(
        Unicode(
            help="Folder of the Python environment, seen by the nodes, that holds jupyterhub and jupyterlab. "
            "Trainees must be able to read and execute it and must not be able to write it."
        )
    )
    unix_account = Unicode(
        help="The Unix account that the server belongs to; Slurm's commands run in its name. "
        "Default: the person's name at the hub. A hook that runs before the start may set another."
    )
    slurm_account = _setting(Unicode(help="Slurm's account that a server's job counts for. Default: the owner's own."))
    lessons = _setting(
        List(
            Unicode(),
            help="Folders whose content a start copies to ~/courses/<the folder's name>, replacing nothing. "
            "Each folder's name has small letters, digits and hyphens only.",
        )
    )
    kernel_paths = _setting(
        List(
            Unicode(),
            help="Folders, seen by the nodes, in whose `kernels` a server looks for kernels first. "
            "Nobody can add one from within a server's own environment.",
        )
    )
    jupyter_config_dir = _setting(
        Unicode("/nonexistent", help="The site's Jupyter configuration; it takes the place of ~/.jupyter.")
    )
    slurm_conf = _setting(Unicode(help="Path of slurm.conf, if Slurm does not find it by itself."))
    slurm_bin = _setting(Unicode("/usr/bin", help="Folder of sbatch, squeue, scancel and scontrol."))
    sudo = _setting(Unicode("/usr/bin/sudo", help="The sudo that runs sbatch and scancel as the trainee."))
    singleuser_script = _setting(
        Unicode(help="File that starts the server inside the job; nodes must see it. Default: the package's.")
    )
    language = _setting(
        Unicode(
            help="Language of the owner, as es: what they read while the server starts, and what JupyterLab starts in "
            "until they choose another there. Default: English."
        )
    )
    find_language = _setting(
        Anything(None, help="A callable that takes the spawner and returns its language; it is asked at each start.")
    )
    translate = _setting(
        Anything(
            untranslated,
            help="A callable that takes a language and an English template with named values in braces, and returns "
            "the template in that language. Default: English for all.",
        )
    )
    lab_locales = _setting(
        Dict(help="For each language the locale of JupyterLab's language pack in the user environment, as es: es_ES.")
    )
    command_timeout = _setting(Float(30.0, help="Seconds to wait for one command of Slurm."))

    mark = ""
    unwanted: tuple[tuple[str, str], ...] = ()
    job: Job | None = None
    silent = False
    _of_earlier_hub = False
    _addresses: Mapping[str, str] = MappingProxyType({})
    _refused: HTTPError | None = None

    def __init__(self, **kwargs: Any) -> None:
        self._later: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._noting: asyncio.Future[None] | None = None
        super().__init__(**kwargs)

    @default("unix_account")
    def _unix_account_default(self) -> str:
        return str(self.user.name)

    @default("singleuser_script")
    def _singleuser_script_default(self) -> str:
        return str(Path(__file__).with_name("singleuser.py"))

    # ---- what the person may ask for

    @default("options_from_form")
    def _options_from_form(self) -> Any:
        return lambda form: checked_options(form, self.say).model_dump()

    def options_from_query(self, query_data: Mapping[str, list[str]]) -> dict[str, Any]:
        """Check options in an address; JupyterHub swallows the error here, so it is raised again later."""
        try:
            return checked_options(query_data, self.say).model_dump()
        except HTTPError as error:
            self._refused = error
            raise

    async def get_options_form(self) -> str:
        """There is no form; refuse here what `options_from_query` found, where JupyterHub shows it."""
        refused, self._refused = self._refused, None
        if refused:
            raise refused
        return ""

    @default("progress_ready_hook")
    def _progress_ready_hook(self) -> Any:
        return _ready

    @default("apply_user_options")
    def _apply_user_options(self) -> Any:
        return _check_and_forget

    # ---- what is remembered

    def get_state(self) -> dict[str, Any]:
        """Return what a hub that starts anew must know of this server."""
        state: dict[str, Any] = super().get_state()
        state.pop("job_status", None)
        mine = {"mark": self.mark, "unix_account": self.unix_account} if self.mark else {}
        language = {"language": self.language} if self.language else {}
        return {**state, **self._unwanted_state(), **language, **mine}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up what an earlier hub remembered."""
        super().load_state(state)
        self.mark = state.get("mark", "")
        self._of_earlier_hub = bool(self.mark)
        if self.mark:
            self.unix_account = state.get("unix_account", self.user.name)
        for job in state.get("unwanted", ()):
            # An earlier version knew no account but the person's own.
            owner, what = (self.user.name, job) if isinstance(job, str) else job
            if JOB.fullmatch(what) and NAME.fullmatch(owner) and (owner, what) not in self._later:
                self._cancel_later(what, owner)
        if LANGUAGE.fullmatch(state.get("language", "")):
            self.language = state["language"]

    def clear_state(self) -> None:
        """Forget the job."""
        super().clear_state()
        self.mark, self.job = "", None

    def remember(self) -> None:
        """Write the state to the hub's database now: a hub can die at any moment."""
        self.orm_spawner.state = self.get_state()
        session = object_session(self.orm_spawner)
        if session is not None:
            session.commit()

    # ---- the callback's view

    @property
    def say(self) -> Say:
        """What puts a sentence into the owner's language."""
        return speaker(self.translate, self.language)

    def _learn_language(self) -> None:
        """Ask which language the owner reads now."""
        if self.find_language:
            self.language = self.find_language(self)

    def issued(self, token: str) -> bool:
        """Tell whether this token is the one that the present start was given."""
        return bool(self.mark) and hmac.compare_digest(self.mark, _mark_of(token))

    @property
    def reported_port(self) -> int:
        """The port that the job reported; 0 before it has."""
        return int(self.server.port) if self.server else 0

    def take_port(self, port: int) -> None:
        """Note the port on which the job's server listens."""
        self.port = self.server.port = port
        self.remember()

    # ---- talking to Slurm

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Add nothing: sudo sets HOME, USER and SHELL from the system's own records."""
        return env

    def _environment(self) -> dict[str, str]:
        conf = self.slurm_conf or os.environ.get("SLURM_CONF", "")
        return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **({"SLURM_CONF": conf} if conf else {})}

    async def _slurm(self, name: str, *arguments: str) -> str:
        """Run a command of Slurm as the hub's own user."""
        words = [f"{self.slurm_bin}/{name}", *arguments]
        return await run(words, environment=self._environment(), seconds=self.command_timeout)

    async def _slurm_as_owner(
        self, name: str, *arguments: str, text: str = "", secrets: bool = False, owner: str = ""
    ) -> str:
        """Run a command of Slurm as the owner, or an earlier one; the server's variables go where a job needs them."""
        owner = safe_user_name(owner or self.unix_account)
        words = [self.sudo, "-n", "-u", owner, f"{self.slurm_bin}/{name}", *arguments]
        hub = {key: value for key, value in self.get_env().items() if key.startswith("JUPYTERHUB_")}
        environment = {**(hub if secrets else {}), **self._environment()}
        return await run(words, environment=environment, text=text, seconds=self.command_timeout)

    def _batch_script(self) -> str:
        """Return the batch script of this start."""
        return render(
            checked_job(
                job_name=self._job_name(),
                partition=self.partition,
                cores=self.cores,
                memory=self.memory,
                runtime=self.runtime,
                python=f"{self.user_environment}/bin/python",
                singleuser_script=self.singleuser_script,
                account=self.slurm_account,
                lessons=tuple(self.lessons),
                kernel_paths=tuple(self.kernel_paths),
                jupyter_config_dir=self.jupyter_config_dir,
                lab_locale=self.lab_locales.get(self.language, ""),
            )
        )

    def _job_name(self) -> str:
        return f"jupyter-{self.mark[:12]}"

    async def submit_batch_script(self) -> str:
        """Submit the job. What is needed to find it again is saved before, its id as soon as it is known."""
        self.mark = _mark_of(self.api_token)
        self.remember()
        # ALL is safe because sudo has cleaned the environment; a list of names would make Slurm load the
        # login shell's environment on the node.
        submission = asyncio.ensure_future(
            self._slurm_as_owner("sbatch", "--parsable", "--export=ALL", text=self._batch_script(), secrets=True)
        )
        try:
            self.job_id = parse_job_id(await asyncio.shield(submission))
        except asyncio.CancelledError:
            submission.add_done_callback(partial(self._cancel_unwanted, self.unix_account))
            raise
        except CommandTimeoutError:
            # sbatch goes on trying by itself and may still submit: what nobody waits for must not run.
            self._cancel_later(f"--name={self._job_name()}")
            raise
        self.remember()
        self.log.info("Server %s is job %s", self._log_name, self.job_id)
        return str(self.job_id)

    def _cancel_unwanted(self, owner: str, submission: "asyncio.Future[str]") -> None:
        """Cancel a job whose start was given up while sbatch was still working."""
        if not submission.cancelled() and submission.exception() is None:
            self._cancel_later(parse_job_id(submission.result()), owner)

    async def query_job_status(self) -> JobStatus:
        """Ask squeue about the job. An error means that we do not know, never that the job is gone."""
        if not self.job_id and not self.mark:
            return JobStatus.NOTFOUND
        by_name = () if self.job_id else (f"--name={self._job_name()}",)
        who = f"--user={safe_user_name(self.unix_account)}"
        try:
            # In the owner's name: where Slurm hides other people's jobs, the hub needs no rights to see this one.
            jobs = parse_jobs(
                await self._slurm_as_owner("squeue", "--noheader", "--states=all", who, f"--format={FORMAT}", *by_name)
            )
        except SlurmError as error:
            self.log.warning("Job %s of %s: %s", self.job_id, self._log_name, error)
            self.silent = True
            return JobStatus.UNKNOWN
        self.silent = False
        self.job = next((job for job in reversed(jobs) if by_name or job.id == self.job_id), None)
        if self.job is None:
            return JobStatus.NOTFOUND
        if by_name:
            self.job_id = self.job.id
            self.remember()
        self.job_status = self.job.state
        return _STATUS[self.job.phase]

    async def stop(self, now: bool = False) -> None:
        """Cancel the job and wait until it has ended; where Slurm does not answer, cancel it when it does."""
        if self.job_id and not await self._scancel(self.job_id):
            self._cancel_later(self.job_id)
            return
        for _ in range(0 if now else STOPPING_S):
            if await self.query_job_status() is not JobStatus.RUNNING:
                return
            await asyncio.sleep(1)

    async def _scancel(self, what: str, owner: str = "") -> bool:
        """Cancel a job by its id, or by `--name=`; tell whether Slurm has done so, or knows no such job."""
        try:
            await self._slurm_as_owner("scancel", what, owner=owner)
        except SlurmError as error:
            if "Invalid job id" in str(error):
                return True
            self.log.error("Cannot cancel %s of %s: %s", what, self._log_name, error)
            return False
        return True

    def _cancel_later(self, what: str, owner: str = "") -> None:
        """Cancel a job as soon as Slurm answers: a job that nobody cancels holds its place for hours.

        Its owner is kept with it: the person's next server may belong to another account.
        """
        job = (owner or self.unix_account, what)
        self.unwanted = tuple(dict.fromkeys((*self.unwanted, job)))
        self._keep_unwanted()
        self._later[job] = asyncio.ensure_future(self._cancel_in_the_end(job))

    async def _cancel_in_the_end(self, job: tuple[str, str]) -> None:
        """Try until the job is cancelled. One that sbatch may still submit is looked for until sbatch has given up."""
        owner, what = job
        by_name = what.startswith("--name=")
        for pause in (*LATE_S, *repeat(LATE_S[-1], 0 if by_name else LONGEST_S // LATE_S[-1])):
            await asyncio.sleep(pause)
            if await self._scancel(what, owner) and not by_name:
                break
        self.unwanted = tuple(one for one in self.unwanted if one != job)
        self._keep_unwanted()
        self._later.pop(job, None)

    def _keep_unwanted(self) -> None:
        """Write what is to be cancelled, and nothing else, to the hub's database: another start may be on its way."""
        session = object_session(self.orm_spawner)
        if session is not None:
            rest = {key: value for key, value in (self.orm_spawner.state or {}).items() if key != "unwanted"}
            self.orm_spawner.state = {**rest, **self._unwanted_state()}
            session.commit()

    def _unwanted_state(self) -> dict[str, list[list[str]]]:
        return {"unwanted": [list(job) for job in self.unwanted]} if self.unwanted else {}

    # ---- starting

    async def start(self) -> tuple[str, int]:
        """Submit the job and wait until it runs and its server has reported a port."""
        self._learn_language()
        self.ip, self.port = "0.0.0.0", 0  # noqa: S104  the server listens on its node's addresses
        self.server.port = 0
        try:
            safe_user_name(self.unix_account)
            safe_server_name(self.name)
            await self.submit_batch_script()
            where = await self._reachable()
        except (SlurmError, UnsafeValueError) as error:
            why = _sentence(error, self.say)
            raise StartError(self.say("The server could not be started. {why}", why=why)) from error
        self._noting = asyncio.ensure_future(self._note_start())
        return where

    async def _note_start(self) -> None:
        """Make Slurm write to disk that the job runs.

        Slurm does so within 5 s of any change to a job, but for one that its backfill scheduler started only minutes
        later: a controller that dies before would take the job for a waiting one, and end it.
        """
        try:
            await self._slurm_as_owner("scontrol", "update", f"JobId={self.job_id}", "Comment=JupyterLab is ready")
        except SlurmError as error:
            self.log.warning("Job %s of %s: %s", self.job_id, self._log_name, error)

    async def _reachable(self) -> tuple[str, int]:
        """Wait until the job's server listens, watching the job all the while, and return where it is."""
        while True:
            status = await self.query_job_status()
            if status is JobStatus.NOTFOUND:
                raise StartError(self._how_it_ended())
            if status is JobStatus.RUNNING and self.reported_port and self.job and self.job.node:
                address = await self._address_of(self.job.node)
                if address and await listens(address, self.reported_port):
                    self.ip = address
                    return address, self.reported_port
            await asyncio.sleep(self.startup_poll_interval)

    async def poll(self) -> int | None:
        """Return None while the job waits or runs, 1 when it is gone.

        A hub that has just started waits here until a server of its predecessor's answers or its job has ended:
        the start may still go on, and Slurm may not know yet that the node was lost with its job.
        """
        if self._of_earlier_hub:
            self._of_earlier_hub = False
            try:
                patience = FOUND_AGAIN_S if self.reported_port else self.start_timeout
                await asyncio.wait_for(self._found_again(), patience)
            except (TimeoutError, SpawnerError) as error:
                self.log.error("The server %s was lost: %s", self._log_name, error or "it took too long")
        status: int | None = await super().poll()
        return status

    async def _found_again(self) -> None:
        """Wait until a server that an earlier hub started answers. Raise StartError where its job has ended."""
        if not (self.reported_port and await listens(self.server.ip, self.reported_port)):
            self.server.ip, self.server.port = await self._reachable()

    async def _address_of(self, node: str) -> str:
        """Return the node's address, asking Slurm once; '' if Slurm does not say it now."""
        if self._addresses.get(node) is None:
            try:
                shown = await self._slurm("scontrol", "show", "node", node, "--oneliner")
                self._addresses = {node: parse_node_address(shown, node)}
            except SlurmError as error:
                self.log.warning("The address of node %s is not known yet: %s", node, error)
        return self._addresses.get(node, "")

    def _how_it_ended(self) -> str:
        """Return a sentence for a job that ended before its server was ready."""
        if self.job is None:
            return self.say("Job {job} is no longer known to Slurm. Start the server again.", job=self.job_id)
        state = ending(self.job.state, self.say)
        return self.say(
            "Job {job} ended ({state}) before JupyterLab was ready. "
            "The file .aula/server.log in your home folder says more. Start the server again.",
            job=self.job_id,
            state=state,
        )

    async def progress(self) -> AsyncGenerator[dict[str, Any], None]:
        """Tell the waiting person what is going on, once for every change."""
        said, began = "", time.monotonic()
        while True:
            share, sentence = describe(self.job_id, self.job, bool(self.reported_port), self.say)
            if self.silent or (not self.job_id and time.monotonic() - began > PATIENCE_S):
                sentence = self.say(
                    "The cluster's batch system does not answer. Your start waits and goes on when it does."
                )
            if sentence != said:
                said = sentence
                yield {"progress": share, "message": sentence}
            if share >= 90:
                return
            await asyncio.sleep(0.5)


def _mark_of(token: str) -> str:
    """Return the digest of a token: it identifies a start and gives the token away to nobody."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check_and_forget(spawner: AulaSpawner, options: Mapping[str, Any]) -> None:
    """Refuse options that are not allowed, and do not let JupyterHub keep them for the next start."""
    try:
        safe_server_name(spawner.name)
        checked_options(options, spawner.say)
    except (HTTPError, UnsafeValueError) as error:
        spawner.user_options = {}
        spawner.orm_spawner.user_options = {}
        raise error if isinstance(error, HTTPError) else HTTPError(400, str(error)) from error


def _ready(spawner: AulaSpawner, event: dict[str, Any]) -> dict[str, Any]:
    """Say in the owner's language that the server is ready; JupyterHub says it in English, with a link."""
    rest = {key: value for key, value in event.items() if key != "html_message"}
    return {**rest, "message": spawner.say("JupyterLab is ready.")}


def _sentence(error: Exception, say: Say) -> str:
    """Return the error's text as a sentence; where Slurm itself cannot be asked, what that means for a person."""
    if isinstance(error, CommandTimeoutError) or any(words in str(error) for words in _UNREACHABLE):
        return say(
            "The cluster's batch system does not answer at the moment. Servers that run go on running. "
            "Try again in a few minutes; if it lasts, tell the operator."
        )
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
