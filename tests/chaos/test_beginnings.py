"""Many verbs in the same moment where nothing is yet, and while the session is removed: a round of each."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos.beginnings import run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found by /proc")


def test_many_verbs_at_once_where_nothing_is_yet(tmp_path: Path) -> None:
    assert run(tmp_path, 2, 1) == []
