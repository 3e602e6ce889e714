"""Renders the batch script: every value is checked before, and quoted while, it enters the template."""

import shlex
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from aula_spawner.errors import UnsafeValueError

_MOST_FOLDERS = 100
# What no shell and no search path reads as anything but a file's name: spaces, quotes, '$' and ':' are not in it.
_AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/+-]{0,400}\Z")]

_NamedFolder = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/+-]{0,400}(?<=/)[a-z][a-z0-9-]{0,60}\Z")]


class BatchJob(BaseModel):
    """All that the batch script's template may see."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, regex_engine="python-re")

    job_name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}\Z")]
    account: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?\Z")] = ""
    partition: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")]
    cores: Annotated[int, Field(ge=1, le=1024)]
    memory: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,6}[MGT]\Z")]
    runtime: Annotated[str, StringConstraints(pattern=r"^([0-9]{1,2}-)?[0-9]{1,2}:[0-5][0-9]:[0-5][0-9]\Z")]
    python: _AbsolutePath
    singleuser_script: _AbsolutePath
    lessons: Annotated[tuple[_NamedFolder, ...], Field(max_length=_MOST_FOLDERS)] = ()
    kernel_paths: Annotated[tuple[_AbsolutePath, ...], Field(max_length=_MOST_FOLDERS)] = ()
    jupyter_config_dir: _AbsolutePath
    lifetime: Annotated[str, StringConstraints(pattern=r"^\{[ -~]{0,8000}\}\Z")]
    lab_locale: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3}(_[A-Z]{2})?)?\Z")]


def checked_job(**values: object) -> BatchJob:
    """Return the job, or raise UnsafeValueError naming what is wrong and what would be right."""
    try:
        return BatchJob.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise UnsafeValueError(f"the spawner's setting {field} is {first['input']!r}: {first['msg']}") from error


def render(job: BatchJob) -> str:
    """Return the batch script of the job."""
    environment = Environment(
        undefined=StrictUndefined,
        finalize=_quoted,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  it is a shell script: _quoted escapes every value for a shell
    )
    template = environment.from_string((Path(__file__).parent / "batch.sh.j2").read_text())
    return template.render({**job.model_dump(), "kernel_paths": ":".join(job.kernel_paths)})


def _quoted(value: object) -> str:
    """Return the value as one word of a shell."""
    text = str(value)
    if any(ord(character) < 32 for character in text):
        raise UnsafeValueError(f"{text[:40]!r} holds a control character and cannot enter a batch script")
    return shlex.quote(text)
