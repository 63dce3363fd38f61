"""The `probes` table: what is asked, what is answered, and that nothing stays."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.lifecycle import Reason, Resumable
from tui_downloader.model.probe import (
    Evidence,
    NamedBy,
    ProbeAnswer,
    answer_as_json,
    answer_from_json,
)
from tui_downloader.model.request import Request
from tui_downloader.state import downloads, probes
from tui_downloader.state.database import Database
from tui_downloader.state.probes import PROBE_AGE_SECONDS

ANSWERS = st.builds(
    ProbeAnswer,
    filename=st.none() | st.text(),
    named_by=st.sampled_from(NamedBy),
    becomes=st.none() | st.text(),
    bytes_expected=st.none() | st.integers(0, 2**62),
    media_type=st.none() | st.text(),
    resumable=st.sampled_from(Resumable),
    evidence=st.none() | st.sampled_from(Evidence),
    redirects=st.integers(0, 20),
    final_host=st.none() | st.text(),
    reason=st.none() | st.sampled_from(Reason),
    error=st.none() | st.text(),
    http_status=st.none() | st.integers(100, 599),
    is_page=st.booleans(),
)


def request(name: str) -> Request:
    fields = (("Cookie", "a=b"), ("X-One", "1"))
    return Request(url=f"https://me:secret@example.com/{name}", directory=Path("/srv"), fields=fields)


def ask(database: Database, *names: str, now: float = 1000.0) -> list[int]:
    with database.transaction() as transaction:
        return probes.insert(transaction, [request(each) for each in names], now=now)


@given(ANSWERS)
def test_an_answer_comes_back_as_it_was(answer: ProbeAnswer) -> None:
    assert answer_from_json(answer_as_json(answer)) == answer


def test_what_is_asked_is_open_until_it_is_answered(database: Database) -> None:
    first, second = ask(database, "a", "b")
    assert probes.read_open(database, now=1001.0) == {first: request("a"), second: request("b")}
    assert probes.has_work(database, held=False, now=1001.0)
    assert not probes.has_work(database, held=True, now=1001.0)
    found = ProbeAnswer(filename="a", bytes_expected=5)
    with database.transaction() as transaction:
        probes.answer(transaction, first, found, now=1002.0)
    assert list(probes.read_open(database, now=1003.0)) == [second]
    assert probes.read_answers(database) == {first: found}


def test_old_and_withdrawn_ones_are_no_work(database: Database) -> None:
    (old,) = ask(database, "a", now=1000.0)
    (new,) = ask(database, "b", now=1000.0 + PROBE_AGE_SECONDS)
    now = 1001.0 + PROBE_AGE_SECONDS
    assert list(probes.read_open(database, now=now)) == [new]
    with database.transaction() as transaction:
        probes.delete(transaction, [new])
    assert not probes.has_work(database, held=False, now=now)
    with database.transaction() as transaction:
        probes.answer(transaction, new, ProbeAnswer(), now=now)
        probes.prune(transaction, now=now)
    assert probes.read_answers(database) == {}
    assert database.rows("SELECT id FROM probes") == [], old


def test_downloads_are_found_by_their_urls(database: Database) -> None:
    made = [request(f"{number}") for number in range(1200)]
    with database.transaction() as transaction:
        ids = [downloads.insert(transaction, each, now=1.0) for each in made]
        again = downloads.insert(transaction, made[7], now=2.0)
    urls = [each.url for each in made[::2]] + [made[7].url, "https://example.org/other"]
    found = downloads.read_of_urls(database, urls)
    assert [each.id for each in found] == sorted([*ids[::2], ids[7], again])
