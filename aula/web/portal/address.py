"""From where a request comes, as far as it can be believed."""

import ipaddress

from tornado.httputil import HTTPServerRequest


def address_of(request: HTTPServerRequest) -> str:
    """Return who asked, of what the proxies on this machine say; what a browser claims itself is not believed."""
    peer = request.remote_ip or ""
    if not is_loopback(peer):
        return peer
    for part in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        part = part.strip()
        if not part:
            continue
        if not _is_address(part):
            return peer
        if not is_loopback(part):
            return part
    return peer


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    return _is_address(address) and ipaddress.ip_address(address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
