"""The cursor follows its download, or goes to a neighbour, however the rows are sorted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.factories import download
from tui_downloader.model.download import Download
from tui_downloader.tui.cursor import follow, index_of

rows = st.lists(st.integers(1, 40).map(download), max_size=30, unique_by=lambda each: each.id)


@given(rows, st.integers(1, 40), st.integers(0, 50))
def test_a_download_is_found_from_anywhere(some: list[Download], download_id: int, near: int) -> None:
    expected = next((at for at, each in enumerate(some) if each.id == download_id), None)
    assert index_of(some, download_id, near=near) == expected


def test_a_download_far_away_is_found() -> None:
    many = [download(number) for number in range(1, 5000)]
    assert index_of(many, 4999, near=3) == 4998
    assert follow(many, 4998, [many[-1], *many[:10]]) == 0


@given(rows, rows, st.integers(0, 29))
def test_the_cursor_follows_its_download_else_the_next_that_is_there(
    old: list[Download], new: list[Download], cursor: int
) -> None:
    at = follow(old, cursor, new)
    there = {each.id: place for place, each in enumerate(new)}
    expected = next((there[each.id] for each in old[cursor:] if each.id in there), None)
    assert at == (max(0, min(cursor, len(new) - 1)) if expected is None else expected)
