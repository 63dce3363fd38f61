"""Workers that this process started: their exit status is taken, so that no dead one lingers as a zombie.

Owns the list. Loads nothing: reading a session must stay cheap.
"""

from __future__ import annotations

from typing import Protocol


class Child(Protocol):
    """What is needed of a `subprocess.Popen`."""

    def poll(self) -> int | None:
        """Takes the exit status if it has ended."""


_children: list[Child] = []


def keep(child: Child) -> None:
    """Remembers a child until it has ended."""
    _children.append(child)


def reap() -> None:
    """Takes the exit status of those that have ended."""
    _children[:] = [each for each in _children if each.poll() is None]
