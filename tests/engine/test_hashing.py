"""When bytes are hashed: right behind the connections, or after them where they come fast and nobody waits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.session_control import wait_until
from tui_downloader.engine import hashing
from tui_downloader.engine.growth import FAST_BYTES_PER_SECOND
from tui_downloader.engine.hashing import LOOK_SECONDS, Hasher, Pace
from tui_downloader.engine.partial_file import PartialFile

BYTES = os.urandom(1_000_000) * 5
DIGEST = {"sha-256": hashlib.sha256(BYTES).hexdigest()}


@pytest.fixture
def part(tmp_path: Path) -> Iterator[PartialFile]:
    made = PartialFile.create(tmp_path / "part")
    made.write(BYTES, 0)
    yield made
    made.close()


def test_the_pace_is_judged_over_a_while() -> None:
    pace, fast = Pace(), int(FAST_BYTES_PER_SECOND * LOOK_SECONDS)
    assert pace.is_fast(now=10.0, received=0), "nothing is known yet"
    assert pace.is_fast(now=10.0 + LOOK_SECONDS / 2, received=0), "too early to say"
    assert not pace.is_fast(now=10.0 + LOOK_SECONDS * 1.1, received=fast)
    assert not pace.is_fast(now=10.0 + LOOK_SECONDS * 1.5, received=100 * fast), "too early to say"
    assert pace.is_fast(now=10.0 + LOOK_SECONDS * 3, received=100 * fast)


@pytest.mark.parametrize("may_lag", [True, False])
def test_bytes_that_come_slowly_are_hashed_behind_the_connections(part: PartialFile, may_lag: bool) -> None:
    hasher = Hasher(DIGEST, may_lag=may_lag)
    hasher.follow(part, lambda: len(BYTES))
    hasher.feed(memoryview(BYTES), 0)
    wait_until(lambda: hasher.behind(len(BYTES)) < hashing.READ_BYTES, what="most of it")
    assert hasher.finish(part, len(BYTES), lambda: None) == DIGEST


class Fast:
    """A pace that never ends."""

    def is_fast(self, *, now: float, received: int) -> bool:
        del now, received
        return True


def test_bytes_that_come_fast_wait_until_they_are_too_many(
    part: PartialFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "Pace", Fast)
    monkeypatch.setattr(hashing, "LAG_BYTES", 2_000_000)
    hasher = Hasher(DIGEST, may_lag=True)
    hasher.follow(part, lambda: len(BYTES))
    hasher.feed(memoryview(BYTES), 0)
    wait_until(lambda: hasher.behind(len(BYTES)) < 2_000_000, what="what is too much")
    hasher.close()
    assert hasher.behind(len(BYTES)) > hashing.READ_BYTES
    assert hasher.finish(part, len(BYTES), lambda: None) == DIGEST


def test_a_digest_that_is_compared_never_waits(part: PartialFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "Pace", Fast)
    hasher = Hasher(DIGEST)
    hasher.follow(part, lambda: len(BYTES))
    hasher.feed(memoryview(BYTES), 0)
    wait_until(lambda: hasher.behind(len(BYTES)) < hashing.READ_BYTES, what="most of it")
    hasher.close()
