"""How long a server may live and what is said before and after its end, as its job is told it."""

import json

from aula_spawner.words import Translate, phrase

IDLE, TIME, ANEW = "idle", "time", "anew"
ENDED = {IDLE: "IDLE", TIME: "TIMEOUT", ANEW: ""}
"""Why a server asks the hub to stop it, and how it is said to have ended; `anew` is what its owner wished."""

# JupyterLab shows no more than 140 characters of a notification. {time} is filled in by the browser.
_WORDS = {
    "time": phrase(
        "Less than {minutes} minutes left: this server ends at {time} and cannot be extended. "
        "Documents are saved, variables are not."
    ),
    "anew": phrase("Save all and start anew"),
    "idle": phrase("Nothing has run here for a while. At {time} this server ends, so that others can compute."),
    "keep": phrase("Keep it running"),
    "home_lost": phrase(
        "Your home folder is full or read-only: nothing that you change is saved. Make room, or tell the operator."
    ),
    "idle_over": phrase("Your server ended because nothing ran on it for a while."),
    "time_over": phrase("Your server ended because its time was over."),
}


def told_to_job(walltime: int, idle_timeout: int, translate: Translate, language: str) -> str:
    """Return what a server must know of its own life, both in seconds, as JSON in plain ASCII."""
    words = {name: translate(language, template) for name, template in _WORDS.items()}
    return json.dumps({"walltime": walltime, "idle": idle_timeout, "words": words})
