"""What a server asks of Slurm: one schema for the settings, for a profile that people choose, and for the job."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from aula_spawner.slurm.units import seconds


def _is_text(value: object) -> object:
    if isinstance(value, int):
        raise ValueError('YAML takes this for a number: put it in quotes, as "02:00:00"')
    return value


_Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,300}$")]
Cores = Annotated[int, Field(ge=1, le=1024)]
Memory = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,6}[MGT]$")]
Walltime = Annotated[
    str,
    BeforeValidator(_is_text),
    StringConstraints(pattern=r"^([0-9]{1,2}-)?[0-9]{1,2}:[0-5][0-9]:[0-5][0-9]$"),
]
Partition = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
# What no shell and no search path reads as anything but a file's name: spaces, quotes, '$' and ':' are not in it.
AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/+-]{0,400}$")]
ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
Groups = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")], ...], Field(strict=False)
]


class Strict(BaseModel):
    """A part of some settings: no unknown keys, no silent conversions, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Wishes(Strict):
    """What a server may ask of Slurm."""

    partition: Partition | None = Field(default=None, description="partition that the server runs in")
    cores: Cores | None = Field(default=None, description="CPU cores")
    memory: Memory | None = Field(default=None, description="memory: a number and M, G or T")
    walltime: Walltime | None = Field(
        default=None,
        description="life of the server, [days-]hours:minutes:seconds, in quotes; then Slurm ends it",
    )
    gpus: int = Field(default=0, ge=0, le=64, description="GPUs")
    gpu_type: _Word | None = Field(default=None, description="type of the GPUs, as Slurm calls it; none: any")
    account: _Word | None = Field(default=None, description="Slurm account that it counts for; none: the owner's own")
    qos: _Word | None = Field(default=None, description="quality of service (QOS); none: the site's default")
    reservation: _Word | None = Field(default=None, description="reservation in which it runs")
    constraint: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._&|-]{0,99}$")] | None = Field(
        default=None, description="features that its node must have, as a100&nvlink"
    )
    environment: AbsolutePath | None = Field(
        default=None, description="Python environment that it runs in, seen by the nodes; none: the usual one"
    )
    scratch: AbsolutePath | None = Field(
        default=None,
        description="folder of the nodes in which it gets a folder of its own, $SCRATCH in notebooks and terminals, "
        "which goes when it ends",
    )


class Request(Wishes):
    """What one server asks of Slurm."""

    partition: Partition
    cores: Cores
    memory: Memory
    walltime: Walltime


class Named(Strict):
    """What is offered to people."""

    name: ProfileName = Field(description="short name, by which the REST API knows it")
    title: _Text = Field(description="what people read: a few words")
    description: _Text | None = Field(default=None, description="what people read below: what it is good for")


class Profile(Wishes, Named):
    """A kind of server that people choose. What it leaves out is as for every server."""

    longest: Walltime | None = Field(
        default=None, description="longest life that a person may choose, in quotes; none: there is no choice"
    )
    idle_minutes: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="minutes without work after which the server ends; 0: never; none: the usual time"
    )
    groups: Groups = Field(default=(), description="groups of the hub whose people may have it; none: everybody")

    @model_validator(mode="after")
    def _lives_no_longer(self) -> Self:
        if self.longest and self.walltime and seconds(self.walltime) > seconds(self.longest):
            raise ValueError("'walltime' must not be longer than 'longest'")
        return self

    def request(self, usual: Request) -> Request:
        """Return what a server of this profile asks for; `usual` is what every server does."""
        mine = {name: value for name in Wishes.model_fields if (value := getattr(self, name))}
        return usual.model_copy(update=mine)
