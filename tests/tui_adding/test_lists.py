"""Lists of URLs in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_downloader.tui.adding.entries import count_words, parse_entries
from tui_downloader.tui.adding.lists import LIST_BYTES_MAX, read_list, read_lists


def test_a_list_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "my urls.txt"
    path.write_bytes(b"\xef\xbb\xbf# heading\r\nhttps://a.org/1\r\n\r\n  b.org/[1-3]\r\nftp://c/d\r\n")
    text = f"{path}\nhttps://a.org/1"
    entries = parse_entries(text, lists=read_lists(text.splitlines()))
    assert entries.urls == ["https://a.org/1", "https://b.org/[1-3]"]
    assert (
        entries.entries[2].reason == "my urls.txt, line 5: “ftp://c/d” cannot be downloaded: only http and https."
    )
    assert count_words(entries) == "2 of 3 downloads from my urls.txt, 1 repeated"


@pytest.mark.parametrize("form", ["{}", "'{}'", '"{}"', "file://{}"])
def test_a_path_is_written_in_many_ways(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a b.txt"
    path.write_text("https://a.org/1\n")
    assert read_list(form.format(path)).rows == ((1, "https://a.org/1"),)
    assert read_list(str(path).replace(" ", "\\ ")).rows == ((1, "https://a.org/1"),)


def test_home_and_names_in_the_current_directory(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_environment / "list.txt").write_text("https://a.org/1\n")
    monkeypatch.chdir(own_environment)
    assert read_lists(["~/list.txt", "list.txt", "other.txt", "https://list.txt"]).keys() == {
        "~/list.txt",
        "list.txt",
    }


def test_what_is_no_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LIST_BYTES_MAX + 1)
    problems = {name: read_list(f"{tmp_path}/{name}").problem or "" for name in ("binary", "large", "none", "")}
    assert "not a text file" in problems["binary"]
    assert "too large" in problems["large"]
    assert "does not exist" in problems["none"]
    assert "is not a file" in problems[""]
    path = f"{tmp_path}/none"
    (entry,) = parse_entries(path, lists=read_lists([path])).entries
    assert (entry.url, entry.reason) == (None, problems["none"])
