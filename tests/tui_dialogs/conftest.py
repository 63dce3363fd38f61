"""What every test of the dialogs needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tui_downloader.tui.screens.add import AddScreen


@pytest.fixture(autouse=True)
def _forget_text() -> Iterator[None]:
    """The Add form keeps its text for the next opening; each test begins without one."""
    AddScreen.kept_text, AddScreen.kept_meanings = "", {}
    yield
    AddScreen.kept_text, AddScreen.kept_meanings = "", {}


@pytest.fixture
def two_colours(tmp_path: Path) -> Path:
    """A picture of 80 × 40 pixels, red at the left and blue at the right."""
    path = tmp_path / "two-colours.png"
    picture = Image.new("RGB", (80, 40), (255, 0, 0))
    picture.paste((0, 0, 255), (40, 0, 80, 40))
    picture.save(path)
    return path
