"""Limits and places, as front ends set them; no worker runs for downloads that are paused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui_downloader.errors import NoSuchDownloadError
from tui_downloader.model.download import Download
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Yield a session with the paused downloads 1 to 3."""
    made = Session("test", state_directory=tmp_path / "state")
    urls = [f"https://example.com/{number}" for number in range(1, 4)]
    made.add([Request(url=url, directory=tmp_path, paused=True) for url in urls])
    yield made
    assert not made.worker_status().running
    made.close()


def limits(session: Session) -> list[int | None]:
    return [each.bytes_per_second_max for each in session.snapshots()]


def order(session: Session) -> list[int]:
    def turn(download: Download) -> int:
        return download.turn

    return [each.id for each in sorted(session.snapshots(), key=turn)]


def test_own_limits(session: Session) -> None:
    session.limit([1, 3], 5000)
    assert limits(session) == [5000, None, 5000]
    session.limit([1], None)
    session.limit([3], 0)
    assert limits(session) == [None, None, None]


def test_a_limit_is_no_verb(session: Session) -> None:
    before = [(each.intent, each.intent_number) for each in session.snapshots()]
    session.limit([1, 2], 5000)
    session.move([1], up=False)
    assert [(each.intent, each.intent_number) for each in session.snapshots()] == before


def test_readers_hear_of_a_limit_and_of_a_place(session: Session) -> None:
    seen = session.changes().revision
    session.limit([2], 5000)
    session.move([3], up=True, far=True)
    assert [each.id for each in session.changes(seen).downloads] == [2, 3]


@pytest.mark.parametrize("limit", [2_000_000, 0, None])
def test_the_limit_of_all(session: Session, limit: int | None) -> None:
    assert session.limit_of_all() is None
    session.limit_all(limit)
    assert session.limit_of_all() == limit
    assert limits(session) == [None, None, None]


def test_places(session: Session) -> None:
    assert session.move([3, 2], up=True, far=True) == 2
    assert order(session) == [3, 2, 1]
    assert session.move([3], up=False, far=True) == 1
    assert order(session) == [2, 1, 3]


CHANGES: list[Callable[[Session, list[int]], object]] = [
    lambda session, ids: session.limit(ids, 5000),
    lambda session, ids: session.move(ids, up=True, far=True),
]


@pytest.mark.parametrize("change", CHANGES)
def test_missing_ids_are_named_after_the_good_ones_were_done(
    session: Session, change: Callable[[Session, list[int]], object]
) -> None:
    seen = session.changes().revision
    with pytest.raises(NoSuchDownloadError, match="There are no downloads 7, 9"):
        change(session, [7, 2, 9])
    assert [each.id for each in session.changes(seen).downloads] == [2]


@pytest.mark.parametrize("change", CHANGES)
def test_an_unused_session_is_not_made(tmp_path: Path, change: Callable[[Session, list[int]], object]) -> None:
    session = Session("other", state_directory=tmp_path / "state")
    assert session.limit_of_all() is None
    with pytest.raises(NoSuchDownloadError):
        change(session, [1])
    assert not session.exists()


def test_threads_may_share_a_session(session: Session) -> None:
    threads = [
        threading.Thread(target=change, args=(number,))
        for number in range(1, 9)
        for change in (
            lambda each: session.limit([1], each),
            session.limit_all,
            lambda _: session.move([1], up=True),
        )
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert limits(session)[0] in range(1, 9)
    assert session.limit_of_all() in range(1, 9)
