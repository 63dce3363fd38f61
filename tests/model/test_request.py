"""URLs as typed, and what may be shown of them."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tui_downloader.errors import InvalidDirectoryError, InvalidInputError, InvalidUrlError
from tui_downloader.model.request import (
    REDACTED,
    URL_LENGTH_MAX,
    Request,
    checked_directory,
    checked_field,
    checked_filename,
    checked_url,
    display_url,
    host_of,
    log_url,
)

PASSWORD = "hunter2hunter2"
HOSTILE_TEXT = st.text(
    st.one_of(st.sampled_from("htps:/@#?[]%.&=;\\ \t\n\x00\x1b\u202e\u2100\udc80aé0"), st.characters()),
    max_size=60,
)
LOGINS = st.sampled_from([f"user:{PASSWORD}@", f":{PASSWORD}@", f"{PASSWORD}@", f"us%40er:{PASSWORD}@"])
BEGINNINGS = st.sampled_from(
    ["", "http://", "https://", "HTTPS://", "ftp://", "ftp:", "https:", "https:/", "http:///", "//"]
)


def refusal(text: str) -> str | None:
    """Return the sentence with which a text is refused as a URL; None if it is accepted."""
    try:
        checked_url(text)
    except InvalidUrlError as error:
        return str(error)
    return None


def has_control(text: str) -> bool:
    return any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for each in text if each != "\u200d")


@given(st.builds(str.__add__, BEGINNINGS, HOSTILE_TEXT))
@example("http://[")
@example("http://[::1")
@example("http://h:99999999999/")
@example("http://h:x/")
@example("http://ex\u2100mple.com/")
@example("http://\u202e.com:\x1b/")
def test_any_text_is_a_url_or_refused_in_one_clean_sentence(text: str) -> None:
    sentence = refusal(text)
    if sentence is not None:
        assert not has_control(sentence)
        assert sentence.endswith(".")
        return
    url = checked_url(text)
    assert url.lower().startswith(("http://", "https://"))
    assert not set(url) & set(" \t\r\n\x00\x1b\x7f\x9b")


@given(st.builds(str.__add__, BEGINNINGS, HOSTILE_TEXT))
@example("https://example.com/\udcff")
def test_what_is_accepted_can_be_stored_and_logged(text: str) -> None:
    try:
        url = checked_url(text)
    except InvalidUrlError:
        return
    url.encode()
    log_url(url)
    display_url(url)
    host_of(url)


@given(BEGINNINGS, LOGINS, HOSTILE_TEXT)
@example("https://", f"user:{PASSWORD}@", "ex\u2100mple.com/")
@example("https://", f"user:{PASSWORD}@", "h:99999/")
@example("", f"user:{PASSWORD}@", "exa mple.com/a")
@example("https:/", f"user:{PASSWORD}@", "example.com/a")
@example("ftp:", f"user:{PASSWORD}@", "example.com/a")
def test_no_refusal_tells_a_password(beginning: str, login: str, rest: str) -> None:
    assume("@" not in rest)
    assert PASSWORD not in (refusal(f"{beginning}{login}{rest}") or "")


@given(BEGINNINGS, LOGINS, HOSTILE_TEXT)
@example("", f"user:{PASSWORD}@", "example.com/a?b#c")
@example("https://", f"user:{PASSWORD}@", "[::1]:80/")
def test_accepted_urls_are_shown_and_logged_without_userinfo(beginning: str, login: str, rest: str) -> None:
    assume("@" not in rest)
    try:
        url = checked_url(f"{beginning}{login}{rest}")
    except InvalidUrlError:
        return
    assert PASSWORD not in display_url(url)
    assert PASSWORD not in log_url(url)
    assert PASSWORD not in host_of(url)
    assert PASSWORD not in repr(Request(url=url, directory=Path("/")))


@given(HOSTILE_TEXT)
def test_shown_urls_are_safe_to_print_whatever_they_are(text: str) -> None:
    for shown in (display_url(text), log_url(text), host_of(text)):
        assert not has_control(shown)


@pytest.mark.parametrize("name", ["token", "access_token", "X-Amz-Signature", "sig", "key", "password", "auth"])
@pytest.mark.parametrize("spelled", ["plain", "percent", "upper"])
def test_secret_parameters_are_redacted_however_they_are_spelled(name: str, spelled: str) -> None:
    written = {"plain": name, "percent": f"%{ord(name[0]):02x}{name[1:]}", "upper": name.upper()}[spelled]
    shown = display_url(f"https://example.com/a.iso?page=2&{written}={PASSWORD}&n=3")
    assert PASSWORD not in shown
    assert "page=2" in shown
    assert "n=3" in shown


def test_the_log_has_no_query_at_all() -> None:
    assert log_url("https://u:p@example.com/a b.iso?x=1#y") == "https://example.com/a%20b.iso"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("example.com/a.iso", "https://example.com/a.iso"),
        ("  http://example.com/ \n", "http://example.com/"),
        ("localhost:8000/a", "https://localhost:8000/a"),
        ("localhost/a", "https://localhost/a"),
        ("HTTP://EXAMPLE.com", "HTTP://EXAMPLE.com"),
        ("[::1]/a", "https://[::1]/a"),
        ("http://nas/a", "http://nas/a"),
        ("https://example.com/ü", "https://example.com/ü"),
    ],
)
def test_accepted(text: str, url: str) -> None:
    assert checked_url(text) == url


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("ftp://example.com/a", "only http and https"),
        ("file:/etc/passwd", "only http and https"),
        ("magnet:?xt=1", "only http and https"),
        ("word", "write it out"),
        ("https://", "no host"),
        ("https:///a", "no host"),
        ("https://a b.com/", "blanks"),
        ("https://example.com/\x1b[2J", "control characters"),
        ("https://example.com:port/", "is not a URL"),
        ("https://" + "a" * URL_LENGTH_MAX, "longer than"),
    ],
)
def test_refused(text: str, word: str) -> None:
    with pytest.raises(InvalidUrlError, match=word) as caught:
        checked_url(text)
    assert len(str(caught.value)) < 400


def test_a_redacted_login_is_seen_as_such() -> None:
    assert display_url(f"https://me:{PASSWORD}@example.com/a") == f"https://{REDACTED}@example.com/a"


def test_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / "file").touch()
    assert checked_directory("here") == tmp_path / "here"
    for bad, word in (("there", "does not exist"), ("file", "is not a directory"), ("a\0b", "a.b")):
        with pytest.raises(InvalidDirectoryError, match=word):
            checked_directory(bad)
    with pytest.raises(InvalidDirectoryError):
        checked_directory("~nobody-of-that-name/x")


def test_a_directory_whose_name_cannot_be_stored_is_refused(tmp_path: Path) -> None:
    """Names that are no UTF-8 reach Python with surrogates, which no column of text takes."""
    directory = tmp_path / "caf\udce9"
    directory.mkdir()
    with pytest.raises(InvalidDirectoryError) as caught:
        checked_directory(directory)
    assert not has_control(str(caught.value))


@pytest.mark.parametrize("name", ["a.txt", "a b", ".hidden", "日本\u3000語.txt", "it’s", "-rf", "👩\u200d🔬.png"])
def test_names_of_files_are_taken(name: str) -> None:
    assert checked_filename(name) == name


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("caf\udce9.txt", "not UTF-8"),
        ("\ud800", "not UTF-8"),
        ("a/b", "separator"),
        ("a\\b", "separator"),
        ("a\x1b[2Jb", "cannot be"),
        ("a\nb", "cannot be"),
        ("a\0b", "cannot be"),
        ("", "cannot be"),
        (" . ", "cannot be"),
        ("..", "cannot be"),
        ("--", "cannot be"),
    ],
)
def test_what_cannot_name_a_file_is_refused_in_a_clean_sentence(name: str, word: str) -> None:
    with pytest.raises(InvalidInputError, match=word) as caught:
        checked_filename(name)
    assert not has_control(str(caught.value))


@given(HOSTILE_TEXT)
@example("\udcff")
def test_a_name_that_is_taken_can_be_stored(text: str) -> None:
    sentence = ""
    try:
        assert checked_filename(text).encode()
    except InvalidInputError as error:
        sentence = str(error)
    assert not has_control(sentence)


@given(st.text(max_size=40))
def test_fields_are_read_or_refused_without_their_value(text: str) -> None:
    value = f"{quote(text)}{PASSWORD}\x00" if "\x00" in text else f"{text}{PASSWORD}"
    sentence = ""
    try:
        name, kept = checked_field(f"X-Key: {value}")
    except InvalidInputError as error:
        sentence = str(error)
    assert PASSWORD not in sentence
    if sentence:
        return
    assert (name, kept) == ("X-Key", value.strip())
    assert kept.isascii()


@pytest.mark.parametrize("text", ["no colon", ": empty", "Bad Name: x", "X: a\r\nY: b", "X: \x00"])
def test_fields_that_are_none(text: str) -> None:
    with pytest.raises(InvalidInputError):
        checked_field(text)
