"""How long a server may live and what is said before and after its end, as its job is told it."""

import json

from aula_spawner.slurm.units import spoken_size
from aula_spawner.words import Translate, phrase

IDLE, TIME, ANEW, LARGER = "idle", "time", "anew", "larger"
ENDED = {IDLE: "IDLE", TIME: "TIMEOUT", ANEW: "", LARGER: ""}
"""Why a server asks the hub to stop it, and how it is said to have ended; the last two are what its owner wished."""

# JupyterLab shows no more than 140 characters of a notification. {time} is filled in by the browser.
_WORDS = {
    "time": phrase(
        "Less than {minutes} minutes left: this server ends at {time} and cannot be extended. "
        "Documents are saved, variables are not."
    ),
    "anew": phrase("Save all and start anew"),
    "idle": phrase("Nothing has run here for a while. At {time} this server ends, so that others can compute."),
    "keep": phrase("Keep it running"),
    "memory": phrase(
        "Out of memory: this server has {memory}, and Linux ended a kernel or program on it. "
        "Variables are lost, files are not."
    ),
    "larger": phrase("Choose a larger server"),
    "home_lost": phrase(
        "Your home folder is full or read-only: nothing that you change is saved. Make room, or tell the operator."
    ),
    "idle_over": phrase("Your server ended because nothing ran on it for a while."),
    "time_over": phrase("Your server ended because its time was over."),
}


def told_to_job(walltime: int, idle_timeout: int, memory: str, translate: Translate, language: str) -> str:
    """Return what a server must know of its own life as JSON in plain ASCII; `memory` is as Slurm takes it, as 2G."""
    words = {name: translate(language, template) for name, template in _WORDS.items()}
    words["memory"] = words["memory"].replace("{memory}", spoken_size(memory))
    return json.dumps({"walltime": walltime, "idle": idle_timeout, "words": words})
