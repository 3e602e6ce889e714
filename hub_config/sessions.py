"""A person's browsers: a new password signs all of them out, at the hub and at every service."""

from typing import Any

from jupyterhub import orm  # type: ignore[import-untyped]  # jupyterhub has no types

KEY = "aula_password_set"


def noted(user: Any, password_set: str) -> dict[str, Any]:
    """Return what the hub is to remember of a person: when the password was set that their browsers know."""
    return {**((user.user_info if user else None) or {}), KEY: password_set}


def known(user: Any) -> bool:
    """Whether the hub remembers a password at all; before the first look it does not."""
    return KEY in (user.user_info or {})


def outdated(user: Any, password_set: str) -> bool:
    """Whether a person's browsers signed in before their password was set."""
    return known(user) and user.user_info[KEY] != password_set


def end(user: Any, password_set: str) -> None:
    """Sign all browsers of a person out. Servers run on: their own tokens belong to no browser."""
    user.cookie_id = orm.new_token()
    user.user_info = noted(user, password_set)
    of_browsers = (orm.APIToken.user_id == user.id, orm.APIToken.session_id.isnot(None))
    for token in user.db.query(orm.APIToken).filter(*of_browsers):
        user.db.delete(token)
    user.db.commit()
