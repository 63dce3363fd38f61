"""TCP connections to hosts that may have several addresses.

Owns which of a host's addresses is tried when. A host with several is often one with IPv6 in the name service and
none on the way: an address that stays silent is left for the next one, and from then on is the last to be tried.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Connection = TypeVar("Connection")

FIRST_TRY_SECONDS = 2.5
"""How long an address may be silent while the host has others: time for a lost packet to be sent again."""
_SILENT_MAX = 256


class Dialer:
    """Makes connections; thread-safe."""

    def __init__(self) -> None:
        """Knows nothing of any address."""
        self._lock = threading.Lock()
        self._silent: dict[str, None] = {}

    def connect(
        self, host: str, port: int, make: Callable[[str, float | None], Connection], *, timeout: float | None
    ) -> Connection:
        """Connects to the first of a host's addresses that answers.

        Args:
            host: Name or address.
            port: TCP port.
            make: Makes a connection to one address, within so many seconds (`None` is no limit).
            timeout: Seconds for all addresses together; `None` is no limit.

        Raises:
            OSError: No address could be connected to, or there is none.
            TimeoutError: None answered in time.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        addresses = self._in_order(_resolve(host, port))
        for address in addresses[:-1]:
            try:
                return make(address, FIRST_TRY_SECONDS if deadline is None else _share(deadline))
            except TimeoutError:
                self._note_silent(address)
            except OSError:
                continue  # the last one's error is told
        return make(addresses[-1], None if deadline is None else max(0.001, deadline - time.monotonic()))

    def _in_order(self, addresses: list[str]) -> list[str]:
        """Returns the system's order, silent addresses last."""
        with self._lock:
            return sorted(addresses, key=lambda address: address in self._silent)

    def _note_silent(self, address: str) -> None:
        """Remembers an address that did not answer, a bounded number of them."""
        with self._lock:
            self._silent[address] = None
            while len(self._silent) > _SILENT_MAX:
                del self._silent[next(iter(self._silent))]


def tcp_connection(address: str, port: int, timeout: float | None) -> socket.socket:
    """Connects to one address, for short messages as well as long ones.

    Raises:
        OSError: It cannot be connected to.
    """
    connected = socket.create_connection((address, port), timeout)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def _share(deadline: float) -> float:
    """Returns the seconds that an address may take which is not the last one."""
    return max(0.001, min(FIRST_TRY_SECONDS, (deadline - time.monotonic()) / 2))


def _resolve(host: str, port: int) -> list[str]:
    """Returns a host's addresses in the system's order (RFC 6724), each once.

    Raises:
        OSError: There are none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a name with an empty or too long part
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from None
    return list(dict.fromkeys(str(sockaddr[0]) for _, _, _, _, sockaddr in found))
