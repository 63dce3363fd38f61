"""Requests: what the user asked for, checked once when it enters.

Owns URL checking and redaction. Must never let a secret into `repr` or a display text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from tui_downloader.errors import InvalidDirectoryError, InvalidInputError, InvalidUrlError
from tui_downloader.model.display_text import safe

URL_LENGTH_MAX = 65_536
"""Longest URL taken, in characters."""

REDACTED = "***"
"""Stands where a secret was."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_OTHER_SCHEME = re.compile(
    r"(about|blob|data|file|ftps?|javascript|magnet|mailto|sftp|view-source):", re.IGNORECASE
)
_HOST = re.compile(r"[^\s/?#@\\<>\"'`{}|^]+")
_SECRET_PARAMETER = re.compile(
    r"(?i).*(token|secret|signature|passw|apikey|api_key|credential|session|auth).*|sig|key|x-amz-.*|x-goog-.*|se|sp|sv"
)
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One file asked for; made with `Request.parse` where the text comes from a user."""

    url: str = field(repr=False)
    """The URL as added, http or https, with its secrets; show `display_url(url)` instead."""
    directory: Path
    """Absolute directory where the file ends."""
    filename: str | None = None
    """The name the user asked for, as from `checked_filename`; `None` takes the server's."""
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Request fields added by the user, in order; may hold secrets."""
    connections_max: int | None = None
    """Most connections at once; `None` leaves it to the engine."""
    bytes_per_second_max: int | None = None
    """Speed limit of this download; `None` is no limit of its own."""
    checksum: tuple[str, str] | None = None
    """Digest that the file must have: algorithm (`sha-256`) and hexadecimal value; `None` expects none."""
    checksum_url: str | None = field(default=None, repr=False)
    """Where a list of digests in the form of `SHA256SUMS` lies, one of them the file's; `None` is nowhere."""
    paused: bool = False
    """Whether it is added with intent pause."""
    allow_insecure: bool = False
    """Whether a redirect from https to http is followed."""
    allow_private: bool = False
    """Whether a redirect from a public to a private address is followed."""
    added_by: str = ""
    """Which front end added it: `tuidl add`, `screen`, `demo`, or a script's own word."""

    @classmethod
    def parse(
        cls,
        url: str,
        directory: str | Path = ".",
        *,
        filename: str | None = None,
        fields: Sequence[str] = (),
        checksum: str | None = None,
        connections_max: int | None = None,
        bytes_per_second_max: int | None = None,
        paused: bool = False,
    ) -> Request:
        """Makes a request of what a user typed or a script says, and checks all of it.

        Args:
            url: One URL; no scheme means https.
            directory: Where the file ends; it must exist. `~` is the home directory, `.` the current one.
            filename: The name to save under; `None` takes the server's.
            fields: Request fields, each as `Name: value`.
            checksum: Digest that the file must have, as `sha-256:3f9a…`.
            connections_max: Most connections at once; `None` leaves it to the engine.
            bytes_per_second_max: Speed limit; `None` is no limit of its own.
            paused: Whether it is only added; `Session.resume` starts it.

        Raises:
            InvalidInputError: Something of it cannot be used; the sentence says what.
        """
        from tui_downloader.model.checksum import checked_checksum  # late: few requests have one

        return cls(
            url=checked_url(url),
            directory=checked_directory(directory),
            filename=None if filename is None else checked_filename(filename),
            fields=tuple(checked_field(each) for each in fields),
            checksum=None if checksum is None else checked_checksum(checksum),
            connections_max=connections_max,
            bytes_per_second_max=bytes_per_second_max,
            paused=paused,
            added_by="script",
        )


def checked_url(text: str) -> str:
    """Checks what a user typed as a URL; no scheme means https.

    Args:
        text: One URL, blanks around it allowed.

    Returns:
        An absolute http or https URL.

    Raises:
        InvalidUrlError: It cannot be downloaded; the sentence says why.
    """
    url = text.strip(" \t\r\n")
    shown = _quoted(url)
    if not url:
        raise InvalidUrlError("An empty text is not a URL.")
    if len(url) > URL_LENGTH_MAX:
        raise InvalidUrlError(f"{shown} is longer than {URL_LENGTH_MAX} characters.")
    if _CONTROL.search(url) or " " in url:
        raise InvalidUrlError(f"{shown} is not a URL: it contains blanks, line ends or control characters.")
    if _SURROGATE.search(url):
        raise InvalidUrlError(f"{shown} is not a URL: it contains bytes that are no text.")
    scheme = _SCHEME.match(url)
    if (scheme and scheme[1].lower() not in {"http", "https"}) or (not scheme and _OTHER_SCHEME.match(url)):
        raise InvalidUrlError(f"{shown} cannot be downloaded: only http and https.")
    return _with_host(url if scheme else f"https://{url}", shown=shown, complete=scheme is not None)


