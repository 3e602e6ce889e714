"""The servers of a group's people, all at once: how each stands, start them ahead, stop those that nobody has used."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from aula_spawner.profiles import visible
from aula_spawner.slurm.profile import Profile, ProfileName
from aula_spawner.words import speaker
from jupyterhub import orm  # type: ignore[import-untyped]  # jupyterhub has no types
from jupyterhub.apihandlers import APIHandler  # type: ignore[import-untyped]
from jupyterhub.scopes import needs_scope  # type: ignore[import-untyped]
from jupyterhub.utils import format_exception  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tornado.web import HTTPError

from aula.locale import LANGUAGES, translated
from aula.locale.languages import DEFAULT
from aula.people.values import NAME
from hub_config.profiles import Preselect

SETTLES_S = 10.0
"""Seconds after its first sign of life in which a server gets its route: what the proxy notes then is nobody's use."""
MOST = 2000


class Wish(BaseModel):
    """For whom something is to be done, and which profile is to be started.

    Without one it is each person's last choice, or where that is too small for the run's course, one that is not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    names: Annotated[list[Annotated[str, Field(pattern=f"^(?:{NAME.pattern})$")]], Field(max_length=MOST)]
    profile: ProfileName | None = None


class ServersHandler(APIHandler):  # type: ignore[misc]  # jupyterhub has no types
    """A group's servers, for who has the right to them: the portal, which asks for those who look after a run."""

    profiles: tuple[Profile, ...]
    preselect: Preselect

    @needs_scope("read:servers")  # type: ignore[untyped-decorator]
    async def get(self, group_name: str) -> None:
        """Tell how each server stands, in a reader's language, and which profiles everybody in the group may have."""
        asked = self.get_argument("language", DEFAULT)
        language = asked if asked in LANGUAGES else DEFAULT
        routes = await self.proxy.get_all_routes()
        self.finish(
            json.dumps(
                {
                    "profiles": [
                        {"name": one.name, "title": one.title} for one in visible(self.profiles, {group_name})
                    ],
                    "servers": {
                        user.name: standing(user.spawners.get(""), routes, language)
                        for user in self._members(group_name)
                    },
                }
            )
        )

    @needs_scope("start:servers")  # type: ignore[untyped-decorator]
    async def post(self, group_name: str) -> None:
        """Start the servers of people whom the database has in this group; the answer does not wait for them."""
        wish = self._wish()
        for name in wish.names:
            try:
                await self._start(name, group_name, wish.profile)
            except Exception as error:  # noqa: BLE001  the others' servers start all the same
                self.log.warning("No server was started ahead for %s: %s", name, error)

    @needs_scope("delete:servers")  # type: ignore[untyped-decorator]
    async def delete(self, group_name: str) -> None:
        """Stop the servers that run and that nobody has used; the answer does not wait for it."""
        names = self._wish().names
        routes = await self.proxy.get_all_routes()
        unused = [
            user
            for user in self._members(group_name)
            if user.name in names and standing(user.spawners.get(""), routes, DEFAULT).get("used") is False
        ]
        for user in unused:
            self.log.info("Nobody has used the server of %s", user.name)
        stops = (self.stop_single_user(user) for user in unused)
        for result in await asyncio.gather(*stops, return_exceptions=True):
            if isinstance(result, BaseException):
                self.log.warning("An unused server was not stopped: %s", result)

    def _wish(self) -> Wish:
        """Return what is asked for, and answer that it is on its way; refuse anything else."""
        try:
            wish = Wish.model_validate(self.get_json_body())
        except ValidationError as error:
            raise HTTPError(
                400, f'Send {{"names": […]}}, and a "profile" if you like. {error.errors()[0]["msg"]}'
            ) from error
        self.set_status(202)
        self.finish(json.dumps({"asked_for": len(wish.names)}))
        return wish

    def _members(self, group_name: str) -> Iterator[Any]:
        """Return those whom the hub knows in the group."""
        group = orm.Group.find(self.db, group_name)
        return (self._user_from_orm(one) for one in (group.users if group else ()))

    async def _start(self, name: str, group_name: str, profile: str | None) -> None:
        """Start one person's server, where none is there. Who has never signed in is known from then on."""
        model = await self.authenticator.model_of(name)
        if model is None or group_name not in model["groups"]:
            return
        user = self.find_user(name) or await self.auth_to_user(model)
        spawner = user.get_or_create_spawner("", "", replace_failed=True)
        if not spawner.active:
            last = (spawner.orm_spawner.user_options or {}).get("profile")
            asked = profile or self.preselect(spawner, group_name) or last
            options = {"profile": asked} if asked != last else None  # with the life that was chosen last
            await self.spawn_single_user(user, options=options)


def standing(spawner: Any, routes: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return how a server stands; what a failed one wrote to its log is its owner's alone."""
    if spawner is None:
        return {"state": "stopped"}
    if spawner.pending == "stop":
        return {"state": "stopping"}
    if spawner.pending:
        return {"state": "starting", "said": spawner.described(speaker(spawner.translate, language))[1]}
    if spawner.ready:
        since = spawner.ready_at
        return {"state": "ready", "since": since or None, "used": used(since, routes.get(spawner.proxy_spec))}
    if spawner._failed:
        error = spawner._spawn_future.exception()
        said, _ = format_exception(error, only_jupyterhub=True)
        said = said or getattr(error, "log_message", "")  # a refusal
        return {"state": "failed", "said": translated(said or "", language).partition("\n\n")[0]}
    return {"state": "stopped"}


def used(since: float, route: Mapping[str, Any] | None) -> bool:
    """Whether somebody has used a server, by the proxy's own note of its route; where that is not known, they have."""
    noted = (route or {}).get("data", {}).get("last_activity")
    return not (since and noted) or datetime.fromisoformat(noted).timestamp() > since + SETTLES_S


def handlers(profiles: Iterable[Profile], preselect: Preselect) -> list[tuple[str, type[Any]]]:
    """Return the address of a group's servers."""
    more = {"profiles": tuple(profiles), "preselect": staticmethod(preselect)}
    handler = type("ServersHandler", (ServersHandler,), more)
    return [(r"/api/aula/groups/([A-Za-z0-9][A-Za-z0-9._-]{0,99})/servers", handler)]
