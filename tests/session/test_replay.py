"""What a client missed: delivered in order, acknowledged once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.session.files import Written
from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind
from tui_downloader.session.delegate import CompletionHandler
from tui_downloader.session.session import Session
from tui_downloader.state import downloads, journal

METHODS = {
    EventKind.STARTED: "resume",
    EventKind.RESUMED: "resume",
    EventKind.STARTED_OVER: "resume",
    EventKind.RESPONSE_RECEIVED: "response",
    EventKind.RENAMED: "response",
    EventKind.FINISHED: "finish",
    EventKind.WAITING: "error",
    EventKind.PAUSED: "error",
    EventKind.FAILED: "error",
    EventKind.CANCELLED: "error",
    EventKind.REMOVED: "error",
    EventKind.HOOK_FAILED: "error",
    EventKind.GAP: "error",
}
"""Which method of the delegate each kind is for."""

UNTOLD = {EventKind.GAP, EventKind.PRUNED}
"""Kinds that are not written, or that no method is for: a finished download that left the list is no news."""


class Recorder:
    """A delegate that writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int, object]] = []
        self.downloads: list[Download | None] = []
        self.handlers: list[tuple[str, CompletionHandler]] = []

    def note(self, method: str, download: Download | None, event: Event, more: object = None) -> None:
        assert not self.handlers, "nothing comes after the end"
        self.heard.append((method, event.sequence, more))
        self.downloads.append(download)

    def did_receive_response(self, download: Download | None, event: Event) -> None:
        self.note("response", download, event)

    def did_write_data(self, download: Download) -> None:  # noqa: ARG002  # the protocol's
        raise AssertionError("never replayed")

    def did_resume_at_offset(self, download: Download | None, event: Event, offset: int) -> None:
        self.note("resume", download, event, offset)

    def did_finish_downloading(self, download: Download | None, event: Event, path: Path) -> None:
        self.note("finish", download, event, path)

    def did_complete_with_error(self, download: Download | None, event: Event) -> None:
        self.note("error", download, event)

    def did_finish_events(self, identifier: str, completion_handler: CompletionHandler) -> None:
        self.handlers.append((identifier, completion_handler))


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    written = Written(tmp_path / "state")
    yield written
    written.close()


def replayed(session: Session, client: str = "screen") -> Recorder:
    recorder = Recorder()
    session.begin_replay(client).deliver(recorder)
    return recorder


def tell_all(written: Written) -> None:
    for kind in EventKind:
        if kind is EventKind.FINISHED:
            written.tell(kind, path="/d/a.iso", offset=3)
        elif kind not in UNTOLD:
            written.tell(kind, offset=7)


def test_every_kind_has_its_method(written: Written) -> None:
    assert METHODS.keys() == set(EventKind) - {EventKind.PRUNED}
    tell_all(written)
    recorder = replayed(written.session)
    kinds = [kind for kind in EventKind if kind not in UNTOLD]
    assert [method for method, _, _ in recorder.heard] == [METHODS[kind] for kind in kinds]
    assert [sequence for _, sequence, _ in recorder.heard] == list(range(1, len(kinds) + 1))
    assert {more for method, _, more in recorder.heard if method == "resume"} == {7}
    assert {more for method, _, more in recorder.heard if method == "finish"} == {Path("/d/a.iso")}
    assert {row.id if row else None for row in recorder.downloads} == {written.download_id}
    ((identifier, _),) = recorder.handlers
    assert identifier == "test"


def test_an_event_of_a_download_that_is_gone_comes_without_it(written: Written) -> None:
    written.tell(EventKind.REMOVED)
    with written.database.transaction() as transaction:
        downloads.update(transaction, written.download_id, {"removed_at": 1.0})
    assert replayed(written.session).downloads == [None]


def test_a_row_that_left_the_list_is_acknowledged_without_a_word(written: Written) -> None:
    written.tell(EventKind.PRUNED)
    recorder = replayed(written.session)
    assert recorder.heard == []
    recorder.handlers[0][1]()
    assert written.session.cursor("screen") == 1


