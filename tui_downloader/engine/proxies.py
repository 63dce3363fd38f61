"""Which proxy the environment names for a URL, and what is wrong with it.

Owns the variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` (on macOS and Windows, where none is
set, the system's own settings). Must never let a proxy's password into a sentence: they name the variable only.
"""

from __future__ import annotations

import ipaddress
import os
import sys

from tui_downloader.engine.address import Address
from tui_downloader.engine.failures import TransferError
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason

_PORTS = {"http": 80, "https": 443}
_KINDS = {"http": "http", "https": "https", "socks5": "socks5", "socks5h": "socks5", "socks": "socks5"}
"""How proxies are spoken to, by the scheme of their URL; desktops write `socks` for SOCKS version 5."""


class Proxies:
    """The environment's proxies, as they were when the worker began."""

    def __init__(self) -> None:
        """Reads the environment."""
        self._urls: dict[str, str] = {}
        self._is_system = False
        if sys.platform in {"darwin", "win32"} or any(name.lower().endswith("_proxy") for name in os.environ):
            import urllib.request  # and with it half of the library for the Web

            self._urls = {scheme: url for scheme, url in urllib.request.getproxies().items() if url.strip()}
            self._is_system = not urllib.request.getproxies_environment()
        self._exceptions = _exceptions(self._urls.pop("no", ""))

    def proxy_for(self, address: Address) -> str | None:
        """Returns the URL of the proxy for a URL; `None` goes directly.

        Raises:
            TransferError: There is one, but it cannot be used; the sentence names the variable.
        """
        if not self._urls or self._is_excepted(address):
            return None
        name = address.scheme if address.scheme in self._urls else "all"
        proxy = self._urls.get(name)
        return None if proxy is None else _checked(proxy.strip(), f"{name}_proxy")

    def _is_excepted(self, address: Address) -> bool:
        """Tells whether a URL goes directly although there is a proxy."""
        if self._is_system:
            import urllib.request

            return bool(urllib.request.proxy_bypass(address.host))
        host = address.raw_host.lower().rstrip(".")
        port = address.port or _PORTS.get(address.scheme)
        return any(_covers(name, at, host=host, port=port) for name, at in self._exceptions)


def _exceptions(text: str) -> list[tuple[str, int | None]]:
    """Reads `no_proxy`: names, addresses and networks, each with a port or without, between commas or blanks."""
    found: list[tuple[str, int | None]] = []
    for word in text.lower().replace(",", " ").split():
        name, colon, port = word.rpartition(":")
        is_port = bool(colon) and port.isdigit() and (":" not in name or name.endswith("]"))
        bare = (name if is_port else word).strip("[]").removeprefix("*.").strip(".")
        if bare:
            found.append((bare, int(port) if is_port else None))
    return found


def _covers(name: str, at: int | None, *, host: str, port: int | None) -> bool:
    """Tells whether an exception is meant for a host: `*` for all, a name for what is below it too."""
    if at is not None and at != port:
        return False
    if name in {"*", host} or host.endswith(f".{name}"):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False


def _checked(text: str, variable: str) -> str:
    """Returns a proxy's URL as `Pool` takes it; no scheme means http.

    Raises:
        TransferError: It cannot be used.
    """
    from tui_downloader.engine.normal_urls import URL, InvalidURL

    try:
        url = URL(text if "://" in text else f"http://{text}")
    except (InvalidURL, ValueError) as error:
        raise _unusable(f"{variable} in the environment is not a proxy’s URL") from error
    kind = _KINDS.get(url.scheme)
    if kind is None:
        shown = safe(url.scheme)[:20]
        raise _unusable(f"{variable} names a proxy of the kind {shown}; http, https and socks5 are possible")
    if not url.host:
        raise _unusable(f"{variable} in the environment names no proxy host")
    if kind == "socks5":
        _check_socks(variable)
    return str(url.copy_with(scheme=kind))


def _check_socks(variable: str) -> None:
    """Raises `TransferError` where the package for SOCKS is missing; looked at again for each request."""
    try:
        import socksio  # noqa: F401 -- only whether it is there
    except ImportError as error:
        raise _unusable(
            f"{variable} names a SOCKS proxy, which needs one more package: pip install 'tuidl[socks]'"
        ) from error


def _unusable(sentence: str) -> TransferError:
    """Makes an error that the user ends by changing the environment and resuming."""
    return TransferError(Reason.UNSUPPORTED_URL, sentence)
