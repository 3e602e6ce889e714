"""Commands are run as lists, with a limit of time, and their failures are named."""

import pytest
from aula_spawner.command import run
from aula_spawner.errors import CommandError, CommandTimeoutError


async def test_no_shell_looks_at_arguments() -> None:
    """What a shell would expand or run arrives as it is."""
    hostile = "$(id) `id` ; id | id > /tmp/x * ~"
    assert await run(["/usr/bin/printf", "%s", hostile], environment={}) == hostile


async def test_a_failure_names_the_command_and_its_words() -> None:
    """The error says which command failed, even behind sudo, and what it said."""
    with pytest.raises(CommandError, match=r"^ls failed: .*nowhere"):
        await run(["/usr/bin/ls", "/nowhere"], environment={"LANG": "C.UTF-8"})


async def test_a_command_that_hangs_is_given_up() -> None:
    """After the limit the caller goes on."""
    with pytest.raises(CommandTimeoutError, match="sleep did not answer"):
        await run(["/usr/bin/sleep", "5"], environment={}, seconds=0.2)


async def test_a_missing_command_is_named() -> None:
    """A command that is not installed is an error, not a crash."""
    with pytest.raises(CommandError, match="cannot run /usr/bin/no-such-command"):
        await run(["/usr/bin/no-such-command"], environment={})
