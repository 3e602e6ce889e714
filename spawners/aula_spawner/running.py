"""What becomes of a server once it was started: looked after, found again by a hub that starts anew, or given up."""

import asyncio

from batchspawner import JobStatus, SlurmSpawner

from aula_spawner.command import listens
from aula_spawner.errors import SpawnerError
from aula_spawner.heartbeat import Heard, Heartbeat, Network, network
from aula_spawner.progress import ending
from aula_spawner.words import speaker

# Seconds for which a hub that has just started looks for a server that answered its predecessor.
FOUND_AGAIN_S = 20
# Seconds between two looks at whether the hub has taken a server of its predecessor's up.
_LOOK_S = 0.1


class Running(SlurmSpawner):  # type: ignore[misc]  # batchspawner has no types
    """The part of a spawner that looks after a server."""

    ended = ""  # how the last server ended, where its owner did not end it: Slurm's word, its own, or a knock's
    lost = False  # Slurm may say that the job runs, but no way leads to its server
    of_earlier_hub = False
    _spawn_future: asyncio.Future[None] | None = None
    _heartbeat: Heartbeat | None = None

    @property
    def network(self) -> Network:
        """The way to the nodes, for this server and all others of the hub."""
        return network(self.cluster, (self.request or self.usual).partition)

    def start_polling(self) -> None:
        """Look after the server from now on: ask Slurm now and then, and knock at it often."""
        super().start_polling()
        if self.heartbeat_interval > 0 and self.server:
            settings = (self.network, self.heartbeat_interval, self.heartbeat_patience)
            self._heartbeat = Heartbeat(*settings, refused=self.poll_and_notify, gone=self._drop)
            self._heartbeat.start(self.server.ip, self.server.port)

    def stop_polling(self) -> None:
        """Look after the server no more."""
        if self._heartbeat is not None:
            self._heartbeat.stop()
        super().stop_polling()

    async def poll(self) -> int | None:
        """Return None while the job waits or runs, 1 when it is gone or no way leads to its server.

        A hub that has just started waits here until a server of its predecessor's answers, its job has ended or its
        node has died: the start may still go on, and Slurm may not know yet that the node was lost with its job.
        """
        if self.of_earlier_hub:
            self.of_earlier_hub = False
            if self.speaks_otherwise:
                self.log.error("The server %s is ended: internal TLS was switched since its start", self._log_name)
                await self.stop()
                return 1
            if not await (self._find_again() if self.reported_port else self._go_on()):
                return 1
        if self.lost:
            return 1
        if await self.query_job_status() is not JobStatus.NOTFOUND:
            return None
        self.ended = self.job.state if self.job else self.ended
        self.clear_state()
        return 1

    async def _go_on(self) -> bool:
        """Go on with a start as if it were this hub's own: its owner sees how it stands, and may give it up."""
        search = asyncio.ensure_future(self._find_again())
        self._spawn_pending = True
        self._spawn_future = start = asyncio.ensure_future(self._as_start(search))
        start.add_done_callback(self._start_over)
        await asyncio.wait({search})
        if not search.cancelled():
            return search.exception() is not None or search.result()
        self.unwanted.add(self.unix_account, self.job_id or f"--name={self.job_name}", now=True)
        self.clear_state()
        return False

    async def _as_start(self, search: asyncio.Future[bool]) -> None:
        """Be what JupyterHub takes for a start: until it has looked after what was found, or with the error."""
        try:
            await search
        finally:
            self._spawn_pending = False
        while self._check_pending:
            await asyncio.sleep(_LOOK_S)

    def _start_over(self, start: asyncio.Future[None]) -> None:
        """Forget a start that is over, but for the error of one that failed, which its page shows."""
        if start.cancelled() or start.exception() is None:
            self._spawn_future = None

    async def _find_again(self) -> bool:
        """Wait for a server of an earlier hub; tell whether it is there, or Slurm must be asked what became of it.

        A start may take as long as it always may. While no node is heard the hub itself is cut off: it waits on.
        Raise StartError where the job of a start has ended.
        """
        while True:
            reported = self.reported_port
            try:
                await asyncio.wait_for(self._found_again(), FOUND_AGAIN_S if reported else self.start_timeout)
            except SpawnerError as error:
                self.log.error("The server %s was lost: %s", self._log_name, error)
                if not reported:
                    raise
            except TimeoutError:
                self.log.error("The server %s does not answer", self._log_name)
                if not reported:
                    return False
                heard = await self.network.at_server(self.server.ip, reported)
                if heard in (Heard.SILENT, Heard.REFUSED):
                    self._give_up(heard)
                elif heard is Heard.UNKNOWN:
                    continue
            return True

    async def _found_again(self) -> None:
        """Wait until a server that an earlier hub started answers. Raise StartError where its job has ended."""
        if not (self.reported_port and await listens(self.server.ip, self.reported_port)):
            self.server.ip, self.server.port = await self._reachable()
            self.remember()

    async def _drop(self, heard: Heard) -> None:
        """Take the route to a server away that no longer answers."""
        if self.ready:
            self._give_up(heard)
            await self.poll_and_notify()

    def _give_up(self, heard: Heard) -> None:
        """Take the server to be gone. Its job is cancelled, so that nothing of it is there when its node comes back."""
        self.log.error("Server %s is gone: a knock at %s is %s", self._log_name, self.server.ip, heard.value)
        self.lost, self.ended = True, heard.name
        self.life.lost(node=heard is Heard.SILENT)
        if self.job_id:
            self.unwanted.add(self.unix_account, self.job_id)
        if heard is Heard.SILENT and self.job and self.job.node:
            self.network.shun(self.job.node, self.server.ip)

    def how_it_ended(self, language: str) -> str:
        """Return in words, in a reader's language, why the last server ended; '' where its owner ended it."""
        say = speaker(self.translate, language)
        return say("It ended: {state}.", state=ending(self.ended, say)) if self.ended else ""
