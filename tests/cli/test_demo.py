"""`tuidl demo` where no screen can be drawn: it goes on where it was left, and leaves nothing behind."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import DEADLINE_SECONDS, CommandLine
from tui_downloader.demo.launch import ensure_server, stop_server

FAST = 100_000_000
"""A pace at which the wallpaper is there at once, in bytes a second."""

WALLPAPER = "nebula-2560x1024.jpg"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the wallpaper, which takes seconds to draw."""
    directory = tmp_path_factory.mktemp("drawn")
    ensure_server(directory)
    stop_server(directory)
    return directory


@pytest.fixture
def pictures(tuidl: CommandLine, drawn: Path) -> Iterator[Path]:
    """Yield the demo's directory, the wallpaper in it; its server has ended at the end."""
    directory = tuidl.directory / "cache" / "tuidl" / "demo"
    directory.mkdir(parents=True)
    shutil.copy2(drawn / WALLPAPER, directory)
    yield directory
    stop_server(directory)


def started(tuidl: CommandLine) -> subprocess.Popen[str]:
    """Start the demo with pipes."""
    return subprocess.Popen(
        tuidl.argv("demo"),
        cwd=tuidl.directory,
        env=tuidl.variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until_line(process: subprocess.Popen[str], start: str) -> None:
    """Read what a process narrates until a line begins like this."""
    assert process.stderr is not None
    assert any(line.startswith(start) for line in process.stderr)


def test_prints_progress_and_the_path(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=FAST)

    result = tuidl.ok("demo")

    assert result.out == f"{pictures}/files/{WALLPAPER}\n"
    assert (pictures / "files" / WALLPAPER).read_bytes() == (pictures / WALLPAPER).read_bytes()
    assert "Finished: nebula" in result.err
    (row,) = tuidl.downloads("-s", "demo")
    assert row["session"] == "demo"


def test_finished_file_is_not_fetched_again_unless_gone(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=FAST)
    first = tuidl.ok("demo").out

    assert tuidl.ok("demo").out == first
    assert len(tuidl.downloads("-s", "demo")) == 1
    Path(first.strip()).unlink()
    assert tuidl.ok("demo").out == first
    assert len(tuidl.downloads("-s", "demo")) == 2


def test_goes_on_after_ctrl_c_pause_and_a_new_server(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=500_000)
    process = started(tuidl)
    until_line(process, "10%")
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=DEADLINE_SECONDS)[1]
    assert process.returncode == 130
    assert "The download goes on. Come back: tuidl demo" in said

    tuidl.ok("-s", "demo", "pause", "--all")
    stop_server(pictures)
    ensure_server(pictures, rate_bytes_per_second=FAST)

    assert tuidl.ok("demo").out == f"{pictures}/files/{WALLPAPER}\n"
    kinds = [event["kind"] for event in tuidl.ok("-s", "demo", "events").object_lines()]
    assert "resumed" in kinds
    assert "started-over" not in kinds


def test_remove_leaves_nothing_of_the_demo(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=FAST)
    tuidl.ok("demo")

    result = tuidl.ok("demo", "--remove")

    assert str(pictures) in result.err
    assert not pictures.exists()
    assert tuidl.ok("sessions", "--json").out == "[]\n"
    assert "nothing to remove" in tuidl.ok("demo", "--remove").err


def test_remove_while_it_runs(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=50_000)
    process = started(tuidl)
    until_line(process, "0%")
    process.kill()
    process.communicate(timeout=DEADLINE_SECONDS)

    tuidl.ok("demo", "--remove")

    assert not pictures.exists()
    assert tuidl.ok("sessions", "--json").out == "[]\n"


def test_remove_keeps_what_is_not_the_demos(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=FAST)
    tuidl.ok("demo")
    tuidl.ok("-s", "demo", "add", "--paused", "https://tuidl.invalid/file.iso")
    (pictures / "files" / "letter.txt").write_text("mine")

    result = tuidl.ok("demo", "--remove")

    assert "letter.txt" in result.err
    assert [path.name for path in pictures.rglob("*")] == ["files", "letter.txt"]
    assert [row["url"] for row in tuidl.downloads("-s", "demo")] == ["https://tuidl.invalid/file.iso"]


def test_named_session_keeps_its_state(tuidl: CommandLine, pictures: Path) -> None:
    ensure_server(pictures, rate_bytes_per_second=FAST)
    tuidl.ok("-s", "work", "demo")

    tuidl.ok("-s", "work", "demo", "--remove")

    assert [row["session"] for row in tuidl.ok("sessions", "--json").objects()] == ["work"]
    assert tuidl.downloads("-s", "work") == []
    assert not pictures.exists()
