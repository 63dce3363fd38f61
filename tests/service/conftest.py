"""Fixtures of the service's tests: a session with a real worker."""

from __future__ import annotations

from tests.worker.conftest import control, write_settings

__all__ = ["control", "write_settings"]
