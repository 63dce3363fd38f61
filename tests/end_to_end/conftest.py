"""Fixtures of the end-to-end tests: a user's own place, empty at the start, with no worker left at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Yield a user's place."""
    made = Home(tmp_path)
    try:
        yield made
    finally:
        made.close()
