"""Secrets out of header fields and URLs, before anything of them is stored or shown.

Owns what counts as a secret in a field. Must never be asked to bring one back: what is masked is gone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import REDACTED

FIELDS_MAX = 100
"""Most fields that are kept of one header."""
NAME_MAX = 60
"""Longest name of a field that is kept, in characters."""
VALUE_MAX = 200
"""Longest value that is kept, in characters."""

Fields = Sequence[tuple[str, str]]
"""Names and values in the order of the header."""

_SECRET_MIN = 4
_HARMLESS = re.compile(
    r"accept(-.+)?|cache-control|connection|dnt|host|if-(match|none-match|range|(un)?modified-since)|origin|pragma"
    r"|priority|range|referer|sec-(ch|fetch)-.+|te|upgrade-insecure-requests|user-agent|want-(repr-)?digest"
)
_SECRET_NAME = re.compile(
    r"cookie|token|secret|signature|passw|api-?key|credential|session|jwt|csrf|xsrf|(^|-)auth(?!enticate)|^key$"
)
_LOGIN = re.compile(r"//[^/\s\"'<>]*@")
_QUERY = re.compile(r"(?:(?<=\S)|^)[?#][^\s\"'<>]*")


@functools.lru_cache(maxsize=512)
def is_harmless(name: str) -> bool:
    """Tells whether a request field of this name is known to hold no secret."""
    return _HARMLESS.fullmatch(name.lower()) is not None


def masked_url(url: str) -> str:
    """Returns a URL, or a reference, without userinfo, query and fragment; `***` stands where they were."""
    return safe(_without_secrets(url))


def masked_request(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Returns request fields to keep: only values that are known to hold no secret, all others masked."""
    return tuple(
        [(_name(name), _value(value) if is_harmless(name) else REDACTED) for name, value in fields[:FIELDS_MAX]]
    )


def masked_response(fields: Fields, *, secrets: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """Returns response fields to keep: cookies, tokens and the like masked, and the URLs in all others.

    Args:
        fields: As received.
        secrets: What the request held: a server that sends it back must not bring it in again.
    """
    known = [each for each in secrets if len(each) >= _SECRET_MIN]
    return tuple(
        [
            (_name(name), REDACTED if _is_secret(name) else _value(_replaced(value, known) if known else value))
            for name, value in fields[:FIELDS_MAX]
        ]
    )


def secrets_of(url: str, fields: Fields) -> set[str]:
    """Returns the texts of a request that must not come back: login, query values, values of masked fields.

    Args:
        url: As it was asked for.
        fields: The request's.
    """
    found = {each for name, value in fields if not is_harmless(name) for each in _words(value)}
    if "@" not in url and "?" not in url:
        return found | {unquote(each) for each in found}
    parts = urlsplit(url)
    login, at, _ = parts.netloc.rpartition("@")
    if at:
        found |= {login, *login.split(":", 1)}
    for parameter in parts.query.split("&"):
        found.add(parameter.partition("=")[2] or parameter)
    return found | {unquote(each) for each in found}


@functools.lru_cache(maxsize=512)
def _is_secret(name: str) -> bool:
    """Tells whether a response field of this name holds a secret."""
    return _SECRET_NAME.search(name.lower()) is not None


def _replaced(text: str, secrets: Iterable[str]) -> str:
    """Puts `***` where a secret stands."""
    for each in secrets:
        text = text.replace(each, REDACTED)
    return text


def _words(value: str) -> list[str]:
    """Returns a value and what follows the scheme in it: `Bearer abc` may come back as `abc`."""
    return [value, value.partition(" ")[2]]


@functools.lru_cache(maxsize=512)
def _name(name: str) -> str:
    """Returns a field's name to keep."""
    return safe(name[:NAME_MAX])


@functools.lru_cache(maxsize=512)
def _value(value: str) -> str:
    """Returns a field's value to keep; most are the same for every file of a server."""
    value = _without_secrets(value)
    return safe(value if len(value) <= VALUE_MAX else f"{value[: VALUE_MAX - 1]}…")


def _without_secrets(text: str) -> str:
    """Masks userinfo, query and fragment of every URL in a text."""
    if "@" in text:
        text = _LOGIN.sub(f"//{REDACTED}@", text)
    return _QUERY.sub(lambda found: f"{found[0][0]}{REDACTED}", text) if "?" in text or "#" in text else text
