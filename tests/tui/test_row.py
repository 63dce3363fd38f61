"""A row's columns: exact widths, the order in which they leave, clipped names, bars in eighths."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len
from rich.style import Style

from tests.tui.factories import MB, NOW, download, every_state
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.tui.widgets.row import Paint, bar_segments, clipped, columns_for, row_segments

NAMES = [
    "a.iso",
    "debian-13.2.0-netinst.iso",
    "写真集-2026-秋.zip",
    "写" * 200 + ".tar.gz",
    "[red]x[/]y[@click=app.bell].iso",
    "👩‍👩‍👧‍👦 family 🇩🇪.mp4",
    "e\u0301" * 80,
    "x" * 70_000,
    ".hidden",
    "no-ending-at-all-but-quite-long-it-really-is",
    "",
]


def text_of(row: Download, width: int, **more: Any) -> str:
    """Draw a row and return its text."""
    return "".join(each.text for each in row_segments(row, width=width, now=NOW, paint=Paint(), **more))


@pytest.mark.parametrize("width", [*range(26, 130), 200, 240])
def test_every_row_is_exactly_as_wide_as_asked(width: int) -> None:
    for row in every_state():
        assert cell_len(text_of(row, width)) == width
        unknown = download(row.id, row.state, bytes_received=12 * MB)
        assert cell_len(text_of(unknown, width)) == width


@pytest.mark.parametrize("name", NAMES)
def test_hostile_and_wide_names_keep_the_columns_straight(name: str) -> None:
    plain = text_of(download(1, State.TRANSFERRING, filename="a.iso", bytes_expected=MB), 80)
    for state in (State.TRANSFERRING, State.WAITING, State.COMPLETED, State.PAUSED):
        for width in (40, 60, 71, 80, 120):
            text = text_of(download(1, state, filename=name, bytes_expected=MB, reason=Reason.TLS), width)
            assert cell_len(text) == width
    text = text_of(download(1, State.TRANSFERRING, filename=name, bytes_expected=MB), 80)
    assert text[-20:] == plain[-20:]


def test_a_name_is_shown_as_it_is_never_as_markup() -> None:
    assert "[red]x[/]y" in text_of(download(filename="[red]x[/]y"), 80)


def test_columns_leave_in_their_order() -> None:
    def there(width: int) -> tuple[bool, bool, bool, int]:
        columns = columns_for(width)
        return bool(columns.size), bool(columns.speed), bool(columns.time), columns.bar

    order = [there(width) for width in range(240, 31, -1)]
    distinct = [each for number, each in enumerate(order) if number == 0 or each != order[number - 1]]
    assert distinct == [
        (True, True, True, 10),
        (False, True, True, 10),
        (False, True, True, 8),
        (False, False, True, 8),
        (False, False, False, 8),
        (False, False, False, 6),
        (False, False, False, 0),
    ]


@pytest.mark.parametrize("width", range(32, 241))
def test_the_name_keeps_at_least_sixteen_cells(width: int) -> None:
    assert columns_for(width).name >= 16


def test_a_running_row_at_the_widths_of_the_specification() -> None:
    row = download(
        1,
        State.TRANSFERRING,
        filename="debian-13.2.0-netinst.iso",
        bytes_received=510 * MB,
        bytes_expected=790 * MB,
        bytes_per_second=8.2 * MB,
        started_at=NOW - 60,
    )
    assert text_of(row, 71, cursor=True) == (
        "▌ ↓ debian-13.2.0-netinst.iso  ██████▍     64%  790 MB  8.2 MB/s   0:34"
    )
    assert text_of(row, 60) == "  ↓ debian-13.2.0-netinst.iso █████▏    64%  8.2 MB/s   0:34"


def test_rows_where_nothing_moves_say_why() -> None:
    waiting = download(1, State.WAITING, filename="m.safetensors", reason=Reason.SERVER_BUSY, retry_at=NOW + 42)
    assert text_of(waiting, 71).rstrip().endswith("waiting · server busy · next try 0:42")
    assert text_of(waiting, 60).rstrip().endswith("waiting · server busy 0:42")
    assert text_of(waiting, 40).rstrip().endswith("server busy")
    assert text_of(download(1, State.CONNECTING), 71).rstrip().endswith("connecting")
    assert text_of(download(1, State.PAUSED), 71).endswith("paused")
    assert text_of(download(1, State.CANCELLED), 40).endswith("cancelled")


@pytest.mark.parametrize("state", [State.QUEUED, State.PAUSED])
def test_a_row_that_knows_nothing_has_no_bar(state: State) -> None:
    name = "a-name-that-needs-the-room-of-a-bar.img"
    row = download(1, state, filename=name)
    segments = row_segments(row, width=71, now=NOW, paint=Paint(trough=Style(bgcolor="blue")))
    assert not any(each.style and each.style.bgcolor for each in segments)
    text = "".join(each.text for each in segments)
    assert text.startswith(f"  {text[2]} {name} ")
    assert text.endswith(f" {state.value}")
    known = row_segments(download(1, state, bytes_expected=MB), width=71, now=NOW, paint=Paint())
    assert "  0%" in "".join(each.text for each in known)


def test_a_queued_row_tells_its_place_where_there_is_room() -> None:
    known = download(1, State.QUEUED, filename="a.iso", bytes_received=31 * MB, bytes_expected=100 * MB)
    assert text_of(known, 71, place=3).endswith("  31%  100 MB     queued · 3rd")
    assert text_of(known, 71, place=1).endswith("  31%  100 MB    queued · next")
    assert text_of(known, 71, place=100_000).endswith(" queued")
    assert text_of(download(1), 71, place=100_000).endswith(" queued · 100,000th")
    for width in range(26, 130):
        for row in (known, download(1)):
            text = text_of(row, width, place=12_345)
            assert cell_len(text) == width
            assert text.endswith((" queued · 12,345th", " queued"))


def test_an_unknown_length_has_no_percentage_and_no_end() -> None:
    row = download(1, State.TRANSFERRING, bytes_received=12 * MB, bytes_per_second=1.0 * MB)
    text = text_of(row, 71)
    assert "%" not in text
    assert "12.0 MB" in text
    assert text.endswith("—")
    moved = text_of(download(1, State.TRANSFERRING, bytes_received=13 * MB, bytes_per_second=1.0 * MB), 71)
    assert text.index("███") != moved.index("███"), "the run moves as bytes come"


def test_a_hundred_percent_is_shown_only_when_all_is_here() -> None:
    nearly = download(1, State.TRANSFERRING, bytes_received=1000 * MB - 1, bytes_expected=1000 * MB)
    assert " 99%" in text_of(nearly, 71)


@pytest.mark.parametrize(
    ("name", "width", "expected"),
    [
        ("short.iso", 12, "short.iso   "),
        ("talk-2026-the-whole-recording-final.mkv", 22, "talk-2026-t…-final.mkv"),
        ("model-weights.safetensors", 18, "model….safetensors"),
        ("写真写真写真.zip", 9, "写真….zip"),
        ("写真写真写真.zip", 10, "写真….zip "),
        ("a-name.with-a-very-long-ending-that-is-none", 12, "a-name…-none"),
    ],
)
def test_names_are_clipped_in_the_middle(name: str, width: int, expected: str) -> None:
    assert clipped(name, width) == expected


def test_bars_grow_in_eighths() -> None:
    paint = Paint(trough=Style(bgcolor="blue"))

    def drawn(fraction: float) -> str:
        return "".join(each.text for each in bar_segments(fraction, 2, full=Style(), paint=paint))

    assert [drawn(number / 16) for number in range(17)] == [
        "  ", "▏ ", "▎ ", "▍ ", "▌ ", "▋ ", "▊ ", "▉ ",
        "█ ", "█▏", "█▎", "█▍", "█▌", "█▋", "█▊", "█▉", "██",
    ]  # fmt: skip
    assert drawn(7.0) == "██"
    assert drawn(-1.0) == "  "


def test_a_console_without_the_signs_gets_ascii() -> None:
    for row in every_state():
        segments = row_segments(row, width=60, now=NOW, cursor=True, paint=Paint(plain=True))
        text = "".join(each.text for each in segments).replace("·", "").replace("…", "").replace("—", "")
        assert text.isascii()
        assert cell_len("".join(each.text for each in segments)) == 60


def test_names_in_columns_have_one_width_on_every_terminal() -> None:
    assert clipped("👩‍👩‍👧‍👦 🇩🇪 ❤️ 👍🏽 1️⃣.txt", 30).rstrip() == "👩👩👧👦 DE ❤ 👍 1.txt"
    assert clipped("写真 e\u0301té שלום.txt", 30).rstrip() == "写真 e\u0301té שלום.txt"


def test_marks_of_cursor_and_selection() -> None:
    row = download(1, State.COMPLETED, filename="a.iso")
    assert text_of(row, 60).startswith("  ✓ a.iso ")
    assert text_of(row, 60, cursor=True).startswith("▌ ✓ a.iso ")
    assert text_of(row, 60, selected=True).startswith("● ✓ a.iso ")
    assert text_of(row, 60, cursor=True, selected=True).startswith("▌●✓ a.iso ")
