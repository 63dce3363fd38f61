"""The main job: start a download, quit, come back, and file, picture and what happened are there."""

from __future__ import annotations

from tests.end_to_end.home import Home, is_alive, percent
from tests.end_to_end.quarters import find_quarters, quarters_png
from tests.end_to_end.terminal import Terminal
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Pace, StallAfter
from tui_downloader.model.lifecycle import State

NAME = "quarters.png"
BANNER = f"While you were away: {NAME} finished"


def test_download_goes_on_after_quit_and_is_shown_at_the_next_visit(home: Home, fault_server: FaultServer) -> None:
    picture = quarters_png()
    faults = [Pace(200_000), StallAfter(len(picture) * 6 // 10)]
    url = fault_server.add(f"/{NAME}", Resource(picture, media_type="image/png"), faults=faults)

    _add_and_quit(home, url)

    pid = home.control.worker_pid()
    assert is_alive(pid)
    fault_server.release()
    (row,) = home.session.snapshots()
    home.control.wait_for(row.id, State.COMPLETED)
    assert (home.downloads / NAME).read_bytes() == picture

    _come_back(home, banner=True)
    home.wait_until_acknowledged()
    _come_back(home, banner=False)
    _find_select_and_read(home)


def _add_and_quit(home: Home, url: str) -> None:
    """Paste a URL into the form, see it move, quit."""
    with home.terminal() as terminal:
        terminal.wait_for_text("Nothing here yet.")
        terminal.send("a")
        terminal.wait_for_text("Add downloads")
        terminal.paste(url)
        terminal.wait_for_text(f"✓ {NAME}")
        terminal.send("\r")
        terminal.wait_for(lambda: percent(terminal.row(NAME)) > 0, what="the first percent")
        first = percent(terminal.row(NAME))
        terminal.wait_for(lambda: percent(terminal.row(NAME)) > first, what="progress")
        pid = home.control.worker_pid()

        terminal.send("q")

        assert terminal.wait_for_end() == 0
        assert not terminal.shows_program
        assert "1 download goes on in the background" in terminal.text
        assert "Come back: tuidl" in terminal.text
        assert home.control.worker_pid() == pid


def _come_back(home: Home, *, banner: bool) -> None:
    """Launch, see banner (or none) and picture without a key, quit with nothing to tell."""
    with home.terminal() as terminal:
        terminal.wait_for(lambda: _is_whole(terminal), what="the picture, 3 to 2 in cells twice as high as wide")
        if banner:
            terminal.wait_for_text(BANNER)
        terminal.wait_for(lambda: terminal.row("▌").startswith(f"▌ ✓ {NAME}"), what="the cursor on the picture")
        assert ("While you were away" in terminal.text) is banner
        home.wait_until_acknowledged()

        terminal.send("q")

        assert terminal.wait_for_end() == 0
        assert terminal.text.strip() == ""


def _find_select_and_read(home: Home) -> None:
    """Among other rows: read of it in the inbox, find it by a filter, remove a selection of two others."""
    home.control.add(*(f"https://files.example.org/{name}.iso" for name in "abc"), paused=True)
    with home.terminal() as terminal:
        terminal.wait_for_text("c.iso")
        terminal.send("i")
        terminal.wait_for(lambda: NAME in terminal.row("finished, "), what="the inbox")
        terminal.send("\x1b")
        terminal.wait_until_gone("Esc close")

        terminal.send("/")
        terminal.wait_for_text("Esc clears")
        terminal.send("state:done")
        terminal.wait_until_gone("b.iso")
        assert NAME in terminal.text
        terminal.send("\r\x1b")
        terminal.wait_for_text("b.iso")

        terminal.send("g  ")
        terminal.wait_for_text("2 selected")
        terminal.send("d")
        terminal.wait_until_gone("b.iso")
        assert "a.iso" in terminal.text
        assert NAME in terminal.text

        terminal.send("q")

        assert terminal.wait_for_end() == 0


def _is_whole(terminal: Terminal) -> bool:
    """Tell whether the picture is there in its shape; a frame may still be on its way to the terminal."""
    place = find_quarters(terminal)
    if place is None:
        return False
    return 1.35 < (place.right - place.left + 1) / (2 * (place.bottom - place.top + 1)) < 1.65
