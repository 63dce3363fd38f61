"""The keys in force, for every text that names one: `{resume} try again` is `r try again`.

Owns which key stands for an action now: the first that it is bound to, unless the user chose another. Must never
bind a key itself: Textual does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual._context import active_app
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import _character_to_key, key_to_character

_SPELLED = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "delete": "Del",
    "backspace": "Backspace",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
}

_bound: dict[str, str] = {}
"""Keys by the id of their binding, of what was loaded when one was missing."""


def key_of(identifier: str) -> str:
    """Returns the key of an action as people write it.

    Args:
        identifier: The id of its binding.

    Raises:
        KeyError: There is no such binding.
    """
    if identifier not in _bound:
        from tui_downloader.tui import app  # noqa: F401 -- late, for its bindings; whoever draws has it

        _bound.update((binding.id, binding.key) for _, binding in own_bindings() if binding.id is not None)
    running = active_app.get(None)
    chosen = running._keymap.get(identifier) if running is not None else None  # noqa: SLF001 -- what `set_keymap` sets
    return key_words(split_keys(chosen or _bound[identifier])[0])


def named(text: str) -> str:
    """Puts keys into a text of this program, where the ids of their bindings stand in braces."""
    return re.sub(r"\{([a-z0-9-]+)\}", lambda found: key_of(found[1]), text)


def key_words(key: str) -> str:
    """Spells a key as people write it: `Ctrl+D`, `↓`, `?`, `G`."""
    *modifiers, name = key.split("+") if key != "+" else [key]
    shown = _SPELLED.get(name) or key_to_character(name) or name.replace("_", " ")
    if (modifiers and len(shown) == 1) or re.fullmatch(r"f\d+", shown):
        shown = shown.upper()
    return "+".join((*(modifier.title() for modifier in modifiers), shown))


def split_keys(keys: str) -> tuple[str, ...]:
    """Returns a comma separated list of keys in Textual's words."""
    each = (part.strip() for part in keys.split(","))
    return tuple(_character_to_key(part) if len(part) == 1 else part for part in each if part)


def own_bindings(base: type[DOMNode] = DOMNode) -> Iterator[tuple[type[DOMNode], Binding]]:
    """Yields the bindings of the program's classes that are loaded, each with its class."""
    for each in base.__subclasses__():
        if each.__module__.startswith("tui_downloader."):
            for binding in vars(each).get("BINDINGS", ()):
                if isinstance(binding, Binding):
                    yield each, binding
        yield from own_bindings(each)
