"""A file that was handed in is read as far as it can be read, and never further."""

import json
from pathlib import Path
from typing import Any

import pytest

from aula.grading.errors import SubmissionError
from aula.grading.repair import reading
from aula.grading.repair.reading import Received


def read(folder: Path, said: Any) -> Received:
    """Return what is read of a file that says this."""
    (folder / "sums.ipynb").write_text(json.dumps(said))
    return reading.read(folder / "sums.ipynb")


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"cells": 3}', "[" * 100_000, '{"nbformat": 4, "cells": [7]}', "\x00"),
        *('{"worksheets": 1}', '{"worksheets": [[]]}', '{"worksheets": [{"cells": 1}]}', '{"cells": [{"source": {}}]}'),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    """Its sender reads what to do."""
    (tmp_path / "sums.ipynb").write_text(text)
    with pytest.raises(SubmissionError, match="hand it in again"):
        reading.read(tmp_path / "sums.ipynb")


def test_only_real_files_of_a_sane_size_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what a link leads to, not a folder, nothing huge."""
    (tmp_path / "secret.ipynb").write_text("{}")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    for name in ("link", "folder", "missing"):
        with pytest.raises(SubmissionError, match="was not handed in as a file"):
            reading.read(tmp_path / f"{name}.ipynb")
    with pytest.raises(SubmissionError, match="over 5000 cells"):
        read(tmp_path, {"nbformat": 4, "cells": [{}] * 5001})
    monkeypatch.setattr(reading, "MOST_NOTEBOOK_BYTES", 1)
    with pytest.raises(SubmissionError, match="clear its outputs"):
        reading.read(tmp_path / "secret.ipynb")


def test_a_cell_that_is_none_costs_no_other(tmp_path: Path) -> None:
    """What can be read is; of the rest it is said which it was."""
    cells = [
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
        7,
        {"cell_type": "tune", "source": "x", "id": "a b"},
    ]
    found = read(tmp_path, {"nbformat": 4, "cells": [*cells, {"source": [1]}]})
    assert [(one.number, one.kind, one.text, one.id) for one in found.cells] == [
        (1, "code", "a = 1\nb = 2", ""),
        (3, "raw", "x", ""),
    ]
    left_out = "of what was handed in could not be read: it is left out"
    assert found.said == [f"cell 2 {left_out}", f"cell 4 {left_out}"]


def test_what_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    """Half a character ends nobody's grading; pictures in texts stay if they are what Jupyter keeps."""
    pictures = {"a.png": {"image/png": "AAAA"}, "b.png": {"image/png": 7}}
    cells = [
        {"cell_type": "markdown", "source": "\ud800 so", "attachments": pictures},
        {"cell_type": "markdown", "source": "", "attachments": [[]]},
    ]
    first, second = read(tmp_path, {"nbformat": 4, "cells": cells}).cells
    assert first.text == "? so"
    assert first.attachments == {"a.png": {"image/png": "AAAA"}}
    assert second.attachments == {}


def test_formats_and_languages_are_told(tmp_path: Path) -> None:
    """Another format, another language; nothing of what today's Jupyter writes."""
    whole = {"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "python"}}}
    assert read(tmp_path, whole).said == []
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "heading", "level": 2, "source": "Sums"}]}],
        "metadata": {"language_info": {"name": "<b>julia"}},
    }
    found = read(tmp_path, old)
    assert found.cells[0].text == "## Sums"
    assert found.said == [
        "the notebook was set to another language, ?b?julia: it is graded as Python",
        "the notebook was not of format 4: its cells were taken over",
    ]
