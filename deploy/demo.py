"""The demo class: two companies with two trainees each, one instructor, a course run that began today."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.errors import SettingError
from deploy.site import Site, Slurm

if TYPE_CHECKING:
    from deploy.settings import Settings

COURSE = "hpc-and-slurm"
RUN = "hpc-and-slurm-demo"
HUB_PORT = 8081
HAND_IN_PORT = 8082
WEEKS = 4
POOL = 6
COMPANIES = {"nortada": "Nortada, Lda.", "meridyen": "Meridyen A.Ş."}
PROFILES: tuple[dict[str, Any], ...] = (
    {"name": "standard", "title": "Standard", "description": "Enough for most lessons.", "longest": "08:00:00"},
    {
        "name": "medium",
        "title": "Medium",
        "description": "For courses that hold more in memory, as deep learning.",
        "memory": "2G",
        "longest": "08:00:00",
    },
    {
        "name": "large",
        "title": "Large",
        "description": "For work that needs more at once. It may wait longer for a place.",
        "cores": 4,
        "memory": "3G",
        "longest": "04:00:00",
    },
)
# name: full name, role, company, time zone
PEOPLE = {
    "ana": ("Ana Sousa", "trainee", "nortada", "Europe/Lisbon"),
    "bruno": ("Bruno Dias", "trainee", "nortada", "Europe/Lisbon"),
    "carla": ("Carla Duarte", "trainee", "meridyen", "Europe/Madrid"),
    "deniz": ("Deniz Kaya", "trainee", "meridyen", "Europe/Istanbul"),
    "ines": ("Inês Prado", "instructor", None, "Europe/Madrid"),
}


def site(settings: "Settings") -> Site:
    """Describe this machine as the site of the demo class, on the Slurm that `up` starts here."""
    return Site(
        address=f"http://127.0.0.1:{settings.port}",
        certificate=None,
        key=None,
        node_address=settings.head_address,
        hub_port=HUB_PORT,
        hand_in_port=HAND_IN_PORT,
        slurm=Slurm(
            configuration=settings.state / "slurm" / "slurm.conf",
            commands=Path("/usr/bin"),
            interactive="interactive",
            batch="batch",
            cores=1,
            memory="1G",
            walltime="02:00:00",
            idle_minutes=60,
            most_core_hours=0,
        ),
        software=settings.prefix,
        course_folder=settings.state,
        hub_account=f"{settings.name}-hub",
        course_account=f"{settings.name}-course",
        portal_account=f"{settings.name}-portal",
        hand_in_account=f"{settings.name}-hand-in",
        people_group=f"{settings.name}-people",
        pool=tuple(settings.local(f"train{number:02}") for number in range(1, POOL + 1)),
        run_accounts=tuple(f"{settings.name}-run{number:02}" for number in range(1, 21)),
        job_accounts=tuple(f"{settings.name}-job{number:02}" for number in range(1, 21)),
        internal_tls=settings.internal_tls,
        oidc=_oidc(settings),
        profiles=PROFILES,
    )


def oidc_file(settings: "Settings") -> Path:
    """Return the file by which the demo class tries an identity provider: JSON, with the keys of sign_in.oidc."""
    return settings.state / "oidc.json"


def _oidc(settings: "Settings") -> dict[str, Any] | None:
    try:
        given = dict(json.loads(oidc_file(settings).read_text()))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise SettingError(f"{oidc_file(settings)} is not a JSON object: {error}") from error
    missing = {"issuer", "client_id", "client_secret_file"} - given.keys()
    if missing:
        raise SettingError(f"{oidc_file(settings)} lacks {', '.join(sorted(missing))}: see sign_in in site.yml.")
    return {"name": "Sign in with your organisation", "scopes": ["openid", "profile", "email"], **given}


def house_account(settings: "Settings") -> str:
    """Return the Slurm account of those who belong to no company."""
    return settings.name


def names(settings: "Settings") -> list[str]:
    """Return the demo people's names, which are their Unix accounts too."""
    return [settings.local(name) for name in PEOPLE]


def document(settings: "Settings", passwords: dict[str, str]) -> dict[str, Any]:
    """Return the class as `aula people load` takes it; `passwords` by name."""
    local, today = settings.local, date.today()
    people = [
        {
            "name": local(name),
            "full_name": full_name,
            "time_zone": zone,
            "account": local(name),
            "password": passwords[local(name)],
        }
        for name, (full_name, _, _, zone) in PEOPLE.items()
    ]
    run = {
        "name": RUN,
        "course": COURSE,
        "title": "HPC and Slurm (demo class)",
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(weeks=WEEKS)).isoformat(),
        "time_zone": "Europe/Madrid",
    }
    enrolments = [
        {"run": RUN, "person": local(name), "role": role, "company": company and local(company)}
        for name, (_, role, company, _) in PEOPLE.items()
    ]
    companies = [{"name": local(name), "full_name": full_name} for name, full_name in COMPANIES.items()]
    return {"companies": companies, "people": people, "runs": [run], "enrolments": enrolments}
