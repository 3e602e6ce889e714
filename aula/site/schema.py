"""What ``site.yml`` may say, stated once: validation, the reference page and the deployment come from here."""

from collections import Counter
from typing import Annotated, Self
from urllib.parse import urlsplit

from aula_spawner.slurm.profile import Cores, Memory, Partition, Profile, Request, Walltime
from aula_spawner.slurm.squeue import FORMAT
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Folder = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$")]
File = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/-]+$")]
Account = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
Names = Annotated[tuple[Account, ...], Field(strict=False)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,200}[A-Za-z0-9])?$")]
Mistakes = Annotated[
    str,
    StringConstraints(
        pattern=r"^(https?://[^\s\"'<>{}]+\{page\}[^\s\"'<>{}]*|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)$", max_length=500
    ),
]

Issuer = Annotated[
    str,
    StringConstraints(
        pattern=r"^(https://[^\s/?#]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[^\s?#]*)?$", max_length=200
    ),
]


class Part(BaseModel):
    """A part of the file: no unknown keys, no silent conversions, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Public(Part):
    """What people open in their browser."""

    address: str = Field(
        description="address that people open, as https://aula.example.org/; http:// is for trials: no encryption",
        pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{2,5})?/$",
    )
    certificate: File | None = Field(
        default=None, description="PEM file of the certificate with its chain; needed for https, read by nginx as root"
    )
    key: File | None = Field(default=None, description="PEM file of the certificate's key, readable by root alone")

    subdomains: bool = Field(
        default=False,
        description="whether each person's server has a web address of its own, as https://ana.aula.example.org/, so "
        "that browsers keep people apart; needs a wildcard name, *.aula.example.org, in the DNS and in the certificate",
    )

    @model_validator(mode="after")
    def _subdomains_have_a_name(self) -> Self:
        host = urlsplit(self.address).hostname or ""
        if self.subdomains and (host.replace(".", "").isdecimal() or "." not in host):
            raise ValueError(f"'subdomains' needs a full name in 'address', and {host} is none")
        return self

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        secure = urlsplit(self.address).scheme == "https"
        if secure and not (self.certificate and self.key):
            raise ValueError("an https address needs 'certificate' and 'key'")
        if not secure and (self.certificate or self.key):
            raise ValueError("'certificate' and 'key' are for an address that begins with https://")
        return self


class ServiceNode(Part):
    """The machine on which hub and services run."""

    address: Host = Field(description="address of this machine as the nodes reach it; the hub's API listens there")
    hub_port: int = Field(
        default=8081, ge=1024, le=65535, description="port of the hub's API; nodes must be let through to it"
    )
    hand_in_port: int = Field(
        default=8082, ge=1024, le=65535, description="port of the hand-in service; nodes must be let through to it"
    )
    internal_tls: bool = Field(
        default=True,
        description="whether hub, proxy and people's servers speak TLS with each other and with nobody else, so that "
        "who listens or connects on the nodes' network learns nothing; it can be switched while no server runs",
    )


class Partitions(Part):
    """Which of the site's partitions the class uses."""

    interactive: Partition = Field(description="partition of people's JupyterLab servers; starts should not queue long")
    batch: Partition = Field(description="partition of notebook checks and of grading")


class Server(Part):
    """What one JupyterLab server asks of Slurm, where its profile says nothing else."""

    cores: Cores = Field(default=1, description="CPU cores of one server")
    memory: Memory = Field(default="1G", description="memory of one server: a number and M, G or T")
    walltime: Walltime = Field(
        default="02:00:00",
        description="life of one server, [days-]hours:minutes:seconds, in quotes; then Slurm ends it",
    )
    idle_minutes: int = Field(
        default=60,
        ge=0,
        le=100_000,
        description="minutes without work after which a server ends, after a warning; 0: never",
    )
    most_core_hours: int = Field(
        default=0,
        ge=0,
        le=10_000_000,
        description="core-hours of a person's jobs in seven days from which on no server of theirs starts; 0: no bound",
    )


class SiteProfile(Profile):
    """A kind of server that people choose on a form; the first one is the default. What it leaves out: slurm.server."""

    runs: Names = Field(default=(), description="course runs whose people see it; a link to one begins with it")
    companies: Names = Field(default=(), description="companies whose people see it")


class Slurm(Part):
    """The site's batch system."""

    configuration: File | None = Field(
        default=None, description="path of slurm.conf on this machine; leave it out where the commands find it"
    )
    commands: File = Field(
        default="/usr/bin",
        description="folder of sbatch, squeue, scancel, scontrol, sacct, sinfo and srun on this machine",
    )
    partitions: Partitions = Field(description="which partitions the class uses")
    server: Server = Field(default_factory=Server, description="what one JupyterLab server asks for")
    associate: File | None = Field(
        default=None,
        description="the site's own program, run by root of this machine as PROGRAM join ACCOUNT COMPANY and PROGRAM "
        "leave ACCOUNT COMPANY when somebody joins or leaves, to change associations and limits; none: nothing is told",
    )
    jobs: File | None = Field(
        default=None,
        description="the site's own program, run by the hub's account without arguments, that lists every job as "
        f"squeue --noheader --states=all --format='{FORMAT}' does; wanted where PrivateData hides jobs from the hub, "
        "which otherwise asks squeue in each person's name",
    )


