"""Jupyter's kernel manager and client, for kernels that a zygote forks."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, cast

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.client import KernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Int, Type, Unicode

from aula.run.warm.forked import Forked

LOOKS_S = 0.01
"""Seconds between two looks whether a kernel that was asked to end has done so; Jupyter's own are 0.1."""
ENDS_S = 1.0
"""Seconds in which a kernel that is not busy ends when it is asked to."""
LISTENS_S = 0.2
"""Seconds to wait for a sign that a kernel's messages arrive, before it is asked for one again."""


class WarmProvisioner(LocalProvisioner):
    """Lets a zygote fork the kernel where Jupyter would start a process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Have the kernel forked; return how to connect to it."""
        manager = cast("WarmKernelManager", self.parent)
        process = await asyncio.to_thread(
            Forked,
            Path(manager.zygote),
            cmd[2:],  # the interpreter and -m are the zygote's
            folder=str(kwargs.get("cwd") or Path.cwd()),
            environment=kwargs.get("env") or os.environ,
            memory=manager.memory_mb * 2**20,
        )
        self.process: Any = process
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it started; none where it ended: its number may be another's."""
        if self.process and self.process.poll() is None:
            await super().send_signal(signum)

    async def wait(self) -> int | None:
        """Wait until the kernel has ended; note what it used, and return its exit status."""
        manager, process = cast("WarmKernelManager", self.parent), self.process
        status = await super().wait()
        if process and manager.note_used:
            manager.note_used(process.memory_mb, process.cpu_s)
        return status


class WarmClient(AsyncKernelClient):
    """A client that knows a kernel to be ready as soon as it is."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers, and until its messages arrive. Raise RuntimeError where it does not.

        Jupyter's own client then listens for another 0.2 s to nothing.
        """
        give_up = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answers(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > give_up:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _answers(self, request: str) -> bool:
        """Tell whether the reply to a request comes, and the news that the kernel has done with it."""
        try:
            while (await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != request:
                pass
            while not _is_done(await self.get_iopub_msg(timeout=LISTENS_S), request):
                pass
        except Empty:
            return False
        return True


def _is_done(news: dict[str, Any], request: str) -> bool:
    mine = news["parent_header"].get("msg_id") == request
    return bool(mine and news["content"].get("execution_state") == "idle")


class WarmKernelManager(AsyncKernelManager):
    """A manager of kernels that a zygote forks."""

    zygote = Unicode(help="Path of the zygote's socket.").tag(config=True)
    memory_mb = Int(0, help="Most megabytes that a kernel may hold; 0 for any.").tag(config=True)
    note_used: Callable[[int, float], None] | None = None
    client_factory = Type(WarmClient, klass=KernelClient, config=True)

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.provisioner = WarmProvisioner(parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec)
        return await super()._async_pre_start_kernel(**kwargs)

    async def _async_interrupt_kernel(self) -> None:
        """Interrupt it, but not as Jupyter's first word of its end: one that is idle may hang for seconds then."""
        if not self.shutting_down:
            await super()._async_interrupt_kernel()

    async def _async_finish_shutdown(
        self, waittime: float | None = None, pollinterval: float = LOOKS_S, restart: bool = False
    ) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._async_wait(pollinterval), ENDS_S)
        if await self._async_is_alive():  # it is busy
            await super()._async_interrupt_kernel()
        await super()._async_finish_shutdown(waittime, pollinterval, restart)
