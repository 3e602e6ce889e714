"""The contract of a course: what ``course.yml`` may say, stated once."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_NAME = 60
COMPUTES_S = 60
"""The longest that a notebook may compute, in seconds. One that waits for Slurm may run longer."""
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Audience = Literal["decision-maker", "data-scientist", "developer-engineer", "hpc-user"]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=NAME, max_length=LONGEST_NAME)]
Value = bool | int | float | str
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)?$", max_length=LONGEST_NAME)]
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,30}$")]
# YAML gives lists; a frozen model keeps tuples.
Texts = Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]


class Part(BaseModel):
    """A part of the contract: no unknown keys, no silent conversions, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Licence(Part):
    """Under which licences the course may be reused."""

    text: Text = Field(description="SPDX identifier of the licence of the prose, as CC-BY-4.0")
    code: Text = Field(description="SPDX identifier of the licence of the code, as MIT")


class Profile(Part):
    """What a trainee's notebook asks of Slurm."""

    cores: int = Field(ge=1, description="CPU cores of one notebook server")
    memory_gb: float = Field(gt=0, strict=False, description="memory of one notebook server, in GB")
    minutes: int = Field(ge=1, description="wall time of one notebook server, in minutes")


class Resources(Part):
    """What a lesson asks of Slurm under `aula notebooks --on slurm`. What it leaves out is as in `profile`."""

    cores: int | None = Field(default=None, ge=1, le=1024, description="CPU cores")
    memory_gb: float | None = Field(default=None, gt=0, strict=False, description="memory, in GB")
    minutes: int | None = Field(
        default=None, ge=1, description="wall time in minutes; left out: the lesson's time limit, and some to start in"
    )
    gpus: int | None = Field(
        default=None, ge=0, le=64, description="GPUs; left out: 1 for the set of parameters 'gpu', else 0"
    )


class Lesson(Part):
    """One lesson: the text notebook `lessons/<file>.md`. Their order in the list is the order of teaching."""

    file: Name = Field(
        description="name of the lesson in lessons/, without .md, as 02-first-job: small letters a-z, digits, hyphens"
    )
    minutes_teaching: int = Field(ge=0, description="minutes of teaching")
    minutes_exercises: int = Field(ge=0, description="minutes of exercises")
    minutes_lab: int = Field(
        default=0, ge=0, description="minutes of the sections and exercises that are left for the lab, beside those two"
    )
    time_limit_s: int = Field(
        default=COMPUTES_S,
        ge=1,
        le=300,
        description=f"seconds that the notebook may run; more than {COMPUTES_S} only where it waits for Slurm",
    )
    parameters: dict[Name, dict[Text, Value]] = Field(
        default_factory=dict,
        description="sets of values for the cell tagged 'parameters', by name, as node: {size: 24}; "
        "`aula notebooks --parameters NAME` runs the lesson with one of them",
    )
    resources: dict[Name, Resources] = Field(
        default_factory=dict,
        description="what the lesson asks of Slurm with a set of parameters, by the set's name, as node: {cores: 8}; "
        "`ci` is for the lesson's own values",
    )

    @property
    def minutes(self) -> int:
        """Minutes of all of it: teaching, exercises, and what is left for the lab."""
        return self.minutes_teaching + self.minutes_exercises + self.minutes_lab

    @property
    def waits(self) -> bool:
        """Whether it waits for Slurm most of its time."""
        return self.time_limit_s > COMPUTES_S


class JobScript(Part):
    """A job script that belongs to an assignment: it is run on Slurm, and tests judge what it leaves, as `job`.

    What it may ask for has bounds; a script that asks for more is not run.
    """

    script: FileName = Field(
        default="job.sh", description="name of the script in the folder of the notebook; a cell may write it"
    )
    leaves: Annotated[tuple[FileName, ...], Field(strict=False, min_length=1, max_length=10)] = Field(
        description="files that it leaves in its folder, which tests read as job.files: [result.json]"
    )
    size: dict[Variable, int | float | str] = Field(
        default_factory=dict,
        description="environment variables of the graded run, a size that trainees did not see, as {SHOPS: 9}",
    )
    nodes: int = Field(default=1, ge=1, le=16, description="nodes that it may ask for")
    tasks: int = Field(default=1, ge=1, le=64, description="tasks that it may ask for")
    cores: int = Field(default=1, ge=1, le=64, description="cores that it may ask for, all tasks together")
    memory_mb: int = Field(
        default=512, ge=16, le=16384, description="memory on each node that it may ask for, in MB, and gets by default"
    )
    minutes: int = Field(
        default=2, ge=1, le=10, description="wall time that it may ask for, in minutes, and gets by default"
    )

    def __hash__(self) -> int:
        """Return a hash of what can be hashed: assignments are keys."""
        return hash((self.script, self.leaves))


class Assignment(Part):
    """One graded assignment: the text notebook `assignments/<name>/<name>.md`, and what lies beside it."""

    name: Name = Field(
        description="name of the assignment's folder and notebook, as first-job: small letters a-z, digits, hyphens"
    )
    title: Text = Field(description="title that trainees read")
    points: float = Field(gt=0, strict=False, description="sum of the points of its cells")
    minutes: int = Field(default=60, ge=1, description="minutes that a trainee needs for it")
    due_days: int = Field(ge=1, description="days from the first day of a course run until it is due")
    results_at_once: int = Field(
        default=0,
        ge=0,
        le=1000,
        description="how many hand-ins of each trainee get the result of the visible tests within seconds; 0: none. "
        "Hidden tests are left out, and no marks are given",
    )
    job: JobScript | None = Field(default=None, description="a job script that is run on Slurm and graded")


class Contract(Part):
    """The file `course.yml` in the folder of a course. The folder's name is the course's name in commands."""

    title: Text = Field(description="title of the course, in the catalogue and in the book")
    summary: Text = Field(description="one or two sentences for the catalogue: what people can do afterwards")
    authors: Texts = Field(description="names of those who wrote the course")
    licence: Licence = Field(description="licences of the course")
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1)] = Field(
        description="languages of the course, as two small letters each (ISO 639-1): en"
    )
    paths: Annotated[tuple[Audience, ...], Field(strict=False, min_length=1)] = Field(
        description="for whom the course is"
    )
    skills: Texts = Field(
        description="identifiers in the skill tree of the HPC Certification Forum, or of EVITA, as USE2-B"
    )
    minutes: int = Field(ge=1, description="minutes of the whole course: teaching, exercises, assignments")
    profile: Profile = Field(description="what a trainee's notebook asks of Slurm")
    environment: Name | None = Field(
        default=None,
        description="what its notebooks run on, where that is more than every course has: torch. "
        "Each notebook then names the kernel of that name in its header",
    )
    pass_mark: float = Field(ge=0, le=100, strict=False, description="per cent of the points needed to pass")
    lessons: Annotated[tuple[Lesson, ...], Field(strict=False, min_length=1)] = Field(
        description="lessons, in the order of teaching; every .md file in lessons/ is listed"
    )
    assignments: Annotated[tuple[Assignment, ...], Field(strict=False)] = Field(
        default=(), description="graded assignments, in the order of teaching; every folder in assignments/ is listed"
    )
