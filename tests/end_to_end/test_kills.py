"""The screen is killed: downloads go on, and nothing that was not told is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.end_to_end.home import Home, percent
from tests.end_to_end.quarters import quarters_png
from tests.end_to_end.terminal import Terminal
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Pace, StallAfter
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.feed_verbs import CLIENT

NAME = "quarters.png"
BANNER = f"While you were away: {NAME} finished"


def test_worker_outlives_a_killed_screen(home: Home, fault_server: FaultServer) -> None:
    picture = quarters_png()
    faults = [Pace(400_000), StallAfter(len(picture) // 2)]
    url = fault_server.add(f"/{NAME}", Resource(picture, media_type="image/png"), faults=faults)
    with home.terminal() as terminal:
        terminal.wait_for_text("Nothing here yet.")
        terminal.paste(url)
        terminal.wait_for_text(f"✓ {NAME}")
        terminal.send("\r")
        terminal.wait_for(lambda: percent(terminal.row(NAME)) > 0, what="the first percent")
        pid = home.control.worker_pid()
        terminal.kill()
    assert home.control.worker_pid() == pid

    with home.terminal() as terminal:
        terminal.wait_for(lambda: percent(terminal.row(NAME)) > 40, what="the download that goes on")
        terminal.kill()
    assert home.control.worker_pid() == pid

    fault_server.release()
    (row,) = home.session.snapshots()
    home.control.wait_for(row.id, State.COMPLETED)
    with home.terminal() as terminal:
        terminal.wait_for_text(BANNER)
        numbers = [entry.number for entry in fault_server.requests(f"/{NAME}")]
        assert numbers == [1, 2], "the look ahead, and the one transfer"


def test_killed_before_the_acknowledgement_it_tells_again(home: Home, fault_server: FaultServer) -> None:
    url = fault_server.add(f"/{NAME}", Resource(quarters_png(), media_type="image/png"))
    (download_id,) = home.control.add(url)
    home.control.wait_for(download_id, State.COMPLETED)
    home.wait_until_idle()

    with _nobody_can_write(home), home.terminal() as terminal:
        terminal.wait_for_text(BANNER)
        terminal.kill()
    assert home.session.cursor(CLIENT) == 0

    with home.terminal() as terminal:
        terminal.wait_for_text(BANNER)
        home.wait_until_acknowledged()
        _quit(terminal)
    with home.terminal() as terminal:
        terminal.wait_for_text(NAME)
        _quit(terminal)
        assert BANNER.encode() not in terminal.raw


@contextlib.contextmanager
def _nobody_can_write(home: Home) -> Iterator[None]:
    """Hold the state file's write lock: an acknowledgement has to wait."""
    with home.control.database() as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.rollback()


def _quit(terminal: Terminal) -> None:
    terminal.send("q")
    assert terminal.wait_for_end() == 0


def test_leaving_in_the_first_moment_shows_no_traceback(home: Home, fault_server: FaultServer) -> None:
    url = fault_server.add(f"/{NAME}", Resource(quarters_png(), media_type="image/png"))
    (download_id,) = home.control.add(url)
    home.control.wait_for(download_id, State.COMPLETED)
    for _ in range(6):
        with home.terminal() as terminal:
            terminal.wait_for_text(NAME)
            terminal.send("q")
            assert terminal.wait_for_end() == 0
            assert b"Traceback" not in bytes(terminal.raw)
