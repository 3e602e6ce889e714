"""The portal as a process: started beside the hub, ended by a signal."""

import argparse

from tornado.httpserver import HTTPServer
from tornado.web import Application

from aula.people.database import Database
from aula.web import serving
from aula.web.portal.application import application
from aula.web.portal.settings import PortalSettings
from aula.web.serving import MOST_BODY, MOST_HEADERS, PATIENCE_S


def server(app: Application) -> HTTPServer:
    """Return the server; whoever sends slowly or much is cut off."""
    return HTTPServer(
        app,
        max_body_size=MOST_BODY,
        max_header_size=MOST_HEADERS,
        body_timeout=PATIENCE_S,
        idle_connection_timeout=PATIENCE_S,
    )


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is told to end. Raises PortalSettingsError, OSError."""
    portal, ended = PortalSettings.from_environment(), serving.told_to_end()
    app = application(portal, Database(portal.database))
    await serving.listen(server(app), options, ended)
    app.settings["desk"].close()
    app.settings["hand_ins"].close()
    await serving.forget_hub()


def main(arguments: list[str] | None = None) -> int:
    """Run the service; return the exit status."""
    options = serving.parser("portal", "Serve the portal.").parse_args(arguments)
    return serving.run(serve(options), options, "aula.portal")
