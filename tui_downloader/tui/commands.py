"""The command palette: every action of the screen by its name.

Owns how actions are listed and found. Must never list one by hand: they come from the bindings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App
from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.screen import Screen

if TYPE_CHECKING:  # importing it would load half of Textual's widgets at start
    from textual.types import IgnoreReturnCallbackType


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the palette."""

    title: str
    """What it is called."""
    explanation: str
    """What it does."""
    action: str
    """Its name, in the words of the node."""
    node: DOMNode
    """Where it is done."""


class ActionCommands(Provider):
    """Finds the actions of the screen underneath."""

    async def discover(self) -> Hits:
        """Lists every action."""
        for each in self._commands():
            yield DiscoveryHit(each.title, self._run(each), help=each.explanation)

    async def search(self, query: str) -> Hits:
        """Lists the actions whose name or explanation fits what was typed."""
        matcher = self.matcher(query)
        for each in self._commands():
            score = max(matcher.match(each.title), matcher.match(each.explanation) / 2)
            if score > 0:
                yield Hit(score, matcher.highlight(each.title), self._run(each), help=each.explanation)

    def _run(self, command: Command) -> IgnoreReturnCallbackType:
        """Returns what the palette calls for a command."""
        return partial(self.app.run_action, command.action, command.node)

    def _commands(self) -> Iterator[Command]:
        """Returns each action that has an id, once; the screen's before the cursor's moves."""
        seen: set[str] = set()
        bindings = sorted(
            self.screen.active_bindings.values(), key=lambda each: not isinstance(each.node, Screen | App)
        )
        for node, binding, _enabled, tooltip in sorted(bindings, key=_is_in_a_pane):
            if binding.id is not None and binding.id not in seen:
                seen.add(binding.id)
                yield Command(binding.description, tooltip or binding.tooltip, binding.action, node)


def _is_in_a_pane(binding: ActiveBinding) -> bool:
    """Tells whether a binding belongs to a widget of the screen, not to the screen or the application."""
    return not isinstance(binding.node, Screen | App)
