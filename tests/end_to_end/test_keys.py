"""The keys of SCREEN section 8 on a real terminal: what they do to downloads, files and the clipboard."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.end_to_end.home import Home
from tests.end_to_end.quarters import quarters_png
from tests.end_to_end.terminal import Terminal
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, starts_after_zero
from tests.support.session_control import wait_until
from tui_downloader.model.lifecycle import State

PICTURE, FILE = "quarters.png", "slow.bin"


@pytest.fixture
def running(home: Home, fault_server: FaultServer) -> int:
    """A download that stands at half its size, resumed a little later; removing asks from 1 MB received on."""
    faults = [
        StallAfter(400_000, when=lambda request: not starts_after_zero(request)),
        StallAfter(100_000, when=starts_after_zero),
    ]
    url = fault_server.add(f"/{FILE}", Resource(body(1, 800_000)), faults=faults)
    (download_id,) = home.control.add(url)
    home.control.wait_for_bytes(download_id, 400_000)
    return download_id


@pytest.fixture
def finished(home: Home, fault_server: FaultServer) -> int:
    """A finished picture."""
    url = fault_server.add(f"/{PICTURE}", Resource(quarters_png(), media_type="image/png"))
    (download_id,) = home.control.add(url)
    home.control.wait_for(download_id, State.COMPLETED)
    return download_id


@pytest.fixture
def terminal(home: Home) -> Iterator[Terminal]:
    """The screen; request it after the downloads."""
    with home.terminal() as made:
        made.wait_for_text("? Help")
        yield made
        assert made.process.poll() is None or made.process.returncode == 0
        assert "Traceback" not in made.text


def test_pause_resume_cancel_remove(
    home: Home, fault_server: FaultServer, running: int, terminal: Terminal
) -> None:
    terminal.wait_for(lambda: "50%" in terminal.row(FILE), what="the running row")

    terminal.send("p")
    home.control.wait_for(running, State.PAUSED)
    terminal.wait_for(lambda: "paused" in terminal.row(FILE), what="the paused row")

    terminal.send("r")
    home.control.wait_for(running, State.TRANSFERRING)
    terminal.wait_for(lambda: "p Pause" in terminal.lines[-1], what="the footer of a running row")

    terminal.send("x")
    home.control.wait_for(running, State.CANCELLED)
    terminal.wait_for(lambda: "cancelled" in terminal.row(FILE), what="the cancelled row")
    assert list(home.downloads.iterdir())

    terminal.send("d")
    terminal.wait_for_text("Nothing here yet.")
    wait_until(lambda: not list(home.downloads.iterdir()), what="no part file")
    assert home.session.snapshots() == []


def test_key_that_cannot_act_says_why(finished: int, terminal: Terminal) -> None:
    terminal.wait_for(lambda: "✓" in terminal.row(PICTURE), what="the finished row")
    terminal.send("r")
    terminal.wait_for_text("Nothing to resume: already finished")
    terminal.wait_for(lambda: "a Add" in terminal.lines[-1], what="the keys again")


def test_delete_asks_and_enter_keeps(home: Home, finished: int, terminal: Terminal) -> None:
    terminal.wait_for_text(f"✓ {PICTURE}")
    terminal.send("D")
    terminal.wait_for_text("Delete image?")
    terminal.wait_for_text("This cannot be undone.")
    terminal.send("\r")
    terminal.wait_until_gone("Delete image?")
    assert (home.downloads / PICTURE).exists()

    terminal.send("D")
    terminal.wait_for_text("Delete image?")
    terminal.send("\x1b")
    terminal.wait_until_gone("Delete image?")
    assert (home.downloads / PICTURE).exists()

    terminal.send("D")
    terminal.wait_for_text("Delete image?")
    terminal.send("y")
    terminal.wait_for_text("Nothing here yet.")
    wait_until(lambda: not (home.downloads / PICTURE).exists(), what="the deleted file")
    assert home.session.snapshots() == []


def test_remove_keeps_a_finished_file(home: Home, finished: int, terminal: Terminal) -> None:
    terminal.wait_for_text(f"✓ {PICTURE}")
    terminal.send("d")
    terminal.wait_for_text("Nothing here yet.")
    home.wait_until_idle()
    assert (home.downloads / PICTURE).exists()


def test_copied_path_reaches_the_terminal(home: Home, finished: int, terminal: Terminal) -> None:
    terminal.wait_for_text(f"✓ {PICTURE}")
    terminal.send("y")
    terminal.wait_for_text("Copied: ")
    encoded = base64.b64encode(bytes(home.downloads / PICTURE))
    terminal.wait_for(lambda: b"\x1b]52;c;" + encoded in terminal.raw, what="the path in the clipboard")


def test_help_shows_the_keys_and_closes(terminal: Terminal) -> None:
    terminal.send("?")
    terminal.wait_for_text("Pause or resume")
    terminal.send("q")
    terminal.wait_until_gone("Pause or resume")
    assert terminal.process.poll() is None


def test_palette_runs_an_action(home: Home, running: int, terminal: Terminal) -> None:
    terminal.wait_for_text(FILE)
    terminal.send("\x10")
    terminal.wait_for_text("Search")
    terminal.send("Pause")
    terminal.wait_for_text("Pause or resume")
    terminal.send("\r")
    home.control.wait_for(running, State.PAUSED)
    terminal.wait_for(lambda: "paused" in terminal.row(FILE), what="the paused row")


def test_ctrl_c_quits(terminal: Terminal) -> None:
    terminal.send("\x03")
    assert terminal.wait_for_end() == 0
    assert not terminal.shows_program
