"""The application's side that takes keys: each is done before the next is given out.

Textual gives a key to the focused widget and looks for its binding when the key has come back, so that keys which
arrive together all go to the widget that had the focus before the first. Owns that they go where they would have
gone if they had been typed slowly. Must never know what a key does.
"""

from __future__ import annotations

import asyncio
import logging

from textual import events
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.widget import MountError, Widget

_log = logging.getLogger(__name__)

_ROUNDS = 2
"""How often a widget is waited for: what it tells itself comes behind what was sent to it."""


class KeyApp(App[str], inherit_bindings=False):
    """An application that carries keys out in the order of typing, however fast they come."""

    _is_text = False
    """Whether the key that is given out is text for a field."""

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
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        await self._screen_is_there()
        typist = self._typist
        self._is_text = typist is not None and _takes(typist, event)
        ends_typing = typist is not None and not self._is_text
        if ends_typing:
            await _settled(typist)  # the letters before it are on their way
        await super().on_event(event)
        if ends_typing:
            await _settled(typist)  # its field tells others what it meant

    async def _screen_is_there(self) -> None:
        """Waits for what awaiting `push_screen` waits for."""
        await self.screen._mounted_event.wait()  # noqa: SLF001 -- nothing public tells

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Carries out what a key is bound to, at once unless it is text for a field; tells whether it is."""
        if await super()._check_bindings(key, priority):
            return True
        return priority and not self._is_text and await super()._check_bindings(key)

    @property
    def _typist(self) -> Widget | None:
        """What has the focus and takes letters as they are; `None` if nothing does."""
        focused = self.focused
        return focused if focused is not None and focused.check_consume_key("a", "a") else None

    def _handle_exception(self, error: Exception) -> None:
        """Ends after an error, unless it is leaving: what was about to be filled may have gone by then."""
        if (self._exit or not self._running) and isinstance(error, NoMatches | MountError | ScreenStackError):
            _log.info("left before a screen was whole: %s", error)
        else:
            super()._handle_exception(error)


def _takes(typist: Widget, event: events.Key | events.Paste) -> bool:
    """Tells whether it is text for what somebody types into."""
    return isinstance(event, events.Paste) or typist.check_consume_key(event.key, event.character)


async def _settled(widget: Widget | None) -> None:
    """Waits until a widget, then each place around it, has done what was sent to it; one that goes has done it."""
    around = widget.ancestors_with_self if widget is not None else []
    for each in [each for each in around if isinstance(each, Widget)]:
        pump = each._task  # noqa: SLF001 -- nothing public tells that a widget has gone
        if pump is None:
            continue
        for _ in range(_ROUNDS):
            turn = asyncio.Event()
            each.call_later(turn.set)
            waiting = asyncio.create_task(turn.wait())
            await asyncio.wait({waiting, pump}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
