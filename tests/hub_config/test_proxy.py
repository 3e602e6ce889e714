"""The proxy that may die: when the hub gives it its routes back."""

from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub.proxy import ConfigurableHTTPProxy
from tornado.httpclient import AsyncHTTPClient
from tornado.web import RequestHandler

from hub_config.proxy import WatchedProxy
from tests.spawners.hub_double import free_port


class ForgetfulProxy(WatchedProxy):
    """A proxy whose routes are a dictionary, or that does not answer."""

    routes: dict[str, Any] | None = None
    given = 0

    async def get_all_routes(self) -> dict[str, Any]:
        """Return the routes, or fail as a proxy that is down."""
        if self.routes is None:
            raise ConnectionRefusedError("no proxy")
        return self.routes


class ErrorPage(RequestHandler):
    """An error page that needs no hub behind it."""

    def get(self, status: str) -> None:
        """Show the status."""
        self.finish(status)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> ForgetfulProxy:
    """A proxy that is watched; JupyterHub's own comparison is counted instead of done."""
    found = ForgetfulProxy(app=SimpleNamespace(hub=SimpleNamespace(routespec="/hub/")), hub=None)

    async def count(self: ForgetfulProxy, *_: object) -> None:
        self.given += 1

    monkeypatch.setattr(ConfigurableHTTPProxy, "check_routes", count)
    return found


async def test_lost_routes_are_given_back(proxy: ForgetfulProxy) -> None:
    """A proxy without the hub's own route has lost everything and gets it back; one that has it is left alone."""
    proxy.routes = {"/hub/": {}}
    await proxy.check_routes({}, {})
    await proxy.look()
    assert proxy.given == 1
    proxy.routes = {}
    await proxy.look()
    assert proxy.given == 2
    assert proxy._watch is not None
    proxy._watch.stop()


async def test_a_server_that_is_ready_gets_its_route(proxy: ForgetfulProxy) -> None:
    """A hub that has just started gives a server its route as soon as it is ready, though another one still waits."""
    servers = {
        name: SimpleNamespace(ready=ready, proxy_spec=f"/user/ana/{name}/")
        for name, ready in (("found", True), ("waits", False))
    }
    proxy._known = ({1: SimpleNamespace(spawners=servers)}, {})
    proxy.routes = {"/hub/": {}}
    await proxy.look()
    assert proxy.given == 1
    proxy.routes = {"/hub/": {}, "/user/ana/found/": {}}
    await proxy.look()
    assert proxy.given == 1


async def test_a_dead_proxy_is_told_of_once(proxy: ForgetfulProxy, caplog: pytest.LogCaptureFixture) -> None:
    """While the proxy is down the hub goes on looking, without a line in the log every two seconds."""
    proxy._known = ({}, {})
    proxy.log.propagate = True
    for _ in range(3):
        await proxy.look()
    assert sum("does not answer" in record.message for record in caplog.records) <= 1
    proxy.routes = {}
    await proxy.look()
    assert proxy.given == 1


async def test_before_the_hub_has_compared_nothing_happens(proxy: ForgetfulProxy) -> None:
    """A hub that is still starting gives out no routes."""
    proxy.routes = {}
    await proxy.look()
    assert proxy.given == 0


async def test_error_pages_are_shown_to_the_proxy_and_nothing_else(
    proxy: ForgetfulProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On its own address the hub answers for its error pages alone: no page and no API is there without TLS."""
    monkeypatch.setattr("hub_config.proxy.ProxyErrorHandler", ErrorPage)
    address = f"http://127.0.0.1:{free_port()}"
    proxy.errors_url = f"{address}/"
    proxy.app.tornado_settings = {}
    for _ in range(2):
        await proxy.check_routes({}, {})
    assert proxy._watch is not None
    proxy._watch.stop()
    client = AsyncHTTPClient()
    for path in ("/hub/api/", "/hub/login", "/hub/error/x", "/"):
        assert (await client.fetch(address + path, raise_error=False)).code == 404
    assert (await client.fetch(f"{address}/hub/error/503?url=/user/ana/")).body == b"503"
    assert proxy._errors is not None
    proxy._errors.stop()
