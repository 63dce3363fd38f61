"""The options of the Add form: values, sentence, what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.tui.adding.options import OptionError, Options, Typed, option_words, read_options

DIGEST = "3f9a71c2" + "0" * 56


def test_nothing_typed_is_as_usual() -> None:
    options = read_options(Typed(), count=5)
    assert options == Options()
    assert option_words(options) == "name as the server says · limit off · start now"


def test_everything_typed_reads_as_a_sentence() -> None:
    typed = Typed("my.iso", f"sha-256:{DIGEST}", "4", "2M", paused=True)
    options = read_options(typed, count=1)
    assert options == Options("my.iso", ("sha-256", DIGEST), 4, 2_000_000, paused=True)
    words = option_words(options)
    assert words == "name my.iso · sha-256 3f9a71c2… · 4 connections · limit 2 MB/s · add paused"


@pytest.mark.parametrize(
    ("typed", "count", "option", "words"),
    [
        (Typed(name="a"), 2, "name", "for one URL only; there are 2"),
        (Typed(checksum=DIGEST), 3, "checksum", "for one URL only; there are 3"),
        (Typed(name="a/b"), 1, "name", "separator"),
        (Typed(checksum="xyz"), 1, "checksum", "not a checksum"),
        (Typed(connections="0"), 1, "connections", "from 1 to 64"),
        (Typed(connections="65"), 1, "connections", "from 1 to 64"),
        (Typed(limit="fast"), 1, "limit", "not a limit"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(typed: Typed, count: int, option: str, words: str) -> None:
    with pytest.raises(OptionError, match=words) as caught:
        read_options(typed, count=count)
    assert caught.value.option == option


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_read_or_refused(name: str, checksum: str, connections: str, limit: str) -> None:
    try:
        options = read_options(Typed(name, checksum, connections, limit), count=1)
    except OptionError:
        return
    assert all(each.isprintable() for each in option_words(options))
