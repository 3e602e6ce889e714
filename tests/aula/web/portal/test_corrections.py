"""What was corrected in a run, on My courses."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aula.release.versions import record
from aula.web.portal.corrections import Corrections
from tests.aula.web.portal.conftest import Class
from tests.aula.web.portal.running import running


def correct(folder: Path, text: str, note: str = "") -> None:
    """Release a file into a history."""
    record(folder, {"a.txt": text.encode()}, note)


def test_my_courses_tells_what_was_corrected(school: Class, tmp_path: Path) -> None:
    """A trainee reads the author's note, escaped, under the assignment's title; of another run they read nothing."""
    for text, note in (("1", ""), ("2", "The <b>second</b> table was wrong.")):
        correct(tmp_path / "hpc-lisbon/assignments/slurm-basics", text, note)
        correct(tmp_path / "hpc-izmir/lessons", text, "Not for Lisbon.")
    with running(school.database, histories=tmp_path) as portal:
        page = " ".join(portal.ask("GET", "/", "ana").text.split())
    assert "1 correction</summary>" in page
    assert "Ask Slurm the right question: The &lt;b&gt;second&lt;/b&gt; table was wrong." in page
    assert "Not for Lisbon." not in page
    assert "correction" not in school.portal.ask("GET", "/", "ana").text, "a portal without histories tells nothing"


def test_the_first_version_is_no_correction(tmp_path: Path) -> None:
    """Only what came later is told: the latest first, and not more than somebody reads."""
    for number in range(8):
        correct(tmp_path / "demo/lessons", str(number), f"note {number}")
    found = Corrections(tmp_path).of("demo")
    assert [one.note for one in found] == ["note 7", "note 6", "note 5", "note 4", "note 3"]
    assert all(one.of == "lessons" and one.at <= datetime.now(UTC) for one in found)
    assert Corrections(tmp_path).of("other") == Corrections(None).of("demo") == ()


def test_they_are_remembered_for_some_seconds(tmp_path: Path) -> None:
    """A new correction is seen when the time is over, and not before."""
    now = [0.0]
    corrections = Corrections(tmp_path, seconds=10, clock=lambda: now[0])
    correct(tmp_path / "demo/lessons", "1")
    counts = []
    for moment in (0.0, 9.0, 11.0):
        now[0] = moment
        counts.append(len(corrections.of("demo")))
        correct(tmp_path / "demo/lessons", f"at {moment}")
    assert counts == [0, 0, 2]


def test_a_broken_history_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The page is shown all the same, with what can be read."""
    for text in ("1", "2"):
        correct(tmp_path / "demo/lessons", text)
        correct(tmp_path / "demo/assignments/sums", text)
    (tmp_path / "demo/lessons/versions.json").write_text("{")
    assert [one.of for one in Corrections(tmp_path).of("demo")] == ["sums"]
    assert "is no history" in caplog.text
