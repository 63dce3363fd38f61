"""The feed's thread over a real session: verbs, errors, a worker that dies, and the end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from textual.message import Message

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, wait_until
from tests.tui.factories import MB
from tests.tui.screen_control import Journal, open_screen
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.session.session import Session
from tui_downloader.tui import messages
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.free_space import free_space
from tui_downloader.tui.snapshot import Snapshot, View, begun, merged

Kind = TypeVar("Kind", bound=Message)


class Received:
    """Messages of a feed, as its screen would get them."""

    def __init__(self) -> None:
        """Begin without any."""
        self.all: list[Message] = []

    def __call__(self, message: Message) -> None:
        """Take one."""
        assert threading.current_thread() is not threading.main_thread()
        self.all.append(message)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return those of one kind."""
        return [each for each in self.all if isinstance(each, kind)]


@pytest.fixture
def feed(control: SessionControl) -> Iterator[Feed]:
    """Yield a feed that has not started."""
    session = Session(control.session.identifier, state_directory=control.root / "state")
    made = Feed(session, merged(Snapshot(), session.changes()), directory=control.downloads)
    yield made
    made.stop()


def test_reading_creates_nothing(feed: Feed, control: SessionControl) -> None:
    received = Received()
    feed.start(received)
    wait_until(lambda: received.of(messages.EventsFinished), what="the replay of nothing")
    assert feed.stop() == []
    assert not control.session.exists()


