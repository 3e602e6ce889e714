"""Which name on the web each part has, where the site has a wildcard name."""

from jupyterhub.utils import subdomain_hook_idna  # type: ignore[import-untyped]  # jupyterhub has no types


def domain_of(name: str, domain: str, kind: str) -> str:
    """Return a name of its own for each person, whose pages are theirs to write; the services stay beside the hub."""
    return domain if kind == "service" else str(subdomain_hook_idna(name, domain, kind))
