"""The application's side that takes keys: each is done before the next is given out.

Textual gives a key to the focused widget and looks for its binding when the key has come back, so that keys which
arrive together all go to the widget that had the focus before the first. Owns that they go where they would have
gone if they had been typed slowly. Must never know what a key does.
"""

from __future__ import annotations

import logging

from textual import events
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.widget import MountError

_log = logging.getLogger(__name__)


class KeyApp(App[str], inherit_bindings=False):
    """An application that carries keys out in the order of typing, however fast they come."""

    def type_ahead(self, typed: str) -> None:
        """Takes what was typed before it ran.

        Args:
            typed: As the terminal gave it; keys that are no characters are sequences in it.
        """
        from textual._xterm_parser import XTermParser  # the driver has loaded it

        if "://" in typed:  # nobody has told the terminal yet to mark what is pasted
            self.post_message(events.Paste(typed))
            return
        parser = XTermParser()
        known = [*parser.feed(typed), *parser.feed("")] if typed else []  # an empty one: nothing follows
        for each in known:
            if isinstance(each, events.Key):
                self.post_message(each)

    async def on_event(self, event: events.Event) -> None:
        """Gives a key or paste out once the screen that an earlier key opened is there to take it."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.screen._mounted_event.wait()  # noqa: SLF001 -- what awaiting `push_screen` awaits
        await super().on_event(event)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Carries out what a key is bound to, at once unless somebody types into a field; tells whether it is."""
        if await super()._check_bindings(key, priority):
            return True
        return priority and not self._types and await super()._check_bindings(key)

    @property
    def _types(self) -> bool:
        """Whether the focus is on something that takes letters as they are."""
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    def _handle_exception(self, error: Exception) -> None:
        """Ends after an error, unless it is leaving: what was about to be filled may have gone by then."""
        if (self._exit or not self._running) and isinstance(error, NoMatches | MountError | ScreenStackError):
            _log.info("left before a screen was whole: %s", error)
        else:
            super()._handle_exception(error)
