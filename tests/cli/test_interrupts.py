"""Ctrl+C waits for what belongs together, once."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tui_downloader.cli.interrupts import held_back


@pytest.fixture(autouse=True)
def pythons_own_handler() -> Iterator[None]:
    """Have Ctrl+C raise as in a program of its own."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press_twice(done: list[str]) -> None:
    """Press Ctrl+C before each of two halves that belong together."""
    with held_back():
        for half in ("first", "second"):
            signal.raise_signal(signal.SIGINT)
            done.append(half)


def test_the_first_waits_for_the_end() -> None:
    done = list[str]()
    with pytest.raises(KeyboardInterrupt):
        press_once(done)
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def press_once(done: list[str]) -> None:
    """Press Ctrl+C in the middle."""
    with held_back():
        signal.raise_signal(signal.SIGINT)
        done.append("all of it")


def test_the_second_does_not_wait() -> None:
    done = list[str]()
    with pytest.raises(KeyboardInterrupt):
        press_twice(done)
    assert done == ["first"]


def test_whoever_ignores_it_goes_on_ignoring_it() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with held_back():
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
