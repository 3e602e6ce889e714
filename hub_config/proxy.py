"""The proxy as the hub sees it: one that may die, and must then learn every route anew."""

from typing import Any
from urllib.parse import urlsplit

from jupyterhub.handlers.pages import ProxyErrorHandler  # type: ignore[import-untyped]  # jupyterhub has no types
from jupyterhub.proxy import ConfigurableHTTPProxy  # type: ignore[import-untyped]  # jupyterhub has no types
from tornado.httpserver import HTTPServer
from tornado.ioloop import PeriodicCallback
from tornado.web import Application
from traitlets import Float, Unicode


class WatchedProxy(ConfigurableHTTPProxy):  # type: ignore[misc]  # jupyterhub has no types
    """configurable-http-proxy, run by others. A proxy that was started anew has its routes back within seconds.

    JupyterHub looks after a proxy that it did not start only every five minutes. And a hub that has just started gives
    no server its route before it knows what became of each: one that waits in the queue would keep all others waiting.
    """

    watch_interval = Float(2.0, help="Seconds between two looks at the proxy's routes; one small request each.")
    watch_interval.tag(config=True)
    errors_url = Unicode(
        help="Address on this machine where the hub shows its error pages, and nothing else, without TLS: the proxy "
        "has no certificate at hand when it asks for them. Default: none."
    ).tag(config=True)

    _watch: PeriodicCallback | None = None
    _known: tuple[Any, Any] | None = None
    _looking = False
    _silent = False
    _errors: HTTPServer | None = None

    async def check_routes(self, user_dict: Any, service_dict: Any, routes: Any = None) -> None:
        """Compare the proxy's routes with the hub's servers; from the first time on, keep watching."""
        self._known = (user_dict, service_dict)
        self._show_errors()
        await super().check_routes(user_dict, service_dict, routes)
        if self._watch is None:
            self._watch = PeriodicCallback(self.look, self.watch_interval * 1000)
            self._watch.start()

    def _show_errors(self) -> None:
        """Listen for the proxy's questions for error pages, from the first time on."""
        if self.errors_url and self._errors is None:
            address = urlsplit(self.errors_url)
            pages = [(r"/hub/error/(\d{3})", ProxyErrorHandler)]
            self._errors = HTTPServer(Application(pages, **self.app.tornado_settings))
            self._errors.listen(address.port or 80, address.hostname)

    async def look(self) -> None:
        """Give a proxy the routes that it lacks. One look at a time."""
        if self._looking or self._known is None:
            return
        self._looking = True
        try:
            routes = await self.get_all_routes()
            lacks = [spec for spec in self._wanted(self._known[0]) if spec not in routes]
            if lacks:
                self.log.warning("The proxy lacks routes, which it gets now: %s", " ".join(lacks))
                await self.check_routes(*self._known, routes)
            self._silent = False
        except Exception as error:  # noqa: BLE001  whatever the proxy does, the hub goes on and looks again
            if not self._silent:
                self.log.error("The proxy does not answer: %s", error)
            self._silent = True
        finally:
            self._looking = False

    def _wanted(self, user_dict: Any) -> list[str]:
        """Return the hub's own route, and those of all servers that are ready."""
        spawners = (spawner for user in user_dict.values() for spawner in user.spawners.values())
        return [self.app.hub.routespec, *(spawner.proxy_spec for spawner in spawners if spawner.ready)]
