"""Transfer threads and the one thread that writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.state.files import new_state_file
from tests.support.session_control import wait_until
from tui_downloader.errors import SessionUnusableError
from tui_downloader.state.database import Database, Transaction
from tui_downloader.worker.desk import Desk


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(new_state_file(tmp_path / "session"))
    yield database
    database.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def note(name: str) -> Callable[[Transaction], int]:
    def write(transaction: Transaction) -> int:
        transaction.run("INSERT INTO clients VALUES (?, ?)", (name, transaction.revision))
        return transaction.revision

    return write


def noting(name: str) -> Callable[[Transaction], None]:
    def write(transaction: Transaction) -> None:
        note(name)(transaction)

    return write


def noted(database: Database) -> dict[str, int]:
    return {row["name"]: row["cursor"] for row in database.rows("SELECT * FROM clients")}


def serve_all(desk: Desk, database: Database, futures: list[Future[int]]) -> int:
    served = 0

    def serve() -> bool:
        nonlocal served
        served += desk.serve(database, database, timeout_seconds=0.01)
        return all(future.done() for future in futures)

    wait_until(serve, what="every errand")
    return served


def test_a_thread_goes_on_when_its_part_is_committed(
    database: Database, pool: ThreadPoolExecutor, tmp_path: Path
) -> None:
    desk = Desk()
    elsewhere = Database(database.path)

    def ask() -> int:
        revision = desk.ask(note("one"))
        assert noted(elsewhere) == {"one": revision}
        return revision

    future = pool.submit(ask)
    assert serve_all(desk, database, [future]) == 1
    assert future.result() == 1
    elsewhere.close()


def test_what_waits_is_done_in_one_transaction(database: Database) -> None:
    desk = Desk()
    for number in range(20):
        desk.tell(noting(str(number)))
    assert desk.serve(database, database, timeout_seconds=0) == 20
    assert set(noted(database).values()) == {1}
    assert desk.serve(database, database, timeout_seconds=0) == 0


def test_errands_are_done_in_order(database: Database) -> None:
    desk, done = Desk(), []
    for number in range(5):
        desk.tell(lambda _, number=number: done.append(number))  # type: ignore[misc]  # binds the number
    desk.serve(database, database, timeout_seconds=0)
    assert done == [0, 1, 2, 3, 4]


def test_an_error_belongs_to_the_thread_that_asked(database: Database, pool: ThreadPoolExecutor) -> None:
    desk = Desk()

    def broken(_transaction: Transaction) -> int:
        raise KeyError("mine")

    bad, good = pool.submit(desk.ask, broken), pool.submit(desk.ask, note("good"))
    serve_all(desk, database, [bad, good])
    with pytest.raises(KeyError, match="mine"):
        bad.result()
    assert "good" in noted(database)


def test_an_errand_that_fails_leaves_nothing_behind(database: Database, pool: ThreadPoolExecutor) -> None:
    desk = Desk()

    def half(transaction: Transaction) -> int:
        note("half")(transaction)
        raise KeyError

    bad, good = pool.submit(desk.ask, half), pool.submit(desk.ask, note("good"))
    serve_all(desk, database, [bad, good])
    assert noted(database).keys() == {"good"}


def test_a_failed_commit_reaches_everybody(database: Database, pool: ThreadPoolExecutor) -> None:
    desk = Desk()
    future = pool.submit(desk.ask, note("one"))
    database.run_once("PRAGMA query_only = 1")
    with pytest.raises(SessionUnusableError):
        serve_all(desk, database, [future])
    with pytest.raises(SessionUnusableError):
        future.result(timeout=60)


def test_one_durable_errand_makes_all_that_wait_durable(database: Database, tmp_path: Path) -> None:
    desk, quick = Desk(), Database(new_state_file(tmp_path / "quick"))
    desk.tell(noting("one"))
    assert desk.serve(database, quick, timeout_seconds=0) == 1
    desk.tell(noting("two"))
    desk.tell(noting("three"), durable=True)
    assert desk.serve(database, quick, timeout_seconds=0) == 2
    assert noted(quick).keys() == {"one"}
    assert noted(database).keys() == {"two", "three"}
    quick.close()


def test_waking_ends_the_wait_without_work(database: Database) -> None:
    desk = Desk()
    served = []
    thread = threading.Thread(target=lambda: served.append(desk.serve(database, database, timeout_seconds=600)))
    thread.start()
    desk.wake()
    thread.join(60)
    assert served == [0]


def test_waking_does_not_hide_what_waits(database: Database) -> None:
    desk = Desk()
    desk.wake()
    desk.tell(noting("x"))
    desk.wake()
    desk.tell(noting("y"))
    assert desk.serve(database, database, timeout_seconds=0) == 2


def test_what_comes_while_others_are_gathered_shares_their_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    desk.tell(noting("first"))
    monkeypatch.setattr("tui_downloader.worker.desk.time.sleep", lambda _seconds: desk.tell(noting("second")))
    assert desk.serve(database, database, timeout_seconds=0, gather_seconds=0.01) == 2
    assert noted(database) == {"first": 1, "second": 1}
    assert desk.serve(database, database, timeout_seconds=0, gather_seconds=0.01) == 0
