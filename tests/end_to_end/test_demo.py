"""`tuidl demo` as it is: the wallpaper, its server, its real pace, and nothing left after `--remove`."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.end_to_end.home import Home, percent
from tui_downloader.demo.launch import stop_server

NAME = "nebula-2560x1024.jpg"
COLOURS_MIN = 200
"""The nebula has thousands of colours; a screen without a picture has about twenty."""


@pytest.fixture
def demo(home: Home) -> Iterator[Home]:
    """A place where the demo was never run; its server has ended at the end."""
    yield home
    stop_server(home.root / "cache" / "tuidl" / "demo")


@pytest.mark.timeout(180)
def test_demo_in_a_terminal(demo: Home) -> None:
    with demo.terminal("demo") as terminal:
        terminal.wait_for(lambda: percent(terminal.row(NAME)) >= 40, what="40 %")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert "1 download goes on in the background" in terminal.text
        assert "Come back: tuidl demo" in terminal.text

    waited = demo.command_line("-s", "demo", "wait")
    assert waited.code == 0, waited

    with demo.terminal("demo") as terminal:
        terminal.wait_for_text(f"While you were away: {NAME} finished")
        terminal.wait_for(lambda: len(set(_colours(bytes(terminal.raw)))) > COLOURS_MIN, what="the picture")
        terminal.wait_for_text("2560 × 1024")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert terminal.text.strip() == ""
    _assert_leaves_nothing(demo)


@pytest.mark.timeout(180)
def test_demo_without_a_terminal(demo: Home) -> None:
    done = subprocess.run(
        demo.command_line.argv("demo"),
        cwd=demo.root,
        env=demo.command_line.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    path = demo.root / "cache" / "tuidl" / "demo" / "files" / NAME
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{path}\n"
    assert path.read_bytes()[:3] == b"\xff\xd8\xff"
    said = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert [each for each in said if each.endswith("0%")] == [f"{tenth}%" for tenth in range(0, 100, 10)]
    assert said[-1] == "Finished"
    _assert_leaves_nothing(demo)


def _colours(raw: bytes) -> list[bytes]:
    """Return the 24 bit colours of all cells that were printed."""
    return [each.partition(b"m")[0] for each in raw.split(b"38;2;")[1:]]


def _assert_leaves_nothing(demo: Home) -> None:
    """Remove the demo and look for what is left: no session, no picture, no process with its directory."""
    demo.command_line.ok("demo", "--remove")
    assert demo.command_line.ok("sessions", "--json").out == "[]\n"
    assert not (demo.root / "cache" / "tuidl" / "demo").exists()
    left = [each for each in demo.root.rglob("*") if each.is_file() and each.name != "settings.toml"]
    assert left == []
