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
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from tui_downloader.tui.keys import key_words

if TYPE_CHECKING:  # importing it would load half of Textual's widgets at start
    from textual.types import IgnoreReturnCallbackType


@dataclass(frozen=True, slots=True)
class Command:
    """An action of the palette."""

    title: str
    """What it is called."""
    keys: str
    """Its keys, as people write them."""
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
        for each in sorted(self._commands(), key=lambda command: command.title):
            yield DiscoveryHit(
                _with_keys(Content(each.title), each), self._run(each), each.title, each.explanation
            )

    async def search(self, query: str) -> Hits:
        """Lists the actions whose name or explanation fits what was typed; the more of the name, the earlier."""
        matcher = self.matcher(query)
        for each in self._commands():
            share = min(1.0, len(query) / len(each.title))
            score = max(matcher.match(each.title) * (0.5 + share / 2), matcher.match(each.explanation) / 4)
            if score > 0:
                shown = _with_keys(matcher.highlight(each.title), each)
                yield Hit(score, shown, self._run(each), each.title, each.explanation)

    def _run(self, command: Command) -> IgnoreReturnCallbackType:
        """Returns what the palette calls for a command."""
        return partial(self.app.run_action, command.action, command.node)

    def _commands(self) -> Iterator[Command]:
        """Returns each action that has an id, once; the screen's before those of its panes."""
        bindings = sorted(self.screen.active_bindings.values(), key=_is_in_a_pane)
        keys: dict[str, list[str]] = {}
        for _, binding, *_ in bindings:
            if binding.id is not None:
                keys.setdefault(binding.id, []).append(binding.key_display or key_words(binding.key))
        for node, binding, _enabled, tooltip in bindings:
            if binding.id is not None and (shown := keys.pop(binding.id, None)) is not None:
                explanation = tooltip or binding.tooltip
                yield Command(binding.description, " ".join(shown), explanation, binding.action, node)


def _with_keys(title: Content, command: Command) -> Content:
    """Returns a title with the keys behind it."""
    return Content.assemble(title, "  ", (command.keys, "$accent"))


def _is_in_a_pane(binding: ActiveBinding) -> bool:
    """Tells whether a binding belongs to a widget of the screen, not to the screen or the application."""
    return not isinstance(binding.node, Screen | App)
