"""The whole screen over a real session, driven by keys.

Owns opening and closing it and the waiting for what it shows. Must never sleep for a result.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widget import Widget

from tests.support.session_control import WAIT_SECONDS, SessionControl
from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind, NewEvent
from tui_downloader.session.session import Session
from tui_downloader.state import downloads, journal
from tui_downloader.state.database import Database, SqlValue
from tui_downloader.tui.app import TuidlApp
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.screens.main import MainScreen
from tui_downloader.tui.snapshot import Snapshot, merged
from tui_downloader.tui.widgets.footer import Footer


class ScreenControl:
    """One open screen."""

    def __init__(self, app: TuidlApp, pilot: Pilot[str], feed: Feed) -> None:
        """Take over a running app."""
        self.app = app
        self.pilot = pilot
        self.feed = feed

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever lies above it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def current(self) -> Download:
        """The selected download."""
        assert self.main.current is not None
        return self.main.current

    @property
    def remark(self) -> str:
        """What the footer says instead of keys."""
        return self.main.query_one(Footer).remark

    @property
    def banner(self) -> str:
        """What the banner says."""
        return self.main.banner.sentence

    @property
    def notices(self) -> list[str]:
        """What was told in passing."""
        return [each.message for each in self.app._notifications]

    def line(self, kind: type[Widget], y: int = 0) -> str:
        """Return a line of a widget as text."""
        return self.main.query_one(kind).render_line(y).text

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def until(self, condition: Callable[[], object], *, what: str = "the condition") -> None:
        """Let the screen work until a condition is true; fail with its name after a while."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come true"
            await self.pilot.pause(0.01)


@asynccontextmanager
async def open_screen(
    control: SessionControl, *, size: tuple[int, int] = (120, 34)
) -> AsyncIterator[ScreenControl]:
    """Open the screen of a session as `run_screen` does, without a terminal."""
    session = Session(control.session.identifier, state_directory=control.root / "state")
    first = merged(Snapshot(), session.changes())
    feed = Feed(session, first, directory=control.downloads, preferences=session.preferences())
    app = TuidlApp(feed, directory=control.downloads)
    try:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield ScreenControl(app, pilot, feed)
    finally:
        assert feed.stop() == []


def play(
    control: SessionControl,
    scenario: Callable[[ScreenControl], Coroutine[None, None, None]],
    *,
    size: tuple[int, int] = (120, 34),
) -> None:
    """Open the screen, run a scenario, close the screen."""

    async def run() -> None:
        async with open_screen(control, size=size) as screen:
            await scenario(screen)

    asyncio.run(run())


class Journal:
    """Writes what a worker would have written, into the state file of a session without one."""

    def __init__(self, control: SessionControl) -> None:
        """Name the session."""
        self._control = control

    def add(self, *names: str) -> list[int]:
        """Add paused downloads, so that no worker starts; return their ids."""
        return self._control.add(*(f"https://files.example.org/{name}" for name in names), paused=True)

    def write(self, download_id: int, **columns: SqlValue) -> None:
        """Write worker columns of a row."""
        with self._database() as database, database.transaction() as transaction:
            downloads.update(transaction, download_id, columns)

    def finish(self, download_id: int, name: str, *, content: bytes = b"x" * 1000) -> Path:
        """Finish a download: file, row and event."""
        path = self._control.downloads / name
        path.write_bytes(content)
        now = time.time()
        with self._database() as database, database.transaction() as transaction:
            row: dict[str, SqlValue] = {
                "state": "completed",
                "filename": name,
                "finished_at": now,
                "bytes_received": len(content),
            }
            downloads.update(transaction, download_id, row)
            event = NewEvent(EventKind.FINISHED, {"path": str(path), "filename": name, "bytes": len(content)})
            journal.append(transaction, download_id, event, now=now)
        return path

    def tell(self, download_id: int, kind: EventKind, **fields: str | float | None) -> None:
        """Append an event."""
        with self._database() as database, database.transaction() as transaction:
            journal.append(transaction, download_id, NewEvent(kind, fields), now=time.time())

    def _database(self) -> _Closing:
        return _Closing(Database(self._control.session.directory / "state.sqlite3"))


class _Closing:
    """Closes a connection at the end of a block."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Database:
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()


def names(rows: Sequence[Download]) -> list[str]:
    """Return the shown names."""
    return [each.shown_name for each in rows]
