"""systemd units for hub, proxy and services, written from the very definitions by which `up` starts them."""

import shlex
from pathlib import Path

from deploy import files
from deploy.classroom import hand_in, hub, nginx, proxy, services
from deploy.daemon import CLEAN, Daemon
from deploy.errors import DeployError
from deploy.settings import Settings

COMMON = """ProtectSystem=strict
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictRealtime=yes
RestrictNamespaces=yes
LockPersonality=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
"""
NO_RIGHTS = """NoNewPrivileges=yes
RestrictSUIDSGID=yes
CapabilityBoundingSet=
SystemCallFilter=@system-service
"""
RIGHTS = {
    # sudo is the hub's way to five commands of Slurm's: it must be able to become one of the people, and no more.
    "hub": "CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_AUDIT_WRITE CAP_SYS_RESOURCE CAP_DAC_READ_SEARCH\n",
    # The master reads the key and binds the port as root; its workers have no rights.
    "nginx": "NoNewPrivileges=yes\nRestrictSUIDSGID=yes\n"
    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE\n",
}
UNIT = """# Written by make units; changes here are lost.
[Unit]
Description=Aula: {name}
PartOf={target}
After=network-online.target munge.service{after}
Wants=network-online.target

[Service]
Type=exec
User={user}
{groups}WorkingDirectory={cwd}
EnvironmentFile={environment}
ExecStart={command}
Restart=always
RestartSec=1
TimeoutStopSec=15
KillMode=mixed
UMask=0027
StandardOutput=append:{log}
StandardError=inherit
ReadWritePaths={writes}
{hardening}
[Install]
WantedBy={target}
"""
TARGET = """# Written by make units; changes here are lost.
[Unit]
Description=Aula, the classroom {name}
Wants={units}

[Install]
WantedBy=multi-user.target
"""


def daemons(settings: Settings) -> list[Daemon]:
    """Return what a service node runs; Slurm's own daemons are the site's."""
    formgraders = [services.formgrader(settings, place) for place in services.open_runs(settings)]
    found = [proxy.daemon(settings), hub.daemon(settings), services.portal(settings), services.book(settings)]
    found += [hand_in.daemon(settings), *formgraders]
    return [*found, *([nginx.daemon(settings)] if nginx.wanted(settings) else [])]


def write(settings: Settings, folder: Path) -> list[Path]:
    """Write a unit for each, and the target that starts them all. Return their paths."""
    if not (settings.state / "hub" / "settings.json").exists():
        raise DeployError("There is no class yet, and so nothing to write units for. Bring it up first: make up")
    files.folder(folder)
    units = [(folder / f"{_unit(settings, part)}.service", part) for part in daemons(settings)]
    for path, part in units:
        files.write(_environment(settings, part), _variables(part), mode=0o600)
        files.write(path, _text(settings, part))
    target = folder / f"{settings.name}.target"
    files.write(target, TARGET.format(name=settings.name, units=" ".join(path.name for path, _ in units)))
    return [*(path for path, _ in units), target]


def _unit(settings: Settings, part: Daemon) -> str:
    return f"{settings.name}-{part.name}"


def _environment(settings: Settings, part: Daemon) -> Path:
    """Return the file with a part's environment. Tokens are in it: root alone may read it."""
    return settings.state / "secrets" / f"{part.name}.env"


def _variables(part: Daemon) -> str:
    variables = {**CLEAN, **part.env}
    return "".join(f"{key}={shlex.quote(value)}\n" for key, value in variables.items())


def _text(settings: Settings, part: Daemon) -> str:
    site = settings.site
    folders = [settings.state, site.course_folder, *([Path("/home")] if part.name.startswith("formgrader") else [])]
    return UNIT.format(
        name=part.name,
        target=f"{settings.name}.target",
        after="" if part.name in ("proxy", "nginx") else f" {settings.name}-proxy.service",
        user=part.user,
        groups=f"SupplementaryGroups={' '.join(part.groups)}\n" if part.groups else "",
        cwd=part.cwd,
        environment=_environment(settings, part),
        command=" ".join(_word(str(word)) for word in part.arguments),
        log=part.log,
        writes=" ".join(dict.fromkeys(f"-{folder}" for folder in folders)),
        hardening=COMMON + RIGHTS.get(part.name, NO_RIGHTS),
    )


def _word(word: str) -> str:
    """Return a word as systemd reads it: quoted, with its own signs doubled."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$") + '"'
