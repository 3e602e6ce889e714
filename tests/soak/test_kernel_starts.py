"""A thousand kernels, eight at a time, each forked by the warm engine: every one starts, computes and ends."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from traitlets.config import Config

from aula import kernel
from aula.run.warm.kernel import WarmKernelManager
from aula.run.warm.zygotes import zygote

STARTS = int(os.environ.get("AULA_SOAK_KERNELS", "1000"))
AT_ONCE = 8
PATIENCE_S = 60
"""Seconds in which a kernel must be ready, and in which it must answer."""


async def start(kernels: Path, number: int, turn: asyncio.Semaphore) -> tuple[int, int]:
    """Start a kernel, have it compute, and end it; return what it computed, and the process that it was."""
    async with turn:
        config = Config({**kernel.private(), "WarmKernelManager": {"zygote": str(kernels)}})
        manager = WarmKernelManager(config=config, kernel_name=kernel.NAME)
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=PATIENCE_S)
            wanted = {"number": f"{number} + 0", "pid": "__import__('os').getpid()"}
            request = client.execute("", user_expressions=wanted)
            reply = await client.get_shell_msg(timeout=PATIENCE_S)
            while reply["parent_header"].get("msg_id") != request:
                reply = await client.get_shell_msg(timeout=PATIENCE_S)
            said = reply["content"]["user_expressions"]
            return int(said["number"]["data"]["text/plain"]), int(said["pid"]["data"]["text/plain"])
        except Exception as error:
            ended = manager.provisioner.process.poll() if manager.provisioner else "not started"
            raise RuntimeError(f"kernel {number}: {error!r}, exit status {ended}") from error
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
            manager.context.destroy()


@pytest.mark.timeout(3600)
def test_a_thousand_kernels_start() -> None:
    """No start fails or hangs, each kernel is a process of its own, and none is left."""

    async def all_of_them(kernels: Path) -> list[tuple[int, int] | BaseException]:
        turn = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(start(kernels, number, turn) for number in range(STARTS)), return_exceptions=True)

    with kernel.settled(Path(sys.executable).parent), zygote([]) as kernels:
        found = asyncio.run(all_of_them(kernels))
        started = [one for one in found if not isinstance(one, BaseException)]
        left = {pid for _, pid in started if is_kernel(pid)}
    assert [str(one) for one in found if isinstance(one, BaseException)] == []
    assert [number for number, _ in started] == list(range(STARTS))
    assert left == set()


def is_kernel(pid: int) -> bool:
    """Whether a process is one of the zygote's, and not another that got its number later."""
    try:
        return b"zygote.py" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
