"""The lines of the side pane: its head, and the open tab.

Owns what keys do to them. Must never compose them.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from tui_downloader.tui.widgets.lines import Lines


class HeadLines(Lines, can_focus=False):
    """The lines of the head; they are never focused, keys scroll the tab."""

    DEFAULT_CSS = """
    HeadLines { overflow-y: hidden; scrollbar-gutter: auto; }
    """


class DetailLines(Lines):
    """The lines of the open tab."""

    BINDING_GROUP_TITLE = "Detail"

    @dataclass
    class RoomChanged(Message):
        """There is other room to compose lines for."""

    def on_resize(self) -> None:
        """Tells that the room changed."""
        self.post_message(self.RoomChanged())
