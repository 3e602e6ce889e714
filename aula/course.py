"""The contract of a course: what ``course.yml`` may say, stated once."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Audience = Literal["decision-maker", "data-scientist", "developer-engineer", "hpc-user"]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Value = bool | int | float | str
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


class Lesson(Part):
    """One lesson: the text notebook ``lessons/<file>.md``."""

    file: Name = Field(description="name of the lesson in lessons/, without .md, as 02-first-job")
    minutes_teaching: int = Field(ge=0, description="minutes of teaching")
    minutes_exercises: int = Field(ge=0, description="minutes of exercises")
    time_limit_s: int = Field(
        default=60, ge=1, le=300, description="seconds the notebook may run; above 60 only to wait for Slurm"
    )
    parameters: dict[Name, dict[Text, Value]] = Field(
        default_factory=dict, description="by name (node, gpu): values for the cell tagged 'parameters'"
    )


class Assignment(Part):
    """One graded assignment: the text notebook ``assignments/<name>/<name>.md``."""

    name: Name = Field(description="name of the assignment's folder and notebook")
    title: Text = Field(description="what trainees read")
    points: float = Field(gt=0, strict=False, description="sum of the points of its cells")
    due_days: int = Field(ge=1, description="days from the release until it is due")


class Contract(Part):
    """All of ``course.yml``."""

    title: Text
    summary: Text = Field(description="one or two sentences for the catalogue")
    authors: Texts
    licence: Licence
    languages: Annotated[tuple[Language, ...], Field(strict=False, min_length=1)]
    paths: Annotated[tuple[Audience, ...], Field(strict=False, min_length=1)]
    skills: Texts = Field(description="identifiers of the HPC or EVITA skill tree")
    minutes: int = Field(ge=1, description="minutes of the whole course")
    profile: Profile
    pass_mark: float = Field(ge=0, le=100, strict=False, description="per cent of the points needed to pass")
    lessons: Annotated[tuple[Lesson, ...], Field(strict=False, min_length=1)]
    assignments: Annotated[tuple[Assignment, ...], Field(strict=False)] = ()
