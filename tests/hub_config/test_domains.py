"""The names on the web that parts of a class have, where the site has a wildcard name."""

from collections.abc import Callable
from typing import Any

from jupyterhub.app import JupyterHub  # type: ignore[import-untyped]  # jupyterhub has no types
from traitlets.config import Config

from hub_config.apply import set_addresses
from hub_config.domains import domain_of
from hub_config.settings import HubSettings


def test_each_person_has_a_name_and_services_stay_beside_the_hub() -> None:
    """People's names are below the hub's and differ; portal, book and formgraders are at the hub's own."""
    names = {domain_of(name, "aula.test", "user") for name in ("ana", "ana-2", "Ana")}
    assert len(names) == 3
    assert all(name.endswith(".aula.test") for name in names)
    assert domain_of("portal", "aula.test", "service") == "aula.test"


def test_the_hub_takes_them(load_document: Callable[[Any], HubSettings], document: dict[str, Any]) -> None:
    """With subdomains the hub routes by names, and takes no cookie that a page below its name may have set."""
    named = {**document, "public_url": "https://aula.test/", "subdomains": True}
    config = Config()
    set_addresses(config, load_document(named))
    hub = JupyterHub(config=config)
    assert (hub.subdomain_host, hub.cookie_host_prefix_enabled) == ("https://aula.test", True)
    plain = Config()
    set_addresses(plain, load_document(document))
    assert JupyterHub(config=plain).subdomain_host == ""
