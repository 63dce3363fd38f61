"""Links in copied text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.request import URL_LENGTH_MAX
from tui_downloader.tui.adding.links import links_in, trimmed
from tui_downloader.tui.adding.pasted import read_paste


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.org/x.iso, and (https://b.org/y_(z)).", ["https://a.org/x.iso", "https://b.org/y_(z)"]),
        ("[a](https://e.org/X_(y)),[b](https://z.org/1 'title')", ["https://e.org/X_(y)", "https://z.org/1"]),
        ("![pic](<https://a.org/p.png>)", ["https://a.org/p.png"]),
        ("<https://q.org/1>; “https://r.org/2” 'https://s.org/3'",
         ["https://q.org/1", "https://r.org/2", "https://s.org/3"]),
        ("mirror: example.com/a.iso! and/or e.g. this", ["example.com/a.iso"]),
        ("ann@example.com/x wrote https://a.org/", ["https://a.org/"]),
        ("**https://bold.org/a** _https://it.org/b_ ~~https://s.org/c~~",
         ["https://bold.org/a", "https://it.org/b", "https://s.org/c"]),
        ('<p><a class="x" href="https://h.org/?a=1&amp;b=2">x</a> <a href=/rel>r</a><A HREF=\'http://i.org/\'>',
         ["https://h.org/?a=1&b=2", "http://i.org/"]),
        ("12:01 <bob> http://[::1]:8080/a.iso?", ["http://[::1]:8080/a.iso"]),
        ("or ftp://host/x and magnet:?xt=urn", ["ftp://host/x", "magnet:?xt=urn"]),
        ("no link here, not even one.", []),
    ],
)  # fmt: skip
def test_links_are_found_without_what_stands_around_them(text: str, links: list[str]) -> None:
    assert links_in(text) == links


def test_a_word_loses_its_wrapping_only_if_it_holds_one_link() -> None:
    assert trimmed("<https://a.org/x>,") == "https://a.org/x"
    assert trimmed("https://a.org/x,") == "https://a.org/x"
    assert trimmed("https://a.org/{a,b}") == "https://a.org/{a,b}"
    assert trimmed("nonsense.") == "nonsense."


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for link in links_in(text):
        assert len(link) <= URL_LENGTH_MAX + 1
        assert all(character.isprintable() for character in link)


URLS = st.from_regex(r"https?://[a-z]{1,9}\.[a-z]{2,3}(/[a-zA-Z0-9_%~=&+-]{1,9}){0,3}", fullmatch=True)


@given(
    st.lists(URLS, min_size=1, unique=True),
    st.sampled_from(["{}", "<{}>", "see {}.", "[x]({})", '"{}",', "- {};"]),
)
def test_what_was_put_in_comes_out(urls: list[str], frame: str) -> None:
    ends = "_-~&=+"
    cleaned = [url.rstrip(ends) or url for url in urls]
    text = "\n".join(frame.format(url) for url in cleaned)
    assert [each.rstrip(ends) for each in links_in(text)] == cleaned


# ------------------------------------------------------------------------------------------------------- pastes


def test_prose_becomes_its_links_and_a_list_stays_a_list() -> None:
    assert (
        read_paste("have a look at https://a.org/1 and at b.org/2, both fine").text == "https://a.org/1\nb.org/2"
    )
    assert read_paste("a.org/1\nnonsense\nftp://b/2\n").text == "a.org/1\nnonsense\nftp://b/2"
    assert read_paste("example.com/a example.org").text == "example.com/a\nexample.org"
    assert read_paste("only words here").text == "only\nwords\nhere"


def test_a_path_stays_whole() -> None:
    assert read_paste("/home/me/my urls.txt").text == "/home/me/my urls.txt"
    assert read_paste("'/home/me/my urls.txt'\n").text == "'/home/me/my urls.txt'"
    assert (
        read_paste("see https://a.org/1, or\n~/urls.txt\nb.org/2").text == "https://a.org/1\n~/urls.txt\nb.org/2"
    )


@given(st.text())
def test_a_paste_holds_nothing_a_terminal_acts_on(text: str) -> None:
    assert all(character == "\n" or character.isprintable() for character in read_paste(text).text)
