"""Groups, roles and scopes, derived from the course runs of the settings; who is in a group is the database's to say.

nbgrader knows a run's people by the names of two groups: `nbgrader-<run>` and `formgrade-<run>`.
"""

from typing import Any

from hub_config.services import HAND_IN, MONITORING, PORTAL
from hub_config.settings import HubSettings


def trainees_group(run: str) -> str:
    """Return the name of the group of a run's trainees."""
    return f"nbgrader-{run}"


def instructors_group(run: str) -> str:
    """Return the name of the group of a run's instructors."""
    return f"formgrade-{run}"


def company_group(company: str) -> str:
    """Return the name of the group of those whom a company sends."""
    return f"company-{company}"


def roles(settings: HubSettings) -> list[dict[str, Any]]:
    """Return the hub's roles: for people, for servers, for the portal and the monitoring, and two for each run."""
    found = [_user_role(), _server_role(settings), _portal_role(settings), _monitoring_role()]
    for run in settings.course_runs:
        found += [_instructors_role(run.id), _formgrader_role(run.id)]
    return found


def _instructor_scopes(run: str) -> list[str]:
    return [f"access:services!service={run}", f"list:services!service={run}", f"read:services!service={run}"]


def _user_role() -> dict[str, Any]:
    """Return what a person may do: the portal, handing in, all of their own but opening their server to others."""
    return {
        "name": "user",
        "description": "the portal; a person's own account, servers and tokens",
        "scopes": [
            "read:users!user",
            "users:activity!user",
            "servers!user",
            "access:servers!user",
            "tokens!user",
            f"access:services!service={PORTAL}",
            f"access:services!service={HAND_IN}",
        ],
    }


def _server_role(settings: HubSettings) -> dict[str, Any]:
    """Return what a server's token may do: no more than its owner may, and of that only this.

    nbgrader in the server hands in, reads its owner's groups and, for instructors, the addresses of their formgraders.
    """
    return {
        "name": "server",
        "description": "what a JupyterLab server may do at the hub",
        "scopes": [
            "users:activity!user",
            "access:servers!server",
            f"access:services!service={HAND_IN}",
            "read:users:name!user",
            "read:users:groups!user",
            *(scope for run in settings.course_runs for scope in _instructor_scopes(run.id)),
        ],
    }


def _portal_role(settings: HubSettings) -> dict[str, Any]:
    """Return what the portal may do.

    Read what people handed in; see, start and stop the servers of runs' trainees; learn where formgraders are.
    """
    groups = [trainees_group(run.id) for run in settings.course_runs]
    servers = [f"{verb}:servers!group={group}" for group in groups for verb in ("read", "start", "delete")]
    return {
        "name": PORTAL,
        "description": "reads hand-ins for people; trainees' servers; where formgraders are",
        "scopes": [
            f"access:services!service={HAND_IN}",
            *servers,
            *(f"read:services!service={run.id}" for run in settings.course_runs),
        ],
        "services": [PORTAL],
    }


def _monitoring_role() -> dict[str, Any]:
    """Return what whoever watches the hub may do: read numbers that name nobody."""
    return {
        "name": MONITORING,
        "description": "reads the hub's metrics",
        "scopes": ["read:metrics"],
        "services": [MONITORING],
    }


def _instructors_role(run: str) -> dict[str, Any]:
    return {
        "name": f"instructors-of-{run}",
        "description": f"opens the formgrader of {run}",
        "scopes": _instructor_scopes(run),
        "groups": [instructors_group(run)],
    }


def _formgrader_role(run: str) -> dict[str, Any]:
    """Return what a run's formgrader may do: see who takes part in its own run."""
    mine = trainees_group(run)
    return {
        "name": f"formgrader-of-{run}",
        "description": f"lets the formgrader of {run} read who takes part in it",
        "scopes": [
            f"list:groups!group={mine}",
            f"read:groups!group={mine}",
            f"read:users:name!group={mine}",
            f"read:users:groups!group={mine}",
        ],
        "services": [run],
    }
