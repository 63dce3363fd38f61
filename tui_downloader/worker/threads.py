"""Threads that are used again: hundreds of short transfers need no more threads than run at the same time.

Owns the idle threads. Daemons all of them: one that hangs in a name look-up must not keep the worker alive.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

Work = Callable[[], None]
"""What a thread does; it must not raise."""


class Threads:
    """As many threads as are needed at the same time; thread-safe."""

    def __init__(self, name: str) -> None:
        """Starts none yet.

        Args:
            name: What the threads are called.
        """
        self._name = name
        self._lock = threading.Lock()
        self._idle = 0
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()

    @property
    def idle(self) -> int:
        """How many wait for work."""
        return self._idle

    def run(self, work: Work) -> None:
        """Has work done by an idle thread, or by a new one if there is none."""
        with self._lock:
            found = self._idle > 0
            self._idle -= found
        if found:
            self._work.put(work)
        else:
            threading.Thread(target=self._live, args=(work,), name=self._name, daemon=True).start()

    def _live(self, work: Work) -> None:
        """A thread: does one piece of work after the other; `run` promised it the next one before it takes it."""
        while True:
            work()
            with self._lock:
                self._idle += 1
            work = self._work.get()
