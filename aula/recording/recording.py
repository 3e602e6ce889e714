"""What Slurm answered to the commands of an assignment, once, on a real cluster: `recording.yml` beside its text."""

import json
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field

from aula import closed, job_script, yaml_file
from aula.course import Part
from aula.errors import ReleaseError

FILE = "recording.yml"
HEAD = "# What Slurm answered on a real cluster, written by `aula record`; in the sandbox it answers from here.\n"
Words = Annotated[tuple[str, ...], Field(strict=False)]


class Answered(Part):
    """One command, and what it answered."""

    command: Literal["sbatch", "srun", "squeue", "sacct", "sinfo", "scontrol", "scancel"] = Field(
        description="name of the command"
    )
    words: Words = Field(default=(), description="its options and arguments")
    files: Words = Field(default=(), description="those of the words that are files, whatever they are called")
    stdout: str = Field(default="", description="what it printed")
    stderr: str = Field(default="", description="what it printed as errors")
    status: int = Field(default=0, ge=0, le=255, description="its exit status")


class Recording(Part):
    """All commands, in their order: who asks the same again gets the next answer, and the last one for ever."""

    commands: Annotated[tuple[Answered, ...], Field(strict=False, min_length=1)] = Field(description="the commands")


def read(folder: Path) -> str | None:
    """Return the recording of the assignment in a folder as a sandbox reads it; None where there is none.

    Raises ReleaseError where it cannot be read, with its line.
    """
    if not (folder / FILE).exists():
        return None
    recording = yaml_file.read(folder / FILE, Recording, ReleaseError)
    return json.dumps([one.model_dump() for one in recording.commands])


def write(folder: Path, commands: tuple[Answered, ...]) -> Path:
    """Write the recording of the assignment in a folder; return its path."""
    rows = [one.model_dump(mode="json", exclude_defaults=True) for one in commands]
    text = yaml.dump({"commands": rows}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)
    (folder / FILE).write_text(HEAD + text, encoding="utf-8")
    return folder / FILE


def keep(run_dir: Path, name: str, folder: Path) -> None:
    """Keep the recording of an assignment in a course run, where no trainee gets it, or that there is none."""
    path, text = _kept(run_dir, name), read(folder)
    if text is None:
        path.unlink(missing_ok=True)
        return
    closed.make(path.parent)
    path.write_text(text, encoding="utf-8")


def kept(run_dir: Path, name: str) -> str | None:
    """Return the recording that a course run keeps of an assignment; None where it has none."""
    path = _kept(run_dir, name)
    return path.read_text(encoding="utf-8") if path.exists() else None


def _kept(run_dir: Path, name: str) -> Path:
    return run_dir / job_script.FOLDER / f"{name}.recording.json"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, as they were printed."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
