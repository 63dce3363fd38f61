"""The tabs: which one is open, and what each says in every state and room."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from rich.cells import cell_len

from tests.tui_dialogs.samples import HOSTILE, NOW, download, event
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.tui.detail import events, fields, overview, segments, speed
from tui_downloader.tui.detail.subject import Room, Subject, Tab
from tui_downloader.tui.detail.tabs import TABS, neighbour, tab_of
from tui_downloader.tui.watched import Sample, Watched

ROOM = Room(width=46, height=20, now=NOW)
SPLIT = Room(width=38, height=6, now=NOW, is_split=True)
EXCHANGE = RecordedExchange.of(
    at=NOW - 60,
    url="https://me:geheim@cdn.example.net/a.iso?token=geheim",
    target="/a.iso?token=geheim",
    version="HTTP/1.1",
    status="206 Partial Content",
    request=[("Range", "bytes=5-"), ("Cookie", "a=geheim")],
    response=[("ETag", '"v1"'), ("Content-Disposition", "attachment; filename=" + "x" * 80)],
)


def watched(**changes: object) -> Watched:
    fields_: dict[str, object] = {
        "download_id": 1,
        "at": 1000.0,
        "received": RangeSet.of([ByteRange(0, 950_000_000), ByteRange(1_200_000_000, 1_350_000_000)]),
        "arriving": RangeSet.of([ByteRange(940_000_000, 950_000_000)]),
        "exchange": EXCHANGE,
        "speeds": tuple(Sample(1000.0 - at, 8e6) for at in range(40, -1, -1)),
    }
    return Watched(**(fields_ | changes))  # type: ignore[arg-type]  # passed through


def subject(state: State = State.TRANSFERRING, seen: Watched | None = None, **changes: object) -> Subject:
    row = download(state, **({"bytes_per_second": 8.2e6} | changes if state is State.TRANSFERRING else changes))
    return Subject(download=row, watched=seen)


def texts(tab: Tab, about: Subject, room: Room = ROOM) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in tab.compose(about, room)]


def sentence(tab: Tab, about: Subject) -> str:
    return " ".join(texts(tab, about))


def test_what_moves_opens_with_the_map_and_the_rest_with_the_facts() -> None:
    assert tab_of(None, download(State.TRANSFERRING)) is segments.TAB
    assert tab_of(None, download(State.COMPLETED)) is overview.TAB
    assert tab_of(None, None) is overview.TAB
    assert tab_of("Speed", download(State.COMPLETED)) is speed.TAB
    assert tab_of("Nonsense", download(State.FAILED)) is overview.TAB, "of an older version"


def test_the_tabs_go_round() -> None:
    assert [each.name for each in TABS] == ["Overview", "Segments", "Speed", "Events", "Fields"]
    assert neighbour(overview.TAB, -1) is fields.TAB
    assert neighbour(fields.TAB, 1) is overview.TAB
    assert neighbour(overview.TAB, 1) is segments.TAB


def test_the_map_stands_with_its_legend_and_the_graph_below() -> None:
    lines = texts(segments.TAB, subject(seen=watched()))
    assert set("".join(lines[:8])) == set("█▓▒░")
    assert all(len(each) == 46 for each in lines[:8])
    legend = next(at for at, each in enumerate(lines) if "█ received  ▓ arriving" in each)
    assert lines[legend + 1] == "2 pieces here · 800 MB missing in 2 gaps"
    assert lines[legend + 2].startswith("1 cell is ")
    assert any("MB/s ┤" in each for each in lines)
    assert len(lines) <= ROOM.height


def test_beside_its_head_the_map_leaves_the_tab_to_the_graph() -> None:
    about = subject(seen=watched())
    assert segments.TAB.aside is not None
    aside = ["".join(text for text, _ in line) for line in segments.TAB.aside(about, SPLIT)]
    assert aside[0] == ""
    assert "█" in aside[1]
    assert "MB/s ┤" in texts(segments.TAB, about, SPLIT)[0]


@pytest.mark.parametrize(
    ("about", "says"),
    [
        (subject(State.QUEUED, watched(received=RangeSet()), bytes_received=0), "Nothing of it is here yet."),
        (subject(State.QUEUED, None, bytes_received=0), "Nothing of it is here yet."),
        (
            subject(State.COMPLETED, watched(received=RangeSet()), bytes_received=1_900_000_000),
            "The file is complete: all 1,900,000,000 bytes are here.",
        ),
        (
            subject(State.TRANSFERRING, watched(), bytes_expected=None),
            "The server did not say how long the file is. 1.1 GB are here so far, in one piece.",
        ),
    ],
)
def test_without_a_map_a_sentence_says_why(about: Subject, says: str) -> None:
    assert sentence(segments.TAB, about).replace("  ", " ") == says


def test_what_was_kept_of_a_failed_one_is_mapped() -> None:
    lines = texts(segments.TAB, subject(State.FAILED, watched(arriving=RangeSet()), reason=Reason.LINK_EXPIRED))
    assert "█" in lines[0]


def test_the_speed_tells_now_average_and_peak() -> None:
    lines = texts(speed.TAB, subject(seen=watched(speeds=(Sample(990.0, 6e6), Sample(1000.0, 9.4e6)))))
    assert "now 8.2 · average 7.7 · peak 9.4 MB/s" in lines
    assert "pictures.example.org · HTTPS · no limit" in lines
    assert lines[0].startswith("10 MB/s ┤")
    narrow = texts(speed.TAB, subject(seen=watched()), Room(width=34, height=9, now=NOW))
    assert "now 8.2 · average 8.0 MB/s" in narrow, "whole words, or none"
    limited = texts(speed.TAB, subject(seen=watched(), bytes_per_second_max=2_000_000))
    assert limited[-1].endswith("HTTPS · limit 2 MB/s")


@pytest.mark.parametrize("height", [5, 6, 7, 8, 12, 40])
def test_the_graph_leaves_out_what_does_not_fit_below_it(height: int) -> None:
    lines = texts(speed.TAB, subject(seen=watched()), Room(width=46, height=height, now=NOW))
    assert len(lines) <= height
    assert any(each.startswith("now 8.2") for each in lines)
    assert lines[-1].endswith("no limit") is (height > 5)


def test_a_graph_of_one_that_stopped_ends_when_it_stopped() -> None:
    lines = texts(speed.TAB, subject(State.PAUSED, watched(at=5000.0)))
    assert any(each.endswith("the end") for each in lines)
    assert any("█" in each for each in lines)
    assert not any(each.startswith("now") for each in lines)


@pytest.mark.parametrize(
    ("about", "says"),
    [
        (subject(State.PAUSED), "Nothing moves. The graph is drawn while bytes come."),
        (subject(State.CONNECTING), "The graph begins with the first bytes."),
        (
            subject(State.COMPLETED, started_at=NOW - 31, finished_at=NOW, bytes_received=1_900_000_000),
            "It took 0:31 · 61.3 MB/s. The graph is drawn while bytes come.",
        ),
    ],
)
def test_without_speeds_a_sentence_says_why(about: Subject, says: str) -> None:
    assert sentence(speed.TAB, about) == says


def test_events_of_another_day_stand_below_their_date() -> None:
    day = 86_400
    told = [
        dataclasses.replace(event(EventKind.STARTED, sequence=1), at=NOW - day),
        dataclasses.replace(event(EventKind.PAUSED, sequence=2), at=NOW - 60),
    ]
    about = dataclasses.replace(subject(added_at=NOW - day - 5), events=told)
    lines = texts(events.TAB, about)
    assert lines[0].endswith("paused")
    assert lines[0].startswith("14:04:00")
    assert lines[1:3] == ["", "Wednesday, 11 November 2026"]
    assert lines[3] == "14:05:00   started"
    assert lines[4].endswith("added")


def test_all_events_are_there_and_long_ones_are_wrapped() -> None:
    told: Sequence[Event] = [event(EventKind.RENAMED, {"to": "long " * 20}, sequence=at) for at in range(1, 30)]
    lines = texts(events.TAB, dataclasses.replace(subject(), events=told))
    assert sum("renamed" in each for each in lines) == 29
    assert any(each.startswith(" " * 11 + "long") for each in lines)


def test_the_overview_has_the_newest_events_and_says_how_many_more_there_are() -> None:
    told = [event(EventKind.PAUSED, sequence=at) for at in range(1, 9)]
    lines = texts(overview.TAB, dataclasses.replace(subject(), events=told))
    assert sum("paused" in each for each in lines) == 4
    assert lines[-1] == "5 more events under Events"


def test_the_overview_names_what_proves_that_it_can_go_on_and_how_the_first_try_ended() -> None:
    told = [event(EventKind.WAITING, {"reason": "connection-lost", "retry_seconds": 1.0})]
    lines = texts(overview.TAB, dataclasses.replace(subject(seen=watched()), events=told))
    assert "Resume     proven (strong ETag)" in lines
    assert "Attempts   2; the first: connection lost" in lines


def test_fields_show_both_halves_and_no_secret() -> None:
    lines = texts(fields.TAB, subject(seen=watched()))
    assert lines[0] == "GET /a.iso?*** HTTP/1.1"
    assert "Cookie" in lines[2]
    assert lines[2].endswith("***")
    assert "HTTP/1.1 206 Partial Content" in lines
    assert "geheim" not in "".join(lines)
    assert "x" * 20 in "".join(lines)
    assert "stands where a secret was" in " ".join(lines)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.CONNECTING, "The server has not answered yet."),
        (State.QUEUED, "No answer of the server is recorded."),
    ],
)
def test_without_fields_a_sentence_says_so(state: State, says: str) -> None:
    assert sentence(fields.TAB, subject(state, watched(exchange=None))) == says


@pytest.mark.parametrize(
    "room", [ROOM, SPLIT, Room(width=20, height=2, now=NOW), Room(width=140, height=40, now=NOW)]
)
@pytest.mark.parametrize("seen", [None, watched(), watched(speeds=(), exchange=None, received=RangeSet())])
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.name)
def test_every_tab_says_something_that_fits(tab: Tab, state: State, seen: Watched | None, room: Room) -> None:
    told = [event(EventKind.RENAMED, {"to": "写" * 60 + HOSTILE[0]})]
    about = dataclasses.replace(subject(state, seen), events=told)
    lines = texts(tab, about, room)
    assert any(lines)
    assert all(cell_len(each) <= room.width for each in lines), lines
