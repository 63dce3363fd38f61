"""Why a transfer ended without the file: every foreign error becomes one of the closed set of reasons, here.

Owns `TransferError` and the translation. Must never let a URL with secrets into a sentence.
"""

from __future__ import annotations

import contextlib
import errno
import re
import socket
import ssl
from pathlib import Path
from types import TracebackType

from tui_downloader.errors import TuidlError
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.units import format_span

_STATUS_REASONS = {
    401: (Reason.NEEDS_CREDENTIALS, "the server asks for a name and password"),
    404: (Reason.NOT_FOUND, "not found on the server"),
    407: (Reason.NEEDS_CREDENTIALS, "the proxy asks for a name and password"),
    408: (Reason.TIMEOUT, "the server ended a request that took too long"),
    410: (Reason.NOT_FOUND, "not found on the server"),
    429: (Reason.SERVER_BUSY, "the server is busy"),
    503: (Reason.SERVER_BUSY, "the server is busy"),
}
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}

_QUOTED = re.compile(r"bytearray\(b.*")
"""What h11 quotes of the answer, as Python writes it."""


class TransferError(TuidlError):
    """A transfer ended; its text is one sentence for the user."""

    def __init__(
        self,
        reason: Reason,
        sentence: str,
        *,
        http_status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        """Keeps the reason with its sentence.

        Args:
            reason: From the closed set; it decides between waiting and failed.
            sentence: What happened, safe to print.
            http_status: Status code of the response, if one explains it.
            retry_after_seconds: How long the server asked to wait; `None` if it did not.
        """
        super().__init__(sentence)
        self.reason = reason
        self.http_status = http_status
        self.retry_after_seconds = retry_after_seconds
        self.exchange: RecordedExchange | None = None
        """The exchange that explains it; `None` if there was no response."""


class NoConnectionError(Exception):
    """No connection was made; its cause says why."""


class BrokenHttpError(Exception):
    """What a server sent is no HTTP, or ended too early; its text says what, in a library's words."""


class ObjectChangedError(Exception):
    """The bytes on disk and the bytes that come are not of one representation, or may not be: start over.

    Its text is a clause for the user.
    """


def status_error(status: int, *, under_way: bool, retry_after_seconds: float | None) -> TransferError:
    """Turns a status code that brings no file into an error.

    Args:
        status: The code, outside 200 and 206.
        under_way: Whether part of the file is on disk already: a refusal then means the link has expired.
        retry_after_seconds: The server's `Retry-After`, in seconds; `None` if absent.
    """
    reason, sentence = _status_reason(status, under_way=under_way)
    if reason is Reason.SERVER_BUSY and retry_after_seconds:
        sentence = f"the server asked for {_wait_words(retry_after_seconds)}"
    return TransferError(
        reason, f"{sentence} ({status})", http_status=status, retry_after_seconds=retry_after_seconds
    )


def _wait_words(seconds: float) -> str:
    """Words the wait that a server asks for; below two minutes to the second, as servers count."""
    return f"{max(1, round(seconds))} s" if seconds < 120 else format_span(seconds)


def _status_reason(status: int, *, under_way: bool) -> tuple[Reason, str]:
    """Chooses reason and words for a status code (RFC 9110 section 15)."""
    if status in {403, 410} and under_way:
        return Reason.LINK_EXPIRED, "the link has expired"
    if status in _STATUS_REASONS:
        return _STATUS_REASONS[status]
    if status >= 500:
        return Reason.SERVER_ERROR, "the server has a problem"
    if status >= 400:
        return Reason.REFUSED, "the server refused the request"
    return Reason.BAD_RESPONSE, "the server’s answer is not a file"


def is_disk_full(error: OSError) -> bool:
    """Tells whether a write failed only because there is no room."""
    return error.errno in _DISK_FULL


def disk_error(error: OSError, directory: Path) -> TransferError:
    """Turns an error of the file system into a reason: a full disk waits, everything else needs the user."""
    shown = safe(str(directory))
    if is_disk_full(error):
        return TransferError(Reason.DISK_FULL, f"disk full in {shown}")
    return TransferError(
        Reason.DESTINATION, f"the file cannot be written in {shown}: {error.strerror or type(error).__name__}"
    )


class DiskErrors:
    """Translates errors of the file system in its block; a class, since a small file needs ten of them."""

    __slots__ = ("_directory", "_path")

    def __init__(self, *, directory: Path | None = None, path: Path | None = None) -> None:
        """Prepares: one of the two is where the errors happen, a directory or a file."""
        self._directory = directory
        self._path = path

    def __enter__(self) -> None:
        """Begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Translates what the block raised.

        Raises:
            TransferError: With reason disk-full or destination.
        """
        if isinstance(error, OSError):
            directory = self._directory if self._path is None else self._path.parent
            assert directory is not None
            raise disk_error(error, directory) from error


def directory_errors(directory: Path) -> DiskErrors:
    """Translates errors of the file system that happen in a directory, in a `with` block."""
    return DiskErrors(directory=directory)


def disk_errors(path: Path) -> DiskErrors:
    """Translates errors of the file system that happen to a file, in a `with` block."""
    return DiskErrors(path=path)


class _NetworkErrors:
    """Translates errors of connections in its block; a class, since every file needs two of them."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Translates what the block raised.

        Raises:
            TransferError: With the reason.
        """
        if isinstance(error, TimeoutError):
            raise TransferError(Reason.TIMEOUT, "the server does not answer") from error
        if isinstance(error, NoConnectionError):
            raise _connect_error(error) from error
        if isinstance(error, BrokenHttpError):
            raise _protocol_error(error) from error
        if isinstance(error, OSError):  # TLS errors are
            raise TransferError(Reason.CONNECTION_LOST, "connection lost") from error


def network_errors() -> _NetworkErrors:
    """Translates errors of connections and sockets, in a `with` block."""
    return _NetworkErrors()


def _protocol_error(error: BrokenHttpError) -> TransferError:
    """Tells a connection that ended early from a server that does not speak HTTP."""
    words = str(error).lower()
    if "disconnect" in words or "closed connection" in words or "incomplete" in words:
        return TransferError(Reason.CONNECTION_LOST, "connection lost")
    what = _QUOTED.sub("", str(error)).strip(" :()")
    return TransferError(Reason.BAD_RESPONSE, f"the server’s answer breaks HTTP: {safe(what)[:200]}")


def _connect_error(error: Exception) -> TransferError:
    """Finds the cause of a connection that could not be made."""
    cause = root_cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return TransferError(Reason.TLS, f"the certificate cannot be trusted: {safe(cause.verify_message)}")
    if isinstance(cause, ssl.SSLError):
        return TransferError(Reason.TLS, f"no secure connection: {safe(cause.reason or str(cause))}")
    if isinstance(cause, socket.gaierror):
        if cause.errno == socket.EAI_AGAIN or not has_route():
            return TransferError(Reason.OFFLINE, "no network")
        return TransferError(Reason.CONNECTION_LOST, "the host’s name was not found")
    if isinstance(cause, OSError) and cause.errno in _NO_NETWORK:
        return TransferError(Reason.OFFLINE, "no network")
    if isinstance(cause, ConnectionRefusedError):
        return TransferError(Reason.CONNECTION_LOST, "the server refused the connection")
    return TransferError(Reason.CONNECTION_LOST, "no connection to the server")


def root_cause(error: BaseException) -> BaseException:
    """Follows causes and contexts to the first error."""
    while (before := error.__cause__ or error.__context__) is not None:
        error = before
    return error


def forget_way(error: BaseException) -> None:
    """Lets go of the frames that an error and its causes came through, and so of the buffers in them.

    A frame that still names the error it raised is in a circle with it: megabytes that wait for the collector.
    """
    step: BaseException | None = error
    while step is not None:
        step.__traceback__ = None
        step = step.__cause__ or step.__context__


def has_route() -> bool:
    """Tells whether the system knows a way to the Internet; connecting a datagram socket sends nothing."""
    for family, address in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
            return True
    return False
