"""The command line behind the Makefile: up, down, status, notebooks, book, test, quick."""

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deploy import backup, bench, environments, keeper, logrotate, packages, proof, quality, sudo, systemd, uninstall
from deploy.classroom import classroom, material, packing, secrets
from deploy.classroom.status import Status
from deploy.errors import DeployError, SettingError
from deploy.progress import say, step
from deploy.settings import CHECKOUT, Settings
from deploy.testsite import testsite

ENVIRONMENT = """settings, from the environment:
  NAME     the classroom's name on this machine (aula); another one marks accounts and nodes with it
  PREFIX   environments, which trainees read and never write (/opt/NAME)
  STATE    everything that changes (/srv/NAME)
  PORT     the address that people open (8000); the next 20 are used too, and from 30 on one for each course run
  SUBNET   the nodes' network, its first three numbers (10.77.0)
  NODES    how many nodes (2)
  CLUSTER  machine: a Slurm of our own on this machine (the default); site: the centre's, as SITE describes it;
           testsite: a strange site on this machine, and the class on its service node
  KEPT     a folder of notebooks that ran clean elsewhere, as OUT-kept of `aula notebooks --out OUT`: they are shown as
           they ran there, and are not executed again
  INTERNAL_TLS  1: hub, proxy and servers speak TLS with each other; site.yml says it with CLUSTER=site
  SITE     the centre's description, with CLUSTER=site: see hub_config/site.example.yml
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Return the exit status: 0, 1 for an error that was told, 130 for Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python3 -m deploy",
        description="A classroom on one machine.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (action, text) in ACTIONS.items():
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(action=action)
        for flags, how in _options().get(name, []):
            command.add_argument(*flags, **how)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.action(Settings.from_environment(), chosen))
    except DeployError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say(f"\nStopped. Nothing is lost: make {chosen.command} goes on from here.")
        return 130


def _options() -> dict[str, list[tuple[list[str], dict[str, Any]]]]:
    """Return each command's own options. Make gives them as variables.

    These are TO, FROM, DATA, BENCH, JSON, RUN, NOTE, COURSE, CHANGED, PDF.
    """
    given = os.environ.get
    return {
        "test": [(["--keep"], {"action": "store_true", "help": "leave the tests' classroom up"})],
        "units": [(["--to"], {"default": given("TO"), "help": "folder (default: /etc/systemd/system)"})],
        "uninstall": [
            (["--data"], {"choices": ["keep", "delete"], "default": given("DATA", "keep"), "help": "people's work too"})
        ],
        "backup": [(["--to"], {"default": given("TO"), "help": "the file to write, as aula.tar.gz"})],
        "restore": [(["--from"], {"dest": "source", "default": given("FROM"), "help": "the backup to bring back"})],
        "correct": [
            (["--run"], {"default": given("RUN"), "help": "the course run's name"}),
            (["--note"], {"default": given("NOTE"), "help": "what has changed, in a sentence for trainees"}),
        ],
        "status": [(["--json"], {"action": "store_true", "default": given("JSON") == "1"})],
        "notebooks": [(["courses"], {"nargs": "*", "default": given("COURSE", "").split(), "help": "default: all"})],
        "check": [
            (["courses"], {"nargs": "*", "default": given("COURSE", "").split(), "help": "default: all"}),
            (["--changed"], {"default": given("CHANGED", ""), "help": "only what changed since this branch or commit"}),
        ],
        "book": [(["--pdf"], {"action": "store_true", "default": given("PDF") == "1", "help": "PDFs, too"})],
        "bench": [(["names"], {"nargs": "*", "default": given("BENCH", "").split(), "help": "spawn; default: all"})],
    }


def _up(settings: Settings, _: argparse.Namespace) -> int:
    say(f"Bringing up the classroom {settings.name}: environments in {settings.prefix}, state in {settings.state}.")
    now = testsite.up(settings) if settings.cluster == "testsite" else classroom.up(settings)
    _print_status(now)
    if now.healthy:
        say(f"\nOpen {now.portal} in a browser.")
        if Path(now.users_file).exists():
            say(f"Trainees: {_names(now, 'trainee')}. Instructor: {_names(now, 'instructor')}.")
            say(f"Their passwords, for you alone: {now.users_file}")
        say(f"Companies, course runs, invitations: {settings.prefix / 'bin' / 'aula'} --help")
    else:
        say(f"\nNot all of it runs. Its logs are in {settings.state / 'log'}; try make up again.")
    return 0 if now.healthy else 1


def _names(now: Status, role: str) -> str:
    people = json.loads(Path(now.users_file).read_text())
    return ", ".join(person["name"] for person in people if person["role"] == role)


def _install(settings: Settings, _: argparse.Namespace) -> int:
    classroom.install(settings)
    say("\nInstalled. Bring the class up with: make up")
    return 0


def _check_site(settings: Settings, _: argparse.Namespace) -> int:
    return classroom.check_site(settings)


def _backup(settings: Settings, chosen: argparse.Namespace) -> int:
    classroom.needs_root()
    backup.create(settings, _file(chosen.to, "TO"))
    return 0


def _restore(settings: Settings, chosen: argparse.Namespace) -> int:
    classroom.needs_root()
    backup.restore(settings, _file(chosen.source, "FROM"))
    return 0


def _units(settings: Settings, chosen: argparse.Namespace) -> int:
    classroom.needs_root()
    written = systemd.write(settings, Path(chosen.to or "/etc/systemd/system").absolute())
    sudo.up(settings)  # make down took these two away, and the units need them
    logrotate.up(settings)
    say("\n".join(str(path) for path in written))
    say(
        f"\nStop what make up started, then let systemd start it: make down, systemctl daemon-reload, "
        f"systemctl enable --now {written[-1].name}"
    )
    return 0


def _upgrade(settings: Settings, _: argparse.Namespace) -> int:
    classroom.upgrade(settings)
    say(f"\nReady. Let systemd go on: make units, systemctl daemon-reload, systemctl start {settings.name}.target")
    return 0


def _uninstall(settings: Settings, chosen: argparse.Namespace) -> int:
    uninstall.uninstall(settings, data=chosen.data == "delete")
    return 0


def _file(value: str | None, name: str) -> Path:
    if not value:
        raise SettingError(f"Name the file of the backup, as {name}=/backup/aula.tar.gz")
    return Path(value).absolute()


def _keep(settings: Settings, _: argparse.Namespace) -> int:
    classroom.needs_root()
    keeper.keep(settings)
    return 0


def _down(settings: Settings, _: argparse.Namespace) -> int:
    (testsite if settings.cluster == "testsite" else classroom).down(settings)
    say(f"\nStopped. People's work and grades are kept in {settings.state}; make up brings the class back.")
    return 0


def _demo(settings: Settings, _: argparse.Namespace) -> int:
    (testsite if settings.cluster == "testsite" else classroom).load_demo(settings)
    say(f"\nDone. Passwords, for you alone: {secrets.users_file(settings)}")
    return 0


def _correct(settings: Settings, chosen: argparse.Namespace) -> int:
    classroom.correct(settings, chosen.run or "", chosen.note or "")
    say("\nReleased. Who works is told in JupyterLab within half a minute, the others when they start.")
    return 0


def _status(settings: Settings, chosen: argparse.Namespace) -> int:
    now = (testsite if settings.cluster == "testsite" else classroom).status(settings)
    if chosen.json:
        print(json.dumps(asdict(now), indent=2))
    else:
        _print_status(now)
        say("\nAll is well." if now.healthy else "\n" + _remedy(now))
    return 0 if now.healthy else 1


def _print_status(now: Status) -> None:
    say("")
    for name, runs in now.parts.items():
        say(f"  {name:<22} {_words(name, runs, now)}")
    for node, state in now.nodes.items():
        say(f"  {node:<22} {state}")
    for run, words in now.at_once.items():
        say(f"  {'results at once':<22} {run}: {words}")
    say(f"  {'hub':<22} {now.hub}\n  {'book':<22} {now.book}")


def _remedy(now: Status) -> str:
    if now.silent:
        return f"These hang: {', '.join(now.silent)}. Try make up; if they still hang, make down and make up."
    return "Not all of it runs. Bring it up again with: make up"


def _words(name: str, runs: bool, now: Status) -> str:
    """Return the truth about one part: a process that hangs is neither running nor gone."""
    if name == "address":
        return "answers" if runs else "DOES NOT ANSWER"
    return "runs" if runs else "RUNS BUT DOES NOT ANSWER" if name in now.silent else "DOES NOT RUN"


def _check(settings: Settings, chosen: argparse.Namespace) -> int:
    return quality.check(settings, chosen.courses, chosen.changed)


def _notebooks(settings: Settings, chosen: argparse.Namespace) -> int:
    classroom.course_up(settings)
    out = CHECKOUT / "build" / "notebooks"
    with step("Every notebook executed with papermill, on a node"):
        said = material.notebooks(settings, out, chosen.courses)
    say(said.rstrip())
    say(f"\nReport: {_shown(out / 'report.json')}   JUnit: {_shown(out / 'junit.xml')}")
    say("The cluster stays up until make down.")
    return 0


def _pack(settings: Settings, _: argparse.Namespace) -> int:
    classroom.needs_root()
    images = []
    for name in environments.of_courses():
        with step(f"Python environment packed: {name}"):
            images.append(packing.pack(settings, name))
    say("")
    for packed in images:
        say(f"{packed.files} files are in {packed.image}, {packed.image.stat().st_size // 2**20} MB.")
    say("On each node, as root, at boot or in a prolog:")
    for packed in images:
        say(f"  mount -t squashfs -o loop,ro {packed.image} {packed.folder}")
    say("Nodes without it work as before. After an upgrade, pack again.")
    return 0


def _book(settings: Settings, chosen: argparse.Namespace) -> int:
    classroom.course_up(settings)
    if chosen.pdf:
        packages.ensure(packages.BROWSER)
    out = CHECKOUT / "build" / "book" / "html"
    with step("Notebooks executed on a node, book built"):
        material.book(settings, out, pdf=chosen.pdf)
    say(f"\nOpen {_shown(out / 'index.html')}")
    return 0


def _test(_: Settings, chosen: argparse.Namespace) -> int:
    failed = proof.full(keep=chosen.keep)
    say("\nNot all passed: the first failure above says why." if failed else "\nAll passed. You can commit.")
    return failed


def _quick(_: Settings, __: argparse.Namespace) -> int:
    failed = proof.quick()
    say("\nNot all passed: the first failure above says why." if failed else "\nAll passed. Before a commit: make test")
    return failed


def _bench(_: Settings, chosen: argparse.Namespace) -> int:
    return bench.bench(chosen.names)


def _soak(_: Settings, __: argparse.Namespace) -> int:
    failed = proof.soak()
    say("\nNot all passed: the first failure above says why." if failed else "\nAll passed.")
    return failed


def _hostile(_: Settings, __: argparse.Namespace) -> int:
    return proof.hostile()


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


ACTIONS = {
    "up": (_up, "bring everything up; what runs already is kept"),
    "install": (_install, "what up needs from the package registries; start nothing"),
    "check-site": (_check_site, "try a centre's site.yml, and tell all that is wrong with the site"),
    "backup": (_backup, "write everything that cannot be built again to one file, while the class runs"),
    "restore": (_restore, "bring a backup back on a machine without this class; then: make up"),
    "units": (_units, "write systemd units for hub, proxy and services of a service node"),
    "upgrade": (_upgrade, "what up does, and start nothing: for a class whose hub and services systemd starts"),
    "uninstall": (_uninstall, "remove the class from this machine; people's work only with DATA=delete"),
    "keep": (_keep, "start again what was killed, for ever; up starts this and down stops it"),
    "down": (_down, "stop exactly what up started"),
    "status": (_status, "what runs where, and whether it is healthy"),
    "demo": (_demo, "bring the demo people and a course run into a class that is up"),
    "correct": (_correct, "bring a corrected course to a course run, while people work: RUN, NOTE"),
    "pack": (_pack, "write the user environment to one file, for nodes on a slow file system"),
    "check": (_check, "say what is wrong with courses, before any trainee sees it"),
    "notebooks": (_notebooks, "execute every notebook with papermill"),
    "test": (_test, "lint, types, unit tests, a classroom of its own, and the journey in a browser"),
    "soak": (
        _soak,
        "up and down 20 times, up killed at 20 moments, parts killed at random, a thousand kernels",
    ),
    "hostile": (_hostile, "what attackers try, and what of it was contained: build/hostile.json"),
    "bench": (_bench, "every benchmark, ours against the peers in the same run: build/bench/NAME.json"),
    "quick": (_quick, "lint, types, and the unit tests that take under a minute"),
    "book": (_book, "build the book to build/book/html"),
}
