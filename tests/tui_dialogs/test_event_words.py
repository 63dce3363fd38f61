"""The history of a download in words."""

from __future__ import annotations

import pytest

from tests.tui_dialogs.samples import NOW, download, event
from tui_downloader.model.download import Digest
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.event_words import event_moment, event_words, newest_first

TALK = download(State.TRANSFERRING)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (EventKind.STARTED, {"attempt": 1, "offset": 0}, "started"),
        (EventKind.RESUMED, {"offset": 779_000_000, "verdict": "proven"}, "went on at 41%, unchanged file"),
        (EventKind.RESUMED, {"offset": 779_000_000, "verdict": "likely"}, "went on at 41%"),
        (EventKind.RESPONSE_RECEIVED, {"status": 200}, "the server answered"),
        (EventKind.STARTED_OVER, {"why": "the file changed on the server"}, None),
        (EventKind.RENAMED, {"from": "a.bin", "to": "a (1).bin"}, "renamed to a (1).bin"),
        (
            EventKind.WAITING,
            {"reason": "connection-lost", "retry_seconds": 0.9},
            "connection lost, next try in 1 s",
        ),
        (EventKind.WAITING, {"reason": "a word of the future"}, "a word of the future"),
        (EventKind.FAILED, {"reason": "link-expired"}, "failed: link expired"),
        (EventKind.PAUSED, {"bytes_received": 5}, "paused"),
        (EventKind.CANCELLED, {}, "cancelled"),
        (
            EventKind.HOOK_FAILED,
            {"hook": "on_failed", "error": "ended with code 3"},
            "on_failed ended with code 3",
        ),
        (EventKind.FINISHED, {"path": "/srv/files/x"}, "finished"),
    ],
)
def test_events_are_worded(kind: EventKind, fields: dict[str, str | float | None], words: str | None) -> None:
    expected = words or f"started over: {fields['why']}"
    assert event_words(event(kind, fields), TALK) == expected


@pytest.mark.parametrize("kind", list(EventKind))
def test_an_event_without_fields_has_words_too(kind: EventKind) -> None:
    assert event_words(event(kind), TALK)


def test_a_compared_digest_makes_it_checked() -> None:
    checked = download(State.COMPLETED, digest=Digest("sha-256", "00" * 32, "server", verified=True))
    assert event_words(event(EventKind.FINISHED), checked) == "finished and checked"


def test_an_offset_of_unknown_length_is_told_in_bytes() -> None:
    endless = download(State.TRANSFERRING, bytes_expected=None)
    assert event_words(event(EventKind.RESUMED, {"offset": 1_900_000}), endless) == "went on at 1.9 MB"


def test_moments_are_exact_today_and_rough_before() -> None:
    assert event_moment(NOW - 5, now=NOW) == "14:04:55"
    assert event_moment(NOW - 86_400, now=NOW) == "yesterday"


def test_the_newest_event_comes_first() -> None:
    events = [event(EventKind.STARTED, sequence=1), event(EventKind.FINISHED, sequence=9)]
    assert [each.sequence for each in newest_first(events)] == [9, 1]
