"""One opening of the screen, from launch to the shell, without a terminal.

Owns the order of things as `tui_downloader.tui.launch` has it, and the drawing of a frame. Must never change what
the program draws.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.tui.screen_control import ScreenControl
from tui_downloader.session.session import Session
from tui_downloader.tui import words
from tui_downloader.tui.app import TuidlApp
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.free_space import free_space
from tui_downloader.tui.snapshot import Snapshot, View, merged


class Visit:
    """Opens the screen of a session once."""

    def __init__(self, session: Session, directory: Path, *, come_back: str = "tuidl") -> None:
        """Read the session as the program does before it takes the terminal.

        Args:
            session: Belongs to the visit until its end, then can be used again.
            directory: Where downloads are saved by default.
            come_back: Command line that opens this screen.
        """
        first = merged(Snapshot(free_bytes=free_space(directory)), session.changes())
        self._feed = Feed(session, first, directory=directory)
        self._directory = directory
        self._identifier = session.identifier
        self._come_back = come_back

    @asynccontextmanager
    async def open(self, size: tuple[int, int]) -> AsyncIterator[ScreenControl]:
        """Show the screen for the time of the block.

        Args:
            size: Columns and rows of the terminal.
        """
        app = TuidlApp(self._feed, directory=self._directory, come_back=self._come_back)
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield ScreenControl(app, pilot, self._feed)
        finally:
            await asyncio.to_thread(self._feed.stop)

    def drawing(self, screen: ScreenControl) -> str:
        """Return the present frame as SVG."""
        return screen.app.export_screenshot(title=self._come_back)

    def farewell(self) -> str:
        """Return what the shell shows after the visit."""
        downloads = self._feed.snapshot.rows[View.ALL]
        return words.farewell(downloads, identifier=self._identifier, come_back=self._come_back)
