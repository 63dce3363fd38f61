"""Where a request goes: a URL taken apart, in the one form that is compared and sent.

Owns the form. Most URLs that servers hand out are in it already and are only taken apart; every other one is
brought into it by httpx (percent-encoding, IDNA, dot segments). Must never show a login: what it holds is secret.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PLAIN = re.compile(
    rf"(https?)://((?:{_OCTET}\.){{3}}{_OCTET}|(?![0-9.]+(?:[:/?]|$))[a-z0-9][a-z0-9.-]*)"
    r"(?::([1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
    r"(/(?:[A-Za-z0-9_~!$&'()*+,;=:@/.-]|%[0-9A-Fa-f]{2})*)"
    r"(\?(?:[A-Za-z0-9_~!$&'()*+,;=:@/.?-]|%[0-9A-Fa-f]{2})*)?"
)
"""A URL that httpx would leave as it is, unless `_MARKS` is in it."""
_MARKS = ("/.", "xn--")
"""Dot segments, which are resolved, and names that are shown in their own letters."""
_PORTS = {"http": 80, "https": 443}
_PORT_MAX = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that can be asked; made with `Address.of`."""

    scheme: str
    """In lower case."""
    host: str
    """Name or address as it is shown, without brackets."""
    raw_host: str
    """The same as it is asked for: ASCII only."""
    port: int | None
    """TCP port; `None` is the scheme's own."""
    target: str = field(repr=False)
    """Path and query as they are sent."""
    text: str = field(repr=False)
    """The whole, with login and fragment."""
    login: tuple[str, str] | None = field(default=None, repr=False)
    """Name and password; `None` without."""

    @classmethod
    def of(cls, text: str) -> Address:
        """Takes a URL apart.

        Raises:
            TransferError: It is none.
        """
        plain = _PLAIN.fullmatch(text)
        if plain is None or any(mark in text for mark in _MARKS):
            return _normal(text)
        scheme, host, port, path, query = plain.groups()
        if port is not None and int(port) == _PORTS[scheme]:
            return _normal(text)
        return cls(scheme, host, host, int(port) if port else None, path + (query or ""), text)

    @property
    def netloc(self) -> str:
        """Host and port as the field `Host` has them."""
        host = f"[{self.raw_host}]" if ":" in self.raw_host else self.raw_host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 9110 section 4.3.1)."""
        return self.scheme, self.raw_host, self.port or _PORTS.get(self.scheme, 0)

    @property
    def bare(self) -> str:
        """The URL without login and fragment."""
        return f"{self.scheme}://{self.netloc}{self.target}"

    def join(self, reference: str) -> Address:
        """Returns where a redirect leads (RFC 3986 section 5).

        Raises:
            TransferError: Nowhere.
        """
        absolute = _PLAIN.fullmatch(reference) is not None
        return Address.of(reference) if absolute else _normal(urljoin(self.text, _normalised(reference)))


@functools.lru_cache(maxsize=64)
def _normal(text: str) -> Address:
    """Has httpx bring a URL into its form."""
    from tui_downloader.engine.normal_urls import URL, InvalidURL

    try:
        url = URL(text)
        if url.port is not None and url.port > _PORT_MAX:  # the system would take it modulo 65,536
            raise _no_address()
        return Address(
            scheme=url.scheme,
            host=url.host,
            raw_host=url.raw_host.decode("ascii"),
            port=url.port,
            target=url.raw_path.decode("ascii"),
            text=str(url),
            login=(url.username, url.password) if url.userinfo else None,
        )
    except (InvalidURL, ValueError) as error:
        raise _no_address() from error


def _normalised(reference: str) -> str:
    """Returns a reference, which may be relative, in httpx's form."""
    from tui_downloader.engine.normal_urls import URL, InvalidURL

    try:
        return str(URL(reference))
    except (InvalidURL, ValueError) as error:
        raise _no_address() from error


def _no_address() -> TransferError:
    return TransferError(Reason.UNSUPPORTED_URL, "the address cannot be downloaded from")
