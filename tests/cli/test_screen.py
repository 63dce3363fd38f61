"""`tuidl` and `tuidl demo` on a terminal: the screen opens, and what it leaves on the shell."""

from __future__ import annotations

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter


def test_screen_opens_and_says_what_goes_on(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
    tuidl.ok("-s", "work", "add", url)

    with tuidl.on_terminal("-s", "work") as terminal:
        terminal.until("a.bin")
        terminal.until("Quit")
        terminal.type(b"q")
        shown = terminal.end()

    assert terminal.code == 0
    assert "Come back: tuidl -s work" in shown
    assert "Traceback" not in shown


def test_wrong_settings_are_one_sentence(tuidl: CommandLine) -> None:
    (tuidl.directory / "settings.toml").write_text("downloads_at_once = 0\n")

    with tuidl.on_terminal() as terminal:
        shown = terminal.end()

    assert terminal.code == 2
    assert "line 1" in shown
    assert "downloads_at_once" in shown
    assert "\x1b" not in shown


def test_session_of_another_name_is_refused_before_the_screen(tuidl: CommandLine) -> None:
    with tuidl.on_terminal("-s", "..") as terminal:
        shown = terminal.end()

    assert terminal.code == 2
    assert "\x1b" not in shown


def test_url_in_the_place_of_a_verb_is_added_and_shown(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/short.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])

    with tuidl.on_terminal("-s", "work", url, "--limit-rate", "2M") as terminal:
        terminal.until("short.bin")
        terminal.until("Quit")
        terminal.type(b"q")
        terminal.end()

    assert terminal.code == 0
    assert [row["url"] for row in tuidl.downloads("-s", "work")] == [url]
    assert tuidl("-s", "work", "ftp://host.example/a").code == 2
