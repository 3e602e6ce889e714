"""What JupyterLab tells of corrections, in every language."""

import json
from string import Formatter

import pytest
from aula_spawner.versions import told_to_job
from aula_spawner.words import untranslated

from aula.locale.languages import NAMES
from hub_config.languages import spoken_by_server
from tests.hub_config.test_lifetime_words import MOST_SHOWN

LESSONS = "/srv/lessons/hpc-and-slurm-2026-11"
VALUES = {"title": "hpc-and-slurm-2026-11", "file": "01-first-job.ipynb", "files": "x"}
FOLDER = "courses/hpc-and-slurm-2026-11/kept/2026-11-09_10-15-30"


@pytest.mark.parametrize("language", NAMES)
def test_what_is_told_is_shown_whole(language: str) -> None:
    """No notification is cut off, and each says in its language what the English one says, with the same values."""
    told = json.loads(told_to_job([LESSONS], spoken_by_server, language))
    english = json.loads(told_to_job([LESSONS], untranslated, ""))
    assert told["lessons"] == [LESSONS]
    words = {name: text.format(**VALUES, folder=FOLDER) for name, text in told["words"].items()}
    words["taken and kept"] = f"{words['done']} {words['kept']}"
    assert [text for text in words.values() if len(text) > MOST_SHOWN] == []
    for name, text in told["words"].items():
        assert _named(text) == _named(english["words"][name])
        assert language == "en" or text != english["words"][name]


def _named(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}
