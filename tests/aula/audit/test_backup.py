"""A backup that is made while marks change holds a gradebook and a log that belong together."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deploy import audit_log
from tests.aula.audit.marking import by_hand, grade, look, past_all


@pytest.mark.parametrize("interrupted", [False, True])
def test_the_copied_log_ends_with_what_the_copied_gradebook_knows(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupted: bool
) -> None:
    """Also where the newest entry was not in the file yet; marks go on changing between the two copies."""
    target = tmp_path / "backup"
    (target / audit_log.PLACE).parent.mkdir(parents=True)
    if interrupted:
        with monkeypatch.context() as patched:
            patched.setattr("aula.audit.aula_audit.log.add", lambda *_: None)
            patched.setattr("aula.audit.aula_audit.head.settle", lambda *_: None)
            by_hand(run_dir, "ana", manual_score=0.125)
    with (
        closing(sqlite3.connect(run_dir / "gradebook.db")) as source,
        closing(sqlite3.connect(target / "gradebook.db")) as out,
    ):
        source.backup(out)
    grade(run_dir, ana=0.5, dora=1.0)
    log = run_dir / audit_log.PLACE
    audit_log.copy(target / "gradebook.db", log, target / audit_log.PLACE)
    assert log.read_bytes().startswith((target / audit_log.PLACE).read_bytes())
    found = look(target)
    assert found.problems == ()
    assert found.entries == look(run_dir).entries - 1


def test_an_older_gradebook_has_no_entries(run_dir: Path, tmp_path: Path) -> None:
    """Nothing is copied of a log that the gradebook does not know."""
    past_all(run_dir, "DROP TABLE aula_audit")
    audit_log.copy(run_dir / "gradebook.db", run_dir / audit_log.PLACE, tmp_path / "log.jsonl")
    assert (tmp_path / "log.jsonl").read_bytes() == b""
