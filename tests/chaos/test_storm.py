"""The storm's short form; the long one: `python -m tests.chaos --seconds 120 --seed 1 --runs 5`."""

from __future__ import annotations

import pytest

from tests.chaos.storm import Storm


@pytest.mark.timeout(400)
def test_every_file_comes_whole_and_every_event_once() -> None:
    verdict = Storm(seed=1, files=24).run(seconds=15.0)
    assert verdict.problems == []
