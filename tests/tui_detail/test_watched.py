"""What is remembered between two looks at a download."""

from __future__ import annotations

from tests.tui.factories import download
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.session.answers import Inspection
from tui_downloader.tui.watched import DOWNLOADS_MAX, SPEED_SECONDS, Watcher


def running(download_id: int = 1, *, revision: int = 1, speed: float = 5.0) -> Download:
    return download(download_id, State.TRANSFERRING, revision=revision, bytes_per_second=speed)


def here(stop: int) -> Inspection:
    return Inspection(RangeSet.prefix(stop), None)


def test_what_came_within_a_second_is_arriving() -> None:
    watcher = Watcher()
    assert not watcher.look(running(), here(100), now=10.0).arriving, "nobody knows what came before"
    assert watcher.look(running(), here(150), now=10.25).arriving == RangeSet.of([ByteRange(100, 150)])
    assert watcher.look(running(), here(200), now=11.1).arriving == RangeSet.of([ByteRange(100, 200)])
    assert watcher.look(running(), here(210), now=11.3).arriving == RangeSet.of([ByteRange(150, 210)])


def test_another_look_is_due_when_the_row_changed_or_when_nothing_arrives_any_more() -> None:
    watcher = Watcher()
    assert watcher.is_due(running(), now=10.0)
    watcher.look(running(), here(100), now=10.0)
    assert not watcher.is_due(running(), now=99.0)
    assert watcher.is_due(running(revision=2), now=10.1)
    watcher.look(running(revision=2), here(150), now=10.1)
    assert not watcher.is_due(running(revision=2), now=10.9)
    assert watcher.is_due(running(revision=2), now=11.2)
    assert not watcher.look(running(revision=2), here(150), now=11.2).arriving
    assert not watcher.is_due(running(revision=2), now=99.0)


def test_nothing_arrives_at_a_download_that_stands_still_or_is_another_one() -> None:
    watcher = Watcher()
    watcher.look(running(), here(100), now=10.0)
    assert not watcher.look(running(2), here(900), now=10.1).arriving
    watcher.look(running(), here(100), now=10.2)
    assert not watcher.look(download(1, State.PAUSED), here(150), now=10.3).arriving


def test_speeds_of_all_running_ones_are_kept_for_a_minute() -> None:
    watcher = Watcher()
    for tick in range(1000):
        watcher.sample([running(1, speed=tick), running(2), download(3)], now=tick * 0.1)
    first = watcher.look(running(1), here(1), now=100.0).speeds
    assert first[-1].bytes_per_second >= 997
    assert SPEED_SECONDS - 1 <= first[-1].at - first[0].at <= SPEED_SECONDS
    assert len(watcher.look(running(2), here(1), now=100.0).speeds) == len(first), "going there begins not empty"
    assert watcher.look(download(3), here(1), now=100.0).speeds == ()


def test_only_so_many_downloads_are_remembered() -> None:
    watcher = Watcher()
    for number in range(1, DOWNLOADS_MAX + 2):
        watcher.sample([running(number)], now=float(number))
    assert not watcher.look(running(1), here(1), now=99.0).speeds
    assert watcher.look(running(2), here(1), now=99.0).speeds
