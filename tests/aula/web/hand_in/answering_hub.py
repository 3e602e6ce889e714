"""A hub that answers who has a token, and counts how often it was asked."""

import json

from tornado.web import Application, RequestHandler

SCOPE = "access:services!service=hand-in"


def token_of(name: str) -> str:
    """Return the token by which this hub knows a person."""
    return f"token-of-{name}"


class WhoHas(RequestHandler):
    """Who has a token."""

    def get(self) -> None:
        """Say it, or 403; 500 while the hub is broken."""
        self.settings["asked"].append("user")
        if self.settings["broken"]:
            self.set_status(500)
            return
        name = self.request.headers.get("Authorization", "").removeprefix("token token-of-")
        if name in self.settings["services"]:
            self.finish({"kind": "service", "name": name, "scopes": [self.settings["scope"]]})
            return
        if name not in self.settings["people"]:
            self.set_status(403)
            return
        told = {"kind": "user", "name": name, "groups": self.settings["people"][name], "scopes": [SCOPE]}
        self.finish(json.dumps(told | self.settings["otherwise"].get(name, {})))


def hub(people: dict[str, list[str]]) -> Application:
    """Return the hub of some people, with their groups."""
    return Application(
        [("/hub/api/user", WhoHas)],
        asked=[],
        broken=[],
        people=people,
        otherwise={},
        scope=SCOPE,
        services={"portal", "hpc"},
    )
