"""A damaged state file under a real worker and the command line: some of the damages of `damaged_state`."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.damaged_state import Damage, damages, scene

SHORT = (
    *("flip 20", "flip of byte 18 of the head", "head gone, with a log", "truncation 12", "page at 3/8 gone bad"),
    *("directory", "newer"),
)
"""What runs with the tests; by hand all run."""


def _by_name(name: str) -> Damage:
    (found,) = [each for each in damages() if each.name == name]
    return found


def test_damage_is_told_kept_and_mended(tmp_path: Path) -> None:
    with scene(tmp_path, finished=2, halves=2, others=4) as made:
        problems = {name: made.try_out(_by_name(name), in_time=False) for name in SHORT}
    assert {name: each for name, each in problems.items() if each} == {}
