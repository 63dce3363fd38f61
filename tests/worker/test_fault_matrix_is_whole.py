"""The table of faults has every fault that the test server knows, and an outcome for every cell."""

from __future__ import annotations

import inspect

from tests.support import faults
from tests.support.fault import Fault
from tests.support.faults import is_get
from tests.worker.fault_matrix import MATRIX, WITHOUT_A_ROW, Outcome


def test_every_fault_of_the_server_has_a_row_or_a_reason() -> None:
    kinds = {name for name, each in vars(faults).items() if inspect.isclass(each) and issubclass(each, Fault)}
    rows = {type(fault).__name__ for row in MATRIX for fault in row.faults(is_get, None)}
    assert kinds - rows - {"Fault"} == WITHOUT_A_ROW.keys()


def test_every_cell_has_an_outcome() -> None:
    names = [each.name for each in MATRIX]
    assert len(names) == len(set(names))
    for row in MATRIX:
        assert isinstance(row.first, Outcome)
        assert isinstance(row.resumed, Outcome)
        assert row.one_of_four is not None or row.etag is None or row.etag.startswith("W/"), (
            "only what cannot be proved never gets a second connection"
        )
