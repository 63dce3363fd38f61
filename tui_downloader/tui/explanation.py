"""Why a download does not move: what happened, what was kept and what follows.

Owns the wording of waiting, failed, paused and cancelled downloads. Must never read a clock, a file or a style.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.tui.detail_words import amount, tilde, without_stop
from tui_downloader.units import format_countdown, format_moment

_HAPPENED: dict[Reason, str] = {
    Reason.OFFLINE: "no network",
    Reason.SERVER_BUSY: "the server is busy",
    Reason.SERVER_ERROR: "the server has a fault of its own",
    Reason.CONNECTION_LOST: "the connection was lost",
    Reason.TIMEOUT: "the server did not answer in time",
    Reason.DISK_FULL: "the disk is full",
    Reason.NOT_FOUND: "not found on the server",
    Reason.NEEDS_CREDENTIALS: "the server wants a login",
    Reason.LINK_EXPIRED: "the link has expired",
    Reason.REFUSED: "the server refused",
    Reason.REFUSED_REDIRECT: "a redirect led where it must not be followed",
    Reason.TLS: "the secure connection could not be trusted",
    Reason.BAD_RESPONSE: "the server’s answer makes no sense",
    Reason.UNSUPPORTED_URL: "this URL cannot be downloaded: only http and https",
    Reason.TOO_MANY_REDIRECTS: "too many redirects",
    Reason.DESTINATION: "the file cannot be written",
    Reason.CHECKSUM_MISMATCH: "the bytes do not match the checksum",
    Reason.GAVE_UP: "gave up after a long time without progress",
}
"""What happened, where the download brings no sentence of its own."""

_HELPS: dict[Reason, str] = {
    Reason.NOT_FOUND: "check the URL with Y · r try again",
    Reason.LINK_EXPIRED: "u paste a new link",
    Reason.CHECKSUM_MISMATCH: "r start over",
}
"""Which key helps most after a failure."""

_PLAIN = frozenset({Reason.OFFLINE, Reason.NOT_FOUND, Reason.LINK_EXPIRED})
"""Reasons whose words here say all there is; for the others the recorded sentence knows more."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a download does not move, in the order the user wants to know."""

    happened: str
    """What happened, without a capital at the start and without a full stop."""
    kept: str | None
    """What is left of it; `None` if nothing was received."""
    follows: str | None
    """What happens next by itself; `None` if nothing does."""
    helps: str | None = None
    """Which key helps most; `None` if several do."""


def explain(download: Download, *, now: float) -> Explanation | None:
    """Explains a download that waits, failed, is paused or was cancelled.

    Args:
        download: The snapshot.
        now: The present, Unix seconds.

    Returns:
        The explanation; `None` for a download that moves, is queued or is complete.
    """
    match download.state:
        case State.WAITING:
            return Explanation(_happened(download, now=now), kept(download), _follows(download, now=now))
        case State.FAILED:
            helps = _HELPS.get(download.reason) if download.reason is not None else None
            return Explanation(_happened(download, now=now), kept(download), None, helps)
        case State.PAUSED | State.CANCELLED:
            return Explanation(download.state.value, kept(download), None)
        case _:
            return None


def _happened(download: Download, *, now: float) -> str:
    """Words what happened, with the status code, the moment or the checksum that belongs to it."""
    reason = download.reason
    if reason is None:
        return without_stop(download.error) if download.error else "it stopped for an unknown reason"
    if download.error and reason not in _PLAIN:
        return without_stop(download.error)
    words = _HAPPENED[reason]
    if reason is Reason.OFFLINE and download.waiting_since is not None:
        return f"{words} since {format_moment(download.waiting_since, now=now)}"
    if reason is Reason.DESTINATION:
        return f"{words} in {tilde(download.directory)}"
    if reason is Reason.CHECKSUM_MISMATCH and download.digest is not None:
        return f"the bytes do not match {download.digest.algorithm} {download.digest.value[:8]}…"
    return f"{words} ({download.http_status})" if download.http_status is not None else words


def _follows(download: Download, *, now: float) -> str:
    """Words what a waiting download does next."""
    if download.retry_at is None or download.reason in {Reason.OFFLINE, Reason.DISK_FULL}:
        return "goes on by itself"
    left = download.retry_at - now
    return f"next try in {format_countdown(left)}" if left > 0 else "next try now"


def kept(download: Download) -> str | None:
    """Words what is kept of an unfinished download: `1.1 of 1.9 GB kept`; `None` if there is nothing."""
    if not download.bytes_received:
        return None
    if download.reason is Reason.CHECKSUM_MISMATCH and download.part_path is not None:
        return f"kept as {safe(download.part_path.name)}"
    return f"{amount(download)} kept"
