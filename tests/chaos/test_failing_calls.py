"""A call or a statement that fails once is told, loses nothing and is gone over: some of `failing_calls`."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from tests.chaos.failing_calls import front_end, with_failing_call, with_failing_statement
from tests.chaos.failing_statements import Plan, write_python
from tests.chaos.interposition import why_not_interposable
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace
from tests.support.session_control import session_control
from tui_downloader.model.lifecycle import State


@pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))
@pytest.mark.parametrize(
    ("number", "error"), [(12, errno.EMFILE), (45, errno.ENOSPC), (90, errno.EIO), (130, errno.EACCES)]
)
def test_a_call_that_fails_once(tmp_path: Path, number: int, error: int) -> None:
    ending, calls = with_failing_call(tmp_path, number, error)
    assert ending.problems == []
    assert len(calls) >= number, "the call was made"


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (3, "busy", "BEGIN"),
        (1, "full", "INSERT INTO exchanges"),
        (2, "ioerr", "INSERT INTO events"),
        (6, "corrupt", "UPDATE counter"),
        (5, "nomem", "COMMIT"),
    ],
)
def test_a_statement_that_fails_once(tmp_path: Path, number: int, code: str, kind: str) -> None:
    ending, seen = with_failing_statement(tmp_path, number, code, kind=kind)
    assert ending.problems == []
    assert seen.splitlines()[1] != "None", "the statement was reached"


@pytest.mark.parametrize("code", ["full", "corrupt"])
def test_a_worker_that_nobody_looks_after_goes_on(
    tmp_path: Path, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """The state file fails in the middle of a transfer; whoever started it has gone, and only looks on."""
    content = body(1, 3_000_000)
    url = fault_server.add("/a.bin", Resource(content), faults=[Pace(1_500_000)])
    script, log = tmp_path / "python", tmp_path / "statements"
    write_python(script, Plan(75, code), log=log)
    monkeypatch.setattr(sys, "executable", str(script))
    with session_control(tmp_path) as control:
        (download_id,) = control.add(url)
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
        assert log.read_text().splitlines()[1] != "None", "a statement failed"
        assert row.attempt > 1
        assert "Traceback" not in (control.session.directory / "worker.log").read_text()


@pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))
@pytest.mark.parametrize(("number", "error"), [(4, errno.EMFILE), (40, errno.ENOSPC), (120, errno.EIO)])
def test_a_call_of_a_front_end_that_fails_once(tmp_path: Path, number: int, error: int) -> None:
    problems, calls = front_end(tmp_path, number, error)
    assert problems == []
    assert len(calls) >= number, "the call was made"
