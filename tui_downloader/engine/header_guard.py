"""How much a server may send before the first byte of a body.

Owns the limits of a response's header: bytes, fields, and interim responses (RFC 9110 section 15.2) before the
final one. Reads just enough of the bytes to count; what they mean is the HTTP library's. Must never keep more of
them than the begin of one line.
"""

from __future__ import annotations

from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason

HEADER_BYTES_MAX = 64 * 1024
"""Most bytes of all headers of one response together."""
FIELDS_MAX = 1000
"""Most fields of one response."""
INTERIM_RESPONSES_MAX = 20
"""Most responses of the kind `100 Continue` before the final one."""

_STATUS_BYTES = len("HTTP/1.1 100 ")


class HeaderGuard:
    """Counts one response's header while it comes in."""

    def __init__(self) -> None:
        """Waits for a response."""
        self.begin()

    def begin(self) -> None:
        """Waits for the next response of the same connection."""
        self.is_body = False
        """Whether the header has ended: what comes now is not counted."""
        self._bytes = self._fields = self._interim = 0
        self._line = b""
        self._status: bytes | None = None

    def feed(self, data: bytes) -> None:
        """Counts what came.

        Args:
            data: The next bytes of the connection; a body may begin in them.

        Raises:
            TransferError: It is too much; the connection is of no use any more.
        """
        start = 0
        while not self.is_body and start < len(data):
            end = data.find(b"\n", start) + 1
            stop = end or len(data)
            self._line += data[start : min(stop, start + _STATUS_BYTES - len(self._line))]
            self._bytes += stop - start
            if self._bytes > HEADER_BYTES_MAX:
                raise _too_much(f"is larger than {HEADER_BYTES_MAX // 1024} KiB")
            if end:
                self._end_line(self._line.rstrip(b"\r\n"))
                self._line = b""
            start = stop

    def _end_line(self, line: bytes) -> None:
        """Takes in the begin of a whole line: a status, a field, or the empty one at the end."""
        if self._status is None:
            self._status = line
            self.is_body = not line
        elif line:
            self._fields += 1
            if self._fields > FIELDS_MAX:
                raise _too_much(f"has more than {FIELDS_MAX} fields")
        elif _is_interim(self._status):
            self._status = None
            self._interim += 1
            if self._interim > INTERIM_RESPONSES_MAX:
                raise _too_much(f"does not come, after {self._interim} interim responses")
        else:
            self.is_body = True


def _is_interim(status_line: bytes) -> bool:
    """Tells whether another response follows (101 is the last one of its connection)."""
    status = status_line.partition(b" ")[2].lstrip()[:3]
    return len(status) == 3 and status.startswith(b"1") and status.isdigit() and status != b"101"


def _too_much(what: str) -> TransferError:
    return TransferError(Reason.BAD_RESPONSE, f"the header of the server’s answer {what}")
