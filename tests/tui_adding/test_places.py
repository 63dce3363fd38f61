"""Completing a directory, and the places used before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_downloader.tui.adding.places import PLACES_MAX, completed, read_places, with_place


def test_the_disk_completes_one_directory_at_a_time(tmp_path: Path) -> None:
    for name in ("music", "movies/old", ".hidden"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "mail.txt").touch()
    assert completed(f"{tmp_path}/mu", ()) == f"{tmp_path}/music"
    assert completed(f"{tmp_path}/m", ()) == f"{tmp_path}/movies"
    assert completed(f"{tmp_path}/movies", ()) is None
    assert completed(f"{tmp_path}/movies/", ()) == f"{tmp_path}/movies/old"
    assert completed(f"{tmp_path}/.h", ()) == f"{tmp_path}/.hidden"
    assert completed(f"{tmp_path}/mail", ()) is None


def test_home_is_a_tilde(own_environment: Path) -> None:
    (own_environment / "Pictures").mkdir()
    assert completed("~/Pic", ()) == "~/Pictures"
    assert completed("~/", [own_environment / "iso"]) == "~/iso"


@pytest.mark.parametrize(
    "typed", ["", " ", "relative", "/no/such/place/x", "~nobody-of-that-name/x", "/\0/x", " /"]
)
def test_nothing_is_made_up(typed: str) -> None:
    assert completed(typed, ()) is None


def test_places_are_remembered_the_last_one_first() -> None:
    text = None
    for number in range(12):
        text = with_place(read_places(text), Path(f"/srv/{number % 10}"))
    places = read_places(text)
    assert places[:3] == [Path("/srv/1"), Path("/srv/0"), Path("/srv/9")]
    assert len(places) == PLACES_MAX


@pytest.mark.parametrize("text", [None, "", "nonsense", "{}", "[1, null]", "7"])
def test_a_text_that_is_no_list_gives_none(text: str | None) -> None:
    assert read_places(text) == []
