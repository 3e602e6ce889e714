"""Corrections reach who works, and a lesson comes back to how it was: the server's side of both.

Before a page is open, newer versions are taken by themselves. While somebody works their page asks, saves what is
open, and only then are files changed.
"""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aula_versions import home
from aula_versions.history import Part, parts
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, authenticated


class Material:
    """What its owner has of their course runs, and what they are to be told of it."""

    def __init__(self, lessons: Sequence[Path], place: Path, words: Mapping[str, str]) -> None:
        self.lessons, self.place, self.words = list(lessons), place, words
        self.told: list[dict[str, Any]] = []
        self._stamp: object = None
        self._waiting: list[dict[str, Any]] = []

    def parts(self) -> list[Part]:
        """Return the lessons and assignments of each run."""
        return list(parts(self.lessons, self.place))

    def look(self) -> dict[str, Any]:
        """Return what waits to be taken, what was taken before the page was open, and what can be put back."""
        found = self.parts()
        stamp = [(part.history, part.stamp()) for part in found]
        if stamp != self._stamp:
            self._waiting = [told for part in found if (told := self._told(part, home.updates(part)))]
            self._stamp = stamp
        return {
            "waiting": self._waiting,
            "taken": self.told,
            "homes": [self._shown(part.home) for part in found if part.home.is_dir() and part.history.is_dir()],
            "words": self.words,
        }

    def update(self) -> dict[str, Any]:
        """Take every newer version. Raises CannotWriteError where there is no room: then nothing has changed."""
        steps = {part: home.updates(part) for part in self.parts()}
        told = [one for part, todo in steps.items() if (one := self._told(part, todo))]
        every = [step for todo in steps.values() for step in todo]
        kept = home.take(every)
        self._stamp = None
        return {"taken": told, "files": [self._shown(step.target) for step in every], "kept": self._kept(kept)}

    def update_first(self) -> None:
        """Take every newer version before a page is open, and remember what to tell."""
        done = self.update()
        self.told = [{**one, "kept": done["kept"]} for one in done["taken"]]

    def reset(self, path: str) -> dict[str, Any]:
        """Bring a file, by its path below the home folder, back to how it came.

        Raises NoOriginalError for what did not come with a course, CannotWriteError where there is no room.
        """
        for part in self.parts():
            begin = f"{self._shown(part.home)}/"
            if path.startswith(begin):
                steps = home.originals(part, path.removeprefix(begin))
                kept = home.take(steps)
                self._stamp = None
                return {"files": [self._shown(step.target) for step in steps], "kept": self._kept(kept)}
        raise home.NoOriginalError(path)

    def _told(self, part: Part, steps: Sequence[home.Step]) -> dict[str, Any] | None:
        """Return what somebody reads of a newer version: its number, the author's notes, and the files."""
        if not steps:
            return None
        versions = part.versions()
        return {
            "name": f"{part.history}:{versions[-1].number}",
            "title": part.name if part.name != "lessons" else part.home.name,
            "notes": [one.note for one in versions[1:] if one.note][-3:],
            "files": [self._shown(step.target) for step in steps],
        }

    def _kept(self, paths: Sequence[str]) -> list[str]:
        return [self._shown(Path(path)) for path in paths]

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.place).as_posix()


class VersionsHandler(APIHandler):
    """What JupyterLab's page asks, and what its owner wishes. Asking is no work."""

    _track_activity = False

    def initialize(self, material: Material) -> None:
        """Take what there is."""
        self.material = material

    @authenticated
    async def get(self) -> None:
        """Say what waits."""
        self.finish(json.dumps(await self._do(self.material.look)))

    @authenticated
    async def post(self) -> None:
        """Take the newer versions, or put one file back."""
        body = self.get_json_body()
        body = body if isinstance(body, dict) else {}
        if body == {"does": "update"}:
            self.finish(json.dumps(await self._do(self.material.update)))
        elif body.get("does") == "reset" and isinstance(body.get("path"), str) and len(body) == 2:
            self.finish(json.dumps(await self._do(self.material.reset, body["path"])))
        else:
            raise HTTPError(400, 'Send exactly {"does": "update"} or {"does": "reset", "path": "…"}.')

    async def _do(self, work: Any, *given: str) -> Any:
        try:
            return await asyncio.to_thread(work, *given)
        except home.NoOriginalError as error:
            raise HTTPError(404, "No course brought this file.") from error
        except home.CannotWriteError as error:
            self.log.warning("Nothing was changed: %s", error)
            raise HTTPError(507, self.material.words["full"]) from error
        except OSError as error:
            self.log.warning("Versions cannot be read: %s", error)
            raise HTTPError(503, str(error.strerror)) from error


async def _begin(app: Any, material: Material) -> None:
    """Take what is newer, while no page is open yet; what fails is told by the page, which asks again."""
    try:
        await asyncio.to_thread(material.update_first)
    except (home.CannotWriteError, OSError) as error:
        app.log.warning("Newer versions could not be taken: %s", error)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Say that this package is the extension."""
    return [{"module": "aula_versions"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Take where the lessons came from, and look after them."""
    given = json.loads(os.environ.pop("AULA_VERSIONS"))
    material = Material([Path(one) for one in given["lessons"]], Path.home(), given["words"])
    app.web_app.add_handlers(".*$", [(f"{app.base_url}aula/versions", VersionsHandler, {"material": material})])
    app.io_loop.add_callback(_begin, app, material)
