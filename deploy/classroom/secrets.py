"""Generated passwords and tokens: made once, kept where only the operator can read them."""

import base64
import hashlib
import json
import os
import secrets
from pathlib import Path

from deploy import files
from deploy.settings import Settings

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def users_file(settings: Settings) -> Path:
    """Return the file with everybody's generated password; root alone can read it."""
    return settings.state / "secrets" / "users.json"


def passwords_file(settings: Settings) -> Path:
    """Return the file of hashed passwords that the hub checks against."""
    return settings.state / "hub" / "passwords.json"


def token(settings: Settings, name: str) -> str:
    """Return a token by name, made when it is first asked for."""
    path = files.folder(settings.state / "secrets", mode=0o700) / f"{name}.token"
    if not path.exists():
        files.write(path, secrets.token_hex(32), mode=0o600)
    return path.read_text()


def up(settings: Settings) -> None:
    """Give everybody who has none a password, and write the hashes for the hub."""
    files.folder(settings.state / "secrets", mode=0o700)
    hub = settings.site.hub_account
    files.folder(passwords_file(settings).parent, mode=0o700, owner=hub, group=hub)
    users = users_file(settings)
    known = {row["name"]: row["password"] for row in json.loads(users.read_text())} if users.exists() else {}
    rows = [
        {
            "name": person.name,
            "password": known.get(person.name) or _password(),
            "role": person.role,
            "company": person.company,
        }
        for person in settings.site.people
    ]
    text = json.dumps(rows, indent=2) + "\n"
    if not users.exists() or users.read_text() != text or not passwords_file(settings).exists():
        # The hashes first: a run that is cut between the two leaves no password that nobody can sign in with.
        hashes = {str(row["name"]): _hash(str(row["password"])) for row in rows}
        files.write(passwords_file(settings), json.dumps(hashes, indent=2) + "\n", mode=0o640, group=hub)
    files.write(users, text, mode=0o600)


def _password() -> str:
    """Return four groups of four letters and digits: 79 bits, easy to type from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _hash(password: str) -> str:
    salt = os.urandom(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, **SCRYPT)
    numbers = "$".join(str(SCRYPT[key]) for key in ("n", "r", "p"))
    return f"scrypt${numbers}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
