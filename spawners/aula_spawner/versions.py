"""What a server must know to keep its owner's lessons up to date, as its job is told it."""

import json
from collections.abc import Sequence

from aula_spawner.words import Translate, phrase

# JupyterLab shows no more than 140 characters of a notification.
_WORDS = {
    "waiting": phrase("A correction is here: {title}. What you wrote stays."),
    "taken": phrase("Corrected since you were last here: {title}. What you wrote is still there."),
    "show": phrase("What has changed"),
    "take": phrase("Take the correction"),
    "done": phrase("You have the newest version."),
    "kept": phrase("Your own version is in {folder}."),
    "files": phrase("Files: {files}"),
    "reset": phrase("Start again from the original"),
    "reset_title": phrase("Start {file} again?"),
    "reset_text": phrase("The original comes back. Your own version is set aside, in this course's folder “kept”."),
    "reset_same": phrase("This file is as it came: there was nothing to set aside."),
    "full": phrase("Your home folder is full or read-only: nothing was changed. Make room, or tell the operator."),
    "failed": phrase("That did not work, and nothing was lost. Save, and try again."),
}


def told_to_job(lessons: Sequence[str], translate: Translate, language: str) -> str:
    """Return the folders that lessons are copied from, and what is said of them, as JSON in plain ASCII."""
    words = {name: translate(language, template) for name, template in _WORDS.items()}
    return json.dumps({"lessons": list(lessons), "words": words})
