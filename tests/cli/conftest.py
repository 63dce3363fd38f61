"""Fixtures of the command line's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine


@pytest.fixture
def tuidl(tmp_path: Path) -> Iterator[CommandLine]:
    """Yield the command line in an empty directory; every worker it started has left at the end."""
    command_line = CommandLine(tmp_path)
    yield command_line
    if (command_line.state / "sessions").exists():
        command_line("stop", "--all-sessions")
        running = [
            row["session"] for row in command_line.ok("sessions", "--json").objects() if row["worker_running"]
        ]
        assert not running
