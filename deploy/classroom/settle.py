"""Makes the machine what people's database says: accounts, rights, associations, course runs, formgraders."""

from collections.abc import Collection

from deploy import accounts, people, sudo
from deploy.classroom import (
    cleaning,
    databases,
    exchange,
    http,
    hub,
    people_database,
    places,
    run,
    secrets,
    services,
    standing,
)
from deploy.command import run as command
from deploy.people import People
from deploy.progress import step
from deploy.settings import Settings
from deploy.slurm import associations
from deploy.slurm.layout import Layout


def people_up(settings: Settings) -> People:
    """Look at the database, and give everybody their account and their rights on the cluster."""
    before, now = people.followed(settings), _with_accounts(settings, people_database.look(settings))
    if settings.cluster == "machine":
        accounts.up(settings)
        closed = {one.name for one in before.runs} - {one.name for one in now.runs}
        graders = {place.account for place in places.known(settings) if place.run in closed}
        leave = (before.working - now.working) | (graders - {settings.site.course_account})
        for name in sorted(leave):  # who has left computes no longer
            command(["scancel", f"--user={name}"], env=Layout(settings).environment)
        associations.up(Layout(settings))
    elif settings.site.slurm.associate:
        _tell_site(settings, before, now)
    sudo.up(settings)
    cleaned = cleaning.up(settings, now)
    for name in cleaned:
        people_database.aula(settings, ["people", "cleaned", name])
    return people_database.look(settings) if cleaned else now


def _with_accounts(settings: Settings, known: People) -> People:
    """Ask the centre's own program for the accounts of those who have none, and return what is known then."""
    program = settings.site.account_map
    if program is None or not known.waiting:
        return known
    for name, full_name in known.waiting:
        remedy = "The key accounts.map names it: it prints one Unix account."
        account = command([program, name, full_name], timeout=60, remedy=remedy).strip()
        people_database.aula(settings, ["people", "account", name, account])
    return people_database.look(settings)


def _tell_site(settings: Settings, before: People, now: People) -> None:
    """Let the centre's own program know whose account computes for which company, and whose does no longer."""
    program = settings.site.slurm.associate
    old, new = _companies(before), _companies(now)
    for verb, pairs in (("leave", old - new), ("join", new - old)):
        for account, company in sorted(pairs):
            command([str(program), verb, account, company], timeout=60, remedy="The key slurm.associate names it.")


def _companies(known: People) -> set[tuple[str, str]]:
    return {(one.name, one.company or "") for one in known.accounts if one.state == "taken"}


def runs_up(settings: Settings, course_runs: Collection[people.CourseRun]) -> None:
    """Make open course runs ready, and let the database know of those that were not yet."""
    run.prepare(settings)
    for course_run in course_runs:
        place = places.of(settings, course_run.name)
        databases.upgrade(settings, databases.gradebook(settings, place))
        with step(f"Course run {course_run.name}"):
            run.up(settings, course_run, place)
            if course_run.content is None:
                content, environment = run.digest(settings, course_run), run.environment(settings, course_run).name
                pinned = [f"--content={content}", f"--environment={environment}"]
                people_database.aula(settings, ["run", "settled", course_run.name, *pinned])
                people.note_ready(settings, course_run.name, content, environment)
    if course_runs and settings.cluster == "machine":
        associations.up(Layout(settings))  # now that each run has its account


def terms_up(settings: Settings, before: People, course_runs: Collection[people.CourseRun]) -> None:
    """Let the hand-in service know the terms of runs, at once; then let the marks follow where they have changed."""
    known = {one.name: one.terms for one in before.runs}
    for course_run in course_runs:
        exchange.terms_up(settings, places.of(settings, course_run.name), course_run.terms)
    for course_run in course_runs:
        if known.get(course_run.name) != course_run.terms:
            place = places.of(settings, course_run.name)
            words = [f"--run={place.run}", f"--terms={exchange.terms(settings, place)}"]
            run.as_run(settings, place, ["aula", "terms", "apply", place.folder(settings), *words])


def changed(settings: Settings) -> bool:
    """Whether people or course runs were changed since the machine followed last; the portal says so."""
    token = secrets.token(settings, services.service_token("portal"))
    address = f"http://127.0.0.1:{settings.port_of('portal')}{services.PORTAL}version"
    version = http.text(address, token)
    return version.isdecimal() and int(version) > people.followed(settings).version


def again(settings: Settings) -> None:
    """Follow a change of the database in a class that is up: the rest of it is left alone."""
    before = people.followed(settings)
    known = {one.name for one in before.ready}
    # First: it is quick, and somebody waits for it.
    terms_up(settings, before, [one for one in people_database.look(settings).ready if one.name in known])
    now = people_up(settings)
    # What is new, not ready yet, or has other people than the gradebook was told.
    runs_up(settings, [one for one in now.runs if one not in before.runs or one.content is None])
    terms_up(settings, before, [one for one in now.runs if one.name not in known])
    hub.up(settings)  # first: a formgrader ends that the hub does not know
    services.formgraders_up(settings)
    standing.up(settings)
    people.note_followed(settings)
