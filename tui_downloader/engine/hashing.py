"""Digests of a file while it arrives.

Owns the hashing. Bytes that come in order are hashed on a thread of their own as they come, without being read
again; otherwise the file is read once at the end. Must never hold up the connection for longer than its queue.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable, Iterable

from tui_downloader.engine.partial_file import PartialFile

READ_BYTES = 1024 * 1024
"""How much is read at once when a file is hashed at the end."""
SMALL_BYTES = 64 * 1024
"""A smaller block is hashed at once: a thread would cost more."""
_WAITING_BLOCKS = 16

_CONSTRUCTORS = {"sha-512": "sha512", "sha-256": "sha256", "sha-1": "sha1", "md5": "md5"}


def new_hash(algorithm: str) -> hashlib._Hash:
    """Makes a hash object for the usual name of an algorithm."""
    return hashlib.new(_CONSTRUCTORS[algorithm], usedforsecurity=False)


class Hasher:
    """Hashes one file with several algorithms at once."""

    def __init__(self, algorithms: Iterable[str]) -> None:
        """Begins with the first byte; no thread runs until bytes come.

        Args:
            algorithms: Usual names (`sha-256`); none makes everything cost nothing.
        """
        self._hashes = {algorithm: new_hash(algorithm) for algorithm in sorted(set(algorithms))}
        self._position = 0
        self._in_order = True
        self._blocks: queue.Queue[bytes | None] = queue.Queue(_WAITING_BLOCKS)
        self._thread: threading.Thread | None = None

    def feed(self, block: memoryview, position: int) -> None:
        """Takes bytes that were just written; as soon as they are out of order, hashing waits for the end."""
        if not self._hashes or not self._in_order:
            return
        if position != self._position:
            self._in_order = False
            return
        self._position += len(block)
        if self._thread is None and len(block) < SMALL_BYTES:
            self._update(bytes(block))
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="hashing", daemon=True)
            self._thread.start()
        self._blocks.put(bytes(block))

    def finish(self, part: PartialFile, size: int, check: Callable[[], None]) -> dict[str, str]:
        """Returns the digests of the whole file.

        Args:
            part: The file, to be read if its bytes did not come in order.
            size: Its length in bytes.
            check: Called between reads; raises when the transfer is stopped.

        Returns:
            Algorithm to lower-case hexadecimal value.
        """
        self.close()
        if self._hashes and (not self._in_order or self._position != size):
            self._hashes = {algorithm: new_hash(algorithm) for algorithm in self._hashes}
            for position in range(0, size, READ_BYTES):
                check()
                self._update(part.read(position, min(READ_BYTES, size - position)))
        return {algorithm: each.hexdigest() for algorithm, each in self._hashes.items()}

    def close(self) -> None:
        """Ends the thread once it has hashed what it was given."""
        if self._thread is not None:
            self._blocks.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        """The thread: hashes block after block; hashlib releases the GIL."""
        while (block := self._blocks.get()) is not None:
            self._update(block)

    def _update(self, block: bytes) -> None:
        """Hashes bytes with every algorithm."""
        for each in self._hashes.values():
            each.update(block)
