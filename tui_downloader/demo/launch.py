"""Starting the demonstration's server, finding it again, and ending it.

Owns the launcher's side. Must never import Pillow or the server: the server is another process, which
goes on when this one ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tui_downloader.demo.rendezvous import HOST, LOG_NAME, find_server, is_locked
from tui_downloader.errors import TuidlError
from tui_downloader.paths import create_private_directory

_POLL_SECONDS = 0.05
"""How often a launcher looks whether the server has changed."""

_STOP_SECONDS = 15.0
"""How long a server may take to end; one that is just drawing the wallpaper finishes that first."""


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A server that answers."""

    port: int
    """Its port on loopback; the same as last time, unless another program has taken that one."""

    @property
    def base_url(self) -> str:
        """The URL of its root, with the slash at the end."""
        return f"http://{HOST}:{self.port}/"

    def url(self, name: str) -> str:
        """Return the URL of a picture.

        Args:
            name: One of the names in `tui_downloader.demo.pictures.PICTURES`.
        """
        return self.base_url + quote(name, safe="")


def ensure_server(
    directory: Path, *, rate_bytes_per_second: int = 150_000, timeout_seconds: float = 30.0
) -> DemoServer:
    """Return the directory's server; starts it, detached, if there is none.

    The first start draws the wallpaper before the server answers; later ones find it there. Blocks: an
    event loop must call it in a thread.

    Args:
        directory: Where pictures, lock and port are; made if missing, for this user only.
        rate_bytes_per_second: The pace of each connection; one that runs already keeps its own.
        timeout_seconds: How long to wait for the server to answer.

    Raises:
        TuidlError: The server cannot be started.
    """
    deadline = time.monotonic() + timeout_seconds
    started: list[subprocess.Popen[bytes]] = []
    try:
        create_private_directory(directory)
        directory = directory.resolve()
        while (record := find_server(directory)) is None:
            _start_if_nobody_has(directory, rate_bytes_per_second, started)
            if time.monotonic() >= deadline:
                _give_up(started)
                raise TuidlError(f"The demo server did not answer within {timeout_seconds:g} seconds.")
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        raise TuidlError(f"The demo server could not be started: {error}.") from error
    finally:
        for process in started:
            # Somebody has to collect the exit code, whenever it comes.
            threading.Thread(target=process.wait, daemon=True, name="demo-server-exit").start()
    return DemoServer(record.port)


def stop_server(directory: Path) -> None:
    """End the directory's server, if there is one, and wait until it is gone; the files stay.

    Args:
        directory: Where its lock and port are; need not exist.

    Raises:
        TuidlError: The server does not end.
    """
    deadline = time.monotonic() + _STOP_SECONDS
    told = False
    try:
        while is_locked(directory):
            record = None if told else find_server(directory)
            if record is not None:
                # It has just answered with this very pid, so the pid is not anybody else's.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(record.pid, signal.SIGTERM)
                told = True
            if time.monotonic() >= deadline:
                raise TuidlError(f"The demo server does not end; {directory / LOG_NAME} may tell why.")
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        raise TuidlError(f"The demo server could not be ended: {error}.") from error


def _start_if_nobody_has(directory: Path, rate: int, started: list[subprocess.Popen[bytes]]) -> None:
    if started:
        exit_code = started[-1].poll()
        if exit_code is None:
            return
        if exit_code != 0:
            raise TuidlError(f"The demo server could not be started: {_last_words(directory)}")
    # A code of 0 means that another launcher was faster, or that its look at the lock was in the way.
    if not is_locked(directory):
        started.append(_start(directory, rate))


def _start(directory: Path, rate: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "tui_downloader.demo"]
    command += ["--directory", str(directory), "--rate", str(rate)]
    with (directory / LOG_NAME).open("wb") as log:
        return subprocess.Popen(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _give_up(started: list[subprocess.Popen[bytes]]) -> None:
    for process in started:
        if process.poll() is None:
            process.terminate()


def _last_words(directory: Path) -> str:
    with contextlib.suppress(OSError):
        lines = (directory / LOG_NAME).read_text("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        if said:
            return said[-1]
    return "it ended without a word."
