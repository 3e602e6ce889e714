"""Which of the files that were handed in is the notebook."""

import json
from pathlib import Path

import pytest

from aula.grading.errors import SubmissionError
from aula.grading.handed_in import Submission
from aula.grading.repair import finding
from aula.grading.repair.reading import Received


def read(folder: Path, **files: str) -> Received:
    """Return what is read where these notebooks were handed in, each with one cell."""
    for name, text in files.items():
        cells = [{"cell_type": "code", "source": text}]
        path = folder / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    return finding.read(Submission("ana", "sums", folder, None))


def test_the_only_notebook_is_it_whatever_it_is_called(tmp_path: Path) -> None:
    """It is told how it was called, with nothing of the name that a page could take for markup."""
    found = read(tmp_path, **{"Copy of sums <b>": "mine", ".ipynb_checkpoints/sums-checkpoint": "old"})
    assert found.cells[0].text == "mine"
    assert found.said == ["the notebook was called 'Copy of sums ?b?.ipynb'"]


def test_the_one_that_is_called_right_comes_first(tmp_path: Path) -> None:
    """The other one is named, for a person to look at."""
    found = read(tmp_path, sums="mine", other="more")
    assert found.cells[0].text == "mine"
    assert found.said == ["there was another notebook, which was not looked at: 'other.ipynb'"]


def test_of_several_that_are_called_otherwise_none_is_guessed(tmp_path: Path) -> None:
    """Their sender reads what to do."""
    with pytest.raises(SubmissionError, match=r"called sums\.ipynb: rename yours"):
        read(tmp_path, one="1", two="2")


def test_none_at_all_is_said(tmp_path: Path) -> None:
    """As is a link in place of the notebook, with another one beside it."""
    with pytest.raises(SubmissionError, match=r"sums\.ipynb was not handed in as a file"):
        read(tmp_path)
    (tmp_path / "sums.ipynb").symlink_to("/etc/passwd")
    with pytest.raises(SubmissionError, match=r"sums\.ipynb was not handed in as a file"):
        read(tmp_path, other="1")
