"""Slurm's commands, answered from a recording: one and the same program under all their names.

A program of its own: the standard library's Python runs it, in a box and in an author's kernel.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

COMMANDS = ("sbatch", "srun", "squeue", "sacct", "sinfo", "scontrol", "scancel")
VARIABLE = "AULA_RECORDING"
"""Names the folder with the recording, and with how often each command was asked."""
RECORDING, ASKED = "recording.json", "asked.json"
MOST_SAID = 20
"""Recorded commands that are named where another one was asked."""
LONGEST = 200


def begin(recording: str) -> "tempfile.TemporaryDirectory[str]":
    """Put commands that answer from a recording first on this process's PATH; they go with what is returned."""
    folder = tempfile.TemporaryDirectory(prefix="slurm-")
    (Path(folder.name) / RECORDING).write_text(recording, encoding="utf-8")
    commands = Path(folder.name) / "commands"
    commands.mkdir()
    for name in COMMANDS:
        path = commands / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {__file__} {name} "$@"\n', encoding="utf-8")
        path.chmod(0o755)
    os.environ[VARIABLE] = folder.name
    os.environ["PATH"] = f"{commands}:{os.environ.get('PATH', os.defpath)}"
    return folder


def answer(entries: list[dict[str, Any]], asked: dict[str, int], command: str, words: list[str]) -> dict[str, Any]:
    """Return the next answer that was recorded for a command, the last one for ever; note that it was asked."""
    files = [word for word in words if Path(word).is_file()]
    wanted = shape(command, words, files)
    same = [entry for entry in entries if shape(entry["command"], entry["words"], entry["files"]) == wanted]
    if not same:
        return {"stdout": "", "stderr": _unknown(entries, command, words), "status": 1}
    count = asked.get(wanted, 0)
    asked[wanted] = count + 1
    return same[min(count, len(same) - 1)]


def shape(command: str, words: list[str], files: Iterable[str]) -> str:
    """Return what two commands have in common that are taken for the same.

    Options stand in any order; a file may have another name, and what sbatch wraps may be another command.
    """
    known = set(files)
    plain = ["FILE" if word in known else word for word in words]
    if command == "sbatch":
        plain = [word.partition("=")[0] if word.startswith("--wrap=") else word for word in plain]
    return json.dumps([command, sorted(plain)])


def _unknown(entries: list[dict[str, Any]], command: str, words: list[str]) -> str:
    known = dict.fromkeys(_shown(entry["command"], entry["words"]) for entry in entries)
    text = "; ".join([*known][:MOST_SAID]) + ("; …" if len(known) > MOST_SAID else "")
    return (
        f"{command}: this command was not recorded for this assignment: {_shown(command, words)}\n"
        f"There is no cluster here. What was recorded: {text or 'nothing'}\n"
    )


def _shown(command: str, words: list[str]) -> str:
    text = " ".join([command, *words])
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def main() -> int:
    """Answer one command."""
    folder = Path(os.environ[VARIABLE])
    entries = json.loads((folder / RECORDING).read_text(encoding="utf-8"))
    try:
        asked = json.loads((folder / ASKED).read_text(encoding="utf-8"))
    except FileNotFoundError:
        asked = {}
    found = answer(entries, asked, sys.argv[1], sys.argv[2:])
    (folder / ASKED).write_text(json.dumps(asked), encoding="utf-8")
    sys.stdout.write(found["stdout"])
    sys.stderr.write(found["stderr"])
    return int(found["status"])


if __name__ == "__main__":
    sys.exit(main())
