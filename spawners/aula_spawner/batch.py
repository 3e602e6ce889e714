"""Renders the batch script: every value is checked before, and quoted while, it enters the template."""

import shlex
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from jinja2 import Environment, StrictUndefined, Template
from pydantic import Field, StringConstraints, ValidationError

from aula_spawner.errors import UnsafeValueError
from aula_spawner.slurm.profile import AbsolutePath, Request
from aula_spawner.slurm.sbatch import options

_MOST_FOLDERS = 100
_NamedFolder = Annotated[str, StringConstraints(pattern=r"^/([A-Za-z0-9._/+-]{0,400}/)?[a-z][a-z0-9-]{0,60}$")]

_Node = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]

Kind = TypeVar("Kind", bound=Request)


class BatchJob(Request):
    """All that the batch script's template may see."""

    job_name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
    environment: AbsolutePath
    singleuser_script: AbsolutePath
    shunned: Annotated[tuple[_Node, ...], Field(max_length=_MOST_FOLDERS)] = ()
    lessons: Annotated[tuple[_NamedFolder, ...], Field(max_length=_MOST_FOLDERS)] = ()
    kernel_paths: Annotated[tuple[AbsolutePath, ...], Field(max_length=_MOST_FOLDERS)] = ()
    jupyter_config_dir: AbsolutePath
    lifetime: Annotated[str, StringConstraints(pattern=r"^\{[ -~]*\}$", max_length=8000)]
    versions: Annotated[str, StringConstraints(pattern=r"^\{[ -~]*\}$", max_length=60_000)]
    lab_locale: Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3}(_[A-Z]{2})?)?$")]


def checked(kind: type[Kind], **values: object) -> Kind:
    """Return the settings as one of our schemas, or raise UnsafeValueError naming what is wrong and would be right."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise UnsafeValueError(f"the spawner's setting {field} is {first['input']!r}: {first['msg']}") from error


def render(job: BatchJob) -> str:
    """Return the batch script of the job."""
    joined = {"kernel_paths": ":".join(job.kernel_paths), "options": options(job), "shunned": ",".join(job.shunned)}
    return _template().render({**job.model_dump(), **joined, "scratch": job.scratch or ""})


@cache
def _template() -> Template:
    environment = Environment(
        undefined=StrictUndefined,
        finalize=_quoted,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  it is a shell script: _quoted escapes every value for a shell
    )
    return environment.from_string((Path(__file__).parent / "batch.sh.j2").read_text())


def _quoted(value: object) -> str:
    """Return the value as one word of a shell."""
    text = str(value)
    if any(ord(character) < 32 for character in text):
        raise UnsafeValueError(f"{text[:40]!r} holds a control character and cannot enter a batch script")
    return shlex.quote(text)
