"""Front ends and worker in the same moment: the races of `races` and the crowd, with small numbers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.chaos import races
from tests.chaos.crowd import Crowd
from tests.chaos.races import Ring
from tests.support.certificates import Certificates
from tests.support.fault_server import FaultServer

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found by /proc")


@pytest.mark.parametrize(
    ("name", "race"),
    [
        ("launches", partial(races.launches, rounds=3, front_ends=6)),
        ("completion", partial(races.completion, times=24)),
        ("phases", partial(races.phases, times=14)),
        ("reused_pid", partial(races.reused_pid, times=1)),
        ("stopped", partial(races.stopped, times=2)),
        ("stopped_inside", partial(races.stopped_inside, times=1)),
    ],
)
def test_in_the_same_moment(
    tmp_path: Path, certificates: Certificates, name: str, race: Callable[[Ring], list[str]]
) -> None:
    assert races.run(name, tmp_path, race, certificates) == []


def test_a_crowd(tmp_path: Path, fault_server: FaultServer) -> None:
    crowd = Crowd(tmp_path, fault_server, files=6)
    try:
        assert crowd.run(12, seed=1) == []
    finally:
        crowd.home.close()
