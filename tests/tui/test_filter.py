"""The filter's language: words, states, hosts, and what is never searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.factories import download
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.filter import Filter, parse_filter


def matches(text: str, **fields: object) -> bool:
    """Tell whether a filter shows the download of these fields."""
    state = fields.pop("state", State.COMPLETED)
    assert isinstance(state, State)
    return parse_filter(text).matches(download(1, state, **fields))


def test_all_words_must_match_name_or_host_or_path_whatever_their_case() -> None:
    row = {"filename": "Debian-13.iso", "url": "https://mirror.example.org/pub/linux/d.iso"}
    for text in ("debian", "ISO deb", "linux pub", "EXAMPLE 13", "", "   "):
        assert matches(text, **row), text
    for text in ("ubuntu", "debian ubuntu", "https"):
        assert not matches(text, **row), text


def test_secrets_are_not_searched() -> None:
    row = {"filename": "a.iso", "url": "https://user:pass@h.example/a.iso?token=hidden&x=1#part"}
    for text in ("hidden", "token", "pass", "user", "part", "host:user"):
        assert not matches(text, **row), text
    assert matches("host:h.example a.iso", **row)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("state:failed", {State.FAILED}),
        ("STATE:Done", {State.COMPLETED}),
        ("state:act", {State.QUEUED, State.CONNECTING, State.TRANSFERRING, State.VERIFYING}),
        ("state:c", {State.CONNECTING, State.COMPLETED, State.CANCELLED}),
        ("state:paused state:cancelled", {State.PAUSED, State.CANCELLED}),
        ("state:all", set(State)),
    ],
)
def test_states_and_views_by_name_or_beginning(text: str, states: set[State]) -> None:
    assert parse_filter(text).problem is None
    assert {state for state in State if matches(text, state=state)} == states


def test_a_state_that_does_not_exist_says_so_and_matches_nothing() -> None:
    for text in ("state:xyz", "a state:xyz", "state:done state:xyz"):
        made = parse_filter(text)
        assert made.problem is not None
        assert made.problem.startswith("No state is called “xyz”. There are: all, active,")
        assert not made.matches(download(1, State.COMPLETED, filename="a"))


def test_a_field_that_is_not_finished_asks_for_nothing() -> None:
    assert parse_filter("state: host:") == Filter("state: host:")


def test_any_of_several_hosts_and_the_one_that_sent_the_bytes() -> None:
    row = {"url": "https://a.example/x", "final_host": "cdn.example.net"}
    assert matches("host:a.ex host:zzz", **row)
    assert matches("host:CDN", **row)
    assert not matches("host:zzz", **row)
    assert not matches("host:/x", **row)


def test_another_word_with_a_colon_is_a_word() -> None:
    assert matches("12:30", filename="talk 12:30.mkv")
    assert parse_filter("size:big").words == ("size:big",)


@given(st.text())
def test_any_text_is_a_filter(text: str) -> None:
    made = parse_filter(text)
    assert made.problem is None or made.problem.isprintable()
    assert isinstance(made.matches(download(1, State.FAILED)), bool)


@given(st.text(alphabet="abcAB-. ", max_size=12), st.text(alphabet="abcAB-.", max_size=12))
def test_what_a_word_finds_stands_in_it(text: str, name: str) -> None:
    found = parse_filter(text).matches(download(1, filename=name, url="https://h/p"))
    assert found == all(word in f"{name}\nh/p".casefold() for word in text.casefold().split())
