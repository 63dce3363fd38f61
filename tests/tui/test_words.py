"""What list, header and shell say."""

from __future__ import annotations

import pytest

from tests.tui.factories import MB, NOW, download, every_state
from tui_downloader.model.lifecycle import Intent, Reason, State
from tui_downloader.tui import words
from tui_downloader.tui.snapshot import Trouble
from tui_downloader.units import format_moment


def test_every_state_has_one_glyph_of_one_cell() -> None:
    for table in (words.GLYPHS, words.PLAIN_GLYPHS):
        assert set(table) == set(State)
        assert all(len(each) == 1 for each in table.values())
        assert len(set(table.values())) == len(State)
    assert all(each.isascii() for each in words.PLAIN_GLYPHS.values())


def test_a_wait_until_is_worded_with_a_countdown() -> None:
    row = download(state=State.WAITING, reason=Reason.SERVER_BUSY, retry_at=NOW + 42.5, waiting_since=NOW - 5)
    assert words.phrases(row, now=NOW) == (
        "waiting · server busy · next try 0:42",
        "waiting · server busy 0:42",
        "waiting · server busy",
        "server busy",
    )


def test_being_offline_is_worded_with_its_beginning() -> None:
    row = download(state=State.WAITING, reason=Reason.OFFLINE, retry_at=NOW + 5, waiting_since=NOW - 1800)
    since = format_moment(NOW - 1800, now=NOW)
    assert words.phrases(row, now=NOW)[0] == f"waiting · offline since {since}"


def test_a_failure_names_the_key_that_helps_where_there_is_room() -> None:
    row = download(state=State.FAILED, reason=Reason.TLS)
    assert words.phrases(row, now=NOW) == (
        "failed · not trusted · r try again",
        "failed · not trusted",
        "not trusted",
    )
    row = download(state=State.FAILED, reason=Reason.LINK_EXPIRED)
    assert words.phrases(row, now=NOW)[0] == "failed · link expired · u new link"


def test_a_failure_without_a_reason_still_has_words() -> None:
    assert words.phrases(download(state=State.FAILED), now=NOW)[-1] == "failed"
    assert words.phrases(download(state=State.WAITING), now=NOW)[-1] == "waiting"


@pytest.mark.parametrize(
    ("intent", "state", "expected"),
    [
        (Intent.PAUSE, State.TRANSFERRING, "pausing"),
        (Intent.CANCEL, State.CONNECTING, "cancelling"),
        (Intent.RUN, State.PAUSED, None),
        (Intent.PAUSE, State.COMPLETED, None),
    ],
)
def test_a_verb_is_told_before_the_worker_acts(intent: Intent, state: State, expected: str | None) -> None:
    row = download(state=state, intent=intent, intent_number=2, acted_number=1)
    assert words.asked_for(row) == expected


def test_an_acted_verb_is_the_state_itself() -> None:
    row = download(state=State.PAUSED, intent=Intent.PAUSE, intent_number=2, acted_number=2)
    assert words.asked_for(row) is None
    assert words.end_words(row, now=NOW) == ("paused",)


def test_a_queued_row_tells_its_place() -> None:
    row = download(state=State.QUEUED)
    assert words.end_words(row, now=NOW, place=1) == ("queued · next", "queued")
    assert words.end_words(row, now=NOW, place=3) == ("queued · 3rd", "queued")
    assert words.end_words(row, now=NOW) == ("queued",)
    pausing = download(state=State.QUEUED, intent=Intent.PAUSE, intent_number=2)
    assert words.end_words(pausing, now=NOW, place=3) == ("pausing",)
    assert words.sentence(row, now=NOW, place=2) == "Queued, 2nd in line"


@pytest.mark.parametrize(
    ("left_bytes", "expected"),
    [
        (35 * MB, "0:35"),
        (2660 * MB, "44:20"),
        (8040 * MB, "2 h 14"),
        (43_500 * MB, "12 h"),
        (900_000 * MB, ">1 day"),
    ],
)
def test_time_left_fits_six_cells(left_bytes: int, expected: str) -> None:
    row = download(
        state=State.TRANSFERRING,
        bytes_received=MB,
        bytes_expected=left_bytes + MB,
        bytes_per_second=float(MB),
        started_at=NOW - 60,
    )
    assert words.time_left(row, now=NOW) == expected


def test_time_left_waits_for_three_seconds() -> None:
    row = download(state=State.TRANSFERRING, bytes_expected=MB, bytes_per_second=10.0, started_at=NOW - 2)
    assert words.time_left(row, now=NOW) == ""
    assert words.time_left(row, now=NOW + 2) != ""


def test_a_picture_is_known_by_media_type_or_name() -> None:
    assert words.is_picture(download(media_type="image/png", filename="x"))
    assert words.is_picture(download(media_type="application/octet-stream", filename="Moon.JPG"))
    assert not words.is_picture(download(media_type="application/zip", filename="moon.zip"))


