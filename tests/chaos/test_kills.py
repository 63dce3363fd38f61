"""The worker dies at steps that matter, one run each; all steps: `python -m tests.chaos.kills`."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.chaos.interposition import why_not_interposable
from tests.chaos.kills import empty_stage, killed_around_completion
from tests.chaos.stage import Stage
from tests.chaos.stories import STORIES, run
from tests.support.fault_server import FaultServer

pytestmark = pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))

SAMPLE = [
    ("middle", "open", 14),
    ("middle", "fsync", 3),
    ("middle", "link", 1),
    ("middle", "unlink", 1),
    ("middle", "fsync", 4),
    ("middle", "fsync", 6),
    ("middle", "fsync", 7),
    ("at once", "link", 1),
    ("many", "link", 3),
    ("changed", "rename", 1),
    ("changed", "unlink", 2),
    ("resumed", "fsync", 3),
    ("taken", "link", 2),
    ("taken", "pwrite", 46),
    ("renamed", "rename", 1),
    ("renamed", "link", 1),
    ("no links", "renameat2", 1),
    ("no links, nor a rename to a free name", "rename", 1),
    ("removed", "unlink", 2),
    ("file deleted", "unlink", 1),
    ("paused", "fsync", 4),
]
"""Story, name of the calls that are counted, number of the one that is not done any more."""


@pytest.fixture
def stage(fault_server: FaultServer) -> Iterator[Stage]:
    """Yield an empty stage."""
    with empty_stage(fault_server) as made:
        yield made


@pytest.mark.parametrize(("name", "call", "number"), SAMPLE, ids=lambda each: str(each).replace(" ", "-"))
def test_killed_at_a_step_nothing_is_lost(stage: Stage, name: str, call: str, number: int) -> None:
    stage.counted = (call,)
    assert run(STORIES[name], stage, kill_at=number) == []
    assert stage.has_died, "there are fewer such steps: this proves nothing"


@pytest.mark.parametrize("seed", range(4))
def test_killed_around_the_moment_of_completion(stage: Stage, seed: int) -> None:
    """The last bytes come, and within 50 ms before or after the end the worker is killed."""
    problems, _ = killed_around_completion(stage, random.Random(seed))
    assert problems == []
