"""Why a download does not move, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui_dialogs.samples import NOW, download
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.tui.explanation import Explanation, explain


def test_offline_says_since_when_and_goes_on_by_itself() -> None:
    waiting = download(State.WAITING, reason=Reason.OFFLINE, waiting_since=NOW - 1500, error="no network")
    assert explain(waiting, now=NOW) == Explanation(
        "no network since 13:40", "1.1 of 1.9 GB kept", "goes on by itself"
    )


@pytest.mark.parametrize(("left", "words"), [(42, "next try in 0:42"), (0, "next try now"), (-3, "next try now")])
def test_a_known_next_try_counts_down(left: float, words: str) -> None:
    waiting = download(State.WAITING, reason=Reason.SERVER_BUSY, http_status=503, retry_at=NOW + left)
    explanation = explain(waiting, now=NOW)
    assert explanation is not None
    assert (explanation.happened, explanation.follows) == ("the server is busy (503)", words)


def test_the_recorded_sentence_is_taken_where_it_knows_more() -> None:
    full = download(State.WAITING, reason=Reason.DISK_FULL, error="Disk full: 1.2 GB needed in ~/Downloads.")
    explanation = explain(full, now=NOW)
    assert explanation is not None
    assert explanation.happened == "Disk full: 1.2 GB needed in ~/Downloads"


def test_an_expired_link_names_its_status() -> None:
    failed = download(State.FAILED, reason=Reason.LINK_EXPIRED, http_status=403, error="something longer")
    assert explain(failed, now=NOW) == Explanation(
        "the link has expired (403)",
        "1.1 of 1.9 GB kept",
        None,
        "u paste a new link",
        f"tuidl resume {failed.id} --url NEW",
    )


def test_a_wrong_checksum_names_it_and_where_the_bytes_are() -> None:
    failed = download(
        State.FAILED,
        reason=Reason.CHECKSUM_MISMATCH,
        digest=Digest("sha-256", "3f9a71c2" * 8, "user", verified=False),
        part_path=Path("/srv/files/talk.mkv.part"),
    )
    assert explain(failed, now=NOW) == Explanation(
        "the bytes do not match sha-256 3f9a71c2…",
        "kept as talk.mkv.part",
        None,
        "r start over",
        f"tuidl resume {failed.id}",
    )


def test_nothing_is_said_to_be_kept_where_nothing_came() -> None:
    explanation = explain(download(State.FAILED, reason=Reason.NOT_FOUND, bytes_received=0), now=NOW)
    assert explanation is not None
    assert explanation.kept is None


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_without_capital_and_full_stop(reason: Reason) -> None:
    explanation = explain(download(State.FAILED, reason=reason), now=NOW)
    assert explanation is not None
    assert explanation.happened[0].islower()
    assert not explanation.happened.endswith(".")


@pytest.mark.parametrize("state", [State.QUEUED, State.CONNECTING, State.TRANSFERRING, State.COMPLETED])
def test_what_moves_or_is_complete_needs_no_explanation(state: State) -> None:
    assert explain(download(state), now=NOW) is None
