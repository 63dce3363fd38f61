"""Every reason of the closed set has its words, the same in row, sentence and command line (SCREEN section 11)."""

from __future__ import annotations

import dataclasses

import pytest

from tests.tui.factories import MB, NOW, download
from tui_downloader.cli.listing import table
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.reason_words import REASON_WORDS
from tui_downloader.tui import words
from tui_downloader.tui.explanation import explain, in_a_row, in_short
from tui_downloader.tui.hints import hints
from tui_downloader.tui.keys import named
from tui_downloader.units import format_moment

SINCE = format_moment(NOW - 1800, now=NOW)
ROWS = [
    (
        Reason.OFFLINE,
        f"offline since {SINCE}",
        f"No network since {SINCE} · 31.0 of 100 MB kept · goes on by itself",
    ),
    (
        Reason.SERVER_BUSY,
        "server busy · next try 0:42",
        "The server asked for 90 s (429) · 31.0 of 100 MB kept · next try in 0:42 · r now",
    ),
    (
        Reason.SERVER_ERROR,
        "server fault · next try 0:42",
        "The server has a fault of its own · 31.0 of 100 MB kept · next try in 0:42 · r now",
    ),
    (
        Reason.CONNECTION_LOST,
        "connection lost · next try 0:42",
        "The connection was lost · 31.0 of 100 MB kept · next try in 0:42 · r now",
    ),
    (
        Reason.TIMEOUT,
        "no answer in time · next try 0:42",
        "The server did not answer in time · 31.0 of 100 MB kept · next try in 0:42 · r now",
    ),
    (
        Reason.DISK_FULL,
        f"disk full since {SINCE}",
        "Disk full: 1.2 GB needed, 310 MB free in /srv · 31.0 of 100 MB kept · goes on by itself",
    ),
    (
        Reason.NOT_FOUND,
        "not found",
        "Not found on the server (404) · 31.0 of 100 MB kept · check the URL with Y · r try again",
    ),
    (
        Reason.NEEDS_CREDENTIALS,
        "login needed",
        "The server wants a login · 31.0 of 100 MB kept · u paste a link with the login, or ~/.netrc and r",
    ),
    (
        Reason.LINK_EXPIRED,
        "link expired",
        "The link has expired (403) · 31.0 of 100 MB kept · u paste a new link",
    ),
    (
        Reason.REFUSED,
        "refused",
        "The server refused · 31.0 of 100 MB kept · check the URL with Y · r try again",
    ),
    (
        Reason.REFUSED_REDIRECT,
        "redirect refused",
        "A redirect led where it must not be followed · 31.0 of 100 MB kept · u paste another link",
    ),
    (
        Reason.TLS,
        "not trusted",
        "The secure connection could not be trusted · 31.0 of 100 MB kept · r try again · u paste another link",
    ),
    (
        Reason.BAD_RESPONSE,
        "bad answer",
        "The server’s answer makes no sense · 31.0 of 100 MB kept · check the URL with Y · r try again",
    ),
    (
        Reason.UNSUPPORTED_URL,
        "URL not supported",
        "This URL cannot be downloaded: only http and https · 31.0 of 100 MB kept · u paste an http or https link",
    ),
    (
        Reason.TOO_MANY_REDIRECTS,
        "too many redirects",
        "Too many redirects · 31.0 of 100 MB kept · u paste another link",
    ),
    (
        Reason.DESTINATION,
        "cannot be written",
        "The file cannot be written in /srv/downloads · 31.0 of 100 MB kept · once it can be, r try again",
    ),
    (
        Reason.CHECKSUM_MISMATCH,
        "checksum differs",
        "The bytes do not match the checksum · 31.0 of 100 MB kept · r start over",
    ),
    (
        Reason.GAVE_UP,
        "gave up",
        "Gave up after a long time without progress · 31.0 of 100 MB kept · r try again",
    ),
]
STATUS = {Reason.NOT_FOUND: 404, Reason.LINK_EXPIRED: 403}
ERRORS = {
    Reason.SERVER_BUSY: "the server asked for 90 s (429)",
    Reason.DISK_FULL: "disk full: 1.2 GB needed, 310 MB free in /srv",
}


def stopped(reason: Reason, **fields: object) -> Download:
    """Make a download that stopped for a reason."""
    plain: dict[str, object] = {
        "reason": reason,
        "bytes_received": 31 * MB,
        "bytes_expected": 100 * MB,
        "waiting_since": NOW - 1800,
        "retry_at": NOW + 42.5 if reason.waits else None,
        "http_status": STATUS.get(reason),
        "error": ERRORS.get(reason),
    }
    return download(7, State.WAITING if reason.waits else State.FAILED, **(plain | fields))


def test_no_reason_is_without_its_words() -> None:
    assert {reason for reason, *_ in ROWS} == set(Reason) == set(REASON_WORDS)
    for reason, each in REASON_WORDS.items():
        assert all((each.short, each.happened, each.key))
        assert reason.waits or (each.helps and each.command), f"{reason} says what to do"


@pytest.mark.parametrize(("reason", "short", "sentence"), ROWS)
def test_row_sentence_and_list_say_the_same(reason: Reason, short: str, sentence: str) -> None:
    row = stopped(reason)
    lead = "waiting" if reason.waits else "failed"
    assert in_short(row, now=NOW) == short
    longest = words.phrases(row, now=NOW)[0]
    assert longest == (
        f"{lead} · {short}" if reason.waits else f"{lead} · {short} · {named(REASON_WORDS[reason].key)}"
    )
    assert words.sentence(row, now=NOW) == sentence
    assert table([row], now=NOW)[1].endswith(f"file-7.bin · {short}")
    explanation = explain(row, now=NOW)
    assert explanation is not None
    in_shell = in_a_row(explanation, with_command=True)
    assert explanation.helps is None or explanation.helps not in in_shell, "keys are of no use on the shell"
    assert reason.waits or "tuidl resume 7" in in_shell


@pytest.mark.parametrize("reason", list(Reason))
def test_the_key_of_a_row_is_one_that_the_footer_offers(reason: Reason) -> None:
    keys = {each.key for each in hints(stopped(reason))}
    key = named(REASON_WORDS[reason].key).partition(" ")[0]
    assert key in keys | {"u"}
    assert "r" in keys


@pytest.mark.parametrize("reason", list(Reason))
def test_words_get_shorter_and_end_with_the_reason_alone(reason: Reason) -> None:
    wordings = words.phrases(stopped(reason), now=NOW)
    assert [len(each) for each in wordings] == sorted((len(each) for each in wordings), reverse=True)
    assert wordings[-1] == REASON_WORDS[reason].short


def test_a_countdown_goes_on_and_ends() -> None:
    row = stopped(Reason.SERVER_BUSY)
    assert [in_short(row, now=NOW + each) for each in (0, 1, 41, 60)] == [
        "server busy · next try 0:42",
        "server busy · next try 0:41",
        "server busy · next try 0:01",
        "server busy · next try now",
    ]


def test_nothing_received_keeps_nothing_and_a_narrow_line_leaves_the_keys_out() -> None:
    row = dataclasses.replace(stopped(Reason.LINK_EXPIRED), bytes_received=0)
    assert words.sentence(row, now=NOW) == "The link has expired (403) · u paste a new link"
    assert words.sentence(row, now=NOW, width=40) == "The link has expired (403)"