def test_messages_come_in_the_order_of_the_hand_over(feed: Feed, control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")
    journal.finish(download_id, "a.iso")
    received = Received()
    feed.start(received)
    wait_until(lambda: received.of(messages.EventsFinished), what="the replay")
    kinds = [type(each) for each in received.all[:3]]
    assert kinds == [messages.BackgroundSessionUpdated, messages.EventsDelivered, messages.EventsFinished]
    (delivered,) = received.of(messages.EventsDelivered)
    assert delivered.replayed
    assert [each.download.id for each in delivered.happenings if each.download] == [download_id]
    assert control.session.cursor("screen") == 0, "nothing is acknowledged before the handler was called"
    received.of(messages.BackgroundSessionUpdated)[0].completion_handler()
    wait_until(lambda: control.session.cursor("screen") == 1, what="the acknowledgement")


def test_a_later_snapshot_makes_an_earlier_one_needless() -> None:
    early, late = messages.SnapshotRead(Snapshot()), messages.SnapshotRead(Snapshot())
    assert early.can_replace(late)
    assert not early.can_replace(messages.ActionFailed("no"))


def test_a_verb_that_fails_says_why(feed: Feed, control: SessionControl) -> None:
    Journal(control).add("a.iso")
    received = Received()
    feed.start(received)
    feed.pause([77])
    wait_until(lambda: received.of(messages.ActionFailed), what="the sentence")
    assert received.of(messages.ActionFailed)[0].sentence == "There is no download 77."


def test_an_error_that_nobody_foresaw_is_shown_and_logged(
    feed: Feed, control: SessionControl, caplog: pytest.LogCaptureFixture
) -> None:
    received = Received()
    feed.start(received)
    Journal(control).add("a.iso")
    feed.resume(7)  # type: ignore[arg-type]  # what a defect would do
    wait_until(lambda: received.of(messages.ActionFailed), what="the sentence")
    assert "the log has the details" in received.of(messages.ActionFailed)[0].sentence
    assert "Traceback" in caplog.text
    wait_until(lambda: received.of(messages.SnapshotRead), what="a feed that lives on")


def test_verbs_given_before_the_end_are_done(feed: Feed, control: SessionControl) -> None:
    received = Received()
    feed.start(received)
    feed.add([control.request("https://files.example.org/a.iso", paused=True)])
    feed.cancel([1])
    feed.pause([77])
    assert feed.stop() == ["There is no download 77."], "what could not be shown any more"
    assert control.row(1).intent is Intent.CANCEL
    assert feed.snapshot.rows[View.ALL][0].intent is Intent.CANCEL


def test_a_worker_that_dies_is_started_again(
    feed: Feed, control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(1, 2 * MB)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(MB, times=1)])
    received = Received()
    feed.start(received)
    feed.add([control.request(url)])
    wait_until(lambda: control.session.snapshots() and control.row(1).bytes_received, what="some of it")
    control.kill_worker()
    row = control.wait_for(1, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    wait_until(lambda: feed.snapshot.rows[View.DONE], what="the finished row")


def test_a_damaged_state_file_is_mended_and_told_and_the_screen_lives_on(control: SessionControl) -> None:
    Journal(control).add("a.iso")

    async def scenario() -> None:
        async with open_screen(control) as screen:
            await screen.until(lambda: screen.feed._posted.revision, what="the first look")
            with control.database() as database:
                database.execute("DROP TABLE events")
                database.commit()
            await screen.until(lambda: screen.notices, what="what became of it")
            assert "1 download is saved from it" in screen.notices[0]
            assert screen.current.shown_name == "a.iso"

    asyncio.run(scenario())
    control.session.close()  # its file has been replaced


def test_a_worker_that_cannot_start_is_told_and_tried_again_later(
    feed: Feed, control: SessionControl, tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text("no_such_setting = 1\n")
    received = Received()
    feed.start(received)
    feed.add([control.request("http://127.0.0.1:9/a.iso")])
    wait_until(lambda: received.of(messages.ActionFailed), what="why it did not start")
    assert "could not be started" in received.of(messages.ActionFailed)[0].sentence

    def waits() -> bool:
        return any(
            each.snapshot.trouble is not None and each.snapshot.trouble.retry_at is not None
            for each in received.of(messages.SnapshotRead)
        )

    wait_until(waits, what="the pause after three stops")
    assert feed.snapshot.trouble is not None
    assert feed.snapshot.trouble.sentence == "The worker stopped 3 times in a minute"
    assert "no_such_setting" in feed.snapshot.trouble.log_end
    (tmp_path / "settings.toml").write_text("retry_first_seconds = 0.05\n")
    control.session.pause([1])


def test_the_speed_is_sampled_once_a_second(
    feed: Feed, control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.iso", Resource(body(1, 4 * MB)), faults=[StallAfter(2 * MB)])
    feed.start(Received())
    feed.add([control.request(url)])
    wait_until(lambda: any(feed.snapshot.speeds), what="a sample")
    assert feed.snapshot.free_bytes is not None


def test_what_is_remembered_is_there_at_once_and_at_the_next_visit(feed: Feed, control: SessionControl) -> None:
    feed.start(Received())
    feed.remember("sort", "name")
    assert feed.preferences == {"sort": "name"}
    assert feed.stop() == []
    assert control.session.preferences() == {"sort": "name"}


def test_free_space_of_a_directory_that_is_not_there_yet(tmp_path: Path) -> None:
    assert free_space(tmp_path / "a" / "b") == pytest.approx(free_space(tmp_path), rel=0.1)


def long_feed(control: SessionControl, count: int, *, first: int) -> Feed:
    """Make a feed of a long session that has read its newest downloads only."""
    control.session.add(
        [control.request(f"https://files.example.org/{number}.iso", paused=True) for number in range(count)]
    )
    session = Session(control.session.identifier, state_directory=control.root / "state")
    return Feed(session, begun(Snapshot(), session.newest(first)), directory=control.downloads)


def test_the_older_downloads_come_page_by_page(control: SessionControl) -> None:
    feed, received = long_feed(control, 900, first=100), Received()
    feed.start(received)
    wait_until(lambda: feed.snapshot.oldest_read is None, what="every page")
    ids = [each.id for each in feed.snapshot.rows[View.ALL]]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == len(set(ids)) == 900
    assert {each.snapshot.count(View.WAITING) for each in received.of(messages.SnapshotRead)} <= {900}
    assert feed.stop() == []


def test_leaving_at_once_still_counts_every_download(control: SessionControl) -> None:
    feed = long_feed(control, 900, first=100)
    feed.start(Received())
    assert feed.stop() == []
    assert len(feed.snapshot.rows[View.ALL]) == 900
