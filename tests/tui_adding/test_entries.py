"""Reading the Add form's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui_dialogs.samples import HOSTILE
from tui_downloader.model.request import URL_LENGTH_MAX
from tui_downloader.tui.adding.cards import Outlook, card_lines, name_from_url
from tui_downloader.tui.adding.entries import add_words, count_words, parse_entries
from tui_downloader.tui.pasted_words import pasted_words


def texts(text: str, *, width: int = 70, rows: int = 13) -> list[str]:
    """Returns the lines for a text as plain text; nothing is looked at."""
    lines = card_lines(parse_entries(text), Outlook({}), width=width, rows=rows)
    return ["".join(part for part, _ in line) for line in lines]


def test_blanks_and_line_ends_separate_and_https_is_assumed() -> None:
    entries = parse_entries("  example.com/a.iso\n\thttp://example.org/b.iso  https://example.net/c ")
    assert entries.urls == ["https://example.com/a.iso", "http://example.org/b.iso", "https://example.net/c"]
    assert (count_words(entries), add_words(entries)) == ("3 downloads", "Add 3")


def test_a_wrong_word_is_counted_with_its_reason() -> None:
    entries = parse_entries("https://example.com/a.iso ftp://host/x")
    assert (count_words(entries), add_words(entries)) == ("1 of 2 downloads", "Add 1 of 2")
    assert entries.wrong == ["ftp://host/x"]
    assert texts(entries.text)[1] == "✗ “ftp://host/x” cannot be downloaded: only http and https."


def test_a_repeated_word_is_added_once() -> None:
    entries = parse_entries("example.com/a example.com/a example.com/b")
    assert len(entries.urls) == 2
    assert count_words(entries) == "2 downloads, 1 repeated"


def test_nothing_makes_no_downloads() -> None:
    entries = parse_entries(" \n ")
    assert (entries.urls, count_words(entries), add_words(entries)) == ([], "0 downloads", "Add")


def test_names_stand_at_the_left_and_hosts_at_the_right() -> None:
    (line,) = texts("https://pictures.example.org/a/nebula-2560x1024.jpg?sig=geheim", width=60)
    assert line.startswith("✓ nebula-2560x1024.jpg  ")
    assert line.endswith("  pictures.example.org")
    assert len(line) == 60


def test_a_narrow_line_keeps_the_reason_not_the_word() -> None:
    (line,) = texts(f"ftp://host/{'x' * 300}", width=58)
    assert line.endswith("…” cannot be downloaded: only http and https.")
    assert cell_len(line) == 58


def test_the_rest_is_summed_up() -> None:
    fine = "\n".join(f"https://example.org/{number}" for number in range(100))
    assert texts(fine)[6:] == ["  and 94 more (all fine)"]


def test_wrong_entries_are_never_hidden_behind_fine_ones() -> None:
    fine = "\n".join(f"https://example.org/{number}" for number in range(100))
    lines = texts(f"{fine} ftp://a/b magnet:?x")
    assert [line[0] for line in lines] == ["✓"] * 4 + ["✗"] * 2 + [" "]
    assert lines[-1] == "  and 96 more (all fine)"
    wrong = " ".join(f"ftp://host/{number}" for number in range(12))
    assert texts(f"{fine} {wrong}")[-1] == "  and 106 more (100 fine, 6 wrong)"


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_literal(name: str) -> None:
    (line,) = texts(f"https://example.org/{name.replace('/', '').replace(' ', '')}")
    assert name.replace("/", "").replace(" ", "") in line


def test_characters_that_cannot_be_printed_are_refused() -> None:
    entries = parse_entries(pasted_words("https://example.org/\x1b[31m\u202egpj.exe"))
    assert entries.urls == []
    assert "cannot be printed" in texts(entries.text)[0]


@given(st.text())
def test_pasted_text_holds_nothing_a_terminal_acts_on(text: str) -> None:
    pasted = pasted_words(text)
    assert all(character == "\n" or character.isprintable() for character in pasted)
    assert len(pasted.split("\n")) == len(text.split()) + (1 if len(text.split()) > 1 else 0) or not text.split()


def test_a_pasted_word_is_no_longer_than_any_url() -> None:
    assert len(pasted_words("x" * 10**6)) == URL_LENGTH_MAX + 1
    assert parse_entries(pasted_words("x" * 10**6)).urls == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/b.iso", "b.iso"),
        ("https://example.org/a/", "a"),
        ("https://example.org", "example.org"),
        ("https://example.org/%E5%86%99%E7%9C%9F.zip?x=1#y", "写真.zip"),
        ("https://example.org/a%1b[31m", "a\ufffd[31m"),
        ("https://user:secret@example.org/", "example.org"),
    ],
)
def test_a_name_is_read_from_the_url(url: str, name: str) -> None:
    assert name_from_url(url) == name
