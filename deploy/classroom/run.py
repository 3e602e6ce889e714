"""A course run on this machine: its content, kernel, nbgrader's course folder, releases and lessons."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from string import Template

from deploy import accounts, environments, files
from deploy.accounts import home
from deploy.classroom import exchange, job_accounts
from deploy.classroom.places import Place
from deploy.command import run
from deploy.environments import fingerprint
from deploy.errors import DeployError
from deploy.people import CourseRun
from deploy.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
FOLDERS = {
    "page_config": "labconfig",
    "default_setting_overrides": "labconfig",
    "extensions": "jupyter_server_config.d",
}
"""Where Jupyter looks for further files. What is enabled stands there: only there it is merged with the spawner's."""


def lessons(settings: Settings) -> Path:
    """Return the folder that holds, for each course run, the lessons that every start copies to the person's home."""
    return settings.site.course_folder / "lessons"


def kernels(settings: Settings) -> Path:
    """Return the folder that holds, for each course run, its kernel's description."""
    return settings.site.course_folder / "kernels"


def content(settings: Settings, run: str) -> Path:
    """Return the folder that holds a run's own copy of its course."""
    return settings.site.course_folder / "content" / run


def jupyter(settings: Settings) -> Path:
    """Return the Jupyter configuration of every notebook server."""
    return settings.site.course_folder / "jupyter"


def configuration(settings: Settings, place: Place) -> Path:
    """Return the Jupyter configuration of a run's formgrader."""
    return settings.site.course_folder / "services" / place.run


def prepare(settings: Settings) -> None:
    """Make what all course runs share: folders, the exchange's root, the configuration of people's servers."""
    top = settings.site.course_folder
    for folder in (top, kernels(settings), top / "content", top / "services"):
        files.folder(folder)
    exchange.up(settings)
    _configure(jupyter(settings), "user", {"code": str(settings.code), "hand_in": exchange.url(settings)})


def up(settings: Settings, course_run: CourseRun, place: Place) -> None:
    """Make a course run ready: its folders, content, kernel, released assignments and lessons."""
    if settings.cluster == "machine":
        accounts.course_run_up(settings, place.account)
    folder, owner = place.folder(settings), place.account
    files.folder(folder, mode=0o700, owner=owner, group=owner)
    job_accounts.up(settings, place)
    exchange.run_up(settings, place)
    aula = settings.environment("tools") / "bin" / "aula"
    values = {"run": place.run, "folder": str(folder), "aula": str(aula), "code": str(settings.code)}
    values |= {"handed_in": str(exchange.handed_in(settings)), "given": str(exchange.given(settings))}
    values["partition"] = settings.site.slurm.batch
    _configure(configuration(settings, place), "service", values)
    _pin(settings, course_run)
    _kernel(settings, course_run)
    histories_up(settings, place)
    release(settings, course_run, place)
    _collect_older(settings, place)
    deliver(settings, course_run)


def digest(settings: Settings, course_run: CourseRun) -> str:
    """Return what names the content of the run's course, as it is today."""
    return fingerprint(settings.code / "courses" / course_run.course)[:12]


def _pin(settings: Settings, course_run: CourseRun) -> None:
    """Give the run a copy of its course, once: what changes in the course later does not reach it.

    It holds solutions and hidden tests: the course account can read it, and who releases, and nobody else.
    """
    group = settings.site.course_account
    top = files.folder(content(settings, course_run.name), mode=0o750, group=group)
    target = top / "courses" / course_run.course
    if target.is_dir():
        return
    draft = copied(settings.code / "courses" / course_run.course, top / "new")
    files.folder(target.parent)
    draft.rename(target)


