"""Title and taskbar."""

from __future__ import annotations

import pytest

from tests.support.session_control import SessionControl
from tests.tui.factories import MB, download, snapshot_of
from tests.tui.screen_control import ScreenControl, play
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.snapshot import Snapshot
from tui_downloader.tui.terminal_signs import KEEP_TITLE, NO_PROGRESS, RESTORE_TITLE, TerminalSigns, shows_progress

HALF = snapshot_of(
    download(
        1,
        State.TRANSFERRING,
        filename="evil\x1b]0;x\x07.iso",
        bytes_received=64 * MB,
        bytes_expected=100 * MB,
        bytes_per_second=12.3 * MB,
    )
)
UNKNOWN_LENGTH = snapshot_of(download(1, State.TRANSFERRING, bytes_received=5))


def written(*snapshots: Snapshot, **environment: str) -> list[str]:
    out: list[str] = []
    signs = TerminalSigns(out.append, environment)
    for each in snapshots:
        signs.show(each)
    signs.clear()
    return out


def test_the_title_tells_how_far_it_is_and_is_given_back() -> None:
    title = "\x1b]2;tuidl · 64 % · 12.3 MB/s\x1b\\"
    assert written(HALF, HALF, snapshot_of()) == [KEEP_TITLE + title, "\x1b]2;tuidl\x1b\\", RESTORE_TITLE]


def test_a_console_has_no_title() -> None:
    assert written(HALF, TERM="linux") == []


def test_the_taskbar_follows_and_is_cleared() -> None:
    sequences = written(HALF, UNKNOWN_LENGTH, snapshot_of(), HALF, WT_SESSION="1")
    assert [each for each in sequences if "]9;4" in each] == [
        "\x1b]9;4;1;64\x1b\\",
        "\x1b]9;4;3;0\x1b\\",
        NO_PROGRESS,
        "\x1b]9;4;1;64\x1b\\",
        NO_PROGRESS,
    ]


def test_no_text_from_outside_is_in_a_sequence() -> None:
    assert not any("evil" in each for each in written(HALF, WT_SESSION="1"))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM_PROGRAM": "ghostty"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"WT_SESSION": "x"}, True),
        ({"KONSOLE_VERSION": "220000"}, True),
        ({"WT_SESSION": "x", "TMUX": "/tmp/t"}, False),
        ({"TERM_PROGRAM": "WezTerm", "STY": "1.x"}, False),
    ],
)
def test_which_terminals_show_progress(environment: dict[str, str], expected: bool) -> None:
    assert shows_progress(environment) is expected


def test_a_crash_gives_the_title_back(control: SessionControl) -> None:
    out: list[str] = []

    async def scenario(screen: ScreenControl) -> None:
        screen.app._signs = TerminalSigns(out.append, {})
        screen.app._show_signs()

        def fail() -> None:
            raise ZeroDivisionError

        screen.app.call_later(fail)
        await screen.until(lambda: RESTORE_TITLE in out, what="the old title")

    with pytest.raises(ZeroDivisionError):
        play(control, scenario)
