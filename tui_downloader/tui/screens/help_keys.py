"""The keys that work on a screen, grouped for reading.

Owns grouping and merging. Must never know where they are drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from textual.app import App
from textual.binding import ActiveBinding
from textual.screen import Screen

from tui_downloader.tui.keys import key_words

_EVERYWHERE = "Everywhere"


@dataclass(frozen=True, slots=True)
class HelpKey:
    """One action and the keys that do it."""

    keys: str
    """The keys as people write them, blanks between: `j ↓`."""
    description: str
    """What the action is called."""
    tooltip: str
    """What it does in a sentence; may be empty."""


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """The keys of one place on the screen."""

    title: str
    """The place: `Downloads`, `Everywhere`."""
    keys: tuple[HelpKey, ...]
    """Its keys, in the order of their binding."""


def help_groups(bindings: Iterable[ActiveBinding]) -> list[HelpGroup]:
    """Groups bindings by the place they belong to, the innermost first; keys of one action are put together.

    Bindings without a description, system ones, and those that neither have an id nor a tooltip (a toolkit's own
    scrolling) are left out.

    Args:
        bindings: The active bindings of a screen, from the focused widget outwards.
    """
    spelled: dict[str, dict[tuple[str, str], list[str]]] = {}
    tooltips: dict[tuple[str, str], str] = {}
    for node, binding, _enabled, tooltip in bindings:
        if binding.system or not binding.description or not (binding.id or tooltip or binding.tooltip):
            continue
        title = _EVERYWHERE if isinstance(node, App) else _title(node)
        action = (binding.action, binding.description)
        keys = spelled.setdefault(title, {}).setdefault(action, [])
        shown = binding.key_display or key_words(binding.key)
        if shown not in keys:
            keys.append(shown)
        tooltips[action] = tooltip or binding.tooltip
    return [
        HelpGroup(
            title,
            tuple(HelpKey(" ".join(keys), action[1], tooltips[action]) for action, keys in actions.items()),
        )
        for title, actions in spelled.items()
    ]


def _title(node: object) -> str:
    """Names the place a binding belongs to."""
    title = getattr(node, "BINDING_GROUP_TITLE", None)
    if isinstance(title, str):
        return title
    if isinstance(node, Screen):
        return _EVERYWHERE
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__)
    return words.capitalize()
