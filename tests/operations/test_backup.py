"""Backup, loss of the machine's state, restore: grades, submissions, passwords and files are there again."""

import pwd
import shutil
from pathlib import Path

import pytest

from deploy import accounts, backup, demo
from deploy.classroom import classroom as whole
from deploy.classroom import exchange
from deploy.classroom import run as course_run
from deploy.command import run
from deploy.errors import DeployError
from tests.classroom import Classroom
from tests.integration.person import alone
from tests.operations.grades import ASSIGNMENT, graded, hand_in_and_grade

# A classroom outlives the test that brings it up: that is the point, and no leak.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


def test_a_class_comes_back_on_another_machine(classroom: Classroom, tmp_path: Path) -> None:
    """What was handed in, graded and saved is there again, with its owners, on a machine with other numbers."""
    settings = classroom.settings
    name = classroom.name("bruno")
    work = accounts.home(settings, name) / "my-work.txt"
    work.write_text("three days of it\n")
    run(["chown", name, work])
    (work.parent / "a-link").symlink_to("/etc/hostname")
    hand_in_and_grade(classroom, "bruno")
    before, password = graded(classroom), classroom.password("bruno")
    assert (name, ASSIGNMENT) in before
    with alone(classroom, "bruno") as person:
        person.start()  # the backup is taken while a server runs
        backup.create(settings, tmp_path / "class.tar.gz")
        with pytest.raises(DeployError, match="never written over"):
            backup.restore(settings, tmp_path / "class.tar.gz")
    number = pwd.getpwnam(name).pw_uid

    whole.remove(settings)
    shutil.rmtree(settings.state)
    run(["useradd", "--no-create-home", "--user-group", f"{settings.name}-x"])  # so that every number is another one
    try:
        backup.restore(settings, tmp_path / "class.tar.gz")
        assert whole.up(settings).healthy
    finally:
        run(["userdel", f"{settings.name}-x"])

    assert pwd.getpwnam(name).pw_uid != number
    assert graded(classroom) == before
    folder = classroom.run.folder(settings)
    course_run.as_run(settings, classroom.run, ["aula", "audit", "verify", folder])
    assert classroom.password("bruno") == password
    assert (work.read_text(), work.owner()) == ("three days of it\n", name)
    assert (work.parent / "a-link").is_symlink()
    submitted = folder / "submitted" / name / ASSIGNMENT
    assert submitted.owner() == classroom.run.account
    kept = exchange.handed_in(settings) / demo.RUN
    assert (kept.owner(), kept.group()) == (settings.site.hand_in_account, classroom.run.account)
    assert kept.stat().st_mode & 0o7777 == 0o2750
    assert sorted(kept.glob("*/*/*/receipt.json"))
    assert classroom.slurm("sacct", "--allusers", "--noheader", "--starttime=2020-01-01").strip()
    with alone(classroom, "bruno") as person:
        assert person.server() == {}, "a server of the old machine is still shown"
        person.start()