def copied(course: Path, draft: Path) -> Path:
    """Copy a course to a folder that is replaced, as those may read it who may enter the folder above."""
    shutil.rmtree(draft, ignore_errors=True)  # what a killed run left
    if not course.is_dir():
        raise DeployError(f"There is no course {course}. A course run keeps the course that it was created for.")
    shutil.copytree(course, draft, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (draft, *draft.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return draft


def environment(settings: Settings, course_run: CourseRun) -> Path:
    """Return the environment that the run's course names, as it is today."""
    pinned = content(settings, course_run.name) / "courses" / course_run.course
    return settings.environment(environments.of_course(pinned))


def _kernel(settings: Settings, course_run: CourseRun) -> None:
    """Describe the run's kernel: the Python of the environment that it was made ready with.

    Where that is not on this machine, as after a restore on another one, it is today's.
    """
    folder = files.folder(kernels(settings) / course_run.name / "kernels" / course_run.name)
    today = environment(settings, course_run)
    pinned = today.with_name(course_run.environment) if course_run.environment else today
    python = (pinned if (pinned / "bin" / "python").exists() else today) / "bin" / "python"
    description = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": course_run.title,
        "language": "python",
        "metadata": {"debugger": True},
        "env": {"PATH": f"{python.parent}:${{PATH}}"},
    }
    files.write(folder / "kernel.json", json.dumps(description, indent=1) + "\n")


def histories(settings: Settings, run: str = "") -> Path:
    """Return the folder that holds, for each course run, the versions of what its trainees get."""
    return lessons(settings) / ".versions" / run


def histories_up(settings: Settings, place: Place) -> None:
    """Make the folders of a run's versions: the course account writes the lessons', the run's the assignments'."""
    course = settings.site.course_account
    for folder in (lessons(settings), histories(settings), histories(settings, place.run)):
        files.folder(folder, owner=course, group=course)
    files.folder(histories(settings, place.run) / "assignments", owner=place.account, group=place.account)


def release(
    settings: Settings, course_run: CourseRun, place: Place, *, root: Path | None = None, note: str = ""
) -> None:
    """Make the assignments' student versions, hand them out, and tell the gradebook who is in the run."""
    folder, root = place.folder(settings), root or content(settings, place.run)
    if course_run.due:
        due = [f"--due={name}={moment}" for name, moment in course_run.due]
        names = [f"--run-dir={folder}", f"--run={place.run}", f"--kernel-title={course_run.title}"]
        names += [f"--history={histories(settings, place.run)}/assignments", f"--note={note}"]
        as_run(settings, place, ["aula", "--root", root, "release", course_run.course, *names, *due], releases=True)
    _name_students(settings, course_run, place)
    for released in sorted((folder / "release").iterdir()) if course_run.due else []:
        handed_out = exchange.given(settings) / place.run / "outbound" / released.name
        if fingerprint(handed_out) != fingerprint(released):
            as_run(settings, place, ["nbgrader", "release_assignment", "--force", released.name])


def _collect_older(settings: Settings, place: Place) -> None:
    """Collect what was handed in through nbgrader's shared folder, which earlier versions had; it is kept, unused."""
    older = settings.site.course_folder / "exchange" / place.run
    if not older.is_dir():
        return
    stock = [f"--Exchange.root={older.parent}", "--ExchangeFactory.collect=nbgrader.exchange.default.ExchangeCollect"]
    for released in sorted((place.folder(settings) / "release").iterdir()):
        as_run(settings, place, ["nbgrader", "collect", "--update", *stock, released.name])
    older.rename(older.with_name(f"{place.run}.collected"))


def deliver(settings: Settings, course_run: CourseRun, *, note: str = "") -> None:
    """Make the lessons as the course account, where every node reads them: nobody's submission runs as that one."""
    names = [f"--to={lessons(settings)}", f"--run={course_run.name}", f"--kernel-title={course_run.title}"]
    names += [f"--note={note}"]
    as_course(settings, ["aula", "--root", content(settings, course_run.name), "lessons", course_run.course, *names])


def _name_students(settings: Settings, course_run: CourseRun, place: Place) -> None:
    """Tell the gradebook the trainees' names, which formgrader shows beside their submissions."""
    rows = ["id,first_name,last_name\n"]
    for name, full_name in course_run.trainees:
        first, _, last = full_name.replace('"', "").rpartition(" ")
        rows.append(f'{name},"{first or last}","{last if first else ""}"\n')
    listing = settings.state / "students.csv"
    files.write(listing, "".join(rows), mode=0o600, owner=place.account, group=place.account)
    as_run(settings, place, ["nbgrader", "db", "student", "import", listing])


def as_run(settings: Settings, place: Place, words: Sequence[str | Path], *, releases: bool = False) -> str:
    """Run a command of the tools environment as a course run's account, in the run's folder. Return its output.

    Who `releases` reads the pinned content too, by the course account's group.
    """
    groups = [settings.site.course_account] if releases else []
    where, own = configuration(settings, place), kernels(settings) / place.run
    return _as_account(settings, place.account, where, words, cwd=place.folder(settings), groups=groups, kernels=own)


def as_course(
    settings: Settings, words: Sequence[str | Path], *, through: Sequence[str] = (), timeout: float = 600
) -> str:
    """Run a command of the tools environment as the course account, with the courses at hand. Return its output.

    `through` is a command that starts it, such as srun.
    """
    account = settings.site.course_account
    nowhere = settings.site.course_folder / "services"
    return _as_account(settings, account, nowhere, words, through=through, cwd=settings.code, timeout=timeout)


def _as_account(
    settings: Settings,
    account: str,
    configured: Path,
    words: Sequence[str | Path],
    *,
    cwd: Path,
    groups: Sequence[str] = (),
    kernels: Path | None = None,
    through: Sequence[str] = (),
    timeout: float = 600,
) -> str:
    tools = settings.environment("tools") / "bin"
    environment = {
        "HOME": str(home(settings, account)),
        "USER": account,
        "LOGNAME": account,
        "LANG": "C.UTF-8",
        "PATH": f"{tools}:/usr/bin:/bin",
        "JUPYTER_PATH": ":".join(map(str, filter(None, [kernels, environments.jupyter_path(settings)]))),
        "JUPYTER_CONFIG_DIR": str(configured),
        **settings.site.slurm.environment,
    }
    more = [f"--groups={','.join([account, *groups])}"] if groups else ["--init-groups"]
    identity = ["setpriv", f"--reuid={account}", f"--regid={account}", *more, "env", "-i"]
    clean = [f"{key}={value}" for key, value in environment.items()]
    command = [*identity, *clean, *through, tools / str(words[0]), *words[1:]]
    return run(command, cwd=cwd, timeout=timeout, name=" ".join(str(word) for word in words[:2]))


def _configure(where: Path, kind: str, values: dict[str, str]) -> None:
    """Write nbgrader's and Jupyter's configuration of people's servers (`user`), or of a formgrader (`service`)."""
    files.folder(where)
    files.write(where / "migrated", "")  # or every Jupyter program would try to write it here
    for name in ("jupyter_server_config.py", "nbgrader_config.py"):
        template = TEMPLATES / f"{kind}_{name}.in"
        files.write(where / name, Template(template.read_text()).substitute(values))
    for name, folder in FOLDERS.items():
        files.folder(where / folder)
        if (template := TEMPLATES / f"{kind}_{name}.json").exists():
            files.write(where / folder / template.name.removeprefix(f"{kind}_"), template.read_text())
