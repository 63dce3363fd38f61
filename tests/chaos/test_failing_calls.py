"""A call or a statement that fails once is told, loses nothing and is gone over: some of `failing_calls`."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.chaos.failing_calls import with_failing_call, with_failing_statement
from tests.chaos.interposition import why_not_interposable


@pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))
@pytest.mark.parametrize(
    ("number", "error"), [(12, errno.EMFILE), (45, errno.ENOSPC), (90, errno.EIO), (130, errno.EACCES)]
)
def test_a_call_that_fails_once(tmp_path: Path, number: int, error: int) -> None:
    ending, calls = with_failing_call(tmp_path, number, error)
    assert ending.problems == []
    assert len(calls) >= number, "the call was made"


@pytest.mark.parametrize(
    ("number", "code"), [(15, "busy"), (45, "full"), (70, "corrupt"), (95, "ioerr"), (120, "nomem")]
)
def test_a_statement_that_fails_once(tmp_path: Path, number: int, code: str) -> None:
    ending, seen = with_failing_statement(tmp_path, number, code)
    assert ending.problems == []
    assert seen.splitlines()[1] != "None", "the statement was reached"
