"""What the list, the header and the shell say: row phrases, one-line sentences, the toast, the farewell.

Owns these words as pure functions of model values and `now`. Must never read a clock, a file or a style; the
detail pane's words are in `detail_words` and `explanation`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from tui_downloader.model.download import Download
from tui_downloader.model.ending_words import Ending, failed_words, finished_words
from tui_downloader.model.lifecycle import LIVE_STATES, Intent, State
from tui_downloader.model.progress import totals
from tui_downloader.model.reason_words import REASON_WORDS
from tui_downloader.preview import media_type
from tui_downloader.tui.detail_words import moving, tilde
from tui_downloader.tui.explanation import explain, goes_on_by_itself, in_a_row, in_short, next_try
from tui_downloader.tui.keys import named
from tui_downloader.tui.snapshot import Trouble, View
from tui_downloader.tui.waiting_line import in_line
from tui_downloader.units import (
    format_bytes,
    format_countdown,
    format_duration,
    format_moment,
    format_rate,
    format_span,
)

GLYPHS: dict[State, str] = {
    State.QUEUED: "·",
    State.CONNECTING: "…",
    State.TRANSFERRING: "↓",
    State.VERIFYING: "≡",
    State.COMPLETED: "✓",
    State.PAUSED: "‖",
    State.WAITING: "↻",
    State.FAILED: "✗",
    State.CANCELLED: "–",
}
"""One cell that stands for a state."""

PLAIN_GLYPHS: dict[State, str] = dict(zip(State, ".ov=+|~x-", strict=True))
"""The same for a console whose font has ASCII only."""

EMPTY_VIEWS: dict[View, str] = {
    View.ALL: "Nothing here yet.",
    View.ACTIVE: "Nothing is running.",
    View.WAITING: "Nothing is waiting.",
    View.DONE: "Nothing has finished yet.",
    View.FAILED: "Nothing has failed.",
}
"""What an empty view says."""

TIME_LEFT_AFTER_SECONDS = 3.0
"""How long a download runs before its time left is shown: earlier it would be a guess."""

_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp")
_SPARKS = "▁▂▃▄▅▆▇█"
_ABOVE_PEAK = 8 / 7
_ABOVE_MEAN = 8 / 5


def is_picture(download: Download) -> bool:
    """Tells whether a download is a picture, by its media type or else by its name."""
    return media_type.is_picture(download.media_type) or download.shown_name.lower().endswith(_PICTURE_ENDINGS)


def asked_for(download: Download) -> str | None:
    """Words a verb that the worker has not acted on yet: `pausing`; `None` if there is nothing to tell."""
    if download.intent_number <= download.acted_number:
        return None
    if download.intent is Intent.PAUSE and download.state in LIVE_STATES:
        return "pausing"
    if download.intent is Intent.CANCEL and download.state in LIVE_STATES:
        return "cancelling"
    return None


def end_words(download: Download, *, now: float, place: int | None = None) -> tuple[str, ...]:
    """Words what stands at the right end of a row, the longest wording first: `paused`, `queued · 3rd`, `14:02`.

    Args:
        download: The snapshot.
        now: The present, Unix seconds.
        place: Its place in the queue; `None` if it is not in line.

    Returns:
        The wordings; none for a row with speed and time left, or with a phrase.
    """
    asked = asked_for(download)
    match download.state:
        case State.COMPLETED:
            return (format_moment(download.finished_at, now=now),)
        case State.QUEUED if place is not None and asked is None:
            return (f"queued · {in_line(place)}", "queued")
        case State.QUEUED | State.VERIFYING | State.PAUSED | State.CANCELLED:
            return (asked or download.state.value,)
        case _:
            return (asked,) if asked else ()


def phrases(download: Download, *, now: float) -> tuple[str, ...]:
    """Words why nothing moves, the longest wording first; empty for a row with a bar or an end word."""
    if asked_for(download) or download.state not in {State.CONNECTING, State.WAITING, State.FAILED}:
        return ()
    if download.state is State.CONNECTING:
        return ("connecting",)
    if download.state is State.WAITING:
        return _waiting_phrases(download, now=now)
    if download.reason is None:
        return (named("failed · {resume} try again"), "failed")
    reason = REASON_WORDS[download.reason]
    return (f"failed · {reason.short} · {named(reason.key)}", f"failed · {reason.short}", reason.short)


def _waiting_phrases(download: Download, *, now: float) -> tuple[str, ...]:
    """Words a wait: since when, or until when."""
    if download.reason is None:
        return ("waiting",)
    short = REASON_WORDS[download.reason].short
    wordings = [f"waiting · {in_short(download, now=now)}"]
    if not goes_on_by_itself(download):
        wordings.append(f"waiting · {short} {next_try(download, now=now)}")
    return tuple(dict.fromkeys((*wordings, f"waiting · {short}", short)))


def time_left(download: Download, *, now: float) -> str:
    """Words the time left in at most 6 cells: `0:35`, `2 h 10`, `12 h`, `>1 day`, `—`; empty in the first 3 s."""
    if download.started_at is not None and now - download.started_at < TIME_LEFT_AFTER_SECONDS:
        return ""
    text = format_duration(download.seconds_left)
    return text if len(text) <= 6 else text.partition(" h")[0] + " h"


def sentence(download: Download, *, now: float, place: int | None = None, width: int | None = None) -> str:
    """Words one download in one line, for a screen without a detail pane.

    Args:
        download: The snapshot.
        now: The present, Unix seconds.
        place: Its place in the queue; `None` if it is not in line.
        width: Cells there are; which key helps is left out where it does not fit; `None` is enough.
    """
    explanation = explain(download, now=now)
    if explanation is not None:
        text = in_a_row(explanation, with_keys=True)
        if width is not None and cell_len(text) > width:
            text = in_a_row(explanation)
    elif download.state is State.COMPLETED:
        moment = format_moment(download.finished_at, now=now)
        text = f"{format_bytes(download.bytes_received)} · finished {moment} · in {tilde(download.directory)}"
    else:
        text = moving(download, place=place)
    return text[:1].upper() + text[1:]


def sparkline(speeds: Sequence[float], *, width: int) -> str:
    """Draws the last speeds as one line of eighths; empty if nothing moved.

    A steady speed stands a little above the middle; a burst reaches the last eighth but one, so that the line
    never is a solid block.

    Args:
        speeds: All that are known, oldest first.
        width: How many of them are drawn; these set the scale.
    """
    shown = speeds[-width:]
    if max(shown, default=0.0) < 1:
        return ""
    top = max(_ABOVE_PEAK * max(shown), _ABOVE_MEAN * sum(shown) / len(shown))
    return "".join(_SPARKS[int(each / top * 7.999)] for each in shown)


def trouble_words(trouble: Trouble, *, now: float) -> str:
    """Words why nothing goes on: `…; next start in 0:30. Its log ends: … · more: tuidl doctor`."""
    text = trouble.sentence
    if trouble.since is not None:
        return f"{text} Shown as of {format_moment(trouble.since, now=now)}; keys that change something are off."
    if trouble.retry_at is not None:
        text += f"; next start in {format_countdown(trouble.retry_at - now)}."
    if trouble.log_end:
        text += f" Its log ends: {trouble.log_end}"
    return f"{text} · more: tuidl doctor"


def finished_toast(finished: Sequence[Download]) -> str:
    """Words a burst of finished downloads: `Finished: name, 4.6 MB`, `Finished: 12 files, 340 MB`."""
    return finished_words([_ending(each) for each in finished])


def failed_toast(failed: Sequence[Download]) -> str:
    """Words a burst of failures: `Failed: talk.mkv, link expired`, `Failed: 3 files`."""
    return failed_words([_ending(each) for each in failed])


def _ending(download: Download) -> Ending:
    """Returns how a download ended, as it is now."""
    return Ending(download.shown_name, download.bytes_received, download.reason)


def farewell(
    downloads: Sequence[Download],
    *,
    identifier: str = "default",
    come_back: str = "tuidl",
    stops_at_logout: Callable[[], bool] = lambda: False,
) -> str:
    """Words what goes on after the screen was left.

    Args:
        downloads: The session's downloads.
        identifier: The session's name.
        come_back: Command line that opens this screen again: `tuidl`, `tuidl -s work`, `tuidl demo`.
        stops_at_logout: Whether logging out ends the worker; asked only if something goes on.

    Returns:
        One line for the shell, a second one if it stops at logout; empty if nothing goes on.
    """
    going_on = [
        each
        for each in downloads
        if each.intent is Intent.RUN and (each.state in LIVE_STATES or each.state is State.WAITING)
    ]
    if not going_on:
        return ""
    speed = totals(going_on)
    facts = [format_rate(speed.bytes_per_second)] if speed.bytes_per_second >= 1 else []
    if speed.seconds_left is not None:
        short = speed.seconds_left < 60
        facts.append("less than a minute left" if short else f"about {format_span(speed.seconds_left)} left")
    how_fast = f" ({', '.join(facts)})" if facts else ""
    goes = "download goes on" if len(going_on) == 1 else "downloads go on"
    command = _command(come_back, identifier=identifier)
    first = (
        f"{len(going_on):,} {goes} in the background{how_fast}. "
        f"Come back: {come_back} · wait: {command} wait · pause: {command} pause --all"
    )
    if not stops_at_logout():
        return first
    stops, go = ("It stops", "goes") if len(going_on) == 1 else ("They stop", "go")
    second = f"{stops} when you log out here, and {go} on at your next tuidl. To change that: tuidl doctor"
    return f"{first}\n{second}"


def _command(come_back: str, *, identifier: str) -> str:
    """Returns what verbs of the session begin with: the way back, unless that has a verb itself."""
    options = come_back.split(" ")[1:]
    if not options or options[0].startswith("-"):
        return come_back
    return "tuidl" if identifier == "default" else f"tuidl -s {identifier}"