def _with_host(url: str, *, shown: str, complete: bool) -> str:
    """Checks host and port of a URL that has a scheme."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidUrlError(f"{shown} is not a URL: its host or port cannot be read.") from error
    if not host:
        raise InvalidUrlError(f"{shown} is not a URL: it names no host.")
    if ":" not in host and not _HOST.fullmatch(host):
        raise InvalidUrlError(f"{shown} is not a URL: {_quoted(host)} is no host name.")
    plain_word = "." not in host and ":" not in host and host != "localhost" and port is None
    if plain_word and parts.netloc.endswith(":"):  # a scheme twice: https://https://…
        raise InvalidUrlError(f"{shown} is not a URL: {_quoted(parts.netloc)} is no host name.")
    if not complete and plain_word:
        raise InvalidUrlError(f"{shown} is not a URL: write it out, like https://{safe(host)}/file.")
    return url


def _quoted(text: str) -> str:
    """Puts a text that may be hostile and long into quotation marks for a sentence, secrets taken out.

    What is refused need not have its login where a URL has it: everything before the last `@` may be one.
    """
    login, _, rest = text.rpartition("@")
    shown = f"{REDACTED}@{display_url(rest)}" if login else display_url(text)
    return f"“{shown if len(shown) <= 120 else shown[:90] + '…' + shown[-25:]}”"


def checked_directory(text: str | Path) -> Path:
    """Checks a directory for downloads.

    Args:
        text: What the user typed; `~` is the home directory, a relative path is taken from the current one.

    Returns:
        The absolute path.

    Raises:
        InvalidDirectoryError: It does not exist, is not a directory, is not writable, or its name is not UTF-8.
    """
    shown = safe(str(text))
    try:
        path = Path(text).expanduser().absolute()
        if not path.is_dir():
            problem = "is not a directory" if path.exists() else "does not exist"
            raise InvalidDirectoryError(f"The directory “{shown}” {problem}.")
    except (OSError, ValueError, RuntimeError) as error:
        problem = safe(getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise InvalidDirectoryError(f"The directory “{shown}” cannot be used: {problem}.") from error
    if _SURROGATE.search(str(path)):
        raise InvalidDirectoryError(f"The directory “{shown}” cannot be used: its name is not UTF-8.")
    if not os.access(path, os.W_OK | os.X_OK):
        raise InvalidDirectoryError(f"The directory “{shown}” is not writable.")
    return path


def checked_filename(text: str) -> str:
    """Checks what a user typed as the name of a file; what is only unwise in it is made safe later.

    Args:
        text: One name, no path.

    Returns:
        The text.

    Raises:
        InvalidInputError: It is empty, holds a separator or control characters, or is not text: a byte of a
            command line that is not UTF-8 arrives as a surrogate (PEP 383), which no column of text takes.
    """
    shown = safe(text)
    if _SURROGATE.search(text):
        raise InvalidInputError(f"“{shown}” cannot be a file name: it is not UTF-8.")
    if "/" in text or "\\" in text:
        raise InvalidInputError(f"“{shown}” is not a file name: it holds a separator; -d names the directory.")
    if not text.strip(" .-") or _CONTROL.search(text):
        raise InvalidInputError(f"“{shown}” cannot be a file name.")
    return text


def checked_field(text: str) -> tuple[str, str]:
    """Reads a request field as typed: `Name: value`.

    Raises:
        InvalidInputError: It has no colon, no valid name or control characters; the value is never shown.
    """
    name, colon, value = text.partition(":")
    if not colon or not _FIELD_NAME.fullmatch(name.strip()) or _CONTROL.search(value.strip()):
        raise InvalidInputError(f"{_quoted(name)} is not a request field: write 'Name: value'.")
    if not value.strip().isascii():
        raise InvalidInputError(f"The value of the request field {_quoted(name)} has characters outside ASCII.")
    return name.strip(), value.strip()


def display_url(url: str) -> str:
    """Returns a URL for screen and JSON: userinfo and secret query values replaced by `***`, safe to print."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return safe(url.rpartition("@")[2].partition("?")[0])
    location = parts.netloc
    if "@" in location:
        location = f"{REDACTED}@{location.rpartition('@')[2]}"
    query = "&".join(_redacted_parameter(part) for part in parts.query.split("&"))
    return safe(urlunsplit((parts.scheme, location, parts.path, query, "")))


def _redacted_parameter(part: str) -> str:
    """Replaces the value of a secret query parameter."""
    name, equals, _ = part.partition("=")
    return f"{name}={REDACTED}" if equals and _SECRET_PARAMETER.fullmatch(unquote_plus(name)) else part


def log_url(url: str) -> str:
    """Returns a URL for the log: no userinfo, no query string, safe to print."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(a URL that cannot be read)"
    location = parts.netloc.rpartition("@")[2]
    path = quote(parts.path, safe="/%~!$&'()*+,;=:@", errors="replace")
    return safe(urlunsplit((parts.scheme, location, path, "", "")))


def location_of(url: str) -> str:
    """Returns a URL's host, port and path, without scheme, userinfo, query and fragment; to search and sort by.

    Takes a tenth of the time of reading the URL as a whole; what it returns is not safe to print.
    """
    location = url.partition("://")[2].partition("?")[0].partition("#")[0]
    authority, slash, path = location.partition("/")
    return f"{authority.rpartition('@')[2]}{slash}{path}"


def host_of(url: str) -> str:
    """Returns the host of a URL, safe to print; empty if there is none."""
    try:
        return safe(urlsplit(url).hostname or "")
    except ValueError:
        return ""
