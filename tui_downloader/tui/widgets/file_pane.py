"""A pane that looks into the file of a download, again and again: it may grow, change or go away.

Owns the looks, one at a time, in a thread. Must never draw what they bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from textual import work
from textual.message import Message
from textual.widget import Widget

from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.excerpt import Excerpt
from tui_downloader.preview.facts import FileFacts
from tui_downloader.tui.detail.look import look_into
from tui_downloader.tui.detail.source import Source
from tui_downloader.tui.shared_decoder import borrow, give_back

LOOK_SECONDS: Final = 2.0
"""How often a finished file is looked at again, to notice that it changed or went away."""


class FilePane(Widget):
    """Knows one file as it is now."""

    @dataclass
    class Looked(Message, bubble=False):
        """The thread looked at a file; for this pane alone."""

        source: Source
        """The file."""
        facts: FileFacts
        """What it is; without a size if it cannot be read."""
        excerpt: Excerpt | None
        """Its first lines or entries; `None` if it has none, or is still growing."""
        version: tuple[int, int] | None
        """Time of change and size, to notice a change; `None` if the file is gone or still growing."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- as Textual's
        """Begins without a file."""
        super().__init__(id=id)
        self._source: Source | None = None
        self._is_looking = False
        self._looked_into: Source | None = None
        self._decoder: Decoder | None = None

    def on_mount(self) -> None:
        """Begins to look."""
        self.set_interval(LOOK_SECONDS, self._look_again)
        self._decoder = borrow(self.app)
        self._look_again()

    def on_unmount(self) -> None:
        """Gives the decoder back."""
        self._decoder = None
        give_back(self.app)

    def took(self, looked: Looked) -> None:
        """Takes over what a look at the file brought."""
        raise NotImplementedError

    @property
    def _source_is_whole(self) -> bool:
        """Whether the file is finished, and may change or go away."""
        return self._source is not None and self._source.stage is None

    def _is_source(self, path: Path) -> bool:
        """Tells whether that is the file that is looked into now."""
        return self._source is not None and path == self._source.path

    def _look_again(self) -> None:
        """Looks into the file in a thread; one look at a time, and at a growing one as it comes further."""
        if self._source is None or self._is_looking or self._decoder is None:
            return
        if not self._source_is_whole and self._source == self._looked_into:
            return
        self._is_looking = True
        self._looked_into = self._source
        self._look(self._source, self._decoder)

    @work(thread=True)
    def _look(self, source: Source, decoder: Decoder) -> None:
        facts, excerpt, version = look_into(source, decoder)
        self.post_message(self.Looked(source, facts, excerpt, version))

    def on_file_pane_looked(self, message: Looked) -> None:
        """Hands over what a look brought, unless another file is shown by now; looks again where it grew."""
        self._is_looking = False
        if message.source != self._source:
            self._look_again()
        if self._is_source(message.source.path):
            self.took(message)
