"""Generated passwords and tokens: made once, kept where only the operator can read them."""

import json
import secrets
from pathlib import Path

from deploy import demo, files
from deploy.settings import Settings

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def users_file(settings: Settings) -> Path:
    """Return the file with the demo people's generated passwords; root alone can read it."""
    return folder(settings) / "users.json"


def folder(settings: Settings) -> Path:
    """Return the folder of all secrets."""
    return files.folder(settings.state / "secrets", mode=0o700)


def token(settings: Settings, name: str) -> str:
    """Return a token by name, made when it is first asked for."""
    path = folder(settings) / f"{name}.token"
    if not path.exists():
        files.write(path, secrets.token_hex(32), mode=0o600)
    return path.read_text()


def demo_passwords(settings: Settings) -> dict[str, str]:
    """Return the demo people's passwords by name, made when they are first asked for."""
    users = users_file(settings)
    known = {row["name"]: row["password"] for row in json.loads(users.read_text())} if users.exists() else {}
    rows = [
        {
            "name": settings.local(name),
            "password": known.get(settings.local(name)) or _password(),
            "role": role,
            "company": company and settings.local(company),
        }
        for name, (_, role, company, _) in demo.PEOPLE.items()
    ]
    files.write(users, json.dumps(rows, indent=2) + "\n", mode=0o600)
    return {str(row["name"]): str(row["password"]) for row in rows}


def _password() -> str:
    """Return four groups of four letters and digits: 79 bits, easy to type from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
