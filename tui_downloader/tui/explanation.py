"""Why a download does not move: what happened, what was kept and what follows.

Owns the wording of waiting, failed, paused and cancelled downloads. Must never read a clock, a file or a style.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.reason_words import REASON_WORDS
from tui_downloader.tui.detail_words import amount, tilde, without_stop
from tui_downloader.tui.keys import named
from tui_downloader.units import format_countdown, format_moment

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
    """Which keys help; `None` if it needs none."""
    command: str | None = None
    """Which command line helps; `None` if it needs none."""


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
            follows: str | None = _follows(download, now=now)
        case State.FAILED:
            follows = None
        case State.PAUSED | State.CANCELLED:
            return Explanation(download.state.value, kept(download), None)
        case _:
            return None
    words = REASON_WORDS[download.reason] if download.reason is not None else None
    return Explanation(
        _happened(download, now=now),
        kept(download),
        follows,
        named(words.helps) or None if words else None,
        words.command.format(id=download.id) or None if words else None,
    )


def in_a_row(explanation: Explanation, *, with_command: bool = False, with_keys: bool = False) -> str:
    """Words an explanation in one line: what happened · what was kept · what happens next · what helps.

    Args:
        explanation: The explanation.
        with_command: Whether to end with the command line that helps.
        with_keys: Whether to end with the keys that help.
    """
    parts = [explanation.happened, explanation.kept, explanation.follows]
    parts += [explanation.command] if with_command else []
    parts += [explanation.helps] if with_keys else []
    return " · ".join(each for each in parts if each)


def in_short(download: Download, *, now: float) -> str:
    """Words why a download waits or failed, for a narrow column: `server busy · next try 0:42`.

    Args:
        download: The snapshot.
        now: The present, Unix seconds.

    Returns:
        The words; empty if it does neither, or nobody knows why.
    """
    if download.reason is None or download.state not in {State.WAITING, State.FAILED}:
        return ""
    short = REASON_WORDS[download.reason].short
    if download.state is State.FAILED:
        return short
    if goes_on_by_itself(download):
        since = download.waiting_since
        return short if since is None else f"{short} since {format_moment(since, now=now)}"
    return f"{short} · next try {next_try(download, now=now)}"


def goes_on_by_itself(download: Download) -> bool:
    """Tells whether a waiting download goes on when something comes back, not at a moment that is known."""
    return download.retry_at is None or download.reason in {Reason.OFFLINE, Reason.DISK_FULL}


def next_try(download: Download, *, now: float) -> str:
    """Words when a waiting download tries again: `0:42`, `now`; empty if that is not known."""
    if download.state is not State.WAITING or download.retry_at is None:
        return ""
    left = download.retry_at - now
    return format_countdown(left) if left >= 1 else "now"


def _happened(download: Download, *, now: float) -> str:
    """Words what happened, with the status code, the moment or the checksum that belongs to it."""
    reason = download.reason
    if reason is None:
        return without_stop(download.error) if download.error else "it stopped for an unknown reason"
    if download.error and reason not in _PLAIN:
        return without_stop(download.error)
    words = REASON_WORDS[reason].happened
    if reason is Reason.OFFLINE and download.waiting_since is not None:
        return f"{words} since {format_moment(download.waiting_since, now=now)}"
    if reason is Reason.DESTINATION:
        return f"{words} in {tilde(download.directory)}"
    if reason is Reason.CHECKSUM_MISMATCH and download.digest is not None:
        return f"the bytes do not match {download.digest.algorithm} {download.digest.value[:8]}…"
    return f"{words} ({download.http_status})" if download.http_status is not None else words


def _follows(download: Download, *, now: float) -> str:
    """Words what a waiting download does next."""
    if goes_on_by_itself(download):
        return "goes on by itself"
    left = next_try(download, now=now)
    return f"next try {left}" if left == "now" else f"next try in {left}"


def kept(download: Download) -> str | None:
    """Words what is kept of an unfinished download: `1.1 of 1.9 GB kept`; `None` if there is nothing."""
    if not download.bytes_received:
        return None
    if download.reason is Reason.CHECKSUM_MISMATCH and download.part_path is not None:
        return f"kept as {safe(download.part_path.name)}"
    return f"{amount(download)} kept"
