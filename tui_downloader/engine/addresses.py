"""Which redirects may be followed.

Owns the rules of schemes and address ranges. Judges resolved addresses, never the text of a URL: `127.1` and
`[::ffff:127.0.0.1]` connect to loopback too.
"""

from __future__ import annotations

import functools
import ipaddress

from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason

_CARRIERS = (
    ipaddress.IPv6Network("::/96"),  # compatible, RFC 4291 section 2.5.5.1; `::` and `::1` too
    ipaddress.IPv6Network("::ffff:0:0/96"),  # mapped, RFC 4291 section 2.5.5.2
    ipaddress.IPv6Network("64:ff9b::/96"),  # NAT64, RFC 6052 section 2.1
)
"""Networks whose last 32 bits are an IPv4 address."""


@functools.lru_cache(maxsize=1024)
def is_public(address: str) -> bool:
    """Tells whether an IP address is reachable from the whole Internet (not loopback, link-local, private …)."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global
    embedded = _embedded(parsed)
    if embedded is not None:
        return embedded.is_global
    return parsed.is_global and not parsed.is_site_local


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Returns the IPv4 address that an IPv6 address stands for, where a translator may lead to it."""
    if any(address in network for network in _CARRIERS):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour


def check_scheme(before: str | None, after: str, *, allow_insecure: bool) -> None:
    """Checks the scheme of a hop.

    Args:
        before: Scheme of the hop before; `None` for the first.
        after: Scheme of this hop.
        allow_insecure: Whether https may lead to http.

    Raises:
        TransferError: Refused, or no scheme that can be downloaded.
    """
    if after not in {"http", "https"}:
        reason = Reason.UNSUPPORTED_URL if before is None else Reason.REFUSED_REDIRECT
        raise TransferError(reason, "the server redirects to an address that is neither http nor https")
    if before == "https" and after == "http" and not allow_insecure:
        raise TransferError(
            Reason.REFUSED_REDIRECT, "the server redirects from https to http; --allow-insecure follows it"
        )


def check_address(address: str, *, came_from_public: bool, allow_private: bool) -> None:
    """Checks the resolved address of a hop.

    Args:
        address: The IP address connected to.
        came_from_public: Whether any hop before was at a public address.
        allow_private: Whether a private address may follow a public one.

    Raises:
        TransferError: Refused.
    """
    if came_from_public and not allow_private and not is_public(address):
        raise TransferError(
            Reason.REFUSED_REDIRECT, "the server redirects into a private network; --allow-private follows it"
        )
