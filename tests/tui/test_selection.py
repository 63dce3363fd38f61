"""What each key does to a selection, as a value."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.tui.selection import Selection

ids = st.integers(1, 12)
sets = st.frozensets(ids)
selections = st.builds(Selection, sets) | st.builds(lambda kept, at: Selection(kept).begun(at), sets, ids)


@given(selections, ids)
def test_toggling_twice_changes_nothing_and_ends_a_range(selection: Selection, download_id: int) -> None:
    once = selection.toggled(download_id)
    assert (download_id in once.ids) != (download_id in selection.ids)
    assert once.anchor is None
    assert once.toggled(download_id).ids == selection.ids


@given(sets, ids, st.lists(sets, min_size=1))
def test_a_range_covers_what_it_reaches_last_and_what_was_selected_before(
    kept: frozenset[int], anchor: int, reached: list[frozenset[int]]
) -> None:
    selection = Selection(kept).begun(anchor)
    for each in reached:
        selection = selection.reaching(each | {anchor})
    assert selection.ids == kept | {anchor} | reached[-1]
    assert selection.ended() == Selection(selection.ids)


@given(selections, sets)
def test_all_then_none(selection: Selection, shown: frozenset[int]) -> None:
    everything = selection.all_or_none(shown)
    if shown <= selection.ids:
        assert everything.ids == selection.ids - shown
    else:
        assert everything.ids == selection.ids | shown
        assert everything.all_or_none(shown).ids == selection.ids - shown


@given(selections, sets)
def test_what_is_gone_is_forgotten(selection: Selection, present: frozenset[int]) -> None:
    left = selection.only(present)
    assert left.ids == selection.ids & present
    assert left.anchor == selection.anchor
    if selection.ids <= present:
        assert left is selection
