"""Each statement of a front end fails once, with each of SQLite's errors: a sentence, and nothing half done."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.failing_statements import CODES, Plan, failing
from tests.state.filled import fill
from tui_downloader.errors import SessionUnusableError
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session


def _add(session: Session) -> object:
    request = Request(url="https://example.org/new.bin", directory=Path("/"), paused=True)
    return session.add([request])


USES: dict[str, Callable[[Session], object]] = {
    "add": _add,
    "pause": lambda session: session.pause([1, 2, 3]),
    "limit": lambda session: session.limit([1, 2], 1000),
    "limit_all": lambda session: session.limit_all(1000),
    "move": lambda session: session.move([5], up=True),
    "acknowledge": lambda session: session.acknowledge("screen", 70),
    "snapshots": lambda session: session.snapshots(),
    "changes": lambda session: session.changes(),
    "newest": lambda session: session.newest(10),
    "events": lambda session: session.events(),
    "inspect": lambda session: session.inspect(1),
    "preferences": lambda session: session.set_preference("sort", "size"),
    "has_changed": lambda session: session.has_changed(),
}
"""What front ends do with a session, without a worker."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state directory with a session on which nobody is to work."""
    state = tmp_path_factory.mktemp("filled")
    fill(state / "sessions" / "test", count=6, paused=True)
    return state


def _told(session: Session) -> list[object]:
    """Return all that a session tells, without revisions."""
    rows = [(each.id, each.url, each.state, each.intent, each.queue_place) for each in session.snapshots()]
    return [rows, session.events(), session.cursor("screen"), session.limit_of_all(), session.preferences()]


@pytest.mark.parametrize("name", list(USES))
def test_each_statement_fails_once(
    tmp_path: Path, filled: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "ensure_worker", lambda _self: None)
    use, state = USES[name], tmp_path / "state"
    shutil.copytree(filled, state)
    before = _tell_and_close(state)
    number, reached = 1, True
    while reached:
        for code in CODES:
            session = Session("test", state_directory=state)
            with failing(Plan(number, code)) as plan:
                try:
                    use(session)
                except SessionUnusableError:
                    assert plan.failed is not None
                session.close()
            reached = plan.failed is not None
            if not reached:
                break
            after = _tell_and_close(state)
            assert after == before or plan.failed != "COMMIT", f"{plan.failed}, {code}: half of it was committed"
            if after != before:  # it was done before the statement, or in spite of it
                shutil.rmtree(state)
                shutil.copytree(filled, state)
        number += 1
    assert number > 4, "statements were met"


def _tell_and_close(state: Path) -> list[object]:
    session = Session("test", state_directory=state)
    try:
        return _told(session)
    finally:
        session.close()
