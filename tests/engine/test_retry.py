"""How long to wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.engine.retry import retry_delay
from tui_downloader.model.lifecycle import Reason
from tui_downloader.settings import Settings

SETTINGS = Settings(retry_first_seconds=1.0, retry_cap_seconds=600.0, offline_probe_seconds=10.0)
REASONS = st.sampled_from([reason for reason in Reason if reason.waits and reason is not Reason.OFFLINE])
JITTERS = st.floats(0, 1)
COUNTS = st.integers(0, 10**9)


def delay(
    failures: int, *, reason: Reason = Reason.TIMEOUT, asked: float | None = None, jitter: float = 1.0
) -> float:
    return retry_delay(reason, failures=failures, retry_after_seconds=asked, settings=SETTINGS, jitter=jitter)


def test_it_doubles_from_a_second_to_ten_minutes() -> None:
    assert [delay(failures) for failures in range(1, 12)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600]


@given(REASONS, COUNTS, JITTERS)
def test_it_is_spread_over_the_upper_half(reason: Reason, failures: int, jitter: float) -> None:
    full = delay(failures, reason=reason)
    assert full / 2 <= delay(failures, reason=reason, jitter=jitter) <= full <= SETTINGS.retry_cap_seconds


@given(COUNTS, COUNTS, JITTERS)
def test_more_failures_never_shorten_it(one: int, other: int, jitter: float) -> None:
    assert delay(min(one, other), jitter=jitter) <= delay(max(one, other), jitter=jitter)


@pytest.mark.parametrize("asked", [0.5, 33.0, 86_400.0])
@pytest.mark.parametrize("reason", list(Reason))
def test_what_the_server_asks_for_counts(asked: float, reason: Reason) -> None:
    assert delay(5, reason=reason, asked=asked, jitter=0.0) == asked


def test_the_network_is_looked_for_at_a_steady_pace() -> None:
    assert {delay(failures, reason=Reason.OFFLINE, jitter=0.3) for failures in range(20)} == {10.0}


def test_a_server_that_says_now_again_and_again_is_not_hammered() -> None:
    """`Retry-After: 0` with every 503 would else make a loop without a pause."""
    assert delay(6, reason=Reason.SERVER_BUSY, asked=0.0, jitter=0.0) >= 0.5
