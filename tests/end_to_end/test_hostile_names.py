"""Names that would act on a terminal or on markup: they are shown, and nothing in them acts."""

from __future__ import annotations

from urllib.parse import quote

from tests.end_to_end.home import Home
from tests.end_to_end.quarters import quarters_png
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import StallAfter
from tui_downloader.model.lifecycle import State

CLIPBOARD = "\x1b]52;c;aGlqYWNrZWQ=\x07"
TITLE = "\x1b]0;hijacked\x1b\\"
CURSOR = "\x1b[5;31;41mINJECTED\x9b2J"
TURNED = "\u202egnp.exe\u202c"
MARKUP = "x[/]y[red]z[@click=app.quit]"
ALL = CLIPBOARD + TITLE + CURSOR + TURNED + MARKUP


def test_name_from_the_server_cannot_act(home: Home, fault_server: FaultServer) -> None:
    encoded = quote(f"A{ALL}B.png", safe="")
    picture = quarters_png()
    resource = Resource(picture, media_type="image/png", disposition=f"attachment; filename*=UTF-8''{encoded}")
    url = fault_server.add("/download", resource, faults=[StallAfter(len(picture) // 2)])
    (download_id,) = home.control.add(url)
    home.control.wait_for_bytes(download_id, len(picture) // 2)

    with home.terminal() as terminal:
        terminal.wait_for(lambda: "%" in terminal.row("▌ ↓"), what="the running row")
        fault_server.release()
        terminal.wait_for(lambda: terminal.row("▌ ✓"), what="the finished row")
        terminal.wait_for(  # what finished before the screen had read what it missed is told by the banner
            lambda: "Finished: " in terminal.text or "While you were away: " in terminal.text, what="the news"
        )
        terminal.send("y")
        terminal.wait_for_text("Copied: ")
        terminal.send("D")
        terminal.wait_for_text("Delete image?")
        terminal.send("\x1b")
        terminal.wait_until_gone("Delete image?")
        terminal.send("\r")
        terminal.wait_for_text("Esc Back")
        terminal.send("q")
        terminal.wait_until_gone("Esc Back")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        _assert_harmless(bytes(terminal.raw))

    home.control.wait_for(download_id, State.COMPLETED)
    with home.terminal() as terminal:
        terminal.wait_for(lambda: terminal.row("▌ ✓"), what="the finished row")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        _assert_harmless(bytes(terminal.raw))
    _assert_harmless(home.command_line.ok("list").out.encode())


def test_url_cannot_act(home: Home, fault_server: FaultServer) -> None:
    target = f"/A{quote(ALL, safe='')}B.bin"
    url = fault_server.add(target, Resource(b"x" * 1000), faults=[StallAfter(500)])

    with home.terminal() as terminal:
        terminal.wait_for_text("Nothing here yet.")
        terminal.paste(url)
        terminal.wait_for_text("Add downloads")
        terminal.wait_for_text("Add 1")
        terminal.send("\r")
        terminal.wait_for(lambda: "50%" in terminal.row("▌ ↓"), what="the running row")
        terminal.send("Y")
        terminal.wait_for_text("Copied: the URL at")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        _assert_harmless(bytes(terminal.raw))


def test_pasted_control_characters_cannot_act(home: Home) -> None:
    with home.terminal() as terminal:
        terminal.wait_for_text("Nothing here yet.")
        terminal.paste(f"http://127.0.0.1:9/{MARKUP}{TURNED}\x9b5;31m\x9d0;hijacked\x9c")
        terminal.wait_for_text("Add downloads")
        terminal.wait_for_text("hijacked")
        terminal.send("\x1b")
        terminal.wait_until_gone("Add downloads")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        _assert_harmless(bytes(terminal.raw))


def _assert_harmless(printed: bytes) -> None:
    """Nothing of the names was printed as a control sequence or a bidi control."""
    for each in ("\x1b]52;c;aGlqYWNr", "\x1b]0;hijacked", "\x1b[5;31;41m", "\x9b", "\u202e", "\u202c"):
        assert each.encode() not in printed, each.encode()
    assert b"Traceback" not in printed
