"""The folders between trainees and a course run: what was handed in, and what is given out. No trainee sees either."""

from pathlib import Path

from deploy import files
from deploy.classroom.places import Place
from deploy.settings import Settings

NAME = "hand-in"
PREFIX = f"/services/{NAME}/"


def url(settings: Settings) -> str:
    """Return where people's servers, on their nodes, reach the hand-in service."""
    site = settings.site
    return f"{'https' if site.internal_tls else 'http'}://{site.node_address}:{site.hand_in_port}{PREFIX}"


def folder(settings: Settings) -> Path:
    """Return what is the hand-in service's own: its keys."""
    return settings.state / NAME


def public_key(settings: Settings) -> Path:
    """Return the file with the key by which everybody can verify a receipt."""
    return folder(settings) / "receipts.key.pub"


def handed_in(settings: Settings) -> Path:
    """Return the folder that holds, for each course run, what was handed in; the hand-in service alone writes there."""
    return settings.site.course_folder / "handed-in"


def given(settings: Settings) -> Path:
    """Return the folder that holds, for each course run, what it gives: assignments to all, feedback to each."""
    return settings.site.course_folder / "given"


def up(settings: Settings) -> None:
    """Make the folders of all course runs."""
    account = settings.site.hand_in_account
    files.folder(handed_in(settings), owner=account, group=account)
    files.folder(given(settings))


def run_up(settings: Settings, place: Place) -> None:
    """Make a run's two folders: what the service writes and the run reads, and what the run writes and it reads."""
    service, owner = settings.site.hand_in_account, place.account
    files.folder(handed_in(settings) / place.run, mode=0o2750, owner=service, group=owner)
    mine = given(settings) / place.run
    for folder in (mine, mine / "outbound", mine / "feedback"):
        files.folder(folder, mode=0o2750, owner=owner, group=service)


def terms(settings: Settings, place: Place) -> Path:
    """Return the file by which services and marks know the terms of a run's assignments."""
    return given(settings) / place.run / "terms.json"


def terms_up(settings: Settings, place: Place, text: str) -> None:
    """Write it, as the run's account, for the hand-in service to read."""
    group = settings.site.hand_in_account
    files.write(terms(settings, place), text, mode=0o640, owner=place.account, group=group)
