"""What somebody who can write to the downloads folder plants there: links are not followed, modules not imported.

`TUIDL_CHAOS_ROUNDS=100` makes the long run of the swapped links; without it they are fewer.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.engine.transferring import Place, Running, shared_parts, supervise
from tests.preview.pictures import noisy_jpeg
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace
from tui_downloader.engine import finish
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason, Resumable
from tui_downloader.preview.decode import Decoder

ROUNDS = int(os.environ.get("TUIDL_CHAOS_ROUNDS", "12"))
SIZE = 300_000
PRECIOUS = b"precious" * 100
PLANTED = ("PIL", "httpx", "zlib", "struct", "logging", "sqlite3", "json", "tui_downloader", "sitecustomize")


class Names(Place):
    """Gives the name and, where that is taken, the next one."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._tries = 0

    def place(
        self, head: ResponseHead, *, resumable: Resumable, digest: Digest | None, part_taken: bool
    ) -> tuple[Path, str]:
        path, name = super().place(head, resumable=resumable, digest=digest, part_taken=part_taken)
        self._tries += part_taken
        return (path.with_name(f"file.{self._tries}.part") if self._tries else path), name

    def rename(self, taken: str) -> str:
        return f"{taken} (1)"


@contextlib.contextmanager
def swapping(part: Path, victim: Path) -> Iterator[list[int]]:
    """Put a link to a victim in the place of the part file and take it away, again and again; yield how often."""
    over, swaps, away = threading.Event(), [0], part.with_name("away")

    def swap() -> None:
        with contextlib.suppress(OSError):
            part.rename(away)
            swaps[0] += 1
        with contextlib.suppress(OSError):
            part.symlink_to(victim)
        over.wait(0.0005)
        with contextlib.suppress(OSError):
            if part.is_symlink():
                part.unlink()
            away.rename(part)

    def run() -> None:
        while not over.wait(0.001):
            swap()

    thread = threading.Thread(target=run, name="swapping", daemon=True)
    thread.start()
    try:
        yield swaps
    finally:
        over.set()
        thread.join()


def test_links_that_are_swapped_in_during_the_transfer_are_never_followed(
    tmp_path: Path, fault_server: FaultServer
) -> None:
    content = body(1, SIZE)
    url = fault_server.add("/a", Resource(content), faults=[Pace(SIZE / 0.03)])
    ends, swaps = Counter[str](), 0
    with shared_parts() as shared:
        for number in range(ROUNDS):
            directory, victim = tmp_path / str(number), tmp_path / f"victim {number}"
            directory.mkdir()
            victim.write_bytes(PRECIOUS)
            (directory / "file").symlink_to(victim)
            before = victim.stat()
            with swapping(directory / "file.part", victim) as count:
                running = Running(url, directory, shared, observer=Names(directory))
                while not running.has_ended:
                    supervise(running, until=lambda: True)
            swaps += count[0]
            assert victim.read_bytes() == PRECIOUS, "written through a link"
            assert (victim.stat().st_mode, victim.stat().st_ino) == (before.st_mode, before.st_ino)
            ends[running.path.name if running.path else str(getattr(running.error, "reason", running.error))] += 1
            if running.path is not None:
                assert not running.path.is_symlink()
                assert running.path.read_bytes() == content
    assert swaps >= ROUNDS // 4, "somebody did try"
    assert set(ends) <= {"file (1)", "destination"}, ends


def test_a_link_in_the_last_moment_is_not_called_the_finished_file(
    tmp_path: Path, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, real = tmp_path / "victim", finish.move_without_overwriting
    victim.write_bytes(PRECIOUS)

    def swap_first(part_path: Path, destination: Path) -> bool:
        part_path.rename(tmp_path / "away")
        part_path.symlink_to(victim)
        return real(part_path, destination)

    monkeypatch.setattr(finish, "move_without_overwriting", swap_first)
    url = fault_server.add("/a", Resource(body(1, SIZE)))
    with shared_parts() as shared:
        running = Running(url, tmp_path / "downloads", shared)
        supervise(running, until=lambda: running.has_ended)
    assert isinstance(running.error, TransferError)
    assert running.error.reason is Reason.DESTINATION
    assert list((tmp_path / "downloads").iterdir()) == []
    assert victim.read_bytes() == PRECIOUS


def test_the_program_and_its_processes_import_nothing_from_the_folder_they_are_used_in(
    tmp_path: Path, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuidl = CommandLine(tmp_path)
    (tmp_path / "settings.toml").write_text("worker_idle_seconds = 0.2\n")
    marker = tmp_path / "ran"
    folder = tmp_path / "downloads"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write(__name__)\n")
    picture = noisy_jpeg(folder / "a.jpg")
    program = Path(sys.executable).with_name("tuidl")
    url = fault_server.add("/b.bin", Resource(b"abc"))
    for words in (["add", url], ["wait"], ["preview", str(picture), "--size", "20x10"]):
        done = subprocess.run([program, *words], cwd=folder, env=tuidl.variables, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    monkeypatch.chdir(folder)
    with Decoder() as decoder:
        decoder.decode(picture, width_pixels=40, height_pixels=40)
    assert (folder / "b.bin").read_bytes() == b"abc"
    assert not marker.exists(), marker.read_text()
    seen = subprocess.run([sys.executable, "-c", "import PIL"], cwd=folder, capture_output=True, check=False)
    assert marker.exists(), f"without care it is imported: {seen.stderr.decode()}"