def test_the_same_events_come_until_the_handler_is_called(written: Written) -> None:
    tell_all(written)
    first, second = replayed(written.session), replayed(written.session)
    assert first.heard == second.heard
    assert written.session.cursor("screen") == 0
    second.handlers[0][1]()
    assert written.session.cursor("screen") == len(second.heard)
    third = replayed(written.session)
    assert third.heard == []
    assert len(third.handlers) == 1


def test_the_handler_commits_at_the_last_replayed_event_only(written: Written) -> None:
    written.tell(EventKind.STARTED)
    recorder = replayed(written.session)
    written.tell(EventKind.PAUSED)
    recorder.handlers[0][1]()
    assert written.session.cursor("screen") == 1
    assert [sequence for _, sequence, _ in replayed(written.session).heard] == [2]


def test_the_handler_commits_once(written: Written) -> None:
    written.tell(EventKind.STARTED)
    handler = replayed(written.session).handlers[0][1]
    handler()
    written.session.forget_cursor("screen")
    handler()
    assert written.session.cursor("screen") == 0


def test_an_old_handler_never_moves_the_cursor_back(written: Written) -> None:
    written.tell(EventKind.STARTED)
    old = replayed(written.session)
    written.tell(EventKind.PAUSED)
    replayed(written.session).handlers[0][1]()
    old.handlers[0][1]()
    assert written.session.cursor("screen") == 2


def test_events_are_those_of_the_beginning(written: Written) -> None:
    written.tell(EventKind.STARTED)
    replay = written.session.begin_replay()
    written.tell(EventKind.PAUSED)
    recorder = Recorder()
    replay.deliver(recorder)
    assert [event.sequence for event in replay.events] == [1]
    assert [sequence for _, sequence, _ in recorder.heard] == [1]


def test_each_client_has_its_own_cursor(written: Written) -> None:
    tell_all(written)
    replayed(written.session, "screen").handlers[0][1]()
    assert replayed(written.session, "screen").heard == []
    assert len(replayed(written.session, "script").heard) == len(EventKind) - len(UNTOLD)
    assert written.session.cursor("script") == 0


def test_a_cursor_survives_the_process(written: Written, tmp_path: Path) -> None:
    written.tell(EventKind.STARTED)
    replayed(written.session).handlers[0][1]()
    again = Session("test", state_directory=tmp_path / "state")
    assert replayed(again).heard == []
    again.close()


def test_a_hole_is_told_first_and_acknowledged_with_the_rest(written: Written) -> None:
    for _ in range(5):
        written.tell(EventKind.STARTED)
    with written.database.transaction() as transaction:
        journal.prune(transaction, before=0.0, keep=2)
    recorder = replayed(written.session)
    assert [(method, sequence) for method, sequence, _ in recorder.heard] == [
        ("error", 3),
        ("resume", 4),
        ("resume", 5),
    ]
    assert recorder.downloads[0] is None
    recorder.handlers[0][1]()
    assert replayed(written.session).heard == []


def test_a_delegate_that_breaks_gets_everything_again(written: Written) -> None:
    tell_all(written)

    class Broken(Recorder):
        def did_finish_downloading(self, download: Download | None, event: Event, path: Path) -> None:
            super().did_finish_downloading(download, event, path)
            raise KeyError

    with pytest.raises(KeyError):
        written.session.begin_replay().deliver(Broken())
    assert written.session.cursor("screen") == 0
    assert len(replayed(written.session).heard) == len(EventKind) - len(UNTOLD)


def test_a_session_that_was_never_used_has_nothing_to_tell_and_stays_unused(tmp_path: Path) -> None:
    session = Session("unused", state_directory=tmp_path / "state")
    recorder = replayed(session)
    assert recorder.heard == []
    recorder.handlers[0][1]()
    assert not (tmp_path / "state").exists()
    session.close()
