"""Every raw reply of the corpus through a real worker: a clear end in time, and neither memory nor disk grows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.replies import RawReply, corpus
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import GarbageReply
from tests.support.session_control import SessionControl, session_control
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State

SECONDS_MAX = 35.0
"""From the first attempt to its end, with the limits that a user has."""
MEMORY_BYTES_MAX = 160_000_000
"""More than the worker needs for all of them, less than the larger ones send together."""
DISK_BYTES_MAX = 8_000_000
"""State, log and all files together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of everything."""

    ends: dict[str, str]
    """By name of the reply: how it ended."""
    seconds: dict[str, float]
    """By name: from the beginning of the attempt to its end."""
    errors: dict[str, str]
    """By name: what the user is told."""
    memory_bytes: int
    """The most that the worker ever had; 0 where the system does not tell."""
    disk_bytes: int
    """What lies on the disk."""
    log: str
    """The worker's log."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Yield what came of all replies, brought by one worker."""
    root = tmp_path_factory.mktemp("replies")
    (root / "settings.toml").write_text("retry_first_seconds = 600.0\nworker_idle_seconds = 600.0\n")
    with pytest.MonkeyPatch.context() as patch, FaultServer() as server, session_control(root) as control:
        patch.setenv("TUIDL_CONFIG", str(root / "settings.toml"))
        names = {control.add(_served(server, number, each))[0]: each.name for number, each in enumerate(corpus())}
        over = (State.COMPLETED, State.FAILED, State.WAITING)
        rows = {name: control.wait_for(each, *over, seconds=150) for each, name in names.items()}
        yield Outcome(
            ends={name: _end(row) for name, row in rows.items()},
            seconds={name: _seconds(control, row) for name, row in rows.items()},
            errors={name: row.error or "" for name, row in rows.items()},
            memory_bytes=_peak_memory(control.worker_pid()),
            disk_bytes=sum(
                Path(folder, name).stat().st_size for folder, _, names in os.walk(root) for name in names
            ),
            log=(control.session.directory / "worker.log").read_text(),
        )


def _served(server: FaultServer, number: int, reply: RawReply) -> str:
    return server.add(f"/{number}", Resource(b"abc"), faults=[GarbageReply(reply.raw)])


def _end(row: Download) -> str:
    if row.state is not State.COMPLETED:
        return str(row.reason)
    assert row.path is not None
    content = row.path.read_bytes()
    return f"completed {content.decode('latin-1') if len(content) < 10 else f'{len(content)} bytes'}"


def _seconds(control: SessionControl, row: Download) -> float:
    assert row.started_at is not None
    return max(each.at for each in control.session.events_of(row.id)) - row.started_at


def _peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def test_each_reply_comes_to_its_end(outcome: Outcome) -> None:
    assert outcome.ends == {each.name: each.end for each in corpus()}


def test_each_end_comes_in_time(outcome: Outcome) -> None:
    assert {name: seconds for name, seconds in outcome.seconds.items() if seconds > SECONDS_MAX} == {}


def test_each_failure_is_told_in_a_printable_sentence(outcome: Outcome) -> None:
    failed = {
        name: text for name, text in outcome.errors.items() if not outcome.ends[name].startswith("completed")
    }
    assert [name for name, text in failed.items() if not (text.isprintable() and 5 < len(text) < 300)] == []
    assert "Traceback" not in outcome.log


def test_neither_memory_nor_disk_grows(outcome: Outcome) -> None:
    sent = sum(len(each.raw) for each in corpus())
    assert sent > 60_000_000, "it could have grown"
    assert outcome.memory_bytes < MEMORY_BYTES_MAX
    assert outcome.disk_bytes < DISK_BYTES_MAX
