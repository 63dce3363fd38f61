"""What the inbox says."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.tui.factories import NOW, download, event
from tui_downloader.model.download import Digest, Download
from tui_downloader.model.events import OUTCOMES, Event, EventKind, is_outcome
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.inbox_reader import INBOX_OUTCOMES, InboxPage
from tui_downloader.tui.inbox_words import NOTHING, inbox_choices, inbox_title, outcome_words

DAY = 86_400.0
HOSTILE = ("[red]x[/red]", "a\x1b[31mb\u202ec\u200b.iso", "写真集-2026-秋.zip", "x" * 300, "")


def told(
    kind: EventKind, row: Download | None = None, *, sequence: int = 1, at: float = NOW, **fields: object
) -> Happening:
    """Make an outcome."""
    return Happening(event(sequence, row.id if row else 7, kind, at=at, **fields), row)


def texts(page: InboxPage, *, width: int = 80, now: float = NOW, plain: bool = False) -> list[str]:
    """Return the lines as text."""
    return [
        "".join(text for text, _ in each.line) for each in inbox_choices(page, width=width, now=now, plain=plain)
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (EventKind.FINISHED, {"bytes": 4_600_000}, "finished, 4.6 MB"),
        (EventKind.FINISHED, {}, "finished"),
        (
            EventKind.FAILED,
            {
                "reason": "link-expired",
                "http_status": 403,
                "bytes_received": 1_100_000_000,
                "bytes_expected": 1_900_000_000,
            },
            "link expired (403), 1.1 of 1.9 GB kept",
        ),
        (EventKind.FAILED, {"reason": "tls", "http_status": None, "bytes_received": 0}, "not trusted"),
        (EventKind.FAILED, {"reason": "tls", "bytes_received": 5_000_000}, "not trusted, 5.0 MB kept"),
        (EventKind.FAILED, {"reason": "of-a-newer-version"}, "of-a-newer-version"),
        (EventKind.FAILED, {}, "failed"),
        (
            EventKind.STARTED_OVER,
            {"why": "The file changed on the server."},
            "started over: the file changed on the server",
        ),
        (EventKind.STARTED_OVER, {}, "started over"),
        (EventKind.RENAMED, {"from": "a.iso", "to": "a (1).iso"}, "is now called a (1).iso"),
        (
            EventKind.RESUMED,
            {"waited_seconds": 41 * 60, "waited_for": "offline"},
            "waited 41 min for the network, went on",
        ),
        (
            EventKind.HOOK_FAILED,
            {"hook": "on_completed", "error": "ended with code 3"},
            "on_completed ended with code 3",
        ),
    ],
)
def test_outcomes_are_worded(kind: EventKind, fields: dict[str, str | int | None], words: str) -> None:
    assert outcome_words(Happening(Event(1, 7, kind, NOW, fields), None)) == words


def test_a_compared_digest_and_a_download_that_still_runs_are_told() -> None:
    checked = download(state=State.COMPLETED, digest=Digest("sha-256", "3f9a", "server", verified=True))
    assert outcome_words(told(EventKind.FINISHED, checked, bytes=4_600_000)) == "finished, 4.6 MB, checked"
    running = told(EventKind.RESUMED, download(state=State.TRANSFERRING), waited_seconds=400, waited_for="timeout")
    assert outcome_words(running) == "waited 6 min for the server, goes on"


def test_banner_and_inbox_hold_the_same_outcomes() -> None:
    for kind in EventKind:
        assert is_outcome(event(1, 1, kind)) is (kind in OUTCOMES)
    assert is_outcome(event(1, 1, EventKind.RESUMED, waited_seconds=300.1))
    assert not is_outcome(event(1, 1, EventKind.RESUMED, waited_seconds=300))


def test_what_is_new_is_marked_and_other_days_have_headings() -> None:
    row = download(filename="a.iso")
    page = InboxPage(
        (
            told(EventKind.FINISHED, row, sequence=9, bytes=1000),
            told(EventKind.FAILED, row, sequence=8, at=NOW - DAY, reason="tls"),
            told(EventKind.FAILED, row, sequence=7, at=NOW - DAY - 60, reason="tls"),
            told(EventKind.FINISHED, row, sequence=6, at=NOW - 400 * DAY),
        ),
        mark=8,
    )
    lines = texts(page, width=60)
    assert lines[0].startswith("● ✓ a.iso   ")
    assert "finished, 1.0 kB" in lines[0]
    assert lines[1] == "Yesterday"
    assert lines[2].startswith("  ✗ a.iso")
    assert lines[3].startswith("  ✗ a.iso"), "one heading a day"
    assert lines[4].endswith("2024"), "another year"
    assert lines[5].startswith("  ✓ a.iso")
    choices = inbox_choices(page, width=60, now=NOW)
    assert [each.key for each in choices] == [9, None, 8, 7, None, 6]
    assert texts(page, plain=True)[0].startswith("* + a.iso")
    assert texts(page, plain=True)[2].startswith("  x a.iso")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [30, 58, 80, 200])
@pytest.mark.parametrize("kind", [EventKind.FINISHED, EventKind.FAILED, EventKind.RENAMED, EventKind.STARTED_OVER])
def test_no_line_is_wider_than_there_is_room_and_names_are_harmless(
    name: str, width: int, kind: EventKind
) -> None:
    fields = {"filename": name, "from": name, "to": name, "why": name, "reason": name}
    rows = (None, download(filename=name))
    page = InboxPage(tuple(Happening(Event(2, 7, kind, NOW, fields), row) for row in rows))
    for line in texts(page, width=width):
        assert cell_len(line) <= max(width, 4 + 16 + 1 + 12 + 7)
        assert "\x1b" not in line
        assert "\u202e" not in line
        assert line.rstrip()[-3] == ":", "the time is at the end"


def test_a_removed_download_keeps_its_name() -> None:
    page = InboxPage((told(EventKind.FAILED, None, filename="gone.iso", reason="tls"),))
    assert "gone.iso" in texts(page)[0]


def test_an_empty_inbox_and_a_full_one_say_so() -> None:
    assert texts(InboxPage(), width=120) == [NOTHING]
    assert inbox_choices(InboxPage(), width=120, now=NOW)[0].key is None
    full = InboxPage(tuple(told(EventKind.FINISHED, sequence=each) for each in range(INBOX_OUTCOMES, 0, -1)))
    assert texts(full)[-1] == "Older ones: tuidl events"


def test_the_title_counts() -> None:
    assert inbox_title(0) == "Inbox"
    assert inbox_title(1234) == "Inbox · 1,234 new"
