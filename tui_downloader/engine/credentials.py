"""Names and passwords for servers: which of them goes into a request, and into no other.

Owns Basic credentials (RFC 7617) from the URL and from the netrc file. Must never let a password into a sentence,
a `repr` or the log: a netrc file that cannot be used is told by its path and line only.

The netrc file is for the origin of the URL that the user gave, and only for machines that it names: after a
redirect to another origin nothing of it is sent, not even that server's own entry, since the user did not choose
that server. Its `default` entry is not used, which would give a password to every server there is.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import netrc
import os
import stat
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.engine.address import Address
from tui_downloader.model.display_text import safe

_logger = logging.getLogger("tui_downloader.worker.credentials")
"""Hands on to the worker's log."""
_NETRC_BYTES_MAX = 1024 * 1024
"""A larger file is no netrc file."""


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password."""

    name: str = field(repr=False)
    """User name."""
    password: str = field(repr=False)
    """Password; empty if there is none."""

    @property
    def authorization(self) -> str:
        """Value of the field `Authorization` (RFC 7617 section 2, UTF-8)."""
        token = base64.b64encode(f"{self.name}:{self.password}".encode(errors="replace"))
        return f"Basic {token.decode('ascii')}"


def login_for(address: Address, original: Address, logins: Netrc) -> Login | None:
    """Chooses the credentials of one request.

    Args:
        address: Where it goes; a redirect may name credentials in its own URL.
        original: The URL as the user gave it: its credentials and the netrc file are for its origin only
            (RFC 9110 section 15.4).
        logins: The netrc file.

    Returns:
        `None` if there are none for this server.
    """
    if address.login:
        return Login(*address.login)
    if address.origin != original.origin:
        return None
    return Login(*original.login) if original.login else logins.login(original.raw_host)


class Netrc:
    """The user's netrc file, read when it is first needed and again when it changed; thread-safe."""

    def __init__(self, path: Path | None = None) -> None:
        """Reads nothing yet.

        Args:
            path: The file; `None` takes `NETRC` from the environment, else `.netrc` (`_netrc` on Windows) in the
                user's home.
        """
        self._named = path or _path_from_environment()
        self._path = self._named or _path_in_home()
        self._lock = threading.Lock()
        self._read_as: tuple[Path, int, int, int] | None = None
        self._logins: dict[str, Login] = {}
        self._told = ""

    def login(self, host: str) -> Login | None:
        """Returns the login of a machine that the file names; `None` if it names none, or cannot be used.

        Args:
            host: Name or address as in the URL, without brackets.
        """
        with self._lock:
            self._refresh()
            return self._logins.get(host.strip("[]").lower())

    def _refresh(self) -> None:
        """Reads the file if it is another one than before; says once why it cannot be used."""
        path = self._path
        try:
            there = path.stat() if path is not None and str(path) != os.devnull else None
        except OSError as error:
            there = None
            if self._named or not isinstance(error, FileNotFoundError | NotADirectoryError):
                self._tell(f"the netrc file {path} cannot be read: {error.strerror}")
        if path is None or there is None:
            self._read_as, self._logins = None, {}
            return
        now = (path, there.st_mtime_ns, there.st_ctime_ns, there.st_size)
        if now != self._read_as:
            self._read_as, self._logins = now, {}
            fault = _fault(there)
            if fault is None:
                fault = self._read(path)
            if fault is not None:
                self._tell(f"the netrc file {path} is not used: {fault}")

    def _read(self, path: Path) -> str | None:
        """Takes in the logins; returns what is wrong with the file."""
        try:
            hosts = netrc.netrc(path).hosts
        except netrc.NetrcParseError as error:  # its text may hold the password
            return f"line {error.lineno} cannot be understood"
        except OSError as error:
            return error.strerror or type(error).__name__
        except ValueError:
            return "it is not text"
        hosts.pop("default", None)
        self._logins = {
            host.lower(): Login(name or "", password or "") for host, (name, _, password) in hosts.items()
        }
        return None

    def _tell(self, sentence: str) -> None:
        """Logs a sentence, the same one only once."""
        if sentence != self._told:
            self._told = sentence
            _logger.warning("%s", safe(sentence))


def _fault(there: os.stat_result) -> str | None:
    """Tells what forbids to take passwords from a file; `None` if nothing does."""
    if not stat.S_ISREG(there.st_mode):
        return "it is not a regular file"
    if there.st_size > _NETRC_BYTES_MAX:
        return "it is too large"
    if sys.platform != "win32":
        if there.st_uid not in {os.getuid(), 0}:
            return "it belongs to somebody else"
        if there.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return "others can read it (chmod 600 helps)"
    return None


def _path_from_environment() -> Path | None:
    """Returns the file that `NETRC` names; `None` if it names none."""
    named = os.environ.get("NETRC")
    return Path(named) if named else None


def _path_in_home() -> Path | None:
    """Returns the file's usual place; `None` without a home."""
    with contextlib.suppress(RuntimeError):
        usual = Path.home() / ".netrc"
        if sys.platform == "win32" and not usual.exists():
            return usual.with_name("_netrc")
        return usual
    return None
