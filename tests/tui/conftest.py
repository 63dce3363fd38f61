"""Fixtures of the screen's tests: a real session and its settings file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App

from tests.support.session_control import SessionControl, session_control


@pytest.fixture
def control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionControl]:
    """Yield a session whose worker, if one is started, ends with the test."""
    settings = tmp_path / "settings.toml"
    settings.write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 0.2\n")
    monkeypatch.setenv("TUIDL_CONFIG", str(settings))
    monkeypatch.delenv("COLORFGBG", raising=False)
    monkeypatch.setattr(App, "NOTIFICATION_TIMEOUT", 600.0)  # a busy machine looks after more than five seconds
    with session_control(tmp_path) as made:
        yield made
