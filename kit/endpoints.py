"""Addresses of push services: they come from browsers, so only those are asked that are known to be one."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

KNOWN = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "updates-autopush.stage.mozaws.net",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    "web.push.apple.com",
    ".push.apple.com",
)
"""Hosts of the push services of browsers. One that begins with a dot stands for all hosts below it."""
HTTPS = 443
LONGEST = 1_000
Address = IPv4Address | IPv6Address
TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Networks of IPv6 within which an address of IPv4 is written, of whatever network."""


def is_push_endpoint(url: str, *, more: Iterable[str] = ()) -> bool:
    """Tell whether an address is one of a push service: https, a known host, its usual port, and no name or password.

    `more` are further hosts that the operator trusts, as `host` or `host:port`.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or ""), parts.port or HTTPS
    except ValueError:
        return False
    usable = parts.scheme == "https" and len(url) <= LONGEST and url.isascii() and url.isprintable()
    if not usable or " " in url or "\\" in url or "@" in parts.netloc or parts.fragment or len(parts.path) <= 1:
        return False
    own = {one.lower() for one in more}
    return f"{host}:{port}" in own or (port == HTTPS and any(_is_of(host, known) for known in (*KNOWN, *own)))


def _is_of(host: str, known: str) -> bool:
    return host.endswith(known) if known.startswith(".") else host == known


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, and none of the own network in disguise."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast
