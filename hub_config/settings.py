"""The hub's settings: one strict schema, read from the file that AULA_HUB_SETTINGS names."""

import difflib
import json
import os
from pathlib import Path
from typing import Annotated

from aula_spawner.slurm.profile import Cores, Memory, Partition, Profile, Walltime
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from aula.course import Profile as CourseProfile
from aula.people.runs import RESERVED
from hub_config.errors import SettingsError

VARIABLE = "AULA_HUB_SETTINGS"

_Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
_RunId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
_Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+/$")]
_Folder = Annotated[str, StringConstraints(pattern=r"^/[^\x00-\x1f]*$")]
_Issuer = Annotated[
    str,
    StringConstraints(
        pattern=r"^(https://[^\s/?#]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[^\s?#]*)?$", max_length=200
    ),
]
_Secret = Annotated[str, StringConstraints(min_length=16)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CourseRun(_Strict):
    """One delivery of a course, with its own formgrader."""

    id: _RunId = Field(description="name of the run, of its nbgrader course and of its service")
    course: _RunId = Field(description="the course's folder name")
    title: str = Field(description="the course's title for people", min_length=1, max_length=200)
    profile: CourseProfile | None = Field(default=None, description="what a notebook of it asks of Slurm, if known")
    formgrader_url: _Url = Field(description="where the run's formgrader listens, seen from the proxy")
    formgrader_token: _Secret = Field(description="the formgrader's token for the hub's API", repr=False)


class SlurmSettings(_Strict):
    """The batch system, and what a server asks of it."""

    configuration: _Folder | None = Field(description="path of slurm.conf, null where the commands find it themselves")
    commands: _Folder = Field(description="folder of sbatch, squeue, scancel and scontrol")
    jobs_command: tuple[str, ...] = Field(
        strict=False, description="command that lists every job, where Slurm hides them from the hub; empty: squeue"
    )
    partition: Partition = Field(description="partition that servers run in")
    cores: Cores = Field(description="cores of a server")
    memory: Memory = Field(description="memory of a server, as 1G")
    walltime: Walltime = Field(description="life of a server, as 02:00:00")
    idle_minutes: int = Field(description="minutes without work after which a server ends; 0: never", ge=0)
    most_core_hours: int = Field(description="core-hours a week from which on no server starts; 0: no bound", ge=0)


class OidcSettings(_Strict):
    """The identity provider: OpenID Connect, by discovery."""

    issuer: _Issuer = Field(
        description="the provider, to the letter as its tokens name it; http for trials on one machine"
    )
    client_id: str = Field(description="what the hub is called there", min_length=1, max_length=200)
    client_secret: str = Field(description="what the hub proves itself by", min_length=1, repr=False)
    name: str = Field(description="what stands on the button, as Sign in with MyAccessID", min_length=1, max_length=80)
    scopes: tuple[str, ...] = Field(
        default=("openid", "profile", "email"), strict=False, description="what the provider is asked for"
    )


class PortalSettings(_Strict):
    """The portal: the pages on which people find their courses."""

    url: _Url = Field(description="where the portal listens, seen from the proxy")
    token: _Secret = Field(description="the portal's token for the hub's API", repr=False)


class InternalTlsSettings(_Strict):
    """TLS between hub, proxy and servers, each of which must show a certificate of the hub's own authorities."""

    certificates_dir: _Folder = Field(description="folder of authorities, keys and certificates, the hub's alone")
    errors_url: _Url = Field(description="where the hub shows error pages to the proxy, on this machine")


class HubSettings(_Strict):
    """Everything the hub needs to know about this site."""

    instance: _Name = Field(description="name of this installation")
    public_url: _Url = Field(description="public address, what people open")
    subdomains: bool = Field(description="whether each person's server is at a name of its own under the public one")
    bind_url: _Url = Field(description="where the proxy listens; the same as public_url, or behind a web server")
    hub_bind_url: _Url = Field(description="address of the hub's API, as the nodes reach it")
    proxy_api_url: _Url = Field(description="address of configurable-http-proxy's API")
    state_dir: _Folder = Field(description="folder of the hub's database and cookie secret")
    people_database: str = Field(
        description="SQLAlchemy address of people's database",
        pattern=r"^(sqlite:////|postgresql\+psycopg://)[^\s]+$",
        repr=False,
    )
    oidc: OidcSettings | None = Field(default=None, description="the identity provider; null: passwords alone")
    user_environment: _Folder = Field(description="Python environment that servers run in")
    lessons_dir: _Folder = Field(description="holds a folder for each course run; starts copy it to ~/courses/<run>")
    kernels_dir: _Folder = Field(description="holds a folder for each course run, with kernels/<run> in it")
    jupyter_config_dir: _Folder = Field(description="Jupyter configuration of all servers")
    singleuser_script: _Folder = Field(description="file that starts a server inside its job, seen by the nodes")
    slurm: SlurmSettings = Field(description="the batch system")
    profiles: tuple[Profile, ...] = Field(
        strict=False, description="kinds of servers that people choose from; none: all are as slurm says"
    )
    course_runs: tuple[CourseRun, ...] = Field(strict=False, description="the course runs")
    book_url: _Url = Field(description="where the book is served, seen from the proxy")
    portal: PortalSettings = Field(description="the portal")
    hand_in_token: _Secret = Field(description="the hand-in service's token for the hub's API", repr=False)
    monitoring_token: _Secret = Field(description="the token by which Prometheus reads the metrics", repr=False)
    internal_tls: InternalTlsSettings | None = Field(
        default=None, description="TLS between hub, proxy and servers; null: none"
    )


def load_from_environment() -> HubSettings:
    """Read the settings file that the environment names."""
    path = os.environ.get(VARIABLE)
    if not path:
        raise SettingsError(f"the environment variable {VARIABLE} is not set: set it to the path of settings.json")
    return load(Path(path))


def load(path: Path) -> HubSettings:
    """Read and check one settings file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{path}: is not JSON: {error}") from error
    try:
        settings = HubSettings.model_validate(document)
    except ValidationError as error:
        raise SettingsError(_explain(path, error)) from error
    _check_names(path, settings)
    return settings


def _check_names(path: Path, settings: HubSettings) -> None:
    """Refuse a run's name that is there twice, or another service's: one would silently take the other's place."""
    names = [run.id for run in settings.course_runs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise SettingsError(f"{path}: course_runs: {name!r} stands there twice: remove one")
    for name in sorted({*names} & {*RESERVED}):
        raise SettingsError(f"{path}: course_runs: {name!r} is the name of another service: give the run another one")


def _explain(path: Path, error: ValidationError) -> str:
    """Return a line for each mistake, naming the file, the key and, for an unknown key, the nearest valid one."""
    lines = []
    for mistake in error.errors():
        key = ".".join(str(part) for part in mistake["loc"]) or "the whole file"
        if mistake["type"] == "extra_forbidden":
            nearest = difflib.get_close_matches(str(mistake["loc"][-1]), _keys_beside(mistake["loc"]), n=1)
            hint = f": did you mean {nearest[0]!r}?" if nearest else ": remove it"
            lines.append(f"{path}: {key}: unknown key{hint}")
        else:
            lines.append(f"{path}: {key}: {mistake['msg']}")
    return "\n".join(lines)


def _keys_beside(location: tuple[int | str, ...]) -> list[str]:
    """Return the valid keys at the place of a mistake."""
    models: dict[int | str, type[BaseModel]] = {
        "profiles": Profile,
        "course_runs": CourseRun,
        "slurm": SlurmSettings,
        "oidc": OidcSettings,
        "portal": PortalSettings,
        "internal_tls": InternalTlsSettings,
    }
    return list((models[location[0]] if len(location) > 1 else HubSettings).model_fields)
