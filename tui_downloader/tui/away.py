"""What happened while nobody watched, as one sentence.

Owns the banner's words (SCREEN section 5). Must never read a clock or the session: events come with their
downloads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.model.events import Event, EventKind, is_outcome, waited_seconds
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.reason_words import REASON_WORDS
from tui_downloader.tui.happening import Happening
from tui_downloader.units import format_span

_WORTH_TELLING_SECONDS = 60.0
_WAITED_FOR: dict[str, str] = {
    Reason.OFFLINE: "the network",
    Reason.SERVER_BUSY: "the server",
    Reason.SERVER_ERROR: "the server",
    Reason.TIMEOUT: "the server",
    Reason.CONNECTION_LOST: "the connection",
    Reason.DISK_FULL: "disk space",
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one download, in words."""

    name: str
    """What to call the download."""
    verb: str
    """`finished`, `failed`, `started over`, `renamed`, `hook failed`, `waited`: what is counted."""
    detail: str = ""
    """Why, or how long; empty if there is nothing to add."""


def away_sentence(happenings: Sequence[Happening], *, now: float) -> str | None:
    """Words what happened while nobody watched.

    Args:
        happenings: The events that were not acknowledged, in order.
        now: The present, Unix seconds.

    Returns:
        `While you were away (5 h): 2 finished, 1 failed (link expired)`, or with one outcome the file's name;
        `None` without an outcome.
    """
    outcomes = _outcomes(happenings)
    if not outcomes:
        return None
    if len(outcomes) == 1:
        return f"While you were away: {outcomes[0].name} {_single(outcomes[0])}"
    seconds = now - min(each.event.at for each in happenings)
    how_long = f" ({format_span(seconds)})" if seconds >= _WORTH_TELLING_SECONDS else ""
    return f"While you were away{how_long}: {', '.join(_counts(outcomes))}"


def _outcomes(happenings: Iterable[Happening]) -> list[_Outcome]:
    """Returns the outcomes, one of each sort a download; of finished and failed only the last counts."""
    found: dict[tuple[int | None, str], _Outcome] = {}
    for each in happenings:
        if not is_outcome(each.event):
            continue
        outcome = _outcome(each)
        ended = {"finished", "failed"}
        if outcome.verb in ended:
            for verb in ended:
                found.pop((each.event.download_id, verb), None)
        found[each.event.download_id, outcome.verb] = outcome
    return list(found.values())


def _outcome(happening: Happening) -> _Outcome:
    """Words one event."""
    event = happening.event
    name = name_of(happening)
    match event.kind:
        case EventKind.FINISHED:
            return _Outcome(name, "finished")
        case EventKind.FAILED:
            return _Outcome(name, "failed", reason_words(event))
        case EventKind.STARTED_OVER:
            return _Outcome(name, "started over", text_of(event, "why").removesuffix("."))
        case EventKind.HOOK_FAILED:
            return _Outcome(name, "hook failed", hook_words(event))
        case EventKind.RENAMED:
            return _Outcome(text_of(event, "from") or name, "renamed", text_of(event, "to"))
        case _:
            return _Outcome(name, "waited", wait_words(event))


def name_of(happening: Happening) -> str:
    """Returns what to call the download of an event."""
    if happening.download is not None:
        return happening.download.shown_name
    return text_of(happening.event, "filename") or "a removed download"


def wait_words(event: Event) -> str:
    """Words how long the attempt that an event begins had waited, and for what: `41 min for the network`."""
    what = _WAITED_FOR.get(text_of(event, "waited_for"), "its turn")
    return f"{format_span(waited_seconds(event))} for {what}"


def hook_words(event: Event) -> str:
    """Words what went wrong with a hook: `on_completed ended with code 1`."""
    return f"{text_of(event, 'hook') or 'a hook'} {text_of(event, 'error') or 'failed'}"


def reason_words(event: Event) -> str:
    """Words an event's reason; a word that is not known is shown as it is."""
    word = text_of(event, "reason")
    return REASON_WORDS[Reason(word)].short if word in set(Reason) else word


def text_of(event: Event, name: str) -> str:
    """Returns a field of an event as text that is safe to print; empty if it is not there."""
    return safe(str(event.fields.get(name) or ""))


def _single(outcome: _Outcome) -> str:
    """Words the only outcome, after the file's name."""
    match outcome.verb:
        case "failed":
            return f"failed ({outcome.detail})" if outcome.detail else "failed"
        case "started over":
            return f"started over: {outcome.detail}" if outcome.detail else "started over"
        case "hook failed":
            return f"· {outcome.detail}"
        case "renamed":
            return f"is now called {outcome.detail}"
        case _:
            return f"{outcome.verb} {outcome.detail}".rstrip()


def _counts(outcomes: Sequence[_Outcome]) -> list[str]:
    """Words several outcomes as counts, in a fixed order; a detail is added where it is the same for all."""
    parts = []
    numbers = Counter(each.verb for each in outcomes)
    for verb in ("finished", "failed", "started over", "renamed", "hook failed", "waited"):
        details = {each.detail for each in outcomes if each.verb == verb}
        same = details.pop() if len(details) == 1 else ""
        if verb == "failed" and same:
            parts.append(f"{numbers[verb]} failed ({same})")
        elif verb == "hook failed" and numbers[verb]:
            parts.append(f"{numbers[verb]} {'hook' if numbers[verb] == 1 else 'hooks'} failed")
        elif verb == "waited" and same:
            parts.append(f"{numbers[verb]} waited {same}")
        elif numbers[verb]:
            parts.append(f"{numbers[verb]} {verb}")
    return parts
