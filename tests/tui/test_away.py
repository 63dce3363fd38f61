"""The banner: what happened while nobody watched."""

from __future__ import annotations

from tests.tui.factories import NOW, download, happening
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.away import away_sentence


def test_nothing_but_progress_is_no_news() -> None:
    row = download(state=State.TRANSFERRING)
    events = [happening(row, EventKind.STARTED, attempt=1), happening(row, EventKind.RESPONSE_RECEIVED)]
    assert away_sentence(events, now=NOW) is None
    assert away_sentence([], now=NOW) is None


def test_one_outcome_names_its_file() -> None:
    row = download(filename="nebula-2560x1024.jpg", state=State.COMPLETED)
    events = [happening(row, EventKind.STARTED, attempt=1), happening(row, EventKind.FINISHED, path="/x")]
    assert away_sentence(events, now=NOW) == "While you were away: nebula-2560x1024.jpg finished"


def test_several_are_counted_with_the_time_since_the_oldest_event() -> None:
    events = [
        happening(download(1), EventKind.FINISHED, at=NOW - 5 * 3600, path="/a"),
        happening(download(2), EventKind.FINISHED, path="/b"),
        happening(download(3), EventKind.FAILED, reason="link-expired", error="…"),
        happening(download(4), EventKind.RESUMED, attempt=2, waited_seconds=41 * 60.0, waited_for="offline"),
    ]
    assert away_sentence(events, now=NOW) == (
        "While you were away (5 h): 2 finished, 1 failed (link expired), 1 waited 41 min for the network"
    )


def test_failures_for_different_reasons_are_only_counted() -> None:
    events = [
        happening(download(1), EventKind.FAILED, at=NOW - 60, reason="not-found"),
        happening(download(2), EventKind.FAILED, reason="tls"),
    ]
    assert away_sentence(events, now=NOW) == "While you were away (1 min): 2 failed"


def test_a_failure_that_was_mended_is_not_told() -> None:
    row = download(1, filename="a.iso")
    events = [
        happening(row, EventKind.FAILED, reason="tls"),
        happening(row, EventKind.FINISHED, path="/a.iso"),
    ]
    assert away_sentence(events, now=NOW) == "While you were away: a.iso finished"


def test_a_short_wait_is_not_told() -> None:
    events = [happening(download(1), EventKind.STARTED, attempt=2, waited_seconds=299.0, waited_for="offline")]
    assert away_sentence(events, now=NOW) is None


def test_the_other_single_outcomes() -> None:
    row = download(1, filename="a.iso")
    started_over = happening(row, EventKind.STARTED_OVER, why="the file changed on the server", kept_bytes=1)
    assert away_sentence([started_over], now=NOW) == (
        "While you were away: a.iso started over: the file changed on the server"
    )
    renamed = happening(row, EventKind.RENAMED, at=NOW, **{"from": "b.iso", "to": "a.iso"})
    hook = happening(row, EventKind.HOOK_FAILED, hook="on_failed", error="ended with code 3")
    assert away_sentence([hook], now=NOW) == "While you were away: a.iso · on_failed ended with code 3"
    assert away_sentence([hook, renamed], now=NOW) == "While you were away: 1 renamed, 1 hook failed"
    assert away_sentence([renamed], now=NOW) == "While you were away: b.iso is now called a.iso"
    waited = happening(row, EventKind.STARTED, attempt=2, waited_seconds=7200, waited_for="disk-full")
    assert away_sentence([waited], now=NOW) == "While you were away: a.iso waited 2 h for disk space"
    failed = happening(row, EventKind.FAILED, reason="a-word-of-a-newer-version")
    assert away_sentence([failed], now=NOW) == "While you were away: a.iso failed (a-word-of-a-newer-version)"


def test_a_download_that_is_gone_is_still_told() -> None:
    named = happening(None, EventKind.FINISHED, path="/a", filename="a\x1b[31m.iso")
    assert away_sentence([named], now=NOW) == "While you were away: a\ufffd[31m.iso finished"
    assert away_sentence([happening(None, EventKind.FAILED, reason="tls")], now=NOW) == (
        "While you were away: a removed download failed (not trusted)"
    )
