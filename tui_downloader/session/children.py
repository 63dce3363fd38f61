"""Workers that this process started: their exit status is taken, so that no dead one lingers as a zombie.

Owns the list, and the waiting for what such a process does. Loads nothing: reading a session must stay cheap.
"""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable
from typing import Protocol

_LOOK_AGAIN_SECONDS = 0.01


class Child(Protocol):
    """What is needed of a `subprocess.Popen`."""

    returncode: int | None

    def poll(self) -> int | None:
        """Takes the exit status if it has ended."""


_children: list[Child] = []


def keep(child: Child) -> None:
    """Remembers a child until it has ended; it may outlive this process."""
    if not _children:
        atexit.unregister(_let_go)
        atexit.register(_let_go)
    _children.append(child)


def _let_go() -> None:
    """Leaves the children to themselves, as is meant: `subprocess` would warn of each one that still runs."""
    for child in _children:
        child.returncode = 0


def reap() -> None:
    """Takes the exit status of those that have ended."""
    _children[:] = [each for each in _children if each.poll() is None]


def wait_until(condition: Callable[[], bool], *, timeout_seconds: float) -> bool:
    """Waits for a condition; tells whether it came true in time."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        reap()
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True
