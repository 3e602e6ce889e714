"""The check of a job script, before anything of it runs: what it asks Slurm for, by an allow-list with bounds."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from aula_spawner.slurm.units import clock, seconds

from aula.course import JobScript
from aula.grading.errors import ScriptError

MOST_BYTES = 64_000
"""Bytes of a script."""
SHORT = {
    "-J": "--job-name",
    "-N": "--nodes",
    "-n": "--ntasks",
    "-c": "--cpus-per-task",
    "-t": "--time",
    "-o": "--output",
    "-e": "--error",
}
NAMES = ("--job-name", "--nodes", "--ntasks", "--ntasks-per-node", "--cpus-per-task", "--mem", "--time")
FILES = ("--output", "--error")
ORDER = re.compile(r"#SBATCH(?=\s|$)")
LIKE_AN_ORDER = re.compile(r"\s*#\s*sbatch\b", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
FILE = re.compile(r"[A-Za-z0-9%][A-Za-z0-9._%-]{0,99}")
MEMORY = re.compile(r"([1-9][0-9]{0,8})([KMGT]?)B?", re.IGNORECASE)
KILOBYTES = {"K": 1, "": 1024, "M": 1024, "G": 1024**2, "T": 1024**3}
SHOWN = 60


@dataclass(frozen=True)
class Asked:
    """What a script asks for, within the bounds; memory is that of each node."""

    nodes: int
    tasks: int
    cores: int
    """Cores of each task."""
    memory_mb: int
    seconds: int
    per_node: int | None = None
    """Tasks on each node, where it says so."""
    name: str = "job"
    output: str = ""
    """Where it wants its output; the engine reads that from a place of its own."""

    def options(self) -> list[str]:
        """Return the options by which sbatch is asked for it, one word each."""
        return [
            f"--job-name={self.name}",
            f"--nodes={self.nodes}",
            f"--ntasks={self.tasks}",
            *([f"--ntasks-per-node={self.per_node}"] if self.per_node else []),
            f"--cpus-per-task={self.cores}",
            f"--mem={self.memory_mb}M",
            f"--time={clock(self.seconds)}",
        ]


def check(script: bytes, bounds: JobScript) -> Asked:
    """Return what a job script asks for.

    Raises ScriptError, for its author to read, where it is no script, or asks for what is not permitted.
    """
    said = dict(_orders(_text(script, bounds.script)))

    def number(name: str, default: int) -> int:
        return _number(name, *said[name]) if name in said else default

    nodes, per_node = number("--nodes", 1), number("--ntasks-per-node", 0) or None
    tasks = number("--ntasks", nodes * (per_node or 1))
    cores = number("--cpus-per-task", 1)
    memory = _memory(*said["--mem"]) if "--mem" in said else bounds.memory_mb
    length = _time(*said["--time"]) if "--time" in said else 60 * bounds.minutes
    name = said.get("--job-name", (0, "job"))
    for what, value, most in (
        ("nodes", nodes, bounds.nodes),
        ("tasks", tasks, bounds.tasks),
        ("cores, all tasks together", tasks * cores, bounds.cores),
        ("MB of memory", memory, bounds.memory_mb),
        ("minutes", length / 60, bounds.minutes),
    ):
        if value > most:
            raise ScriptError(f"{bounds.script} asks for {value:g} {what}: ask for {most} at most")
    if tasks < nodes or (per_node and tasks > nodes * per_node):
        raise ScriptError(
            f"{bounds.script} asks for {tasks} tasks on {nodes} nodes"
            f"{f' with {per_node} on each' if per_node else ''}, which cannot be: mend --nodes or --ntasks"
        )
    if not WORD.fullmatch(name[1]):
        raise ScriptError(f"line {name[0]}: a job's name has letters, digits, '.', '_' and '-': mend --job-name")
    return Asked(nodes, tasks, cores, memory, length, per_node, name[1], said.get("--output", (0, ""))[1])


def _text(script: bytes, name: str) -> str:
    """Return it as text. Raises ScriptError where no shell could read it."""
    if len(script) > MOST_BYTES:
        raise ScriptError(f"{name} has over {MOST_BYTES // 1000} kB, which is no job script: hand in a shorter one")
    if not script.startswith(b"#!"):
        raise ScriptError(f"{name} does not begin with '#!': let its first line be #!/bin/bash")
    for byte, what in ((b"\0", "a NUL"), (b"\r", "a carriage return, as Windows ends lines")):
        if byte in script:
            line = script[: script.index(byte)].count(b"\n") + 1
            raise ScriptError(f"line {line} of {name} holds {what}: save it as plain text with Unix line ends")
    try:
        return script.decode()
    except UnicodeDecodeError as error:
        line = script[: error.start].count(b"\n") + 1
        raise ScriptError(f"line {line} of {name} is not UTF-8: save it as UTF-8") from error


def _orders(text: str) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield each option with its line and its value."""
    commands = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not ORDER.match(line):
            if LIKE_AN_ORDER.match(line):
                raise ScriptError(f"line {number}: Slurm does not see {_shown(line)}: begin the line with '#SBATCH '")
            commands += bool(line.strip()) and not line.lstrip().startswith("#")
            continue
        if commands:
            raise ScriptError(
                f"line {number}: Slurm ignores a '#SBATCH' line after the first command: move it above that"
            )
        yield from _of_line(number, line.removeprefix("#SBATCH"))


def _of_line(number: int, line: str) -> Iterator[tuple[str, tuple[int, str]]]:
    if line.rstrip().endswith("\\"):
        raise ScriptError(f"line {number}: a '#SBATCH' line does not go on in the next one: write a line for each")
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise ScriptError(f"line {number}: a quote is not closed: {_shown(line)}") from error
    if not words:
        raise ScriptError(f"line {number}: '#SBATCH' without an option: write one, or take the line out")
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            name, value = SHORT.get(word[:2], word), word[2:]
            equals = value
        if name not in (*NAMES, *FILES):
            raise ScriptError(
                f"line {number}: the option {_shown(name)} is not permitted here: take it out. "
                f"Permitted are {', '.join((*NAMES, *FILES))}"
            )
        if not equals:
            if not words:
                raise ScriptError(f"line {number}: {name} says no value: write {name}=…")
            value = words.pop(0)
        if name in FILES and not FILE.fullmatch(value):
            raise ScriptError(
                f"line {number}: {name} names {_shown(value)}: name a file in the job's own folder, as slurm-%j.out"
            )
        yield name, (number, value)


def _number(name: str, line: int, value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", value):
        raise ScriptError(f"line {line}: {name} wants a whole number from 1 on, and says {_shown(value)}")
    return int(value)


def _memory(line: int, value: str) -> int:
    found = MEMORY.fullmatch(value)
    if not found:
        raise ScriptError(f"line {line}: --mem says {_shown(value)}: write a number and M or G, as 200M")
    return -(-int(found[1]) * KILOBYTES[found[2].upper()] // 1024)


def _time(line: int, value: str) -> int:
    length = seconds(value)
    if length <= 0 or not value[:1].isdigit() or not value.isascii():
        raise ScriptError(f"line {line}: --time says {_shown(value)}: write it as 00:02:00")
    return length


def _shown(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")
