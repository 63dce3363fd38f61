"""One state file per test, and a connection to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.state.files import new_state_file
from tui_downloader.state.database import Database


@pytest.fixture
def state_file(tmp_path: Path) -> Path:
    """Make a fresh state file."""
    return new_state_file(tmp_path / "session")


@pytest.fixture
def database(state_file: Path) -> Iterator[Database]:
    """Open it."""
    database = Database(state_file)
    yield database
    database.close()
