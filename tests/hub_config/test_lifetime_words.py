"""What JupyterLab shows before a server ends, in every language."""

import json

import pytest
from aula_spawner.lifetime import told_to_job

from aula.locale.languages import NAMES
from hub_config.languages import spoken_by_server

MOST_SHOWN = 140
"""Characters of a notification that JupyterLab shows."""


@pytest.mark.parametrize("language", NAMES)
def test_a_warning_is_shown_whole(language: str) -> None:
    """JupyterLab cuts off no language's words, whatever the minutes and however the browser writes the time."""
    words = json.loads(told_to_job(7200, 3600, "1024G", spoken_by_server, language))["words"]
    shown = [word.replace("{minutes}", "10").replace("{time}", "10:30 PM") for word in words.values()]
    assert [text for text in shown if len(text) > MOST_SHOWN or "{" in text] == []
