"""The outside world with a time limit: runs commands as lists of arguments, without a shell, and knocks at ports."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import PurePath

from aula_spawner.errors import CommandError, CommandTimeoutError

_MOST_OUTPUT = 4 * 1024 * 1024


async def run(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    text: str = "",
    seconds: float = 30.0,
    complaints: bool = False,
) -> str:
    """Return what the command prints, its complaints too if wanted; raise CommandError or CommandTimeoutError."""
    name = _spoken_name(arguments)
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            env=dict(environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd="/",
        )
    except OSError as error:
        raise CommandError(name, -1, f"cannot run {arguments[0]}: {error.strerror}") from error
    talk = asyncio.ensure_future(process.communicate(text.encode()))
    done, _ = await asyncio.wait({talk}, timeout=seconds)
    if not done:
        # A command under sudo belongs to root: it cannot be killed from here and ends by itself.
        with suppress(ProcessLookupError, PermissionError):
            process.kill()
            await asyncio.wait({talk}, timeout=1)
        talk.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        raise CommandTimeoutError(name, seconds)
    output, complaint = talk.result()
    if process.returncode != 0:
        raise CommandError(name, process.returncode or -1, complaint.decode(errors="replace"))
    return (output + complaint if complaints else output)[:_MOST_OUTPUT].decode(errors="replace")


async def listens(address: str, port: int, seconds: float = 1.0) -> bool:
    """Tell whether something accepts a connection there."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), seconds)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _spoken_name(arguments: Sequence[str]) -> str:
    """Return the command's name for messages: what sudo runs, not sudo."""
    command = arguments[0]
    if PurePath(command).name == "sudo":
        command = next((word for word in arguments[1:] if word.startswith("/")), command)
    return PurePath(command).name
