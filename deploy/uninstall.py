"""Removing a class from a machine: everything that `up` made but people's data, and that too where it is said."""

import shutil
from pathlib import Path

from deploy import accounts
from deploy.classroom import classroom
from deploy.errors import DeployError
from deploy.progress import say, step
from deploy.settings import Settings
from deploy.testsite import testsite


def uninstall(settings: Settings, *, data: bool) -> None:
    """Stop the class and remove its programs; with `data` its accounts, homes, grades and secrets too.

    Debian's packages stay. On a centre's Slurm the accounts and home folders are the centre's and stay as well.
    """
    classroom.needs_root()
    for folder, mark in ((settings.prefix, "envs"), (settings.state, "run")):
        if folder.exists() and any(folder.iterdir()) and not (folder / mark).is_dir():
            raise DeployError(f"{folder} does not look like a classroom's: nothing was removed. Look at it yourself.")
    strange = settings.cluster == "testsite"
    (testsite if strange else classroom).down(settings)
    programs = [settings.prefix, *([settings.site.software] if settings.cluster == "site" else [])]
    with step("Programs removed"):
        for folder in programs:
            shutil.rmtree(folder, ignore_errors=True)
    kept = _data(settings)
    if not data:
        say(f"\nKept, as it is people's work: {', '.join(str(folder) for folder in kept)}, and the accounts.")
        say("To delete that as well, for ever: make uninstall DATA=delete")
        return
    with step("Accounts and data removed"):
        if settings.cluster != "site":
            accounts.remove(settings)
        for folder in kept:
            shutil.rmtree(folder, ignore_errors=True)
    say("\nNothing of the class is left but Debian's packages.")


def _data(settings: Settings) -> list[Path]:
    if settings.cluster == "testsite":
        return [settings.state, testsite.centre(settings).state]
    return list(dict.fromkeys([settings.state, settings.site.course_folder]))
