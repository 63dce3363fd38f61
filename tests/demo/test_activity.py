"""When a server ends by itself; instants are given, so nothing here waits."""

from __future__ import annotations

from tui_downloader.demo.activity import Activity


def started() -> Activity:
    return Activity(1000.0, lifetime_seconds=900.0, quiet_seconds=60.0)


def test_a_server_that_nobody_uses_ends_after_its_lifetime() -> None:
    activity = started()
    assert not activity.is_over(1899.9)
    assert activity.is_over(1900.0)


def test_a_fetched_file_ends_it_earlier() -> None:
    activity = started()
    activity.begin()
    activity.end(1100.0, fetched=True)
    assert not activity.is_over(1159.9)
    assert activity.is_over(1160.0)


def test_a_part_of_a_file_does_not() -> None:
    activity = started()
    activity.begin()
    activity.end(1100.0, fetched=False)
    assert not activity.is_over(1899.9)


def test_a_part_after_a_fetched_file_starts_the_quiet_time_again() -> None:
    activity = started()
    activity.begin()
    activity.begin()
    activity.end(1100.0, fetched=True)
    assert not activity.is_over(1200.0)
    activity.end(1500.0, fetched=False)
    assert not activity.is_over(1559.9)
    assert activity.is_over(1560.0)


def test_a_running_transfer_outlives_the_lifetime() -> None:
    activity = started()
    activity.begin()
    assert activity.running == 1
    assert not activity.is_over(5000.0)
    activity.end(5000.0, fetched=False)
    assert activity.running == 0
    assert activity.is_over(5000.0)


def test_whoever_has_just_asked_still_finds_it_a_moment_later() -> None:
    activity = started()
    activity.touch(1899.0)
    assert not activity.is_over(1903.9)
    assert activity.is_over(1904.0)


def test_that_moment_is_never_longer_than_the_quiet_time() -> None:
    activity = Activity(1000.0, lifetime_seconds=1.0, quiet_seconds=0.5)
    activity.touch(1001.0)
    assert not activity.is_over(1001.4)
    assert activity.is_over(1001.5)