def test_the_sentence_of_a_failure() -> None:
    row = download(
        state=State.FAILED,
        reason=Reason.LINK_EXPIRED,
        http_status=403,
        bytes_received=1100 * MB,
        bytes_expected=1900 * MB,
    )
    told = "The link has expired (403) · 1.1 of 1.9 GB kept"
    assert words.sentence(row, now=NOW) == f"{told} · u paste a new link"
    assert words.sentence(row, now=NOW, width=58) == told, "the key is left out where it does not fit"


def test_every_state_has_a_sentence() -> None:
    for row in every_state():
        assert words.sentence(row, now=NOW)


def test_the_sparkline_leaves_room_above_its_fastest_second() -> None:
    assert words.sparkline([0.0, 5.0, 10.0], width=8) == "▁▄▇"
    assert words.sparkline([0.0, 0.0], width=8) == ""
    assert words.sparkline([10.0, 0.0, 0.0], width=2) == ""


def test_a_steady_speed_is_a_line_above_the_middle() -> None:
    assert words.sparkline([13.3e6] * 40, width=10) == "▅" * 10
    wavering = words.sparkline([13.3e6, 12.9e6, 13.9e6, 13.1e6] * 10, width=10)
    assert set(wavering) <= set("▄▅▆")


def test_a_burst_that_is_no_longer_drawn_presses_nothing_down() -> None:
    assert words.sparkline([900.0, 50.0, 50.0], width=2) == "▅▅"


def test_a_worker_that_keeps_dying_is_told_with_its_log() -> None:
    trouble = Trouble("The worker stopped 3 times in a minute", retry_at=NOW + 30, log_end="OSError: disk")
    assert words.trouble_words(trouble, now=NOW) == (
        "The worker stopped 3 times in a minute; next start in 0:30. "
        "Its log ends: OSError: disk · more: tuidl doctor"
    )


def test_the_notice_of_one_and_of_many() -> None:
    one = download(filename="nebula.jpg", state=State.COMPLETED, bytes_received=4_612_345)
    assert words.finished_toast([one]) == "Finished: nebula.jpg, 4.6 MB"
    assert words.finished_toast([one] * 12) == "Finished: 12 files, 55.3 MB"


def test_the_farewell_names_what_goes_on() -> None:
    rows = [
        download(1, State.TRANSFERRING, bytes_received=0, bytes_expected=33_210 * MB, bytes_per_second=12.3 * MB),
        download(2, State.WAITING, bytes_expected=0, reason=Reason.OFFLINE),
        download(3, State.COMPLETED),
        download(4, State.PAUSED, intent=Intent.PAUSE),
    ]
    assert words.farewell(rows) == (
        "2 downloads go on in the background (12.3 MB/s, about 45 min left). "
        "Come back: tuidl · wait: tuidl wait · pause: tuidl pause --all"
    )


def test_the_farewell_tells_that_logging_out_stops_it() -> None:
    rows = [download(each, State.WAITING, reason=Reason.OFFLINE) for each in (1, 2)]
    assert words.farewell(rows, stops_at_logout=lambda: True).splitlines()[1:] == [
        "They stop when you log out here, and go on at your next tuidl. To change that: tuidl doctor"
    ]
    assert words.farewell(rows[:1], stops_at_logout=lambda: True).splitlines()[1:] == [
        "It stops when you log out here, and goes on at your next tuidl. To change that: tuidl doctor"
    ]
    assert words.farewell([], stops_at_logout=lambda: pytest.fail("nothing goes on: nobody is asked")) == ""


def test_the_farewell_is_silent_when_nothing_goes_on() -> None:
    assert words.farewell([download(1, State.COMPLETED), download(2, State.FAILED)]) == ""
    pausing = download(3, State.TRANSFERRING, intent=Intent.PAUSE, intent_number=2)
    assert words.farewell([pausing]) == ""


@pytest.mark.parametrize(
    ("come_back", "identifier", "expected"),
    [
        (
            "tuidl -s work",
            "work",
            "Come back: tuidl -s work · wait: tuidl -s work wait · pause: tuidl -s work pause --all",
        ),
        (
            "tuidl demo",
            "demo",
            "Come back: tuidl demo · wait: tuidl -s demo wait · pause: tuidl -s demo pause --all",
        ),
        ("tuidl demo", "default", "Come back: tuidl demo · wait: tuidl wait · pause: tuidl pause --all"),
    ],
)
def test_the_farewell_of_other_sessions(come_back: str, identifier: str, expected: str) -> None:
    text = words.farewell([download()], identifier=identifier, come_back=come_back)
    assert text == f"1 download goes on in the background. {expected}"