class Folders(Part):
    """Folders that this machine and every node see at the same path."""

    software: Folder = Field(
        description="environments and code: written by root of this machine, read by everybody, 4 GB"
    )
    course: Folder = Field(description="course runs, hand-ins, lessons: root of this machine sets owners in it")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        one, other = f"{self.software}/", f"{self.course}/"
        if one.startswith(other) or other.startswith(one):
            raise ValueError("'software' and 'course' must be two folders, neither within the other")
        return self


class Accounts(Part):
    """Unix accounts that the site has made for the class."""

    hub: Account = Field(description="account of hub, proxy and book; it has no right but the five sudo rules")
    course: Account = Field(description="account of the courses: lessons, notebook checks, the book; it may submit")
    portal: Account = Field(description="account of the portal, and of the database of people and course runs")
    hand_in: Account = Field(description="account of the hand-in service, and of all that was handed in")
    people: Account = Field(description="Unix group of everybody in the class")
    pool: Names = Field(
        default=(),
        description="Unix accounts that may submit, each lent to one person at a time who has none of their own",
    )
    runs: Names = Field(
        default=(),
        description="Unix accounts of course runs: gradebook and formgrader of one each, for as long as it is kept; "
        "where there are too few, a run is the course account's, and is not shut off from the others of that account",
    )
    jobs: Names = Field(
        default=(),
        description="Unix accounts that handed-in job scripts run as, one for each of 'runs', in their order; each may "
        "submit, owns nothing, and the run's account is the coordinator of its Slurm account; none: such scripts are "
        "not graded",
    )
    map: File | None = Field(
        default=None,
        description="instead of a pool, the site's own program: run by root of this machine as PROGRAM NAME FULL-NAME "
        "for each person who joins without an account, it prints the name of their Unix account",
    )

    @model_validator(mode="after")
    def _differ(self) -> Self:
        names = Counter([self.hub, self.course, self.portal, self.hand_in, *self.pool, *self.runs, *self.jobs])
        twice = sorted(name for name, times in names.items() if times > 1)
        if twice:
            raise ValueError(f"these stand twice, and each must be an account of its own: {', '.join(twice)}")
        if len(self.jobs) > len(self.runs):
            raise ValueError("'jobs' has more accounts than 'runs': each belongs to one of those")
        if self.pool and self.map:
            raise ValueError("'pool' and 'map' exclude each other: accounts are lent, or the site names them")
        return self


class Oidc(Part):
    """An OpenID Connect provider, as MyAccessID or a Keycloak. Its redirect URI: address + hub/oauth_callback."""

    issuer: Issuer = Field(
        description="the provider, to the letter as it names itself; http only on this machine, for trials"
    )
    client_id: str = Field(min_length=1, max_length=200, description="what the provider calls this class")
    client_secret_file: File = Field(
        description="file with the client's secret and nothing else, readable by root alone"
    )
    name: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,80}$")] = Field(
        default="Sign in with your organisation", description="what stands on the button"
    )
    scopes: tuple[Annotated[str, StringConstraints(pattern=r"^[!#-\[\]-~]{1,100}$")], ...] = Field(
        default=("openid", "profile", "email"), strict=False, description="what the provider is asked for"
    )

    @field_validator("scopes")
    @classmethod
    def _asks_who_it_is(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise ValueError("'openid' must be one of them: without it the provider does not say who somebody is")
        return value


class SignIn(Part):
    """How people sign in. Names with passwords work always, for those who have one."""

    local_accounts: bool = Field(
        default=True, description="whether who was invited may make an account with a password of their own"
    )
    oidc: Oidc | None = Field(default=None, description="the identity provider, beside the passwords")


class Book(Part):
    """The book of the centre's courses."""

    mistakes: Mistakes | None = Field(
        default=None,
        description="where readers report a mistake on a page: a mail address, or a web address in which {page} stands "
        "for the page, as https://git.example.org/book/issues/new?title={page}; none: pages have no such link",
    )


class Site(Part):
    """One centre, as the class must know it."""

    public: Public = Field(description="what people open")
    service_node: ServiceNode = Field(description="this machine")
    slurm: Slurm = Field(description="the batch system")
    folders: Folders = Field(description="what this machine and the nodes share")
    accounts: Accounts = Field(description="Unix accounts of the class's own")
    people_database: str | None = Field(
        default=None,
        pattern=r"^postgresql\+psycopg://\S+$",
        description="SQLAlchemy address of a PostgreSQL for people and course runs; none: an SQLite file here",
    )
    sign_in: SignIn = Field(default_factory=SignIn, description="how people sign in")
    book: Book = Field(default_factory=Book, description="the book")
    profiles: Annotated[tuple[SiteProfile, ...], Field(strict=False)] = Field(
        default=(), description="kinds of servers that people choose from; none: every server is slurm.server's"
    )

    @field_validator("profiles")
    @classmethod
    def _profiles_differ(cls, value: tuple[SiteProfile, ...]) -> tuple[SiteProfile, ...]:
        twice = sorted(name for name, times in Counter(one.name for one in value).items() if times > 1)
        if twice:
            raise ValueError(f"these names stand twice: {', '.join(twice)}")
        return value

    @property
    def usual(self) -> Request:
        """What a server asks for where no profile says anything else."""
        server, partition = self.slurm.server, self.slurm.partitions.interactive
        return Request(partition=partition, cores=server.cores, memory=server.memory, walltime=server.walltime)
