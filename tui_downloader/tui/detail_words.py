"""Words about one download: how much is here, where it comes from, how it went.

Owns the facts of the detail pane as text. Must never read a clock, a file or a style.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, Resumable, State
from tui_downloader.model.request import host_of
from tui_downloader.tui.waiting_line import in_line
from tui_downloader.units import (
    format_bytes,
    format_duration,
    format_moment,
    format_rate,
)

_RESUME_VERDICTS: dict[Resumable, str] = {
    Resumable.PROVEN: "proven",
    Resumable.LIKELY: "likely, checked by an overlap",
    Resumable.NO: "no, it would start over",
    Resumable.UNKNOWN: "not known yet",
}
"""The verdict on going on, for people."""

_SOURCES = {"server": "same as server’s", "user": "same as yours"}
"""Who the compared digest came from."""


def amount(download: Download) -> str:
    """Words how much is here: `510 of 790 MB`, `310 kB of 1.9 GB`, `310 MB` where the length is unknown."""
    return amount_of(download.bytes_received, download.bytes_expected)


def amount_of(bytes_received: int, bytes_expected: int | None) -> str:
    """Words how much of something is here; `None` if its length is unknown."""
    received = format_bytes(bytes_received)
    if bytes_expected is None:
        return received
    expected = format_bytes(bytes_expected)
    number, _, prefix = received.partition(" ")
    return f"{number if expected.endswith(f' {prefix}') else received} of {expected}"


def exact_size(download: Download) -> str:
    """Words the exact byte count: `4,612,345`, `510,123,456 of 790,000,000`."""
    received, expected = download.bytes_received, download.bytes_expected
    if download.state is State.COMPLETED:
        return f"{max(received, expected or 0):,}"
    return f"{received:,}" if expected is None else f"{received:,} of {expected:,}"


def moving(download: Download, *, place: int | None = None) -> str:
    """Words a download on its way: `510 of 790 MB · 8.2 MB/s · 0:35 left`.

    Args:
        download: The snapshot.
        place: Its place in the queue; `None` if it is not in line.
    """
    match download.state:
        case State.QUEUED if place is not None and place > 1:
            return f"queued, {in_line(place)} in line"
        case State.QUEUED:
            return "queued, starts as soon as another one is done"
        case State.CONNECTING:
            return f"connecting to {origin(download)}"
        case State.VERIFYING:
            return f"{amount(download)} · checking the bytes"
    parts = [amount(download), format_rate(download.bytes_per_second)]
    if download.bytes_expected is None:
        parts.append("length unknown")
    elif download.seconds_left is not None:
        parts.append(f"{format_duration(download.seconds_left)} left")
    return " · ".join(parts)


def circumstances(download: Download) -> list[str]:
    """Words how it runs, in parts: `3 connections`, `resume proven`, `attempt 1`."""
    parts = [counted(download.connections, "connection")] if download.connections else []
    if download.resumable is not Resumable.UNKNOWN:
        parts.append(
            f"resume {download.resumable.value}" if download.resumable is not Resumable.NO else "no resume"
        )
    if download.attempt:
        parts.append(f"attempt {download.attempt}")
    return parts


def origin(download: Download) -> str:
    """Words where it comes from: `pictures.example.org`, `a.example.org → cdn.example.net, 1 redirect`."""
    host, final = host_of(download.url), final_host(download)
    shown = host if final == host else f"{host} → {final}"
    return f"{shown}, {counted(download.redirects, 'redirect')}" if download.redirects else shown


def final_host(download: Download) -> str:
    """Returns the host that sends the bytes, as far as it is known."""
    return download.final_host or host_of(download.url)


def took(download: Download) -> str | None:
    """Words how long a finished download took: `0:31 · 148 kB/s · 1 connection`; `None` if it is not known."""
    if download.started_at is None or download.finished_at is None:
        return None
    seconds = max(0.0, download.finished_at - download.started_at)
    if seconds < 1:
        return "under a second"
    whole = max(download.bytes_received, download.bytes_expected or 0)
    parts = [format_duration(seconds), format_rate(whole / seconds)]
    if download.connections:
        parts.append(counted(download.connections, "connection"))
    return " · ".join(parts)


def resume_verdict(download: Download) -> str:
    """Words whether it could go on where it stopped."""
    return _RESUME_VERDICTS[download.resumable]


def attempts(download: Download) -> str:
    """Words how often it was tried: `2`, `3, started over once`."""
    if not download.restarts:
        return str(download.attempt)
    times = "once" if download.restarts == 1 else f"{download.restarts} times"
    return f"{download.attempt}, started over {times}"


def added(download: Download, *, now: float) -> str:
    """Words when and by what it was added: `13:58, by tuidl add`."""
    moment = format_moment(download.added_at, now=now)
    if not download.added_by:
        return moment
    return f"{moment}, {'on the screen' if download.added_by == 'screen' else f'by {safe(download.added_by)}'}"


def digest_words(download: Download) -> tuple[str, str] | None:
    """Words the digest as label and value: `SHA-256`, `3f9a71c2…9d0be4, same as server’s`; `None` without one."""
    digest = download.digest
    if digest is None:
        return None
    value = digest.value if len(digest.value) <= 16 else f"{digest.value[:8]}…{digest.value[-6:]}"
    if download.reason is Reason.CHECKSUM_MISMATCH:
        verdict = "does not match"
    elif not digest.verified and digest.source != "computed":
        verdict = "not checked yet"
    else:
        verdict = _SOURCES.get(digest.source, "recorded here")
    return safe(digest.algorithm.upper()), f"{safe(value)}, {verdict}"


def counted(number: int, noun: str) -> str:
    """Words a count: `1 connection`, `3 connections`, `12,000 downloads`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tilde(path: Path) -> str:
    """Words a path, safe to print, with `~` for the home directory."""
    home = Path.home()
    if path == home or home in path.parents:
        return safe(str(Path("~") / path.relative_to(home)))
    return safe(str(path))


def capital(text: str) -> str:
    """Gives a phrase a capital at its start."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Makes a phrase a sentence: capital at the start, full stop at the end."""
    return capital(text) if text.endswith((".", "…", "?")) else f"{capital(text)}."


def without_stop(text: str) -> str:
    """Takes the full stop and the capital of an ordinary first word off a sentence, to put it between dots."""
    text = text.strip().removesuffix(".")
    first = text.partition(" ")[0]
    return f"{text[:1].lower()}{text[1:]}" if first.istitle() and first in _ORDINARY else text


_ORDINARY = frozenset({"A", "All", "An", "At", "It", "Its", "No", "Not", "Only", "The", "There", "This", "Too"})
"""First words that lose their capital inside a line; any other may be a name."""
