"""A busy session: real downloads from a local server, one in nearly every state, steady for half a minute.

Owns the files, their sizes and what the server does with each. Must never write a state by hand: the worker does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.support.fault import Fault
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import (
    Chunked,
    Pace,
    Redirect,
    ResetAfter,
    SlowHeaders,
    StallAfter,
    Status,
    starts_after_zero,
)
from tests.support.session_control import wait_until
from tui_downloader.demo.pictures import PICTURES, WALLPAPER
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session
from tui_downloader.tui.snapshot import Snapshot, View

MB = 1_000_000
"""Bytes."""

SETTINGS = "downloads_at_once = 4\nretry_first_seconds = 0.05\nheader_seconds = 600\n"
"""So that one is left in the queue, a lost connection is taken up again at once, and one goes on connecting."""


class Names:
    """Files that a picture puts the cursor on."""

    RUNNING = "debian-13.2.0-netinst.iso"
    """Runs, after it lost its connection once."""
    EXPIRED = "talk-recording.mkv"
    """Its link expired on the way."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The session while it is busy."""

    session: Session
    """The session."""
    directory: Path
    """Where its files are."""
    paces: dict[int, float]
    """Bytes a second of each download that runs in the end, by its id."""
    pasted: str
    """What is pasted into the Add form: a redirected picture, a known file, a page and a wrong line."""
    steps: tuple[int, ...]
    """Downloads to resume one after the other: three that run, then one that has to wait for its turn."""

    def is_steady(self, snapshot: Snapshot) -> bool:
        """Tell whether each running download shows its pace, and its time left."""
        running = {each.id: each for each in snapshot.rows[View.ACTIVE]}
        return all(
            download_id in running and abs(running[download_id].bytes_per_second / pace - 1) < 0.1
            for download_id, pace in self.paces.items()
        )


@contextmanager
def lively_session(home: Path, server: FaultServer) -> Iterator[Scene]:
    """Give a busy session whose worker ends with the block.

    Args:
        home: The user's home.
        server: Serves the files.
    """
    (home / "settings.toml").write_text(SETTINGS)
    directory = home / "Pictures"
    directory.mkdir()
    session = Session("default")
    build = _Build(session, directory, server)
    try:
        yield build.all()
    finally:
        session.stop()
        session.close()


class _Build:
    """Adds one download after the other, the oldest first, and waits until each is where it should be."""

    def __init__(self, session: Session, directory: Path, server: FaultServer) -> None:
        self._session = session
        self._directory = directory
        self._server = server

    def all(self) -> Scene:
        """Build the session; what is to run in the end still stands still."""
        (self._directory / "moon-mosaic.png").write_bytes(b"another one with this name")
        self._finished("dataset-part-06.parquet", Resource(bytes(19 * MB)))
        self._session.cancel([self._added("old-snapshot.img", Resource(bytes(MB)), paused=True)])
        self._finished("Фотоальбом-2026-осень.zip", Resource(bytes(88 * MB)))
        self._finished("moon-mosaic.png", Resource(PICTURES["moon-1200x1200.png"].draw(), media_type="image/png"))
        queued = self._added("dataset-part-08.parquet", Resource(bytes(19 * MB)), paused=True)
        self._paused("ubuntu-24.04.3-server.iso", bytes(310 * MB), received=97 * MB)
        live = self._added("live-capture.ts", Resource(bytes(90 * MB)), [Chunked(), Pace(1.1 * MB)], paused=True)
        self._expired(Names.EXPIRED, bytes(190 * MB), received=114 * MB)
        self._waiting("survey-2026-raw.tar.zst", 500, again_in_seconds=1260)
        self._waiting("model-weights.safetensors", 503, again_in_seconds=75)
        self._added("release-notes.pdf", Resource(bytes(MB)), [SlowHeaders()])
        tiles = self._begun("planet-tiles-2026-11.zip", bytes(620 * MB), received=74 * MB, pace=4.1 * MB)
        system = self._begun(Names.RUNNING, bytes(790 * MB), received=420 * MB, pace=8.2 * MB)
        self._finished(WALLPAPER, Resource(PICTURES[WALLPAPER].draw(), media_type="image/jpeg"))
        pasted = self._pasted()
        paces = {tiles: 4.1 * MB, system: 8.2 * MB, live: 1.1 * MB}
        return Scene(self._session, self._directory, paces, pasted, steps=(live, tiles, system, queued))

    def _added(self, name: str, resource: Resource, faults: Sequence[Fault] = (), *, paused: bool = False) -> int:
        url = self._server.add(f"/{quote(name)}", resource, faults=faults)
        request = Request(
            url=url.replace("127.0.0.1", "localhost"),
            directory=self._directory,
            connections_max=1,
            paused=paused,
            added_by="tuidl add",
        )
        return self._session.add([request])[0].download.id

    def _pasted(self) -> str:
        picture = Resource(
            PICTURES["moon-1200x1200.png"].draw(),
            media_type="image/png",
            disposition='attachment; filename="moon-atlas-2026.png"',
        )
        self._server.add("/files/8f3a", picture)
        urls = [
            self._server.add("/latest?size=large", Resource(b""), faults=[Redirect("/files/8f3a")]),
            self._server.url("/dataset-part-06.parquet"),
            self._server.add("/handbook", Resource(b"<p>", media_type="text/html")),
        ]
        lines = [
            *(url.replace("127.0.0.1", "localhost") for url in urls),
            "ftp://mirror.example.net/old-snapshot.img",
        ]
        return "\n".join(lines)

    def _finished(self, name: str, resource: Resource) -> None:
        self._wait_for(self._added(name, resource), State.COMPLETED)

    def _paused(self, name: str, content: bytes, *, received: int) -> None:
        download_id = self._added(name, Resource(content), [StallAfter(received)])
        self._wait_for_bytes(download_id, received)
        self._session.pause([download_id])
        self._wait_for(download_id, State.PAUSED)

    def _expired(self, name: str, content: bytes, *, received: int) -> None:
        faults = [ResetAfter(received, times=1), Status(403, when=starts_after_zero)]
        self._wait_for(self._added(name, Resource(content), faults), State.FAILED)

    def _waiting(self, name: str, status: int, *, again_in_seconds: int) -> None:
        faults = [Status(status, fields=(("Retry-After", str(again_in_seconds)),))]
        self._wait_for(self._added(name, Resource(bytes(MB)), faults), State.WAITING)

    def _begun(self, name: str, content: bytes, *, received: int, pace: float) -> int:
        faults = [ResetAfter(received, times=1), Pace(pace, when=starts_after_zero)]
        download_id = self._added(name, Resource(content), faults)
        self._wait_for_bytes(download_id, received)
        self._session.pause([download_id])
        self._wait_for(download_id, State.PAUSED)
        return download_id

    def _wait_for(self, download_id: int, state: State) -> None:
        wait_until(lambda: self._session.download(download_id).state is state, what=f"{download_id} {state}")

    def _wait_for_bytes(self, download_id: int, count: int) -> None:
        wait_until(
            lambda: self._session.download(download_id).bytes_received >= count, what=f"{count} bytes received"
        )
