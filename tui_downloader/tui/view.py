"""The five views: parts of the list by state.

Owns which states belong to which view. Must never look at a row's other facts.
"""

from __future__ import annotations

from enum import Enum

from tui_downloader.model.lifecycle import LIVE_STATES, State


class View(Enum):
    """A part of the list; the value is its name on the screen."""

    ALL = "All"
    ACTIVE = "Active"
    WAITING = "Waiting"
    DONE = "Done"
    FAILED = "Failed"

    @property
    def states(self) -> frozenset[State]:
        """The states of its rows."""
        return _STATES[self]


_STATES: dict[View, frozenset[State]] = {
    View.ALL: frozenset(State),
    View.ACTIVE: LIVE_STATES,
    View.WAITING: frozenset({State.WAITING, State.PAUSED}),
    View.DONE: frozenset({State.COMPLETED}),
    View.FAILED: frozenset({State.FAILED, State.CANCELLED}),
}

VIEW_OF: dict[State, View] = {state: view for view in View if view is not View.ALL for state in view.states}
"""The view beside `ALL` that a state belongs to."""
