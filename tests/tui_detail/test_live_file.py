"""What the pane shows of a file that is still coming, and of one that is no picture."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PIL import Image
from textual.pilot import Pilot

from tests.tui_dialogs.driving import drive, shows, until
from tests.tui_dialogs.samples import download, finished
from tests.tui_dialogs.test_detail import DetailApp
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.tui.detail.source import Source, source_of
from tui_downloader.tui.watched import Watched


def coming(part: Path, *, expected: int | None, state: State = State.TRANSFERRING) -> Download:
    return download(state, directory=part.parent, filename=part.stem, part_path=part, bytes_expected=expected)


def received(*ranges: tuple[int, int]) -> Watched:
    return Watched(download_id=1, at=0.0, received=RangeSet.of(ByteRange(*each) for each in ranges))


@pytest.mark.parametrize(
    ("state", "ranges", "wanted"),
    [
        (State.TRANSFERRING, [(0, 600)], Source(Path("/a.part"), 1)),
        (State.TRANSFERRING, [(0, 600), (700, 9_000)], Source(Path("/a.part"), 1)),
        (State.TRANSFERRING, [(700, 9_000)], None),
        (State.PAUSED, [(0, 6_000)], Source(Path("/a.part"), 4)),
        (State.FAILED, [(0, 6_000)], None),
        (State.COMPLETED, [], Source(Path("/a"))),
    ],
)
def test_only_what_has_come_without_a_gap_is_looked_into(
    state: State, ranges: list[tuple[int, int]], wanted: Source | None
) -> None:
    found = source_of(coming(Path("/a.part"), expected=10_000, state=state), received(*ranges))
    assert found == wanted
    if found is not None and found.stage is not None:
        assert found.prefix_bytes == ranges[0][1]


def test_without_a_closer_look_there_is_nothing_to_look_into() -> None:
    assert source_of(coming(Path("/a.part"), expected=10_000), None) is None
    assert source_of(None, None) is None


def test_a_picture_appears_while_it_comes_and_stays(tmp_path: Path) -> None:
    whole, part = tmp_path / "a.jpg", tmp_path / "a.jpg.part"
    Image.effect_noise((640, 480), 60).convert("RGB").save(whole, "JPEG")
    size = whole.stat().st_size
    part.write_bytes(whole.read_bytes()[: size // 2] + bytes(size - size // 2))
    row = coming(part, expected=size)
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(row, watched=received((0, 700)))
        await until(pilot, lambda: shows(app, "JPEG, 640 × 480; it shows as more of it comes."), "its size")
        app.pane.show(row, watched=received((0, size // 2)))
        await until(pilot, lambda: app.has_picture, "the picture")
        await until(pilot, lambda: shows(app, "JPEG · 640 × 480"), "its facts")
        assert shows(app, "%")
        app.pane.show(dataclasses.replace(row, bytes_received=9), watched=received((0, size // 2 + 5)))
        before = app.pictures
        app.pane.show(finished(whole))
        assert app.has_picture  # until the whole one is drawn
        await until(pilot, lambda: app.pictures > before, "the whole picture")
        await until(pilot, lambda: shows(app, "finished"), "that it is finished")

    drive(app, script, size=(48, 30))


def test_a_download_that_begins_to_wait_tells_that_first(tmp_path: Path) -> None:
    part = tmp_path / "a.bmp.part"
    Image.new("RGB", (60, 40), (200, 0, 0)).save(part, "BMP")
    size = part.stat().st_size
    row = coming(part, expected=size)
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(row, watched=received((0, size)))
        await until(pilot, lambda: app.has_picture, "the picture")
        app.pane.show(dataclasses.replace(row, state=State.CANCELLED), watched=received((0, size)))
        await until(pilot, lambda: not app.has_picture, "no picture")

    drive(app, script, size=(48, 30))


def test_a_text_shows_its_first_lines(tmp_path: Path) -> None:
    (tmp_path / "notes.iso").write_text("first [red]line[/red]\n\x1b[2Jsecond\n")
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(tmp_path / "notes.iso", media_type="application/x-iso9660-image"))
        await until(pilot, lambda: shows(app, "Text, ASCII"), "the kind by content")
        assert shows(app, "first [red]line[/red]")
        assert shows(app, "\ufffd[2Jsecond")

    drive(app, script, size=(60, 50))


def test_a_picture_that_is_a_text_inside_shows_its_lines(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>\n")
    app = DetailApp()

    async def script(pilot: Pilot[None]) -> None:
        app.pane.show(finished(tmp_path / "a.svg"))
        await until(pilot, lambda: shows(app, "No preview: SVG pictures cannot be shown."), "the reason")
        assert shows(app, "<svg xmlns=")

    drive(app, script, size=(60, 50))
