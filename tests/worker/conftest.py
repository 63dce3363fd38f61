"""Fixtures of the worker's tests: a session with a real worker, and its settings file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.session_control import SessionControl, session_control


@pytest.fixture
def write_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the settings file that workers of this test read; quick retries unless a test writes others."""
    path = tmp_path / "settings.toml"
    path.write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 0.2\n")
    monkeypatch.setenv("TUIDL_CONFIG", str(path))
    return path


@pytest.fixture
def control(tmp_path: Path, write_settings: Path) -> Iterator[SessionControl]:
    """Yield a session whose worker ends with the test."""
    with session_control(tmp_path) as made:
        yield made


@pytest.fixture
def trusting(
    tmp_path: Path, write_settings: Path, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SessionControl]:
    """Yield a session whose worker trusts the test's authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    with session_control(tmp_path) as made:
        yield made
