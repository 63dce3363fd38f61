"""The user's keys: which actions can have others, and whether what the settings say is possible.

Owns the check of the `[keymap]` table. Must never bind a key itself: Textual's keymap does. It loads every screen,
so it is only asked when there is a keymap.
"""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from textual.app import App
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, Keys, key_to_character

from tui_downloader.errors import SettingsError
from tui_downloader.settings import place_of
from tui_downloader.tui import screens, widgets
from tui_downloader.tui.keys import key_words, own_bindings, split_keys
from tui_downloader.tui.screens.main import MainScreen
from tui_downloader.tui.widgets.download_list import DownloadList

_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "meta", "hyper"})
_NAMES = frozenset(str(each.value) for each in Keys) | frozenset(REPLACED_KEYS)  # slash, plus, …
_MAIN = "the main screen"


@dataclass(frozen=True, slots=True)
class BoundAction:
    """An action that keys are bound to."""

    identifier: str
    """Its binding's id, as the keymap names it."""
    keys: tuple[str, ...]
    """Its keys unless the user has others, in Textual's words."""
    description: str
    """What it is called."""
    action: str
    """The action, in the words of its place."""
    scope: str
    """Where it works; a key means one thing in a scope."""


def bound_actions() -> list[BoundAction]:
    """Returns every action of the program that has an id, in the order of their places."""
    for package in (screens, widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    bound = sorted(own_bindings(), key=lambda each: (_scope(each[0]) != _MAIN, each[0].__qualname__))
    found = [
        BoundAction(each.id, split_keys(each.key), each.description, each.action, _scope(place))
        for place, each in bound
        if each.id is not None
    ]
    return list(dict.fromkeys(found))


def check_keymap(keymap: Mapping[str, str], path: Path) -> None:
    """Checks the user's keys.

    Args:
        keymap: Keys by the id of their binding.
        path: The settings file, for the sentence.

    Raises:
        SettingsError: An id or a key does not exist, or a key does something else already.
    """
    actions = bound_actions() if keymap else []
    for identifier, keys in keymap.items():
        problem = _problem(identifier, keys, keymap, actions)
        if problem is not None:
            raise SettingsError(f"{place_of(path, identifier)}: {problem}")


def _problem(identifier: str, keys: str, keymap: Mapping[str, str], actions: list[BoundAction]) -> str | None:
    """Says what is wrong with the keys of one action; `None` if nothing is."""
    named = [each for each in actions if each.identifier == identifier]
    if not named:
        near = difflib.get_close_matches(identifier, {each.identifier for each in actions}, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no action “{repr(identifier[:80])[1:-1]}” to give a key to{hint}"
    for key in split_keys(keys):
        if not _is_key(key):
            return f"“{repr(key[:80])[1:-1]}” is no key; keys are written like q, Q, ctrl+q, f2, enter"
        for own in named:
            for other in actions:
                taken = split_keys(keymap.get(other.identifier, "")) or other.keys
                if other.identifier == identifier or other.scope != own.scope or key not in taken:
                    continue
                if not set(own.keys) & set(other.keys):  # some share one on purpose
                    name = f"“{other.description}” ({other.identifier})"
                    return f"{key_words(key)} is taken by {name}; give that another key, too"
    return None


def _is_key(key: str) -> bool:
    """Tells whether there is such a key."""
    *modifiers, name = key.split("+")
    known = len(name) == 1 or name in _NAMES or key_to_character(name) is not None
    return known and set(modifiers) <= _MODIFIERS


def _scope(place: type[DOMNode]) -> str:
    """Returns where the bindings of a class work."""
    main = issubclass(place, App) or issubclass(MainScreen, place) or place is DownloadList
    return _MAIN if main else place.__qualname__
