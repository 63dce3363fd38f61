"""One decoder for all tests that do not harm its child."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui_downloader.preview.decode import Decoder


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder
