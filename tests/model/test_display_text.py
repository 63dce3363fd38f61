"""Text from outside, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_downloader.model.display_text import safe

JOINER = "\u200d"
INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
"""Default-ignorable characters (UAX #44) that are letters or marks by category: nothing is drawn for them."""
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x07\x08\x1b[]m;\x7f\x80\x9b\x9d\u061c\u200b\u200e\u200f\u202e\u2066\u2069\ufeff"),
        st.sampled_from("\u2028\u2029\u00a0\u3000\ud800\U000e0041\u200d\ufe0f👩🔥❤ab.é"),
    )
)


def is_acted_on(character: str) -> bool:
    """Tell whether a terminal (or a reader) is led astray by a character, whatever stands around it."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(HOSTILE)
@example("exe.\u202egpj.txt")
@example("\x1b]0;title\x07")
@example("a\u200db")
@example("\u200d👩")
def test_nothing_that_a_terminal_acts_on_passes(text: str) -> None:
    shown = safe(text)
    assert not [each for each in shown if is_acted_on(each) and each != JOINER]
    for at, each in enumerate(shown):
        if each == JOINER:
            assert 0 < at < len(shown) - 1
            assert not {shown[at - 1], shown[at + 1]} & set("abé .")


@given(HOSTILE)
def test_each_character_stands_for_itself_a_blank_or_the_replacement(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    assert all(after in {before, " ", "\ufffd"} for before, after in zip(text, shown, strict=True))


@given(HOSTILE)
def test_safe_text_stays_as_it_is(text: str) -> None:
    once = safe(text)
    assert safe(once) == once


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_printable_text_is_kept(text: str) -> None:
    kept = "".join(each for each in text if each not in INVISIBLE_LETTERS)
    assert safe(kept) == kept


@given(st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_ascii_is_kept(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc\r\nd", "a b c  d"),
        ("a\u00a0b\u3000c", "a b c"),
        ("a\u2028b", "a\ufffdb"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u200bb", "a\ufffdb"),
        ("\udcff.bin", "\ufffd.bin"),
        ("👩\u200d🔬.png", "👩\u200d🔬.png"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("e\u0301", "e\u0301"),
        ("日本語.iso", "日本語.iso"),
    ],
)
def test_words(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_joiner_between_emoji_with_skin_tones_stays() -> None:
    assert safe("👩🏽\u200d🔬") == "👩🏽\u200d🔬"


@pytest.mark.parametrize("character", INVISIBLE_LETTERS)
def test_letters_and_marks_that_nothing_is_drawn_for_do_not_pass(character: str) -> None:
    assert character not in safe(f"a{character}b")
