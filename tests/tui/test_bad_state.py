"""A state file that goes, comes back, is replaced or turns read-only under the open screen; tiny terminals."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, session_control
from tests.tui.screen_control import Journal, ScreenControl, open_screen, play
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.session.removal import remove_session
from tui_downloader.tui import words
from tui_downloader.tui.snapshot import Trouble
from tui_downloader.tui.widgets.header import Header
from tui_downloader.tui.widgets.views import Views
from tui_downloader.units import format_moment

NOW = 1_764_000_000.0


def trouble(screen: ScreenControl) -> str:
    """Return what stands below the views about what is wrong."""
    found = screen.main.snapshot.trouble
    return "" if found is None else words.trouble_words(found, now=found.since or NOW)


def test_the_words() -> None:
    gone = Trouble("The state file cannot be written (read-only file system).", since=NOW)
    assert words.trouble_words(gone, now=NOW + 60) == (
        "The state file cannot be written (read-only file system). "
        f"Shown as of {format_moment(NOW, now=NOW)}; keys that change something are off."
    )


def test_a_file_that_is_gone_is_told_and_one_that_comes_back_is_used(control: SessionControl) -> None:
    journal = Journal(control)
    (one,) = journal.add("a.iso")
    directory, aside = control.session.directory, control.root / "aside"

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.feed._posted.revision, what="the first look")
        directory.rename(aside)
        await screen.until(lambda: trouble(screen), what="the sentence")
        assert trouble(screen).startswith("The state file is gone. Shown as of ")
        assert trouble(screen).endswith("; keys that change something are off.")
        assert screen.current.id == one, "the list is still there"
        assert "! " in screen.line(Header)
        await screen.press("x")
        await screen.until(lambda: "The state file is gone." in screen.notices, what="the answer of a key")
        assert not directory.exists(), "nothing is made anew"
        aside.rename(directory)
        await screen.until(lambda: not trouble(screen), what="the end of it")
        await screen.press("x")
        await screen.until(lambda: control.row(one).intent is Intent.CANCEL, what="the verb")

    play(control, scenario)


def test_a_file_in_its_place_is_read_from_its_beginning(control: SessionControl) -> None:
    journal = Journal(control)
    journal.add("a.iso")
    directory, aside = control.session.directory, control.root / "aside"
    control.session.close()
    shutil.copytree(directory, aside)
    journal.add("b.iso", "c.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: len(screen.main.downloads._rows) == 3, what="three rows")
        control.session.close()
        shutil.rmtree(directory)
        await screen.until(lambda: trouble(screen), what="the sentence")
        aside.rename(directory)
        await screen.until(lambda: not trouble(screen), what="the end of it")
        await screen.until(lambda: screen.current.shown_name == "a.iso", what="the older copy")
        assert len(screen.main.downloads._rows) == 1

    play(control, scenario)


READ_ONLY = """
import asyncio, subprocess, sys
from pathlib import Path
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, open_screen
from tui_downloader.tui import words

def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)

async def main():
    control = SessionControl(Path(sys.argv[1]))
    (one,) = Journal(control).add("a.iso")
    directory = str(control.session.directory)
    mount("--bind", directory, directory)
    async with open_screen(control) as screen:
        await screen.until(lambda: screen.feed._posted.revision)
        mount("--bind", directory, directory)
        mount("-o", "remount,ro,bind", directory)
        await screen.until(lambda: screen.main.snapshot.trouble)
        told = words.trouble_words(screen.main.snapshot.trouble, now=0)
        await screen.press("x")
        await screen.until(lambda: screen.notices)
        print(told, screen.notices[0], screen.current.shown_name, sep="|")
        subprocess.run(["umount", directory], check=True)
        await screen.until(lambda: not screen.main.snapshot.trouble)
        print("well again")
    control.close()

asyncio.run(main())
"""


def test_a_file_system_that_turns_read_only_is_told(control: SessionControl) -> None:
    unshare = shutil.which("unshare")
    command = [unshare or "", "--user", "--map-root-user", "--mount"]
    if unshare is None or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts of our own here")
    done = subprocess.run(
        [*command, sys.executable, "-c", READ_ONLY, str(control.root)],
        cwd=Path(__file__).parents[2],
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()[-2:]
    told, notice, name = first.split("|")
    assert told.startswith("The state file cannot be written (read-only file system). Shown as of ")
    assert notice == "The state file cannot be written (read-only file system)."
    assert name == "a.iso"
    assert second == "well again"


def test_a_worker_that_keeps_dying_is_told_with_its_log_and_a_countdown(
    control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])

    async def scenario(screen: ScreenControl) -> None:
        control.add(url)
        for _ in range(3):
            await asyncio.to_thread(control.kill_worker)
        await screen.until(lambda: trouble(screen), what="the sentence")
        found = screen.main.snapshot.trouble
        assert found is not None
        assert found.retry_at is not None
        at = found.retry_at
        assert words.trouble_words(found, now=at - 30.5).startswith(
            "The worker stopped 3 times in a minute; next start in 0:30. Its log ends: "
        )
        assert words.trouble_words(found, now=at - 29.5).partition(". Its")[0].endswith("next start in 0:29")
        assert words.trouble_words(found, now=at).endswith(" · more: tuidl doctor")
        assert "! worker failing" in screen.line(Header)
        assert screen.current.state is State.QUEUED, "nothing runs"

    play(control, scenario)


def test_a_terminal_of_ten_by_three_and_back(control: SessionControl) -> None:
    journal = Journal(control)
    one, two = journal.add("a.iso", "b.iso")
    journal.finish(one, "a.iso")

    async def scenario(screen: ScreenControl) -> None:
        for keys in ((), ("i",), ("s",), ("question_mark",), ("L",), ("a",)):
            await screen.press(*keys)
            await screen.pilot.pause()
            before = screen.app.screen
            for size in ((10, 3), (1, 1), (120, 34)):
                await screen.pilot.resize_terminal(*size)
                await screen.pilot.pause()
            assert screen.app.screen is before
            if keys:
                await screen.press("escape")
                await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert screen.main.query_one(Header).display
        await screen.press("g")
        assert screen.current.id == two

    play(control, scenario)


def test_a_second_screen_shows_the_same(control: SessionControl) -> None:
    journal = Journal(control)
    one, two = journal.add("a.iso", "b.iso")

    async def scenario() -> None:
        async with open_screen(control) as first, open_screen(control) as second:
            await second.until(lambda: second.feed._posted.revision, what="the first look")
            await first.press("g", "x")
            await second.until(
                lambda: second.main.snapshot.find(two).intent is Intent.CANCEL,  # type: ignore[union-attr]  # it is there
                what="the verb on the other screen",
            )
            journal.finish(one, "a.iso")
            await second.until(lambda: "Done 1" in second.line(Views), what="the end on the second screen")
            await first.until(lambda: "Done 1" in first.line(Views), what="the end on the first screen")

    asyncio.run(scenario())


def test_removing_a_session_under_an_open_screen_is_told(control: SessionControl) -> None:
    with session_control(control.root, "other") as other:
        Journal(other).add("a.iso")

        async def scenario(screen: ScreenControl) -> None:
            await screen.until(lambda: screen.feed._posted.revision, what="the first look")
            other.session.close()
            await asyncio.to_thread(remove_session, "other", state_directory=control.root / "state", force=True)
            await screen.until(lambda: trouble(screen).startswith("The state file is gone."), what="the sentence")

        play(other, scenario)
