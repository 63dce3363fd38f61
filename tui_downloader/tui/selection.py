"""Which downloads are selected, and the range that is being selected.

Owns what each key does to the selection, as a value. Must never know rows: ids come from the list.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """Selected downloads by id; they stay selected whatever is shown."""

    ids: frozenset[int] = _NONE
    """The selected ones."""
    anchor: int | None = None
    """Where a range began; `None` while none is being selected."""
    is_held: bool = False
    """Whether the range lasts only as long as Shift is held with the arrows."""
    before: frozenset[int] = _NONE
    """What was selected when the range began."""

    def toggled(self, download_id: int) -> Selection:
        """Selects a download, or no longer; ends a range."""
        return Selection(self.ids ^ {download_id})

    def begun(self, download_id: int, *, held: bool = False) -> Selection:
        """Begins a range at a download."""
        return Selection(self.ids | {download_id}, download_id, held, self.ids)

    def reaching(self, ids: Iterable[int]) -> Selection:
        """Makes the range cover these downloads and no others."""
        return Selection(self.before.union(ids), self.anchor, self.is_held, self.before)

    def ended(self) -> Selection:
        """Ends a range; what is selected stays so."""
        return Selection(self.ids) if self.anchor is not None else self

    def all_or_none(self, ids: Iterable[int]) -> Selection:
        """Selects all of these, or none of them if all were selected already; others stay as they are."""
        these = frozenset(ids)
        return Selection(self.ids - these if these <= self.ids else self.ids | these)

    def only(self, present: Container[int]) -> Selection:
        """Forgets downloads that are not there any more."""
        gone = {each for each in self.ids if each not in present}
        return Selection(self.ids - gone, self.anchor, self.is_held, self.before - gone) if gone else self
