"""Keys act on a real session; one that cannot act says why; what cannot be undone asks."""

from __future__ import annotations

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.screens.question import QuestionScreen

SIZE = 3_000_000


def row_state(control: SessionControl, download_id: int) -> State:
    """Return the state of a row."""
    return control.row(download_id).state


def test_pause_resume_and_cancel(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.iso", Resource(body(1, SIZE)), faults=[StallAfter(SIZE // 4)])
    (download_id,) = control.add(url)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.current.state is State.TRANSFERRING, what="the transfer")
        await screen.press("p")
        await screen.until(lambda: row_state(control, download_id) is State.PAUSED, what="the pause")
        await screen.until(lambda: screen.current.state is State.PAUSED, what="the paused row")
        await screen.press("p")
        await screen.until(lambda: row_state(control, download_id) is State.TRANSFERRING, what="the resumption")
        await screen.until(lambda: screen.current.state is State.TRANSFERRING, what="the running row")
        await screen.press("x")
        await screen.until(lambda: row_state(control, download_id) is State.CANCELLED, what="the end")
        await screen.until(lambda: screen.current.state is State.CANCELLED, what="the cancelled row")
        await screen.press("p")
        assert screen.remark == "Nothing to pause: it has been cancelled"

    play(control, scenario)


def test_a_download_that_finishes_is_told(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.iso", Resource(body(1, SIZE)))

    async def scenario(screen: ScreenControl) -> None:
        screen.feed.add([control.request(url)])
        await screen.until(lambda: screen.main.current is not None, what="the row")
        await screen.until(lambda: screen.notices, what="the notice")
        assert screen.notices == ["Finished: a.iso, 3.0 MB"]
        await screen.until(lambda: screen.current.state is State.COMPLETED, what="the finished row")
        assert (control.downloads / "a.iso").stat().st_size == SIZE

    play(control, scenario)


def test_a_key_that_cannot_act_says_why(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")
    journal.finish(download_id, "a.iso")

    async def scenario(screen: ScreenControl) -> None:
        for key, remark in (
            ("r", "Nothing to resume: already finished"),
            ("p", "Nothing to pause: already finished"),
            ("x", "Nothing to cancel: already finished"),
        ):
            await screen.press(key)
            assert screen.remark == remark
        await screen.until(lambda: not screen.remark, what="the silence")
        await screen.press("2", "d")
        assert screen.remark == "Nothing to remove: no download is selected"

    play(control, scenario)


def test_a_new_download_gets_the_cursor(control: SessionControl) -> None:
    Journal(control).add("a.iso", "b.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("G")
        screen.feed.add([control.request("https://files.example.org/c.iso", paused=True)])
        await screen.until(lambda: screen.current.shown_name == "c.iso", what="the new row")
        screen.feed.add([control.request("https://files.example.org/a.iso", paused=True)])
        await screen.until(lambda: screen.current.shown_name == "a.iso", what="the known row")
        assert screen.remark == "In the list already: a.iso"

    play(control, scenario)


def test_removing_asks_only_when_much_would_be_lost(control: SessionControl) -> None:
    journal = Journal(control)
    little, much = journal.add("little.iso", "much.iso")
    journal.write(much, bytes_received=2_000_000, bytes_expected=9_000_000)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("d")
        assert isinstance(screen.app.screen, QuestionScreen)
        await screen.press("enter")
        assert screen.app.screen_stack == [screen.main]
        await screen.press("d", "y")
        await screen.until(lambda: [row.id for row in control.session.snapshots()] == [little], what="the removal")
        await screen.until(lambda: screen.current.id == little, what="the row that is left")
        await screen.press("d")
        assert screen.app.screen_stack == [screen.main]
        await screen.until(lambda: not control.session.snapshots(), what="the removal")

    play(control, scenario)


def test_deleting_a_file_always_asks(control: SessionControl) -> None:
    journal = Journal(control)
    archive, picture = journal.add("a.zip", "moon.png")
    file, image = journal.finish(archive, "a.zip"), journal.finish(picture, "moon.png")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.current.id == picture, what="the newest picture")
        await screen.press("D")
        assert isinstance(screen.app.screen, QuestionScreen)
        assert screen.app.screen._title == "Delete image?"
        assert screen.app.screen._lines[0].startswith("moon.png, 1.0 kB, in ")
        await screen.press("y")
        await screen.until(lambda: not image.exists(), what="the deletion")
        await screen.until(lambda: screen.current.id == archive, what="the other row")
        await screen.press("delete")
        assert isinstance(screen.app.screen, QuestionScreen)
        assert screen.app.screen._title == "Delete file?"
        await screen.press("escape")
        assert file.exists()

    play(control, scenario)


def test_a_finished_file_outlives_its_row(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.zip")
    file = journal.finish(download_id, "a.zip")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("d")
        await screen.until(lambda: not control.session.snapshots(), what="the removal")
        assert file.exists()

    play(control, scenario)


def test_path_and_url_are_copied(control: SessionControl) -> None:
    journal = Journal(control)
    unfinished, finished = journal.add("a.iso?token=secret", "b.iso")
    path = journal.finish(finished, "b.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("y")
        assert screen.app.clipboard == str(path)
        assert screen.remark.startswith("Copied: ")
        await screen.press("j", "y")
        assert screen.remark == "Nothing to copy yet: the file is not finished; Y copies its URL"
        await screen.press("Y")
        assert screen.app.clipboard == "https://files.example.org/a.iso?token=secret"
        assert screen.remark == "Copied: the URL at files.example.org"
        assert screen.current.id == unfinished

    play(control, scenario)
