"""All open exchanges of one transfer: whatever waits, a stop reaches it.

Owns the list and the stop flag of the whole transfer. Must never forget an exchange that still holds a socket.
"""

from __future__ import annotations

import threading

from tui_downloader.engine.exchange import Exchange, RequestPlan
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.engine.throttle import Throttles
from tui_downloader.engine.trail import Trail
from tui_downloader.engine.transport import Transports
from tui_downloader.settings import Settings


class Connections:
    """The exchanges of one transfer; thread-safe."""

    def __init__(self, transports: Transports, throttles: Throttles, settings: Settings) -> None:
        """Begins without any."""
        self._throttles = throttles
        self._transports = transports
        self._settings = settings
        self._trail = Trail()
        self._lock = threading.Lock()
        self._open: list[Exchange] = []
        self._stopped = threading.Event()
        self.stop_cause: StopCause | None = None
        """Why all were stopped; `None` while they were not."""

    @property
    def held_back(self) -> bool:
        """Whether a speed limit, not the server, is what is slow now."""
        return self._throttles.hold_back

    def begin(self) -> Exchange:
        """Returns an exchange that can be stopped from now on, to be given to `drop`.

        Raises:
            Stopped: All were stopped.
        """
        exchange = Exchange(self._transports, self._throttles, self._settings, trail=self._trail)
        with self._lock:
            self.check()
            self._open.append(exchange)
        return exchange

    def ask(self, plan: RequestPlan) -> tuple[Exchange, ResponseHead]:
        """Sends a request over an exchange of its own.

        Returns:
            The exchange, to be given to `drop`, and the header of its response.

        Raises:
            TransferError: No usable response.
            Stopped: It was stopped.
        """
        exchange = self.begin()
        try:
            return exchange, exchange.open(plan)
        except BaseException:
            self.drop(exchange)
            raise

    def drop(self, exchange: Exchange) -> None:
        """Closes an exchange; a second call does nothing."""
        with self._lock:
            if exchange not in self._open:
                return
            self._open.remove(exchange)
        exchange.close()

    def stop(self, cause: StopCause) -> None:
        """Ends all that is open and lets nothing new open; the first cause counts."""
        with self._lock:
            if self.stop_cause is None:
                self.stop_cause = cause
            open_now = list(self._open)
        self._stopped.set()
        for each in open_now:
            each.stopper.stop(cause)

    def check(self) -> None:
        """Raises `Stopped` if all were stopped."""
        if self.stop_cause is not None:
            raise Stopped(self.stop_cause)

    def pause(self, seconds: float) -> None:
        """Waits for a while, or until a stop."""
        self._stopped.wait(seconds)
        self.check()

    def close(self) -> None:
        """Closes whatever is still open."""
        for each in list(self._open):
            self.drop(each)

    def supervise(self, *, now: float) -> None:
        """Watches the limits of connecting and of headers; monotonic seconds."""
        with self._lock:
            open_now = list(self._open)
        for each in open_now:
            each.supervise(now=now)
