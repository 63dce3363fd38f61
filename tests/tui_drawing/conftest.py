"""Fixtures of the tests of pictures on the screen."""

from tests.tui.conftest import control

__all__ = ["control"]
