"""What is known of a URL before it is added: the server's answer, and what the session remembers.

Owns the value and its words. Must never hold a URL: it may have secrets.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, Resumable, State
from tui_downloader.model.probe import Evidence, NamedBy, ProbeAnswer
from tui_downloader.model.request import Request
from tui_downloader.tui.detail_words import counted, tilde
from tui_downloader.units import format_bytes

_FAILED = {
    Reason.NOT_FOUND: "not found",
    Reason.NEEDS_CREDENTIALS: "needs a login",
    Reason.REFUSED: "the server refuses it",
    Reason.TIMEOUT: "no answer within 5 s",
    Reason.OFFLINE: "no network",
    Reason.SERVER_BUSY: "the server is busy",
}
_RESUME = {
    Resumable.PROVEN: "can resume",
    Resumable.LIKELY: "can probably resume",
    Resumable.NO: "cannot resume",
    Resumable.UNKNOWN: "",
}
_EVIDENCE = {Evidence.ENTITY_TAG: " (strong ETag)", Evidence.LAST_MODIFIED: " (Last-Modified)", None: ""}
_NAMED = {
    NamedBy.DISPOSITION: "name from Content-Disposition",
    NamedBy.URL: "name from the URL",
    NamedBy.NOTHING: "no name given",
}


class Look(Enum):
    """How far the look at the server is."""

    WAITING = "waiting"
    """An answer may come."""
    OVER = "over"
    """There is an answer, or there will be none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one URL."""

    look: Look = Look.WAITING
    """How far the look is."""
    answer: ProbeAnswer | None = None
    """What the server said; `None` if nothing yet, or nothing at all."""
    memory: str | None = None
    """What the session and the disk remember of it; `None` if nothing."""
    again: bool = False
    """Whether adding makes another file of one that is there."""


def memory_of(request: Request, known: Sequence[Download], *, now: float, there: Sequence[Download]) -> Finding:
    """Says what the session remembers of a URL.

    Args:
        request: What would be added.
        known: Its downloads, the oldest first.
        now: The present, Unix seconds.
        there: Those whose finished file is still on the disk.
    """
    for download in reversed(known):
        if download.state is not State.COMPLETED and download.directory == request.directory:
            return Finding(memory=f"in the list already ({download.state.value}): adding it goes on with that one")
    done = [each for each in known if each.state is State.COMPLETED]
    if not done:
        return Finding()
    last = done[-1]
    when = _day_words(last.finished_at, now=now)
    if last not in there:
        return Finding(memory=f"downloaded {when}, the file is gone")
    if last.directory != request.directory:
        return Finding(memory=f"downloaded {when}, still in {tilde(last.directory)}")
    return Finding(memory=f"downloaded {when}, still there", again=True)


def _day_words(at: float | None, *, now: float) -> str:
    """Words a day: `today`, `yesterday`, `on 12 November`, `on 12 November 2025`."""
    if at is None:
        return "before"
    day = datetime.datetime.fromtimestamp(at).astimezone().date()
    today = datetime.datetime.fromtimestamp(now).astimezone().date()
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    return f"on {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def notes(finding: Finding, *, free_bytes: int | None) -> list[str]:
    """Words what the user should know before adding; empty if all is well.

    Args:
        finding: What is known.
        free_bytes: Free space where it is to be saved; `None` if that is not known.
    """
    found, answer = [], finding.answer
    if answer is not None and answer.reason is not None:
        words = _FAILED.get(answer.reason) or safe(answer.error or answer.reason.value)
        status = f" ({answer.http_status})" if answer.http_status and answer.reason in _FAILED else ""
        found.append(f"{words}{status}")
    if answer is not None and answer.is_page:
        found.append("this is a web page, not a file")
    size = answer.bytes_expected if answer is not None else None
    if size is not None and free_bytes is not None and size > free_bytes:
        found.append(f"{format_bytes(size)}, only {format_bytes(free_bytes)} free")
    if finding.memory is not None:
        found.append(finding.memory)
    if answer is not None and answer.becomes is not None:
        name = _tail(answer.becomes)
        found.append(f"adding it again makes “{name}”" if finding.again else f"the name is taken: makes “{name}”")
    return found


def _tail(name: str) -> str:
    """Returns the end of a numbered name: `… (1).iso`."""
    stem, bracket, rest = safe(name).rpartition(" (")
    return f"… ({rest}" if bracket and stem else safe(name)


def facts(answer: ProbeAnswer, *, host: str) -> list[str]:
    """Words where the name is from, whether it can resume, and where redirects led.

    Args:
        answer: A file.
        host: The host that was asked.
    """
    resume = _RESUME[answer.resumable]
    evidence = _EVIDENCE[answer.evidence] if answer.resumable is Resumable.PROVEN else ""
    found = [_NAMED[answer.named_by], f"{resume}{evidence}"]
    if answer.redirects:
        there = answer.final_host
        led = f" to {safe(there)}" if there is not None and there != host else ""
        found.append(f"{counted(answer.redirects, 'redirect')}{led}")
    return [each for each in found if each]
