"""Digests of a file while it arrives.

Owns the hashing. The first small bytes are hashed as they come; of more, a thread reads what was just written,
right behind the connections, from the page cache: so no byte waits for it and none is copied between threads. A
digest that nothing is compared with leaves the processor to bytes that come fast. Must never take a byte that the
transfer has not called received.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable

from tui_downloader.engine.buffers import new_buffer
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.growth import FAST_BYTES_PER_SECOND
from tui_downloader.engine.partial_file import PartialFile

READ_BYTES = 1024 * 1024
"""How much is read at once."""
SMALL_BYTES = 1024 * 1024
"""As long as no more has come, bytes are hashed at once: a thread would cost more."""
REST_SECONDS_MIN = 0.02
"""Wait for more bytes after some came."""
REST_SECONDS_MAX = 1.0
"""Longest wait for more bytes; it doubles while few come."""

LATER_BYTES = 32 * 1024 * 1024
"""With more than this still to be hashed, a file whose digest is only recorded does not wait for it."""
LAG_BYTES = 1024 * 1024 * 1024
"""While bytes come fast, as much as this may wait to be hashed: the system still has it in memory then."""
LOOK_SECONDS = 0.1
"""Shortest time over which it is judged how fast bytes come."""
NICE = 10
"""Priority of hashing beside connections: where the processor is short, bytes come first."""

_CONSTRUCTORS = {"sha-512": "sha512", "sha-256": "sha256", "sha-1": "sha1", "md5": "md5"}


def new_hash(algorithm: str) -> hashlib._Hash:
    """Makes a hash object for the usual name of an algorithm."""
    return hashlib.new(_CONSTRUCTORS[algorithm], usedforsecurity=False)


class Hasher:
    """Hashes one file with several algorithms at once."""

    def __init__(self, algorithms: Iterable[str], *, may_lag: bool = False) -> None:
        """Begins with the first byte; no thread runs until bytes come.

        Args:
            algorithms: Usual names (`sha-256`); none makes everything cost nothing.
            may_lag: Whether nobody waits for the digests.
        """
        self._may_lag = may_lag
        self._hashes = {algorithm: new_hash(algorithm) for algorithm in sorted(set(algorithms))}
        self._position = 0
        self._source: tuple[PartialFile, Callable[[], int]] | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._ending = threading.Event()

    def follow(self, part: PartialFile, contiguous: Callable[[], int]) -> None:
        """Says where the bytes are going to be.

        Args:
            part: The file.
            contiguous: Returns how many bytes from the first on are there.
        """
        self._source = (part, contiguous)

    def feed(self, block: memoryview, position: int) -> None:
        """Hears of bytes that were just written: hashes the first small ones; for more, starts the thread."""
        if not self._hashes or self._thread is not None:
            return
        if position == self._position and position + len(block) <= SMALL_BYTES:
            self._update(block)
            return
        self._start()

    def finish(self, part: PartialFile, size: int, check: Callable[[], None]) -> dict[str, str]:
        """Returns the digests of the whole file, once what remains is hashed too.

        Args:
            part: The file.
            size: Its length in bytes.
            check: Called between reads; raises when the transfer is stopped.

        Returns:
            Algorithm to lower-case hexadecimal value.
        """
        self.close()
        if self._hashes:
            buffer = new_buffer(min(READ_BYTES, max(1, size - self._position)))
            while self._position < size:
                check()
                self._hash_some(part, buffer, size)
        return {algorithm: each.hexdigest() for algorithm, each in self._hashes.items()}

    def behind(self, size: int) -> int:
        """Returns how many bytes of a file are still to be hashed."""
        return size - self._position if self._hashes else 0

    def close(self) -> None:
        """Ends the thread; what it has hashed counts."""
        with self._lock:
            self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        """Starts the thread, unless another connection has done so."""
        with self._lock:
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._work, name="hashing", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        """The thread: hashes whatever lies contiguous behind what was hashed; all of it without the GIL."""
        assert self._source is not None, "follow() comes first"
        part, contiguous = self._source
        step_back()
        buffer, rest, pace = new_buffer(READ_BYTES), REST_SECONDS_MIN, Pace()
        while not self._ending.is_set():
            end = contiguous()
            is_fast = self._may_lag and pace.is_fast(now=time.monotonic(), received=end)
            if end - self._position < (LAG_BYTES if is_fast else READ_BYTES):
                self._ending.wait(rest)
                rest = min(rest * 2, REST_SECONDS_MAX)
                continue
            rest = REST_SECONDS_MIN
            try:
                self._hash_some(part, buffer, end)
            except TransferError:
                return  # the transfer, which writes the same file, says what is wrong

    def _hash_some(self, part: PartialFile, buffer: memoryview, end: int) -> None:
        """Reads and hashes the next bytes, none behind the end."""
        count = part.read_into(buffer[: end - self._position], self._position)
        self._update(buffer[:count])

    def _update(self, block: memoryview) -> None:
        """Hashes bytes with every algorithm."""
        for each in self._hashes.values():
            each.update(block)
        self._position += len(block)


class Pace:
    """How fast bytes come; so long as nothing is known of it, fast."""

    def __init__(self) -> None:
        """Knows nothing."""
        self._mark: tuple[float, int] | None = None
        self._is_fast = True

    def is_fast(self, *, now: float, received: int) -> bool:
        """Tells whether so much comes that the connections need the processor.

        Args:
            now: Monotonic seconds.
            received: Bytes so far.
        """
        if self._mark is None:
            self._mark = (now, received)
        seconds, came = now - self._mark[0], received - self._mark[1]
        if seconds >= LOOK_SECONDS:
            self._is_fast = came >= FAST_BYTES_PER_SECOND * seconds
            self._mark = (now, received)
        return self._is_fast


def step_back() -> None:
    """Lets the calling thread work where the processor has nothing better to do (of threads only Linux does)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
