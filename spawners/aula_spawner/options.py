"""What a person may ask for when they start a server: an allow-list; everything else is a plain refusal."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict
from tornado.web import HTTPError

from aula_spawner.words import Say

_SHOWN = 40


class StartOptions(BaseModel):
    """The options of a start. There are none yet: every server is of the same size."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def checked_options(options: Mapping[Any, Any], say: Say) -> StartOptions:
    """Return the options, or raise an HTTP 400 that names the first one that is not allowed."""
    allowed = set(StartOptions.model_fields)
    for key in options:
        if key not in allowed:
            raise HTTPError(400, _refusal(str(key)[:_SHOWN], sorted(allowed), say))
    return StartOptions()


def _refusal(option: str, allowed: list[str], say: Say) -> str:
    refused = say("A server cannot be started with the option {option}.", option=repr(option))
    others = say("Allowed: {options}.", options=", ".join(allowed)) if allowed else say("It takes no options.")
    nothing = say("Nothing was started.")
    return f"{refused} {others} {nothing}"
