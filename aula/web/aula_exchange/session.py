"""How a person's server speaks to the hub and its services: with its token, under internal TLS its certificate."""

import os

import requests

from .errors import ServiceError

HUB_ANSWERS_S = 10.0


def session() -> requests.Session:
    """Return what requests are made with. Raises ServiceError where this is no server of the hub."""
    token = os.environ.get("JUPYTERHUB_API_TOKEN")
    if not token:
        raise ServiceError("JUPYTERHUB_API_TOKEN is not set: open this in a server that you started from the hub")
    made = requests.Session()
    made.trust_env = False  # neither a proxy nor a password of the account's environment may come in between
    made.headers["Authorization"] = f"token {token}"
    if "JUPYTERHUB_SSL_KEYFILE" in os.environ:
        made.cert = (os.environ["JUPYTERHUB_SSL_CERTFILE"], os.environ["JUPYTERHUB_SSL_KEYFILE"])
        made.verify = os.environ["JUPYTERHUB_SSL_CLIENT_CA"]
    return made


def runs(asking: requests.Session) -> list[str]:
    """Return the course runs that the server's owner is in. Raises ServiceError where the hub does not say."""
    address = os.environ.get("JUPYTERHUB_API_URL", "http://127.0.0.1:8081/hub/api")
    try:
        answer = asking.get(f"{address}/user", timeout=HUB_ANSWERS_S)
        answer.raise_for_status()
        groups = answer.json()["groups"]
    except (requests.RequestException, KeyError) as error:
        raise ServiceError(f"the hub does not say in which courses you are: try again in a minute ({error})") from error
    named = (group.partition("-") for group in groups)
    return sorted({run for kind, _, run in named if kind in ("nbgrader", "formgrade") and run})
