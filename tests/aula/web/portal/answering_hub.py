"""A hub that answers what a service asks: who has a token, and the way through its sign-in; it counts the questions."""

import asyncio
import json
import sys
from typing import Any
from urllib.parse import urlencode

from tornado.web import Application, RequestHandler

ACCESS = "access:services!service=portal"
COOKIE = "hub-login"


def token_of(name: str) -> str:
    """Return the token by which this hub knows a person."""
    return f"token-of-{name}"


def model(token: str) -> dict[str, Any] | None:
    """Return what the hub says about a token; None for one that it does not know."""
    kind, _, name = token.partition("-of-")
    scopes = {
        "token": [ACCESS],
        "service": [ACCESS],
        "server": [f"users:activity!user={name}", f"access:servers!server={name}/"],
    }
    if kind not in scopes or not name:
        return None
    return {
        "kind": "service" if kind == "service" else "user",
        "name": name,
        "admin": False,
        "groups": [],
        "scopes": scopes[kind],
        "session_id": None,
    }


class _Answer(RequestHandler):
    @property
    def asked(self) -> list[str]:
        found: list[str] = self.settings["asked"]
        return found


class WhoHas(_Answer):
    """Who has a token."""

    def get(self) -> None:
        """Say it, or 403."""
        self.asked.append("user")
        found = model(self.request.headers.get("Authorization", "").removeprefix("token "))
        if found is None or found["name"] in self.settings["signed_out"]:
            self.set_status(403)
            self.finish({"message": "Forbidden"})
        else:
            self.finish(json.dumps(found))


class Authorize(_Answer):
    """The way back to the service for who is signed in at the hub."""

    def get(self) -> None:
        """Send who is signed in back with a code, and others to the sign-in page."""
        name = self.get_cookie(COOKIE)
        if name is None:
            self.redirect("/hub/login?" + urlencode({"next": self.request.uri}))
            return
        back = {"code": f"code-of-{name}", "state": self.get_argument("state")}
        self.redirect(self.get_argument("redirect_uri") + "?" + urlencode(back))


class Token(_Answer):
    """A token for a code."""

    def post(self) -> None:
        """Give it."""
        self.asked.append("token")
        name = self.get_body_argument("code").removeprefix("code-of-")
        self.finish({"access_token": token_of(name), "token_type": "Bearer"})


class Servers(_Answer):
    """The servers of a run's trainees."""

    def get(self, run: str) -> None:
        """Tell how they stand."""
        self.asked.append("servers")
        self.finish({"servers": self.settings["servers"].get(run, {}), "profiles": self.settings["profiles"]})

    def post(self, run: str) -> None:
        """Note what is to be done, and by whose token."""
        self.settings["wishes"].append(
            (self.request.method, run, json.loads(self.request.body), self.request.headers["Authorization"])
        )
        self.set_status(202)
        self.finish({})

    delete = post


class Service(_Answer):
    """Where a service is: each formgrader at the hub's own address, but for one that nobody has started."""

    def get(self, name: str) -> None:
        """Tell it."""
        self.asked.append("service")
        self.finish({"name": name, "url": f"http://{self.request.host}/" if name not in self.settings["away"] else ""})


class Formgrader(_Answer):
    """What the portal asks a run's formgrader."""

    def get(self, run: str, what: str) -> None:
        """Tell what the test has put there."""
        found = self.settings["formgraders"].get((run, what))
        if found is None:
            found = (
                {"run": run, "at": "2026-11-09T09:00:00Z", "students": [], "assignments": []} if what == "class" else {}
            )
        self.finish(found)

    def post(self, run: str, what: str) -> None:
        """Note what is to be done, for whom, and by which key."""
        told = self.request.headers["X-Aula-Actor"], self.request.headers["X-Aula-Key"]
        self.settings["wishes"].append((what, run, *told))
        self.finish({"kind": what.rpartition("/")[2], "running": True})


class Login(_Answer):
    """A sign-in page that believes everybody."""

    def get(self) -> None:
        """Ask for a name."""
        self.finish(
            "<!doctype html><html lang=en><title>Sign in</title><main><h1>Sign in</h1><form method=post>"
            "<label>User name <input name=username></label><button>Sign in</button></form></main>"
        )

    def post(self) -> None:
        """Believe it."""
        self.set_cookie(COOKIE, self.get_body_argument("username"), path="/hub/")
        self.redirect(self.get_argument("next", "/hub/home"))


class Elsewhere(_Answer):
    """Every other page of the hub."""

    def get(self) -> None:
        """Say which it would be."""
        self.finish("<!doctype html><html lang=en><title>Hub</title><main><h1>A page of the hub</h1></main>")


class Asked(_Answer):
    """How often it was asked."""

    def get(self) -> None:
        """Say it, and begin anew."""
        self.finish({"asked": len(self.asked)})
        self.asked.clear()


def application() -> Application:
    """Return the hub. Its settings say what it was asked, who has signed out meanwhile, and whose servers run."""
    return Application(
        [
            ("/hub/api/user", WhoHas),
            ("/hub/api/oauth2/authorize", Authorize),
            ("/hub/api/oauth2/token", Token),
            ("/hub/api/asked", Asked),
            ("/hub/api/aula/groups/nbgrader-([a-z-]+)/servers", Servers),
            ("/hub/api/services/([a-z-]+)", Service),
            ("/services/([a-z-]+)/formgrader/api/aula/(.+)", Formgrader),
            ("/hub/login", Login),
            ("/.*", Elsewhere),
        ],
        asked=[],
        signed_out=set(),
        servers={},
        formgraders={},
        away=set(),
        profiles=[],
        wishes=[],
    )


async def serve(port: int) -> None:
    """Answer until the process is ended."""
    application().listen(port, "127.0.0.1", backlog=1024)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
