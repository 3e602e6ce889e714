"""systemd units and log rotation, checked with systemd's and logrotate's own tools on the running class."""

import re
from pathlib import Path

from deploy import demo, logrotate, sudo, systemd
from deploy.classroom import secrets
from deploy.command import run
from deploy.settings import CHECKOUT
from tests.classroom import Classroom
from tests.integration.person import Person, wait_for


def test_systemd_accepts_the_units(classroom: Classroom, tmp_path: Path) -> None:
    """Every unit passes systemd's own check without a word, starts what `up` starts, and shows no secret."""
    settings = classroom.settings
    units = systemd.write(settings, tmp_path)
    assert {path.name for path in units} == {
        *(f"{settings.name}-{part}.service" for part in ("proxy", "hub", "portal", "book", "hand-in")),
        f"{settings.name}-formgrader-{demo.RUN}.service",
        f"{settings.name}.target",
    }
    assert run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units]) == ""
    text = "".join(path.read_text() for path in units)
    assert secrets.token(settings, "proxy") not in text
    assert secrets.token(settings, "service-portal") not in text
    for part in systemd.daemons(settings):
        kept = settings.state / "secrets" / f"{part.name}.env"
        assert kept.stat().st_mode & 0o777 == 0o600


def test_what_down_took_away_is_there_for_the_units(classroom: Classroom, tmp_path: Path) -> None:
    """`make units` after `make down` brings the hub's sudo rules and the rotation of logs back."""
    settings = classroom.settings
    wanted = [Path("/etc/sudoers.d") / settings.name, logrotate.path(settings)]
    sudo.down(settings)
    logrotate.down(settings)
    try:
        environment = {**settings.environment_variables, "TO": str(tmp_path)}
        run(["make", "units"], cwd=CHECKOUT, env=environment)
        assert [path.exists() for path in wanted] == [True, True]
    finally:
        sudo.up(settings)
        logrotate.up(settings)


def test_the_units_are_hardened(classroom: Classroom, tmp_path: Path) -> None:
    """systemd rates the exposure of each service as at most medium; only the hub may gain rights, by sudo."""
    for path in systemd.write(classroom.settings, tmp_path)[:-1]:
        said = run(["systemd-analyze", "security", "--offline=yes", "--no-pager", path])
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
        assert exposure, said
        assert float(exposure.group(1)) < (6.5 if "hub" in path.name else 5.0), said
        assert ("NoNewPrivileges=yes" in path.read_text()) is not path.name.endswith("-hub.service")


def test_logs_are_rotated_under_running_daemons(classroom: Classroom, tmp_path: Path) -> None:
    """After a rotation the hub goes on writing, to the fresh file; the old lines are in the other."""
    settings = classroom.settings
    log = settings.state / "log" / "hub.log"
    Person(classroom, "bruno")
    size = log.stat().st_size
    run(["logrotate", "--force", "--state", tmp_path / "state", logrotate.path(settings)])
    assert log.with_name("hub.log.1").stat().st_size >= size
    assert log.stat().st_size < size
    Person(classroom, "bruno")
    wait_for(lambda: "logged in" in log.read_text(), "the hub writes to the fresh log")
    assert not log.read_bytes().startswith(b"\0")
