"""The desk: transfer threads hand in work on the state file, the main thread does it in batches.

Owns the hand-over. All of what waits is done in one transaction, with one fsync if any of it needs one; a thread
goes on only when its part is committed.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from tui_downloader.errors import SessionUnusableError
from tui_downloader.state.database import Database, Transaction

Answer = TypeVar("Answer")

_GATHER_SECONDS = 0.004
"""How long the errands of many threads are gathered: each commit costs a sync and a round of the main loop."""
_GATHER_MIN = 4
"""With fewer threads nobody else is likely to come."""


def gathering(threads: int) -> float:
    """Returns how many seconds errands are worth gathering when so many threads may come."""
    return _GATHER_SECONDS if threads >= _GATHER_MIN else 0.0


@dataclass(frozen=True, slots=True)
class _Errand(Generic[Answer]):
    """One piece of work with its waiting thread."""

    work: Callable[[Transaction], Answer]
    future: Future[Answer] | None
    """Tells the thread; `None` if it does not wait."""
    durable: bool

    def do(self, transaction: Transaction) -> Callable[[], None]:
        """Does the work; returns what tells the thread, to be called after the commit."""
        try:
            with transaction.undoable():
                answer = self.work(transaction)
        except SessionUnusableError:
            raise  # nobody's errand can be committed
        except Exception as error:  # noqa: BLE001 -- it belongs to the thread that asked, which raises it
            refused = error
            return lambda: self.fail(refused)
        return lambda: self.future.set_result(answer) if self.future is not None else None

    def fail(self, error: BaseException) -> None:
        """Tells the thread that it was not done."""
        if self.future is not None:
            self.future.set_exception(error)


class Desk:
    """A queue of errands."""

    def __init__(self) -> None:
        """Begins empty."""
        self._errands: queue.SimpleQueue[_Errand[object] | None] = queue.SimpleQueue()

    def ask(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Has work done by the main thread; returns when it is committed. From transfer threads only.

        Raises:
            Exception: Whatever the work raised; the transaction goes on without it.
        """
        future: Future[Answer] = Future()
        self._errands.put(_Errand(work, future, durable=True))  # type: ignore[arg-type]  # the answer's type matters to its thread only
        return future.result()

    def tell(self, work: Callable[[Transaction], None], *, durable: bool = False) -> None:
        """Has work done by the main thread without waiting for it.

        Args:
            work: What to do.
            durable: Whether it must survive a power loss, not only a killed worker.
        """
        self._errands.put(_Errand(work, None, durable))

    def wake(self) -> None:
        """Makes `serve` return at once; safe in a signal handler."""
        self._errands.put(None)

    def serve(
        self, durable: Database, quick: Database, *, timeout_seconds: float, gather_seconds: float = 0.0
    ) -> int:
        """Waits for errands and does all that are there in one transaction.

        Args:
            durable: A connection whose commits survive a power loss, used by this thread only.
            quick: One whose commits survive a killed process, for errands that need no more.
            timeout_seconds: How long to wait for the first.
            gather_seconds: How long to wait then, so that others share its commit.

        Returns:
            How many were done.
        """
        errands = self._collect(timeout_seconds, gather_seconds)
        if not errands:
            return 0
        database = durable if any(each.durable for each in errands) else quick
        try:
            with database.transaction() as transaction:
                done = [each.do(transaction) for each in errands]
        except BaseException as error:
            for each in errands:
                each.fail(error)
            raise
        for tell in done:
            tell()
        return len(errands)

    def _collect(self, timeout_seconds: float, gather_seconds: float) -> list[_Errand[object]]:
        """Takes what is there; waits for the first, then lets others come."""
        found: list[_Errand[object]] = []
        try:
            first = self._errands.get(timeout=timeout_seconds)
            if first is not None and gather_seconds:
                time.sleep(gather_seconds)
            while True:
                if first is not None:
                    found.append(first)
                first = self._errands.get_nowait()
        except queue.Empty:
            return found
