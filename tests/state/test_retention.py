"""Old finished rows leave when their end was heard of; the file gives back the room they took."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.state.files import new_state_file
from tui_downloader.model.events import EventKind, NewEvent
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.request import Request
from tui_downloader.state import downloads, journal, origins, retention
from tui_downloader.state.database import Database

OLD, NOW = 1_000.0, 9_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A state file with one download that finished at `OLD`, as its event 1 says."""
    database = Database(new_state_file(tmp_path))
    add(database, tmp_path)
    yield database
    database.close()


def add(database: Database, directory: Path, state: State = State.COMPLETED, at: float = OLD) -> int:
    """Add a download that has ended, and the event of its end."""
    with database.transaction() as transaction:
        request = Request(url="https://tuidl.invalid/a", directory=directory)
        download_id = downloads.insert(transaction, request, now=at)
        columns = {"state": state.value, "filename": "a", "finished_at": at, "acted_number": 1}
        downloads.update(transaction, download_id, columns)
        kind = EventKind.FINISHED if state is State.COMPLETED else EventKind.FAILED
        journal.append(transaction, download_id, NewEvent(kind, {"path": "/d/a"}), now=at)
    return download_id


def old(database: Database) -> list[int]:
    """Which downloads may leave."""
    return list(retention.read_old(database, before=OLD + 1))


def acknowledge(database: Database, client: str, sequence: int) -> None:
    with database.transaction() as transaction:
        journal.acknowledge(transaction, client, sequence)


def test_only_what_is_old_finished_and_heard_of(database: Database, tmp_path: Path) -> None:
    add(database, tmp_path, at=OLD + 2)
    add(database, tmp_path, State.FAILED)
    assert old(database) == [1]  # nobody ever acknowledges in this session

    acknowledge(database, "script", 0)
    assert old(database) == []
    acknowledge(database, "screen", 1)
    assert old(database) == [1]


def test_an_end_that_the_journal_forgot_counts_as_heard_if_somebody_was_that_far(
    database: Database, tmp_path: Path
) -> None:
    add(database, tmp_path, State.FAILED)
    acknowledge(database, "screen", 0)
    with database.transaction() as transaction:
        journal.prune(transaction, before=OLD + 1, keep=1000)
    assert old(database) == []
    acknowledge(database, "screen", 1)
    assert old(database) == [1]


@pytest.mark.parametrize("intent", [Intent.PAUSE, Intent.REMOVE])
def test_a_verb_that_comes_first_wins(database: Database, intent: Intent) -> None:
    found = retention.read_old(database, before=NOW)
    with database.transaction() as transaction:
        downloads.set_intent(transaction, 1, intent)
    assert old(database) == []
    with database.transaction() as transaction:
        retention.forget(transaction, found, now=NOW)
    assert downloads.read_one(database, 1) is not None


def test_what_left_is_a_tombstone_with_an_event(database: Database) -> None:
    before = downloads.read_revision(database)
    with database.transaction() as transaction:
        retention.forget(transaction, retention.read_old(database, before=NOW), now=NOW)

    assert downloads.read_all(database) == []
    (gone,) = downloads.read_newer(database, before)
    assert (gone.id, gone.removed_at, gone.intent) == (1, NOW, Intent.RUN)
    (event,) = journal.read(database, after=1)
    assert (event.kind, event.download_id, event.fields) == (EventKind.PRUNED, 1, {"filename": "a"})
    assert journal.read_outcomes(database, limit=9)[0].kind is EventKind.FINISHED


def test_the_file_shrinks(database: Database) -> None:
    with database.transaction() as transaction:
        for number in range(3000):
            journal.append(transaction, 1, NewEvent(EventKind.FAILED, {"error": "x" * 1000}), now=number)
    assert not retention.is_wasteful(database)
    with database.transaction() as transaction:
        journal.prune(transaction, before=NOW, keep=1)
    assert retention.is_wasteful(database)

    retention.rewrite(database)

    assert database.path.stat().st_size < 300_000  # of more than 3 MB
    assert not retention.is_wasteful(database)
    assert [each.sequence for each in journal.read(database, after=3000)] == [3001]


def test_origins_are_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "ORIGINS_MAX", 2)
    with database.transaction() as transaction:
        for number in range(4):
            origins.write(transaction, f"https://{number}", 4, now=NOW + number)
        origins.prune(transaction, now=NOW)
    assert origins.read(database, now=NOW).keys() == {"https://2", "https://3"}
