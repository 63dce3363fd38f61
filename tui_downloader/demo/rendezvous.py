"""How a launcher and the one server of a directory find each other.

Owns the lock, the record beside it, and the sign by which a server is recognised. Must never trust the
record alone: it may be older than the last reboot, its port taken by a stranger, its pid by another.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.demo.durable import write_durably

HOST = "127.0.0.1"
"""The only address that is listened on."""

LOCK_NAME = "server.lock"
"""The file whose lock a server holds for life."""

RECORD_NAME = "server.json"
"""The file that tells the server's port; it stays, so that the next server takes the same port."""

LOG_NAME = "server.log"
"""Where a detached server writes what went wrong."""

_ANSWER_SECONDS = 1.0
"""How long a listening port may take to answer."""


@dataclass(frozen=True, slots=True)
class Record:
    """Where the server of a directory is, or was."""

    port: int
    """The port on loopback, 1 to 65535."""
    pid: int
    """Its process."""


def server_field(pid: int) -> str:
    """Return the value of the field Server, by which the server with this pid is recognised.

    Args:
        pid: The server's process.
    """
    return f"tuidl-demo/{pid}"


def read_record(directory: Path) -> Record | None:
    """Return what the last server wrote, or None if there is nothing usable.

    Args:
        directory: The server's directory.
    """
    try:
        written = json.loads((directory / RECORD_NAME).read_bytes())
        port, pid = written["port"], written["pid"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    if type(port) is not int or type(pid) is not int or not (1 <= port <= 65535) or pid <= 1:
        return None
    return Record(port, pid)


def write_record(directory: Path, record: Record) -> None:
    """Write where the server is; only the holder of the lock may.

    Args:
        directory: The server's directory.
        record: Its place.

    Raises:
        OSError: The file cannot be written.
    """
    write_durably(directory / RECORD_NAME, json.dumps({"port": record.port, "pid": record.pid}).encode())


def take_lock(directory: Path) -> int | None:
    """Return the descriptor that holds the server's lock until it is closed, or None if it is taken.

    Args:
        directory: The server's directory, which exists.

    Raises:
        OSError: The lock file cannot be made.
    """
    descriptor = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return descriptor


def is_locked(directory: Path) -> bool:
    """Return whether a server holds the lock, from its first moment to its last.

    Args:
        directory: The server's directory, which need not exist.

    Raises:
        OSError: The lock file is there and cannot be opened.
    """
    if not (directory / LOCK_NAME).exists():
        return False
    descriptor = take_lock(directory)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def find_server(directory: Path) -> Record | None:
    """Return where the directory's server is, after it has answered and named the recorded pid.

    Args:
        directory: The server's directory, which need not exist.
    """
    record = read_record(directory)
    if record is None:
        return None
    connection = http.client.HTTPConnection(HOST, record.port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("HEAD", "/")
        sign = connection.getresponse().getheader("Server")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return record if sign == server_field(record.pid) else None
