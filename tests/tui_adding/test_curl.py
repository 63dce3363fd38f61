"""curl commands: a corpus of those that are taken and refused, and that nothing of them leaks."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.tui.adding.curl import COMMAND, RefusedCommandError, read_command
from tui_downloader.tui.adding.entries import parse_entries
from tui_downloader.tui.adding.pasted import read_paste
from tui_downloader.tui.adding.shell_words import ShellSyntaxError, split_cmd, split_posix

DATA = Path(__file__).parents[1] / "data" / "curl"


def cases(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a file with what is expected of it."""
    text = (DATA / name).read_text(encoding="utf-8").partition("\n")[2]
    for block in text.strip().split("\n\n"):
        command, _, expected = block.partition("\n=> ")
        yield command, expected.splitlines()


@pytest.mark.parametrize(("text", "expected"), list(cases("taken.txt")))
def test_what_is_taken(text: str, expected: list[str]) -> None:
    assert COMMAND.match(text)
    command, length = read_command(text.removeprefix("$ "))
    assert list(command.urls) == expected[0].split(" ")
    assert [f"H {name}: {value}" for name, value in command.fields] == [
        each for each in expected if each[0] == "H"
    ]
    assert [f"- {each}" for each in command.left_out] == [each for each in expected if each.startswith("- ")]
    assert length == len(text.removeprefix("$ "))
    pasted = read_paste(text)
    assert "geheim" not in pasted.text
    entries = parse_entries(pasted.text, pasted.meanings)
    assert [each.url for each in entries.fine] == list(command.urls)
    assert all(each.fields == command.fields for each in entries.fine)
    assert "geheim" not in repr((command, pasted, entries))


@pytest.mark.parametrize(("text", "expected"), list(cases("refused.txt")))
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert COMMAND.match(text)
    with pytest.raises(RefusedCommandError) as caught:
        read_command(text)
    sentence = str(caught.value)
    assert expected[0] in sentence
    assert "geheim" not in sentence
    assert sentence.startswith("This curl command ")
    pasted = read_paste(text)
    assert "geheim" not in pasted.text
    assert pasted.text == caught.value.stand_in
    (entry,) = parse_entries(pasted.text, pasted.meanings).entries
    assert (entry.url, entry.reason) == (None, sentence)


def test_several_commands_and_links_in_one_paste() -> None:
    text = (
        "first https://a.example/1, then\n"
        "curl 'https://b.example/2' -H 'X-One: 1' ;\n"
        "curl 'https://c.example/3' -X POST ;\n"
        "curl 'https://d.example/4' \\\n  -H 'X-Two: 2'\n"
    )
    pasted = read_paste(text)
    lines = pasted.text.split("\n")
    assert lines == ["https://a.example/1", "https://b.example/2", "curl -X POST", "https://d.example/4"]
    entries = parse_entries(pasted.text, pasted.meanings)
    fields = {each.url: each.fields for each in entries.fine}
    assert fields == {
        "https://a.example/1": (),
        "https://b.example/2": (("X-One", "1"),),
        "https://d.example/4": (("X-Two", "2"),),
    }
    assert [each.reason for each in entries.entries if each.url is None] == [
        "This curl command asks with POST, not with GET: only plain GET is taken."
    ]


def test_a_typed_command_is_read_as_well() -> None:
    entries = parse_entries("curl -H 'X-One: 1' \\\n https://a.example/1\nhttps://b.example/2")
    assert [(each.url, each.fields) for each in entries.fine] == [
        ("https://a.example/1", (("X-One", "1"),)),
        ("https://b.example/2", ()),
    ]


@pytest.mark.parametrize("text", ["curl is a tool", "use curl https://x.org", "curling-club.example/a", "curly"])
def test_prose_about_curl_is_no_command(text: str) -> None:
    assert COMMAND.match(text) is None


WORDS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=0), min_size=1
)


@given(WORDS)
def test_quoted_words_come_back_from_a_posix_line(words: list[str]) -> None:
    text = shlex.join(words)
    split = split_posix(text)
    assert list(split.words) == words
    assert split.length == len(text)


@given(st.lists(st.text(st.characters(exclude_categories=["C"], exclude_characters='"\\^&|<>')), min_size=1))
def test_quoted_words_come_back_from_a_cmd_line(words: list[str]) -> None:
    assert list(split_cmd(" ".join(f'"{each}"' for each in words)).words) == words
    escaped = " ".join(f'^"{each}^"' for each in words)
    assert list(split_cmd(escaped).words) == words


@given(st.text(alphabet="curl -XHdk'\"\\$(`;|&<>^\n https://a.b/{}[]%=:@"))
def test_nothing_breaks_it(text: str) -> None:
    for split in (split_posix, split_cmd):
        with contextlib.suppress(ShellSyntaxError):
            split(text)
    with contextlib.suppress(RefusedCommandError):
        read_command(f"curl {text}")
    parse_entries(read_paste(f"curl {text}").text)
