"""The detail pane on the screen: pictures, looks at the file, little room."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PIL import Image
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui_dialogs.driving import drive, rows, shows, until
from tests.tui_dialogs.samples import NOW, download, event, finished
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.tui.watched import Sample, Watched
from tui_downloader.tui.widgets.detail import DetailPane
from tui_downloader.tui.widgets.detail_lines import DetailLines
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.picture import PictureView


class DetailApp(App[None]):
    """Nothing but the pane; notes each picture that is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = 0

    def compose(self) -> ComposeResult:
        yield Noting()

    @property
    def pane(self) -> DetailPane:
        return self.query_one(DetailPane)

    @property
    def has_picture(self) -> bool:
        """Tells whether the picture has cells and the layout has given it its place."""
        view = self.query_one(PictureView)
        return self.pane.has_class("-picture") and view.cells.area > 0 and view.region.area > 0


class Noting(DetailPane):
    """A pane that tells the app when its picture is drawn."""

    def on_picture_view_shown(self) -> None:
        assert isinstance(self.app, DetailApp)
        self.app.pictures += 1


def test_a_finished_picture_is_drawn_above_its_facts(two_colours: Path) -> None:
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours), [event(EventKind.FINISHED)])
        await until(pilot, lambda: shows(app, "PNG · 80 × 40 · "), "the facts")
        await until(pilot, lambda: app.has_picture, "the picture")
        picture = app.query_one(PictureView).region
        name = next(at for at, row in enumerate(rows(app)) if row.strip() == "two-colours.png")
        assert picture.y == 0
        assert (picture.width, picture.height) == (46, 12)
        assert name == 13
        assert shows(app, "finished")

    drive(app, script, size=(48, 30))


def test_the_same_download_is_not_decoded_again(two_colours: Path) -> None:
    app = DetailApp()
    first = finished(two_colours)

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(first)
        await until(pilot, lambda: app.has_picture, "the picture")
        for revision in range(10):
            app.pane.show(dataclasses.replace(first, revision=revision))
            await pilot.pause(0.02)
        assert app.pictures == 1

    drive(app, script, size=(48, 30))


def test_a_changed_file_is_drawn_again_and_a_gone_one_is_told(two_colours: Path) -> None:
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: app.has_picture, "the picture")
        Image.new("RGB", (90, 30), (0, 0, 255)).save(two_colours)
        await until(pilot, lambda: shows(app, "PNG · 90 × 30"), "the new content")
        two_colours.unlink()
        await until(pilot, lambda: shows(app, "The file is gone."), "the sentence")
        await until(pilot, lambda: not app.has_picture and not shows(app, "90 × 30"), "no picture")
        Image.new("RGB", (90, 30), (0, 0, 255)).save(two_colours)
        await until(pilot, lambda: app.has_picture and not shows(app, "The file is gone."), "the picture again")

    drive(app, script, size=(48, 30))


def test_going_from_one_download_to_another_leaves_nothing_behind(two_colours: Path, tmp_path: Path) -> None:
    app = DetailApp()
    text = tmp_path / "notes.txt"
    text.write_text("nothing to see")

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: app.has_picture, "the picture")
        app.pane.show(finished(text, id=2))
        await until(pilot, lambda: shows(app, "text · 14 B · finished"), "the facts of the text")
        await until(pilot, lambda: not app.has_picture, "no picture")
        app.pane.show(download(State.FAILED, id=3, reason=Reason.LINK_EXPIRED, http_status=403))
        await until(pilot, lambda: shows(app, "The link has expired (403)."), "the sentence")
        app.pane.show(None)
        await until(pilot, lambda: not any(row.strip() for row in rows(app)), "an empty pane")
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: app.has_picture, "the picture again")

    drive(app, script, size=(48, 30))


def test_a_picture_that_cannot_be_decoded_says_why(two_colours: Path) -> None:
    app = DetailApp()
    two_colours.write_bytes(two_colours.read_bytes()[:60])

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: shows(app, "No preview: the picture is damaged."), "the reason")

    drive(app, script, size=(48, 30))


def test_a_low_pane_has_the_picture_at_the_left(two_colours: Path) -> None:
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: app.has_picture, "the picture")
        await until(pilot, lambda: rows(app)[0].endswith("Fields"), "the tabs in the first row")
        picture, lines = app.query_one(PictureView).region, app.query_one(DetailLines).region
        assert (picture.width, picture.height) == (31, 8)
        assert lines.x > picture.right
        assert rows(app)[2].endswith(" two-colours.png")

    drive(app, script, size=(80, 8))


@pytest.mark.parametrize("size", [(30, 8), (48, 8)])
def test_a_small_pane_has_facts_only(two_colours: Path, size: tuple[int, int]) -> None:
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: shows(app, "PNG · "), "the facts")
        await until(pilot, lambda: "[Overview]" in rows(app)[0], "the tabs in the first row")
        assert rows(app)[2].strip() == "two-colours.png"
        assert not app.has_picture

    drive(app, script, size=size)


def test_another_arrangement_follows_the_size(two_colours: Path) -> None:
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(two_colours))
        await until(pilot, lambda: app.has_picture, "the picture")
        await pilot.resize_terminal(80, 8)
        await until(pilot, lambda: app.query_one(PictureView).region.width == 31, "the picture at the left")
        await pilot.resize_terminal(40, 8)
        await until(pilot, lambda: not app.has_picture, "facts only")
        await pilot.resize_terminal(120, 30)
        await until(pilot, lambda: app.query_one(PictureView).region.height == 25, "the whole window")

    drive(app, script, size=(48, 30))


def test_a_countdown_goes_on_by_itself() -> None:
    app = DetailApp()
    waiting = download(State.WAITING, reason=Reason.SERVER_BUSY, retry_at=NOW - 5)

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(waiting)
        await until(pilot, lambda: shows(app, "Next try now."), "the countdown's end")

    drive(app, script, size=(60, 20))


def test_showing_before_the_pane_is_there_is_no_harm() -> None:
    app = DetailApp()
    early = DetailPane()
    early.show(download(State.PAUSED))

    async def script(pilot: Pilot[None]) -> None:
        await app.mount(early)
        await until(pilot, lambda: early.query_one(Lines).lines, "the lines")

    drive(app, script, size=(60, 20))


@pytest.mark.parametrize("tab", ["Overview", "Segments", "Speed", "Events", "Fields"])
def test_every_tab_lives_through_every_size(tab: str) -> None:
    app = DetailApp()
    running = download(State.TRANSFERRING, bytes_per_second=8e6)
    watched = Watched(
        download_id=1,
        at=1000.0,
        received=RangeSet.prefix(1_100_000_000),
        speeds=(Sample(998.0, 5e6), Sample(1000.0, 8e6)),
    )

    async def script(pilot: Pilot[None]) -> None:
        for size in ((1, 1), (3, 10), (10, 3), (56, 11), (57, 2), (200, 4), (30, 60), (60, 16)):
            await pilot.resize_terminal(*size)
            app.pane.show(running, [event(EventKind.STARTED)], watched=watched, tab=tab)
            await pilot.pause()
            app.pane.show(None)
        app.pane.show(running, [event(EventKind.STARTED)], watched=watched, tab=tab)
        await until(pilot, lambda: shows(app, f"[{tab}]") and shows(app, "talk-recording.mkv"), "the pane")

    drive(app, script, size=(100, 30))
