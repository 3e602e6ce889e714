"""The demo course run: nbgrader's course folder, the exchange, and what every notebook server is configured with."""

from collections.abc import Sequence
from pathlib import Path
from string import Template

from deploy import demo, files
from deploy.accounts import home
from deploy.command import run
from deploy.environments import fingerprint
from deploy.errors import DeployError
from deploy.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"


def folder(settings: Settings) -> Path:
    """Return the course run's folder: sources, releases, submissions, gradebook."""
    return settings.site.course_folder / "runs" / demo.RUN


def exchange(settings: Settings) -> Path:
    """Return the root of nbgrader's exchange."""
    return settings.site.course_folder / "exchange"


def lessons(settings: Settings) -> Path:
    """Return where the lessons lie that every start copies to the trainee's home."""
    return settings.site.course_folder / "lessons"


def jupyter(settings: Settings) -> Path:
    """Return the Jupyter configuration of every notebook server."""
    return settings.site.course_folder / "jupyter"


def service_configuration(settings: Settings) -> Path:
    """Return the Jupyter configuration of the formgrader service."""
    return settings.site.course_folder / "services"


def prepare(settings: Settings) -> None:
    """Make the course run's folders and write nbgrader's and Jupyter's configuration."""
    course = settings.site.course_account
    files.folder(settings.site.course_folder)
    files.folder(settings.site.course_folder / "runs")
    files.folder(folder(settings), mode=0o700, owner=course, group=course)
    _exchange(settings, course)
    values = {"run": demo.RUN, "folder": str(folder(settings)), "exchange": str(exchange(settings))}
    for where, kind in ((jupyter(settings), "user"), (service_configuration(settings), "service")):
        files.folder(where)
        files.folder(where / "labconfig")
        files.write(where / "migrated", "")  # or every Jupyter program would try to write it here
        for name in ("jupyter_server_config.py", "nbgrader_config.py"):
            if (TEMPLATES / f"{kind}_{name}.in").exists():
                _write(where / name, f"{kind}_{name}.in", values)
        for name in ("page_config.json", "default_setting_overrides.json"):
            if (TEMPLATES / f"{kind}_{name}").exists():
                files.write(where / "labconfig" / name, (TEMPLATES / f"{kind}_{name}").read_text())


def release(settings: Settings) -> None:
    """Make the lessons and the assignments' student versions, and hand the assignments out."""
    course = settings.site.course_account
    files.folder(lessons(settings), owner=course, group=course)
    as_course(settings, ["aula", "release", demo.COURSE, "--run-dir", folder(settings)])
    _name_students(settings)
    as_course(settings, ["aula", "lessons", demo.COURSE, "--to", lessons(settings)])
    for released in sorted((folder(settings) / "release").iterdir()):
        handed_out = exchange(settings) / demo.RUN / "outbound" / released.name
        if fingerprint(handed_out) != fingerprint(released):
            as_course(settings, ["nbgrader", "release_assignment", "--force", released.name], cwd=folder(settings))


def _name_students(settings: Settings) -> None:
    """Tell the gradebook the trainees' names, which formgrader shows beside their submissions."""
    course = settings.site.course_account
    trainees = [person for person in settings.site.people if person.role == "trainee"]
    rows = [f"{person.name},{person.first_name},{person.last_name}\n" for person in trainees]
    listing = folder(settings) / "students.csv"
    if files.write(listing, "id,first_name,last_name\n" + "".join(rows), mode=0o600, owner=course, group=course):
        as_course(settings, ["nbgrader", "db", "student", "import", listing], cwd=folder(settings))


def as_course(
    settings: Settings,
    words: Sequence[str | Path],
    *,
    through: Sequence[str] = (),
    cwd: Path | None = None,
    timeout: float = 600,
) -> str:
    """Run a command of the tools environment as the course account, with the courses at hand. Return its output.

    `through` is a command that starts it, such as srun.
    """
    course = settings.site.course_account
    tools = settings.environment("tools") / "bin"
    environment = {
        "HOME": str(home(settings, course)),
        "USER": course,
        "LOGNAME": course,
        "LANG": "C.UTF-8",
        "PATH": f"{tools}:/usr/bin:/bin",
        "JUPYTER_PATH": str(settings.environment("user") / "share" / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(service_configuration(settings)),
        **settings.site.slurm.environment,
    }
    identity = ["setpriv", f"--reuid={course}", f"--regid={course}", "--init-groups", "env", "-i"]
    clean = [f"{key}={value}" for key, value in environment.items()]
    command = [*identity, *clean, *through, tools / str(words[0]), *words[1:]]
    return run(command, cwd=cwd or settings.code, timeout=timeout, name=" ".join(str(word) for word in words[:2]))


def _exchange(settings: Settings, course: str) -> None:
    """Make the exchange. A trainee may drop a submission in `inbound`, but neither list it nor touch another's."""
    # nbgrader sets any other mode to 0777, without the sticky bit, where the course account owns the folder
    files.folder(exchange(settings), mode=0o1777)
    mine = exchange(settings) / demo.RUN
    if mine.exists() and mine.owner() != course:
        raise DeployError(f"{mine} belongs to {mine.owner()}, who took the course run's place. Look at it, remove it.")
    files.folder(mine, owner=course, group=course)
    files.folder(mine / "outbound", owner=course, group=course)
    files.folder(mine / "inbound", mode=0o3733, owner=course, group=course)
    files.folder(mine / "feedback", mode=0o711, owner=course, group=course)


def _write(path: Path, template: str, values: dict[str, str]) -> None:
    files.write(path, Template((TEMPLATES / template).read_text()).substitute(values))
