"""The child's life: limits, death, deadlines, and several threads at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.preview.pictures import four_corners
from tui_downloader.errors import PreviewError
from tui_downloader.preview import child_protocol as wire
from tui_downloader.preview.decode import Decoder, Picture

_ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    four_corners().save(tmp_path / "a.png")
    return tmp_path / "a.png"


def decode(decoder: Decoder, path: Path, deadline_seconds: float = 60.0) -> Picture:
    return decoder.decode(path, width_pixels=48, height_pixels=48, deadline_seconds=deadline_seconds)


def running_child(decoder: Decoder, path: Path) -> int:
    decode(decoder, path)
    assert decoder.child_pid is not None
    return decoder.child_pid


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "condition never came true"
        pause.wait(0.002)


def test_the_child_starts_with_the_first_picture_and_stays(path: Path) -> None:
    with Decoder() as decoder:
        assert decoder.child_pid is None
        child = running_child(decoder, path)
        assert running_child(decoder, path) == child
    assert decoder.child_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_files_that_are_no_pictures_start_no_child(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("words")
    with Decoder() as decoder:
        with pytest.raises(PreviewError):
            decode(decoder, tmp_path / "a")
        assert decoder.child_pid is None


def test_a_killed_child_is_replaced(path: Path) -> None:
    with Decoder() as decoder:
        child = running_child(decoder, path)
        os.kill(child, signal.SIGKILL)
        assert decode(decoder, path).width == 48
        assert decoder.child_pid != child


def test_a_child_killed_while_it_is_asked_is_replaced(path: Path) -> None:
    with Decoder() as decoder, ThreadPoolExecutor(1) as threads:
        child = running_child(decoder, path)
        os.kill(child, signal.SIGSTOP)
        asked = threads.submit(decode, decoder, path)
        until(decoder._turn.locked)
        os.kill(child, signal.SIGKILL)
        assert asked.result(30).width == 48


def test_a_deadline_ends_the_child_and_the_next_picture_has_a_new_one(path: Path) -> None:
    with Decoder() as decoder:
        child = running_child(decoder, path)
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(PreviewError, match=r"^decoding took longer than 0\.05 s$"):
            decode(decoder, path, deadline_seconds=0.05)
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
        assert decode(decoder, path).width == 48


def test_a_child_that_gets_no_processor_has_more_time(path: Path) -> None:
    with Decoder() as decoder:
        child = running_child(decoder, path)
        os.kill(child, signal.SIGSTOP)
        threading.Timer(2.1, os.kill, (child, signal.SIGCONT)).start()
        assert decode(decoder, path, deadline_seconds=2.0).width == 48
        assert decoder.child_pid == child


def test_few_colours_are_right_in_the_mean(tmp_path: Path) -> None:
    grey = Image.linear_gradient("L")
    picture = Image.merge("RGB", (grey, grey.rotate(90), grey.rotate(180)))
    picture.save(tmp_path / "a.png")
    with Decoder() as decoder:
        few = decoder.decode(tmp_path / "a.png", width_pixels=256, height_pixels=256, colours=64)
    shown = Image.frombytes("RGB", (256, 256), few.rgb)
    assert len(shown.getcolors(256) or range(257)) <= 64
    means = (image.resize((16, 16), Image.Resampling.BOX).tobytes() for image in (picture, shown))
    differences = [abs(a - b) for a, b in zip(*means, strict=True)]
    assert sum(differences) / len(differences) <= 4


def test_closing_wakes_a_thread_that_waits_for_its_picture(path: Path) -> None:
    decoder = Decoder()
    with ThreadPoolExecutor(1) as threads:
        os.kill(running_child(decoder, path), signal.SIGSTOP)
        asked = threads.submit(decode, decoder, path)
        until(decoder._turn.locked)
        decoder.close()
        with pytest.raises(PreviewError, match="closed"):
            asked.result(30)
    decoder.close()
    with pytest.raises(PreviewError, match="closed"):
        decode(decoder, path)


def test_threads_get_their_own_pictures(tmp_path: Path) -> None:
    widths = range(8, 40)
    for width in widths:
        four_corners((width, 8)).save(tmp_path / f"{width}.png")
    with Decoder() as decoder, ThreadPoolExecutor(8) as threads:
        asked: list[Future[Picture]] = [
            threads.submit(decode, decoder, tmp_path / f"{width}.png") for width in widths
        ]
        assert [future.result(30).width for future in asked] == list(widths)


def start_child() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tui_downloader.preview.decode_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("sent", [b"", b"\x00\x00", b"\xff" * wire.REQUEST_HEAD_BYTES])
def test_the_child_ends_with_its_input_or_at_nonsense(sent: bytes) -> None:
    with start_child() as child:
        output, _ = child.communicate(sent, timeout=30)
    assert output == wire.READY


def test_an_interrupt_is_for_the_parent(path: Path) -> None:
    with Decoder() as decoder:
        child = running_child(decoder, path)
        os.kill(child, signal.SIGINT)
        assert running_child(decoder, path) == child


@_ON_LINUX
def test_the_child_is_limited_and_inherits_nothing(path: Path) -> None:
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    try:
        with Decoder() as decoder:
            child = Path("/proc") / str(running_child(decoder, path))
            limits = {
                line[:26].strip(): line[26:].split()[:2] for line in (child / "limits").read_text().splitlines()
            }
            assert limits["Max address space"] == ["300000000"] * 2
            assert limits["Max file size"] == ["0", "0"]
            assert limits["Max core file size"] == ["0", "0"]
            targets = sorted(str(entry.readlink()) for entry in (child / "fd").iterdir())
            assert targets[:3] == [os.devnull] * 3
            assert len(targets) == 5
            assert (child / "cwd").readlink() == Path("/")
            assert os.getsid(int(child.name)) == int(child.name)
            assert b"PATH=" not in (child / "environ").read_bytes().split(b"\x00")
    finally:
        os.close(read_end)
        os.close(write_end)


def test_the_child_finds_the_package_from_anywhere(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with Decoder() as decoder:
        assert decode(decoder, path).width == 48


def test_a_child_that_cannot_start_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", str(path.parent))
    with Decoder() as decoder, pytest.raises(PreviewError, match="decoder could not be started"):
        decode(decoder, path)
    monkeypatch.delenv("PYTHONHOME")
    monkeypatch.setattr(sys, "executable", str(path.parent / "absent"))
    with Decoder() as decoder, pytest.raises(PreviewError, match="decoder could not be started"):
        decode(decoder, path)
