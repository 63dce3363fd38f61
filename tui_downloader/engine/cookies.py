"""Cookies that redirects set, for the requests that follow them.

Owns one jar for one download. Must never keep a cookie longer than that, nor send it to another site.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from tui_downloader.engine.address import Address
from tui_downloader.engine.reply import Fields

if TYPE_CHECKING:
    import email.message
    import urllib.request
    from http.cookiejar import CookieJar


class Cookies:
    """The cookies of one download; thread-safe, and nothing but a flag until the first is set."""

    def __init__(self) -> None:
        """Begins without any."""
        self._lock = threading.Lock()
        self._jar: CookieJar | None = None

    def take(self, address: Address, fields: Fields) -> None:
        """Keeps what a response sets (RFC 6265).

        Args:
            address: What it answers.
            fields: The response's.
        """
        if not any(name.lower() == b"set-cookie" for name, _ in fields):
            return
        with self._lock:
            if self._jar is None:
                from http.cookiejar import CookieJar

                self._jar = CookieJar()
        answered: Any = _Answered(fields)  # of a response the jar asks for nothing else
        self._jar.extract_cookies(answered, _asked(address))

    def field(self, address: Address) -> str | None:
        """Returns the value of the field `Cookie` for a request; `None` if there is nothing to send."""
        if self._jar is None:
            return None
        asked = _asked(address)
        self._jar.add_cookie_header(asked)
        return asked.get_header("Cookie")


class _Answered:
    """A response as the jar sees it."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def info(self) -> email.message.Message:
        """Returns the header."""
        from email.message import Message

        message = Message()
        for name, value in self._fields:
            message[name.decode("latin-1")] = value.decode("latin-1")
        return message


def _asked(address: Address) -> urllib.request.Request:
    """Returns a request as the jar sees it; it is never sent."""
    from urllib.request import Request

    return Request(address.bare)  # noqa: S310 -- http or https: it was checked before it was asked
