"""The accounts that handed-in job scripts run as: one for each account of a course run, and it owns nothing.

Who grades may run one program as that account, by a sudo rule: it submits a script, and reads what that leaves.
"""

import json
import pwd
import shlex
from pathlib import Path

from deploy import accounts, files
from deploy.accounts import is_persons
from deploy.classroom.places import Place
from deploy.settings import Settings

FILE = "job-account.json"
"""What `aula grade` reads in a course run's folder (aula.grading.jobs.place)."""
SUDO = "/usr/bin/sudo"
TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108  what an account's job wrote there is taken away


def pairs(settings: Settings) -> dict[str, str]:
    """Return the account for job scripts of each account of course runs that has one."""
    site = settings.site
    found = dict(zip(site.run_accounts, site.job_accounts, strict=False))
    return {name: job for name, job in found.items() if is_persons(job)}  # never root, nor a daemon's


def program(settings: Settings) -> Path:
    """Return where the program lies: root's, for everybody to read."""
    return settings.prefix / "bin" / "aula-job"


def rules(settings: Settings) -> str:
    """Return the sudo rules: each course run's account, its account for job scripts, the program without arguments."""
    return "".join(f'{name} ALL=({job}) NOPASSWD: {program(settings)} ""\n' for name, job in pairs(settings).items())


def up(settings: Settings, place: Place) -> None:
    """Make a course run's account for job scripts, its folder, and the program; say so in the run's folder."""
    job, note = pairs(settings).get(place.account), place.folder(settings) / FILE
    if job and settings.cluster == "machine":
        accounts.job_account_up(settings, job)
    if job is None or not accounts.exists(pwd.getpwnam, job):
        note.unlink(missing_ok=True)
        return
    files.folder(_top(settings))
    files.folder(_top(settings) / job, mode=0o700, owner=job, group=job)
    _write_program(settings)
    said = {
        "account": job,
        "program": [SUDO, "-n", "-u", job, str(program(settings))],
        "partition": settings.site.slurm.batch,
        "environment": _environment(settings),
    }
    files.write(note, json.dumps(said, indent=2) + "\n")


def _top(settings: Settings) -> Path:
    """Return the folder, seen by every node, that has one for each account."""
    return settings.site.course_folder / "jobs"


def _environment(settings: Settings) -> dict[str, str]:
    slurm = settings.site.slurm
    return {"PATH": f"{slurm.commands}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **slurm.environment}


def _write_program(settings: Settings) -> None:
    clean = " ".join(shlex.quote(f"{key}={value}") for key, value in _environment(settings).items())
    words = [settings.environment("tools") / "bin" / "python", "-I -m aula.grading.jobs.alone"]
    folders = [f'{_top(settings)}/"$(id -un)"', *TEMPORARY]
    files.folder(program(settings).parent)
    text = (
        f"#!/bin/sh\n# Submits a job script that was handed in to {settings.name}, as an account that owns nothing.\n"
        f"exec env -i {clean} {' '.join(map(str, [*words, *folders]))}\n"
    )
    files.write(program(settings), text, mode=0o755)
