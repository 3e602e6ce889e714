"""Running the system's commands, as argument lists, with their words in the error."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.errors import CommandError


def run(
    arguments: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    inherit: bool = True,
    input: str | None = None,
    cwd: Path | None = None,
    timeout: float = 600,
    name: str = "",
    remedy: str = "",
) -> str:
    """Run a command to its end and return what it printed.

    `env` is added to this process's environment, or, unless `inherit`, is all of it; `name` is what messages call the
    command. Raises CommandError with the last lines of output and the remedy where the command fails, is missing, or
    takes over `timeout` seconds.
    """
    words = [str(word) for word in arguments]
    name = name or " ".join(words[:6])
    try:
        done = subprocess.run(
            words,
            env={**(os.environ if inherit else {}), **(env or {})},
            input=input,
            cwd=cwd,
            timeout=timeout,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CommandError(f"{words[0]} is not installed. {remedy}".strip()) from error
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"{name} did not end within {timeout:.0f} s. {remedy}".strip()) from error
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-40:])
        raise CommandError(f"{name} failed (exit {done.returncode}). {remedy}\n{tail}".strip())
    return done.stdout


def succeeds(arguments: Sequence[str | Path], *, env: Mapping[str, str] | None = None, timeout: float = 20) -> bool:
    """Whether a command ends with exit status 0."""
    try:
        run(arguments, env=env, timeout=timeout)
    except CommandError:
        return False
    return True
