"""What a person may ask for when they start a server: an allow-list; everything else is a plain refusal."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from tornado.web import HTTPError

from aula_spawner.slurm.profile import Profile, ProfileName, Walltime
from aula_spawner.slurm.units import seconds
from aula_spawner.words import Say

SHORTEST_S = 60
_SHOWN = 40


class StartOptions(BaseModel):
    """The options of a start; both may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    profile: ProfileName | None = None
    walltime: Annotated[Walltime, StringConstraints(max_length=12)] | None = None


def checked_options(options: Mapping[Any, Any], say: Say) -> StartOptions:
    """Return the options, or raise an HTTP 400 that names the first one that is not allowed."""
    allowed = sorted(StartOptions.model_fields)
    for key in options:
        if key not in allowed:
            refused = say("A server cannot be started with the option {option}.", option=repr(str(key)[:_SHOWN]))
            raise _refusal(f"{refused} {_allowed(allowed, say)}", say)
    try:
        return StartOptions.model_validate(dict(options))
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][0])
        raise _refusal(_explained(wrong, options[wrong], say), say) from error


def options_of_form(form: Mapping[Any, Any], offered: Iterable[Profile], say: Say) -> dict[str, str]:
    """Return the options that a form or an address holds; each profile in a form has a choice of time of its own."""
    given = {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in form.items()}
    times = {one.name: given.pop(time_field(one), None) for one in offered}
    time = times.get(str(given.get("profile")))
    return checked_options({**given, **({"walltime": time} if time else {})}, say).model_dump(exclude_none=True)


def time_field(profile: Profile) -> str:
    """Return the name of the field in which a form asks how long a server of this profile shall live."""
    return f"walltime-{profile.name}"


def chosen(options: StartOptions, offered: Iterable[Profile], say: Say) -> Profile:
    """Return the profile that is asked for, the first where none is; raise an HTTP 400 for one that is not offered."""
    by_name = {one.name: one for one in offered}
    if not by_name:
        raise _refusal(say("There is no kind of server for you here. Ask your instructor or your centre."), say, 403)
    if options.profile is not None and options.profile not in by_name:
        words = say("There is no profile {profile} for you.", profile=repr(options.profile))
        raise _refusal(f"{words} {_allowed(by_name, say)}", say)
    return by_name[options.profile] if options.profile else next(iter(by_name.values()))


def check_life(walltime: str, longest: int, say: Say) -> None:
    """Raise an HTTP 400 where a server cannot live as long as was asked; `longest` is in seconds."""
    if not SHORTEST_S <= seconds(walltime) <= longest:
        most = say("It can live from 1 to {minutes} minutes.", minutes=longest // 60)
        raise _refusal(f"{_explained('walltime', walltime, say)} {most}", say)


def _allowed(names: Iterable[str], say: Say) -> str:
    return say("Allowed: {options}.", options=", ".join(names))


def _explained(option: str, value: object, say: Say) -> str:
    return say("The option {option} cannot be {value}.", option=repr(option), value=repr(value)[:_SHOWN])


def _refusal(words: str, say: Say, status: int = 400) -> HTTPError:
    nothing = say("Nothing was started.")
    return HTTPError(status, f"{words} {nothing}")
