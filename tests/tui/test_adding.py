"""The Add form over a real session and worker: the look ahead, what is added, and that nothing else stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Chunked, IgnoreRange, Redirect, SlowHeaders, Status
from tests.support.session_control import SessionControl
from tests.tui.screen_control import ScreenControl, play
from tests.tui_dialogs.driving import rows, shows
from tui_downloader.model.lifecycle import State
from tui_downloader.session.session import Session
from tui_downloader.tui.adding.places import PREFERENCE, read_places
from tui_downloader.tui.screens.add import AddScreen
from tui_downloader.tui.widgets.directory_field import DirectoryField
from tui_downloader.tui.widgets.url_area import UrlArea

CONTENT = body(5, 300_000)


async def open_form(screen: ScreenControl, text: str) -> AddScreen:
    """Open the form with a text in it."""
    AddScreen.kept_text = ""
    screen.main.action_add(text)
    await screen.until(lambda: isinstance(screen.app.screen, AddScreen), what="the form")
    form = screen.app.screen
    assert isinstance(form, AddScreen)
    await screen.until(shown(screen, "[ Add"), what="its buttons")
    return form


def shown(screen: ScreenControl, *texts: str) -> Callable[[], bool]:
    """Return the condition that each text stands in some row."""
    return lambda: all(shows(screen.app, text) for text in texts)


def left_behind(control: SessionControl) -> list[tuple[int]]:
    with control.database() as database:
        counts = [
            database.execute(f"SELECT count(*) FROM {table}").fetchall()
            for table in ("probes", "downloads", "events")
        ]
    return [each[0] for each in counts]


def test_servers_are_looked_at_and_nothing_stays(control: SessionControl, fault_server: FaultServer) -> None:
    named = (("Content-Disposition", 'attachment; filename="nebula.jpg"'),)
    fault_server.add("/object", Resource(CONTENT, media_type="image/jpeg", fields=named))
    urls = [
        fault_server.add("/get?id=7&token=geheim", Resource(b""), faults=[Redirect("/object")]),
        fault_server.add("/gone.zip", Resource(b""), faults=[Status(404)]),
        fault_server.add("/page", Resource(b"<p>", media_type="text/html")),
        fault_server.add("/stream.ts", Resource(CONTENT), faults=[IgnoreRange(), Chunked()]),
        fault_server.add("/slow.bin", Resource(CONTENT), faults=[SlowHeaders(0.3)]),
        fault_server.add("/hangs.bin", Resource(CONTENT), faults=[SlowHeaders()]),
    ]

    async def scenario(screen: ScreenControl) -> None:
        await open_form(screen, "\n".join(urls))
        await screen.until(shown(screen, "· hangs.bin", "looking …"), what="the dots")
        await screen.until(
            shown(
                screen,
                "✓ nebula.jpg",
                "300 kB   JPEG picture",
                "name from Content-Disposition · can resume (strong ETag) · 1 redirect",
                "not found (404)",
                "this is a web page, not a file",
                "name from the URL · cannot resume",
                "✓ slow.bin",
                "! hangs.bin",
                "no answer within 5 s",
            ),
            what="the answers",
        )
        await screen.press("escape")
        await screen.until(lambda: left_behind(control) == [(0,), (0,), (0,)], what="an empty state file")

    play(control, scenario)
    assert not list(control.downloads.iterdir())


def test_enter_never_waits_and_the_look_is_withdrawn(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/hangs.bin?token=geheim", Resource(CONTENT), faults=[SlowHeaders()])

    async def scenario(screen: ScreenControl) -> None:
        await open_form(screen, url)
        await screen.until(lambda: len(fault_server.requests()) == 1, what="the look")
        await screen.press("enter")
        await screen.until(lambda: not isinstance(screen.app.screen, AddScreen), what="the list")
        await screen.until(lambda: len(control.session.snapshots()) == 1, what="the row")
        await screen.until(lambda: left_behind(control)[0] == (0,), what="no look left")

    play(control, scenario)


def test_what_was_downloaded_is_remembered(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT))
    (first,) = control.add(url)
    control.wait_for(first, State.COMPLETED)
    (second,) = control.add(fault_server.add("/b.bin", Resource(CONTENT)), paused=True)
    other = control.row(second).url

    async def scenario(screen: ScreenControl) -> None:
        await open_form(screen, f"{url}\n{other}")
        await screen.until(
            shown(
                screen,
                "downloaded today, still there · adding it again makes “… (1).bin”",
                "in the list already (paused): adding it goes on with that one",
            ),
            what="what is remembered",
        )
        await screen.press("escape")

    play(control, scenario)


def test_a_curl_command_fills_the_form_and_shows_no_secret(
    control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT))
    other = fault_server.add("/b.bin", Resource(CONTENT))
    command = (
        f"curl '{url}' \\\n -H 'authorization: Bearer geheim' \\\n -b 'session=geheim' --compressed -k -o mine.bin"
    )

    async def scenario(screen: ScreenControl) -> None:
        form = await open_form(screen, "")
        form.query_one(UrlArea).paste(command)
        await screen.until(
            shown(
                screen,
                "2 fields sent along, not shown · -k left out",
                "name mine.bin",
                "✓ mine.bin",
            ),
            what="what the command says",
        )
        assert "geheim" not in "\n".join(rows(screen.app))
        await screen.press("enter")
        await screen.until(control.session.snapshots, what="the row")
        (download,) = control.session.snapshots()
        await screen.until(lambda: control.row(download.id).state is State.COMPLETED, what="the file")
        await open_form(screen, other)
        await screen.press("enter")
        await screen.until(lambda: len(control.session.snapshots()) == 2, what="the other row")

    play(control, scenario)
    assert (control.downloads / "mine.bin").read_bytes() == CONTENT
    for entry in fault_server.requests("/a.bin"):
        assert (entry.field("authorization"), entry.field("cookie")) == ("Bearer geheim", "session=geheim")
    for entry in fault_server.requests("/b.bin"):
        assert (entry.field("authorization"), entry.field("cookie")) == (None, None)
    with control.database() as database:
        assert database.execute("SELECT count(*) FROM probes").fetchall() == [(0,)]


def test_options_are_kept_by_the_row_and_the_place_by_the_session(control: SessionControl, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()

    async def scenario(screen: ScreenControl) -> None:
        form = await open_form(screen, "https://example.invalid/a.bin")
        form.query_one(DirectoryField).value = str(other)
        await screen.press("ctrl+o", *"own.bin", "tab", "tab", *"2M", "tab", *"3", "tab", "space")
        await screen.until(
            shown(screen, "name own.bin · 3 connections · limit 2 MB/s · add paused"), what="the sentence"
        )
        await screen.press("ctrl+o")
        await screen.until(lambda: not shows(screen.app, "Checksum"), what="the folded options")
        await screen.press("enter")
        await screen.until(control.session.snapshots, what="the row")

    play(control, scenario)
    (download,) = control.session.snapshots()
    assert (download.state, download.directory) == (State.PAUSED, other)
    assert download.bytes_per_second_max == 2_000_000
    with control.database() as database:
        row = database.execute("SELECT requested_name, connections_max FROM downloads").fetchall()
    assert row == [("own.bin", 3)]
    assert read_places(Session("test", state_directory=tmp_path / "state").preference(PREFERENCE)) == [other]


def test_a_range_shows_its_count_before_it_is_added(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        await open_form(screen, "https://example.invalid/img[001-120].jpg")
        await screen.until(shown(screen, "120 downloads from img[001-120].jpg", "[ Add 120 ]"), what="the count")
        await screen.until(shown(screen, "· img001.jpg", "and 114 more"), what="the cards")
        await screen.press("escape")

    play(control, scenario)


def test_a_list_is_read_and_over_a_thousand_nothing_is_looked_at(
    control: SessionControl, fault_server: FaultServer, tmp_path: Path
) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("# mine\n" + "\n".join(fault_server.url(f"/{number}.bin") for number in range(1001)))

    async def scenario(screen: ScreenControl) -> None:
        await open_form(screen, str(path))
        await screen.until(shown(screen, "1,001 downloads from urls.txt", "and 995 more"), what="the list")
        await screen.pilot.pause(1.0)
        await screen.press("escape")

    play(control, scenario)
    assert not fault_server.requests()
