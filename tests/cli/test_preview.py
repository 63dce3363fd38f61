"""`tuidl preview`: pictures in pipes and on terminals, other files, and terminals that are never left broken."""

from __future__ import annotations

import os
import re
import signal
import zipfile
from pathlib import Path

import pyte
import pytest
from PIL import Image

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import StallAfter
from tests.support.kitty_decoder import KittyTerminal
from tests.support.sixel_decoder import decode_sixels
from tui_downloader.preview.printed import RESTORE
from tui_downloader.tui.terminal_memory import remember, terminal_name


@pytest.fixture
def picture(tuidl: CommandLine) -> Path:
    path = tuidl.directory / "halves.png"
    image = Image.new("RGB", (160, 80), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 80, 80))
    image.save(path)
    return path


def bare(text: str) -> list[str]:
    return re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()


def test_symbols_in_a_pipe(tuidl: CommandLine, picture: Path) -> None:
    result = tuidl.ok("preview", "halves.png", "--images", "symbols", "--size", "40x24")
    assert [len(line) for line in bare(result.out)] == [40] * 10
    assert "48;2;255;0;0" in result.out
    assert "48;2;0;0;255" in result.out
    assert set(re.findall(r"\x1b(.)", result.out)) == {"["}
    assert result.err.startswith("halves.png · PNG · 160 × 80 · ")


def test_a_pipe_gets_symbols_of_80_by_24_without_being_told(tuidl: CommandLine, picture: Path) -> None:
    tuidl.environment |= {"TERM": "xterm-kitty"}
    assert [len(line) for line in bare(tuidl.ok("preview", "halves.png").out)] == [80] * 20


def test_pixels_in_a_pipe_if_told(tuidl: CommandLine, picture: Path) -> None:
    drawn = tuidl.ok("preview", "halves.png", "--images", "sixel", "--size", "10x3").out.encode()
    (code,) = re.findall(rb"\x1bP.*?\x1b\\", drawn, re.DOTALL)
    assert set(decode_sixels(code).pixels.values()) >= {(255, 0, 0), (0, 0, 255)}
    terminal = KittyTerminal()
    terminal.feed(tuidl.ok("preview", "halves.png", "--images", "kitty", "--size", "10x9").out.encode())
    assert list(terminal.placed.values()) == [(10, 2)]
    assert "\x1b]1337;File=" in tuidl.ok("preview", "halves.png", "--images", "iterm").out


def test_off_and_the_environment(tuidl: CommandLine, picture: Path) -> None:
    tuidl.environment |= {"TUIDL_IMAGES": "off"}
    assert tuidl.ok("preview", "halves.png").out.startswith("halves.png · PNG · ")
    assert "\x1b" in tuidl.ok("preview", "halves.png", "--images", "half").out
    tuidl.environment |= {"TUIDL_IMAGES": "braille"}
    result = tuidl("preview", "halves.png")
    assert (result.code, result.out) == (2, "")
    assert result.err == ("TUIDL_IMAGES is “braille”; it can be auto, kitty, iterm, sixel, symbols, half, off.\n")


@pytest.mark.parametrize("size", ["", "80", "0x5", "5x0", "80x24x2", "-1x5", "1001x5"])
def test_a_size_that_is_none(tuidl: CommandLine, picture: Path, size: str) -> None:
    result = tuidl("preview", "halves.png", "--size", size)
    assert (result.code, result.out) == (2, "")
    assert "is no size; one is 80x24" in result.err


