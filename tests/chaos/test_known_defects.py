"""The known defects can still be put in: each text that they replace stands in the code, exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

import tui_downloader
from tests.chaos import holes, mutants, state_mutants
from tests.chaos.mutants import Mutant

_PACKAGE = Path(tui_downloader.__file__).parent


@pytest.mark.parametrize(
    "known", [mutants.MUTANTS, state_mutants.MUTANTS, holes.HOLES], ids=["mutants", "state_mutants", "holes"]
)
def test_the_code_is_as_the_known_defects_expect_it(known: dict[str, Mutant]) -> None:
    places = [
        (name, file, right)
        for name, each in known.items()
        for file, right, _ in ((each.file, each.right, each.wrong), *each.more)
    ]
    assert [(name, file) for name, file, right in places if (_PACKAGE / file).read_text().count(right) != 1] == []