def test_what_is_no_picture(tuidl: CommandLine) -> None:
    (tuidl.directory / "a.png").write_text("one\n\x1b[2Jtwo\n")
    assert [line.rpartition(" · ")[2] for line in tuidl.ok("preview", "a.png").lines] == [
        "ASCII",
        "",
        "one",
        "\ufffd[2Jtwo",
    ]
    with zipfile.ZipFile(tuidl.directory / "a.zip", "w") as archive:
        archive.writestr("inside.txt", "x" * 500)
    assert tuidl.ok("preview", "a.zip").lines[2] == "    500 B  inside.txt"
    (tuidl.directory / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>\n")
    assert tuidl.ok("preview", "a.svg").lines[2].startswith("<svg ")
    (tuidl.directory / "a.bin").write_bytes(bytes(900))
    assert tuidl.ok("preview", "a.bin").out.startswith("a.bin · data · 900 B · ")


def test_what_cannot_be_shown_says_why(tuidl: CommandLine, picture: Path) -> None:
    picture.write_bytes(picture.read_bytes()[:60])
    result = tuidl("preview", "halves.png", "--images", "symbols")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("No preview: the picture is damaged.\n")
    assert tuidl("preview", "absent.png").err == "No preview: the file is gone.\n"
    assert tuidl("preview", ".").err == "No preview: this is a folder.\n"
    assert tuidl("preview", "3").code == 4


def test_a_hostile_name(tuidl: CommandLine, picture: Path) -> None:
    picture.rename(tuidl.directory / "a\x1b[2J\u202e.png")
    result = tuidl.ok("preview", "a\x1b[2J\u202e.png", "--images", "symbols")
    assert result.err.startswith("a\ufffd[2J\ufffd.png · ")


def test_a_finished_and_a_running_download(tuidl: CommandLine, picture: Path, fault_server: FaultServer) -> None:
    Image.effect_noise((300, 200), 80).convert("RGB").save(picture, "BMP")
    content = picture.read_bytes()
    half = len(content) // 2
    tuidl.ok("add", fault_server.add("/whole.bmp", Resource(content)))
    tuidl.ok("wait")
    assert len(bare(tuidl.ok("preview", "1").out)) > 10
    tuidl.ok("add", fault_server.add("/half.bmp", Resource(content), faults=[StallAfter(half)]))
    tuidl.until(lambda rows: any(row["id"] == 2 and row["bytes_received"] == half for row in rows))
    result = tuidl.ok("preview", "2", "--size", "60x40")
    assert " · BMP · 300 × 200 · 90.0 kB so far · " in result.err
    top, bottom = bare(result.out)[0], bare(result.out)[-1]
    assert len(set(top)) < len(set(bottom))  # the stripes of what is missing; a BMP begins with its last row
    tuidl.ok("cancel", "2")


def test_a_reader_that_goes_away(tuidl: CommandLine, picture: Path) -> None:
    result = tuidl.into_broken_pipe("preview", "halves.png", "--images", "kitty")
    assert (result.code, "Traceback" in result.err) == (141, False)


def test_a_terminal_gets_what_it_told_the_screen_that_it_can(tuidl: CommandLine, picture: Path) -> None:
    tuidl.state.mkdir()
    tuidl.environment |= {"TMUX": "", "STY": "", "NO_COLOR": ""}
    remember(tuidl.state, terminal_name(tuidl.variables), {"attributes": "62;4;22"})
    with tuidl.on_terminal("preview", "halves.png", "--size", "10x3") as terminal:
        assert "\x1bP0;1q" in terminal.end()
    (tuidl.directory / "settings.toml").write_text('images = "half"\n')
    with tuidl.on_terminal("preview", "halves.png", "--size", "10x3") as terminal:
        assert "\x1bP" not in terminal.end()


def test_on_a_terminal_it_fits_the_window(tuidl: CommandLine, picture: Path) -> None:
    tuidl.environment |= {"COLORTERM": "truecolor"}
    with tuidl.on_terminal("preview", "halves.png") as terminal:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(terminal.descriptor, termios.TIOCSWINSZ, struct.pack("4H", 12, 60, 600, 240))
        shown = terminal.end()
    assert terminal.code == 0
    screen = pyte.Screen(60, 12)
    pyte.Stream(screen).feed(shown)
    assert "halves.png · PNG" in screen.display[screen.cursor.y - 1]
    coloured = [y for y in range(12) if screen.buffer[y][30].bg != "default"]
    assert len(coloured) == 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("way", ["kitty", "sixel", "symbols"])
def test_a_terminal_is_put_right_if_the_program_is_ended(
    tuidl: CommandLine, number: signal.Signals, way: str
) -> None:
    Image.effect_noise((700, 700), 90).convert("RGB").save(tuidl.directory / "a.png")
    with tuidl.on_terminal("preview", "a.png", "--images", way, "--size", "400x200") as terminal:
        terminal.until("\x1b")  # nobody reads on: the program waits in the middle of its drawing
        os.kill(terminal.pid, number)
        terminal.end()
    assert terminal.code in {128 + number, 130}
    assert terminal.seen.rstrip().endswith(RESTORE)


def test_it_loads_no_screen_and_no_pillow(tuidl: CommandLine, picture: Path) -> None:
    tuidl.environment |= {"PYTHONPROFILEIMPORTTIME": "1"}
    loaded = {line.rpartition("|")[2].strip() for line in tuidl.ok("preview", "halves.png").err.splitlines()}
    assert "tui_downloader.preview.decode" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"textual", "rich", "PIL", "httpx"}}
